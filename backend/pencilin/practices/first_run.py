"""The first minutes of a new server: from an empty database to a practice that can be booked.

Whoever started the server gets one address, with a token that works once and only while there is no practice. It makes
the practice and its first manager; what can be booked, and when, comes next.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.languages import get_official_languages
from sqlalchemy import delete
from sqlmodel import Session, col, or_, select, update

from pencilin import audit, i18n
from pencilin.accounts.staff import add_staff
from pencilin.database import changed, lock_practitioners
from pencilin.errors import Conflict, Invalid, LinkUnusable
from pencilin.models import (
    ActorKind,
    Appointment,
    Location,
    LocationKind,
    Practice,
    Practitioner,
    Role,
    Service,
    ServiceLocation,
    ServicePractitioner,
    SetUpToken,
    Sighting,
    Staff,
    WorkingHours,
    WorkingHoursLocation,
    new_id,
)
from pencilin.practices import forms, hours
from pencilin.practices.ordering import slug_of
from pencilin.practices.profile import known_zone
from pencilin.practices.shapes import DAYS, HoursTable, LocationTable, PracticeTable, PractitionerTable, ServiceTable
from pencilin.rules import people

USED = "This address was used, or a newer one was printed. Sign in, or look at what the server printed last."


@dataclass(frozen=True, slots=True)
class Progress:
    """What of the first steps is done. ``seen``: a website has shown the widget."""

    service: bool
    hours: bool
    booking: bool
    seen: bool


def is_needed(session: Session) -> bool:
    """Whether nobody has set up a practice yet."""
    return session.exec(select(Practice.id).limit(1)).first() is None


def make_token(session: Session, now: datetime) -> str:
    """A new token, in the place of earlier ones: the address that was printed last is the one that works."""
    session.execute(delete(SetUpToken))
    token = secrets.token_urlsafe(32)
    session.add(SetUpToken(id=_hashed(token), created_at=now))
    return token


def check_token(session: Session, token: str) -> None:
    """Raises :class:`LinkUnusable` for a token that makes no practice (any more)."""
    row = session.get(SetUpToken, _hashed(token))
    if row is None or row.used_at is not None or not is_needed(session):
        raise LinkUnusable(USED)


def begin(
    session: Session, token: str, practice: dict[str, str], manager: dict[str, str], password_hash: str, now: datetime
) -> Staff:
    """Makes the practice of these fields (those of a practice file) and its manager (*name*, *email*).

    Raises :class:`Invalid` with the fields to correct, those of the manager as ``manager_name`` and ``manager_email``;
    and :class:`LinkUnusable` for everybody but the first.
    """
    taken = update(SetUpToken).where(col(SetUpToken.id) == _hashed(token), col(SetUpToken.used_at).is_(None))
    if changed(session, taken.values(used_at=now)) != 1 or not is_needed(session):
        raise LinkUnusable(USED)
    wrong = _wrong_manager(manager)
    try:
        values = _practice(practice)
    except Invalid as error:
        raise Invalid(error.fields | wrong) from None
    if wrong:
        raise Invalid(wrong)
    row = Practice(**values, created_at=now)
    session.add(row)
    session.flush()
    audit.record(session, now, row.id, ActorKind.SYSTEM, "practice.created", "practice", row.id)
    return add_staff(session, row, manager["email"], manager["name"], Role.MANAGER, None, password_hash, now)


def add_first_service(session: Session, staff: Staff, typed: dict[str, str], now: datetime) -> None:
    """One service with the practitioner who gives it and the location where it is given.

    ``typed``: *name*, *minutes*, *practitioner*, *kind* (of the location), *location* and *where*: its address, or the
    join link. Raises :class:`Invalid` with the fields to correct, and :class:`Conflict` when there is one already.
    """
    practice = forms.practice_of(session, staff)
    if _exists(session, Service, practice.id):
        raise Conflict("There is a service already. Change it in the settings.")
    kind = typed["kind"]
    place = {"address": typed["where"]} if kind == LocationKind.PLACE else {}
    link = {"join_url": typed["where"]} if kind == LocationKind.VIDEO else {}
    wrong: dict[str, str] = {}
    location = _checked(wrong, LocationTable, {"kind": kind} | place | link, typed["location"], "location")
    practitioner = _checked(wrong, PractitionerTable, {}, typed["practitioner"], "practitioner")
    service = _checked(wrong, ServiceTable, {"minutes": forms.number(typed["minutes"])}, typed["name"], "name")
    if wrong:
        raise Invalid(
            {{"address": "where", "join_url": "where"}.get(field, field): why for field, why in wrong.items()}
        )
    of: dict[str, Any] = {"practice_id": practice.id}
    rows = (
        Location(**of, id=new_id(), timezone=practice.timezone, country=practice.country, **location),
        Practitioner(**of, id=new_id(), **practitioner),
        Service(**of, id=new_id(), **service),
    )
    session.add_all(rows)
    session.flush()
    where, who, what = rows
    session.add(ServicePractitioner(**of, service_id=what.id, practitioner_id=who.id))
    session.add(ServiceLocation(**of, service_id=what.id, location_id=where.id))
    if who.name == staff.name:
        # The manager sees clients, too, and hears of their own bookings as anybody else does.
        session.get_one(Staff, (practice.id, staff.id)).practitioner_id = who.id
    for row, action in ((where, "location.added"), (who, "practitioner.added"), (what, "service.added")):
        audit.record(session, now, practice.id, staff, action, action.partition(".")[0], row.id)


def set_first_hours(session: Session, staff: Staff, days: list[str], since: str, until: str, now: datetime) -> None:
    """The same hours on each of ``days`` (*mon*, …) for every practitioner, at all locations of which one is a place.

    Raises :class:`Invalid` for *days*, *from* and *to*, and :class:`Conflict` when there are hours already.
    """
    practice = forms.practice_of(session, staff)
    if _exists(session, WorkingHours, practice.id):
        raise Conflict("There are working hours already. Change them in the settings.")
    if not days:
        raise Invalid({"days": "Choose at least one day."})
    locations = session.exec(
        select(Location).where(Location.practice_id == practice.id).order_by(col(Location.position))
    )
    places = _one_place(list(locations))
    times = {"from": hours.read_time(since), "to": hours.read_time(until)}
    table = hours.checked(HoursTable, {"days": days, **times, "locations": [one.slug for one in places]})
    practitioners = session.exec(select(Practitioner.id).where(Practitioner.practice_id == practice.id)).all()
    lock_practitioners(session, practice.id, list(practitioners))
    for practitioner_id in practitioners:
        rule = WorkingHours(
            practice_id=practice.id,
            id=new_id(),
            practitioner_id=practitioner_id,
            days=sorted(DAYS.index(day) for day in table.days),
            from_minute=table.from_,
            to_minute=table.to,
        )
        session.add(rule)
        session.flush()
        session.add_all(
            WorkingHoursLocation(practice_id=practice.id, working_hours_id=rule.id, location_id=one.id)
            for one in places
        )
        audit.record(session, now, practice.id, staff, "practitioner.hours_changed", "practitioner", practitioner_id)


def progress(session: Session, practice_id: str) -> Progress:
    """How far the practice has come."""
    seen = session.exec(
        select(Sighting.site)
        .where(
            Sighting.practice_id == practice_id,
            or_(col(Sighting.script_seen_at).is_not(None), col(Sighting.frame_seen_at).is_not(None)),
        )
        .limit(1)
    ).first()
    return Progress(
        _exists(session, Service, practice_id),
        _exists(session, WorkingHours, practice_id),
        _exists(session, Appointment, practice_id),
        seen is not None,
    )


def hide(session: Session, staff: Staff, now: datetime) -> None:
    """Shows the first steps no more."""
    practice = forms.practice_of(session, staff)
    practice.set_up_at = now
    audit.record(session, now, practice.id, staff, "practice.set_up", "practice", practice.id)


def _wrong_manager(typed: dict[str, str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for field, check in (("name", people.name), ("email", people.email)):
        try:
            check(typed[field])
        except ValueError as error:
            wrong[f"manager_{field}"] = str(error)
    return wrong


def _practice(typed: dict[str, str]) -> dict[str, Any]:
    needed = {"name": "Enter the practice’s name.", "timezone": "Choose a time zone.", "country": "Choose a country."}
    wrong = {field: reason for field, reason in needed.items() if not typed[field].strip()}
    values = typed | {"slug": slug_of(typed["name"]) or "practice", "timezone": known_zone(typed["timezone"])}
    if not wrong:
        table = forms.checked(PracticeTable, values, typed["country"])
        return table.mentioned() | {"locale": _locale(typed["country"])}
    try:
        forms.checked(PracticeTable, values, typed["country"])
    except Invalid as error:
        # Whether a phone number is one depends on the country.
        told = {field: reason for field, reason in error.fields.items() if field != "phone" or "country" not in wrong}
        raise Invalid(told | wrong) from None
    raise Invalid(wrong)


def _locale(country: str) -> str:
    """The country's first language where Pencilin speaks it, and English otherwise, each as the country writes it."""
    language = next(iter(get_official_languages(country, de_facto=True)), "en")
    if language == "en" or language not in i18n.LANGUAGES:
        return i18n.english_in(country)
    return f"{language}-{country}"


def _checked(
    wrong: dict[str, str],
    shape: type[LocationTable | PractitionerTable | ServiceTable],
    values: dict[str, Any],
    name: str,
    field: str,
) -> dict[str, Any]:
    """The values of a new row with its slug; what is wrong is put into ``wrong``, its name as ``field``."""
    if not name.strip():
        wrong[field] = "Enter a name."
    try:
        table = forms.checked(shape, values | {"name": name, "slug": slug_of(name) or field})
    except Invalid as error:
        for key, reason in error.fields.items():
            wrong.setdefault(field if key == "name" else key, reason)
        return {}
    return table.mentioned()


def _one_place(locations: list[Location]) -> list[Location]:
    """The locations that one rule may serve: nobody is at two places at once."""
    places = [one for one in locations if one.kind == LocationKind.PLACE]
    return [one for one in locations if one not in places[1:]]


def _exists(session: Session, kind: type[Service | WorkingHours | Appointment], practice_id: str) -> bool:
    return session.exec(select(kind.id).where(kind.practice_id == practice_id).limit(1)).first() is not None


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
