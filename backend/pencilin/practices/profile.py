"""What a practice is called and how it is reached, its zone, language and colour: as Settings → Practice changes it."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from zoneinfo import available_timezones

from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.database import lock_practitioners
from pencilin.errors import Invalid
from pencilin.models import Location, Practice, Practitioner, Staff
from pencilin.practices import forms
from pencilin.practices.forms import PracticeForm

FIELDS = ("name", "email", "phone", "timezone", "country", "locale", "accent", "privacy_url")


class OtherZone(Invalid):
    """The zone would change; the reason says what that means, and saving again that it is meant."""


def fields(practice: Practice) -> dict[str, str]:
    """What the form shows."""
    return {name: getattr(practice, name) or "" for name in FIELDS}


def save(session: Session, staff: Staff, values: Mapping[str, str], sure_of: str, now: datetime) -> None:
    """Stores what was typed. ``sure_of`` is the new zone, once its meaning was read.

    Raises :class:`Invalid` for what can't be, and :class:`OtherZone`.
    """
    practice = forms.practice_of(session, staff)
    zone = known_zone(values["timezone"])
    table = forms.checked(PracticeForm, {**values, "timezone": zone, "slug": practice.slug}, practice.country)
    if zone != practice.timezone:
        if sure_of != zone:
            raise OtherZone({"timezone": _meaning(session, practice, zone)})
        lock_all(session, practice.id)
    changed = forms.given(practice, table.mentioned("slug"))
    if changed:
        audit.record(session, now, practice.id, staff, "practice.changed", "practice", practice.id, changed)


def lock_all(session: Session, practice_id: str) -> None:
    """Whoever books looks at zones, services and locations: nobody may while they change."""
    ids = session.exec(select(Practitioner.id).where(Practitioner.practice_id == practice_id)).all()
    lock_practitioners(session, practice_id, list(ids))


def known_zone(typed: str) -> str:
    """The name of the zone that was typed, however its letters are: *new york* is ``America/New_York``.

    What names none is given back as it is, for the check to refuse.
    """
    return _zones().get(_plain(typed), typed)


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    found: dict[str, str] = {}
    # Whole names last: the city of one must not stand for the name of another (*Jamaica*).
    for zone in sorted(available_timezones()):
        if "/" in zone and not zone.startswith(("Etc/", "US/", "posix/", "right/")):
            found.setdefault(_plain(zone.rpartition("/")[2]), zone)
    return found | {_plain(zone): zone for zone in available_timezones()}


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


def _meaning(session: Session, practice: Practice, zone: str) -> str:
    names = session.exec(
        select(Location.name)
        .where(
            Location.practice_id == practice.id,
            Location.timezone == practice.timezone,
            col(Location.archived_at).is_(None),
        )
        .order_by(col(Location.position), col(Location.slug))
    ).all()
    told = f"The dashboard will show dates in {zone}. Appointments stay at the moment that was agreed."
    if names:
        are = "is" if len(names) == 1 else "are"
        told += f" {', '.join(names)} {are} still on {practice.timezone}: that is changed under Locations."
    return f"{told} Save again if this is right."
