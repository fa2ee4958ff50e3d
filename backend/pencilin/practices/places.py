"""Locations, as Settings → Locations adds, changes and archives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session, col, func, select

from pencilin import audit
from pencilin.errors import Invalid
from pencilin.models import (
    Appointment,
    Location,
    LocationKind,
    Practice,
    Practitioner,
    Service,
    ServiceLocation,
    Staff,
    WhoCalls,
    WorkingHours,
    WorkingHoursLocation,
    new_id,
)
from pencilin.practices import forms, ordering
from pencilin.practices.profile import OtherZone, known_zone, lock_all
from pencilin.practices.schedules import overlapping
from pencilin.practices.shapes import HoursTable, LocationTable, Name
from pencilin.practices.stored import hours_of
from pencilin.rules.states import Status

FIELDS = ("name", "kind", "address", "timezone", "country", "join_url", "who_calls")


class LocationForm(LocationTable):
    """The location's own table, with what its form always sends."""

    name: Name
    who_calls: Literal["practice", "client"]


@dataclass(frozen=True, slots=True)
class Used:
    """By name who and what needs a location; ``coming`` are the appointments there that are still to come."""

    services: tuple[str, ...]
    practitioners: tuple[str, ...]
    coming: int


def fields(location: Location) -> dict[str, str]:
    """What the form shows."""
    return {name: getattr(location, name) or "" for name in FIELDS}


def blank(practice: Practice) -> dict[str, str]:
    """The form of a new one."""
    usual = {"kind": LocationKind.PLACE, "timezone": practice.timezone, "country": practice.country}
    return dict.fromkeys(FIELDS, "") | usual | {"who_calls": WhoCalls.PRACTICE}


def add(session: Session, staff: Staff, values: Mapping[str, str], now: datetime) -> Location:
    """A new location, at which every service may be given. Raises :class:`Invalid`."""
    practice = forms.practice_of(session, staff)
    given = _checked({**values, "timezone": known_zone(values["timezone"])})
    slug = ordering.new_slug(session, Location, practice, values["name"])
    position = ordering.last_position(session, Location, practice)
    location = Location(practice_id=practice.id, id=new_id(), slug=slug, position=position, **given)
    session.add(location)
    session.flush()
    audit.record(session, now, practice.id, staff, "location.added", "location", location.id, list(given))
    return location


def save(
    session: Session, staff: Staff, location: Location, values: Mapping[str, str], sure: str, now: datetime
) -> None:
    """Stores what was typed. ``sure`` is the new zone, once its meaning was read.

    Raises :class:`Invalid`, and :class:`OtherZone` for a zone that isn't sure yet.
    """
    zone = known_zone(values["timezone"])
    given = _checked({**values, "timezone": zone})
    if zone != location.timezone and sure != zone:
        raise OtherZone({"timezone": _meaning(zone, used(session, location, now).coming)})
    lock_all(session, location.practice_id)
    changed = forms.given(location, given)
    session.flush()
    if "kind" in changed or "timezone" in changed:
        _check_hours(session, location)
    if changed:
        audit.record(session, now, staff.practice_id, staff, "location.changed", "location", location.id, changed)


def archive(session: Session, staff: Staff, location: Location, now: datetime) -> None:
    """Offers nothing there any more; appointments that are made stay as they are."""
    if location.archived_at is None:
        lock_all(session, location.practice_id)
        location.archived_at = now
        audit.record(session, now, staff.practice_id, staff, "location.archived", "location", location.id)


def restore(session: Session, staff: Staff, location: Location, now: datetime) -> None:
    """Takes it into use again, with the hours and services that it had."""
    if location.archived_at is not None:
        lock_all(session, location.practice_id)
        location.archived_at = None
        audit.record(session, now, staff.practice_id, staff, "location.restored", "location", location.id)


def used(session: Session, location: Location, now: datetime) -> Used:
    """What archiving it would touch."""
    services = session.exec(
        select(Service.name)
        .join(
            ServiceLocation,
            (col(ServiceLocation.practice_id) == Service.practice_id) & (col(ServiceLocation.service_id) == Service.id),
        )
        .where(
            Service.practice_id == location.practice_id,
            ServiceLocation.location_id == location.id,
            col(Service.archived_at).is_(None),
        )
        .order_by(col(Service.position), col(Service.slug))
    ).all()
    hours, served = WorkingHours, WorkingHoursLocation
    practitioners = session.exec(
        select(Practitioner.name)
        .where(
            Practitioner.practice_id == location.practice_id,
            col(Practitioner.archived_at).is_(None),
            col(Practitioner.id).in_(
                select(hours.practitioner_id)
                .join(
                    served,
                    (col(served.practice_id) == hours.practice_id) & (col(served.working_hours_id) == hours.id),
                )
                .where(served.practice_id == location.practice_id, served.location_id == location.id)
            ),
        )
        .order_by(col(Practitioner.position), col(Practitioner.slug))
    ).all()
    coming = session.exec(
        select(func.count()).where(
            Appointment.practice_id == location.practice_id,
            Appointment.location_id == location.id,
            Appointment.start > now,
            col(Appointment.status).in_([Status.TENTATIVE, Status.APPROVED]),
        )
    ).one()
    return Used(tuple(services), tuple(practitioners), coming)


def _checked(values: Mapping[str, str]) -> dict[str, Any]:
    table = forms.checked(LocationForm, {**values, "slug": "location"})
    given = table.mentioned("slug")
    return given | {"kind": LocationKind(str(given["kind"])), "who_calls": WhoCalls(table.who_calls)}


def _meaning(zone: str, coming: int) -> str:
    count = f"{coming} coming appointments stay" if coming != 1 else "1 coming appointment stays"
    agreed = f"{count} at the moment that was agreed. " if coming else ""
    return f"{agreed}Working hours here will be read by the clock of {zone}. Save again if this is right."


def _check_hours(session: Session, location: Location) -> None:
    """Refuses what a practice file refuses: somebody at two places at once, or with the same time twice."""
    practice_id = location.practice_id
    rows = session.exec(select(Location).where(Location.practice_id == practice_id)).all()
    by_slug = {row.slug: row for row in rows}
    for who in session.exec(select(Practitioner).where(Practitioner.practice_id == practice_id)).all():
        hours = [HoursTable.model_validate(one) for one in hours_of(session, who)]
        for table in hours:
            places = [by_slug[slug].name for slug in table.locations if by_slug[slug].kind == LocationKind.PLACE]
            if len(places) > 1:
                reason = f"{who.name} would work at {' and '.join(places)} at once. Change those hours first."
                raise Invalid({"kind": reason})
        for _, _, day in overlapping(hours, by_slug):
            reason = f"{who.name}’s working hours would overlap, first on {day}. Change those hours first."
            raise Invalid({"timezone": reason})
