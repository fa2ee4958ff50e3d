"""Time off, and other hours on single dates: added, changed and removed one by one."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from pencilin import audit
from pencilin.errors import Invalid, NotFound
from pencilin.models import Override, OverrideLocation, Staff, TimeOff
from pencilin.practices import forms
from pencilin.practices.hours import checked, locations_by_slug
from pencilin.practices.practitioners import locked
from pencilin.practices.schedules import two_places
from pencilin.practices.shapes import OverrideTable, TimeOffTable
from pencilin.practices.upcoming import seen_first

Row = TypeVar("Row", TimeOff, Override)

_REMOVED: Mapping[type[SQLModel], str] = {TimeOff: "time_off.unblocked", Override: "override.removed"}


def save_time_off(
    session: Session,
    staff: Staff,
    practitioner_id: str,
    row_id: str | None,
    values: Mapping[str, object],
    seen: Collection[str],
    now: datetime,
) -> TimeOff:
    """Adds an absence, or changes the one with this id; ``values`` are those of the practice file.

    Raises :class:`Invalid`, and :class:`TouchesAppointments` unless ``seen`` names those that lie inside.
    """
    who = locked(session, staff, practitioner_id)
    table = checked(TimeOffTable, values)
    row = find(session, TimeOff, staff, practitioner_id, row_id) if row_id else None
    with seen_first(session, staff.practice_id, [who.id], now, seen):
        row = row or TimeOff(practice_id=staff.practice_id, practitioner_id=who.id, start=table.start, end=table.end)
        changed = forms.given(row, {"start": table.start, "end": table.end, "note": table.note or None})
        session.add(row)
    action = "time_off.changed" if row_id else "time_off.blocked"
    audit.record(session, now, staff.practice_id, staff, action, "practitioner", who.id, changed if row_id else [])
    return row


def save_override(
    session: Session,
    staff: Staff,
    practitioner_id: str,
    row_id: str | None,
    values: Mapping[str, object],
    seen: Collection[str],
    now: datetime,
) -> Override:
    """Adds other hours on a date, or changes those with this id. Raises as :func:`save_time_off` does."""
    who = locked(session, staff, practitioner_id)
    table = checked(OverrideTable, values)
    locations = locations_by_slug(session, staff.practice_id)
    known = [locations[slug] for slug in table.locations if slug in locations]
    if two_places(known):
        raise Invalid({"locations": "Choose one place only: nobody is at two at once."})
    row = find(session, Override, staff, practitioner_id, row_id) if row_id else None
    same_day = session.exec(
        select(Override.id).where(
            Override.practice_id == staff.practice_id,
            Override.practitioner_id == who.id,
            Override.date == table.date,
            Override.id != row_id,
        )
    ).first()
    if same_day:
        raise Invalid({"date": "There are other hours for this date already: change those."})
    with seen_first(session, staff.practice_id, [who.id], now, seen):
        row = row or Override(practice_id=staff.practice_id, practitioner_id=who.id, date=table.date)
        forms.given(row, {"date": table.date, "hours": [[start, end] for start, end in table.hours]})
        session.add(row)
        session.flush()
        session.execute(
            delete(OverrideLocation).where(
                col(OverrideLocation.practice_id) == staff.practice_id, col(OverrideLocation.override_id) == row.id
            )
        )
        session.add_all(
            OverrideLocation(practice_id=staff.practice_id, override_id=row.id, location_id=place.id) for place in known
        )
    action = "override.changed" if row_id else "override.added"
    audit.record(session, now, staff.practice_id, staff, action, "practitioner", who.id)
    return row


def remove(
    session: Session,
    staff: Staff,
    kind: type[Row],
    practitioner_id: str,
    row_id: str,
    seen: Collection[str],
    now: datetime,
) -> None:
    """Takes one of them away. Raises :class:`NotFound`, and :class:`TouchesAppointments` for what lies in its hours."""
    who = locked(session, staff, practitioner_id)
    row = find(session, kind, staff, practitioner_id, row_id)
    with seen_first(session, staff.practice_id, [who.id], now, seen):
        session.delete(row)
    audit.record(session, now, staff.practice_id, staff, _REMOVED[type(row)], "practitioner", who.id)


def find(session: Session, kind: type[Row], staff: Staff, practitioner_id: str, row_id: str) -> Row:
    """The practitioner's row; raises :class:`NotFound`."""
    row = forms.find(session, kind, staff, row_id)
    if row.practitioner_id != practitioner_id:
        raise NotFound
    return row


def time_off(session: Session, practice_id: str, practitioner_id: str) -> list[TimeOff]:
    """All absences, the earliest first."""
    rows = session.exec(
        select(TimeOff)
        .where(TimeOff.practice_id == practice_id, TimeOff.practitioner_id == practitioner_id)
        .order_by(col(TimeOff.start), col(TimeOff.end), col(TimeOff.id))
    )
    return list(rows)


def overrides(session: Session, practice_id: str, practitioner_id: str) -> list[tuple[Override, list[str]]]:
    """All other hours, the earliest first, with the ids of their locations."""
    rows = session.exec(
        select(Override)
        .where(Override.practice_id == practice_id, Override.practitioner_id == practitioner_id)
        .order_by(col(Override.date))
    ).all()
    pairs = session.exec(
        select(OverrideLocation.override_id, OverrideLocation.location_id).where(
            OverrideLocation.practice_id == practice_id
        )
    ).all()
    return [(row, [place for owner, place in pairs if owner == row.id]) for row in rows]
