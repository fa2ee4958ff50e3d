"""Other hours on single dates: added, changed and removed one by one."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.errors import Invalid, NotFound
from pencilin.models import Override, OverrideLocation, Staff
from pencilin.practices import forms
from pencilin.practices.hours import checked, locations_by_slug
from pencilin.practices.practitioners import locked
from pencilin.practices.schedules import two_places
from pencilin.practices.shapes import OverrideTable
from pencilin.practices.upcoming import seen_first


def save(
    session: Session,
    staff: Staff,
    practitioner_id: str,
    row_id: str | None,
    values: Mapping[str, object],
    seen: Collection[str],
    now: datetime,
) -> Override:
    """Adds other hours on a date, or changes those with this id; ``values`` are those of the practice file.

    Raises :class:`Invalid`, and :class:`TouchesAppointments` unless ``seen`` names those left outside of all hours.
    """
    who = locked(session, staff, practitioner_id)
    table = checked(OverrideTable, values)
    locations = locations_by_slug(session, staff.practice_id)
    known = [locations[slug] for slug in table.locations if slug in locations]
    if two_places(known):
        raise Invalid({"locations": "Choose one place only: nobody is at two at once."})
    row = find(session, staff, practitioner_id, row_id) if row_id else None
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
    session: Session, staff: Staff, practitioner_id: str, row_id: str, seen: Collection[str], now: datetime
) -> None:
    """The usual hours hold again. Raises :class:`NotFound`, and :class:`TouchesAppointments` as :func:`save` does."""
    who = locked(session, staff, practitioner_id)
    row = find(session, staff, practitioner_id, row_id)
    with seen_first(session, staff.practice_id, [who.id], now, seen):
        session.delete(row)
    audit.record(session, now, staff.practice_id, staff, "override.removed", "practitioner", who.id)


def find(session: Session, staff: Staff, practitioner_id: str, row_id: str) -> Override:
    """The practitioner's row; raises :class:`NotFound`."""
    row = forms.find(session, Override, staff, row_id)
    if row.practitioner_id != practitioner_id:
        raise NotFound
    return row


def of(session: Session, practice_id: str, practitioner_id: str) -> list[tuple[Override, list[str]]]:
    """All other hours of a practitioner, the earliest first, with the ids of their locations."""
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
