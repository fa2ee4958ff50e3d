"""Time off: who is away from when until when. The calendar and Settings both write it here."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.database import lock_practitioners
from pencilin.errors import Forbidden, Invalid, NotFound
from pencilin.models import Practitioner, Role, Staff, TimeOff
from pencilin.practices import forms
from pencilin.practices.hours import checked
from pencilin.practices.shapes import TimeOffTable
from pencilin.practices.upcoming import TouchesAppointments, Upcoming, upcoming

# Whoever stays away for longer is archived, or a digit of the year is wrong.
MOST_YEARS = 5


def block(
    session: Session,
    staff: Staff,
    practitioner_ids: Collection[str],
    values: Mapping[str, object],
    seen: Collection[str],
    now: datetime,
) -> list[TimeOff]:
    """Adds an absence for each of the practitioners; ``values`` are those of the practice file, wall times by the clock
    of each location.

    Raises :class:`Invalid`; :class:`Forbidden` for a colleague's time; and :class:`TouchesAppointments` unless ``seen``
    names those to come that lie in it: they stay, whoever goes on.
    """
    table = _checked(values)
    _lock(session, staff, practitioner_ids)
    _seen_first(session, staff, practitioner_ids, table, None, seen, now)
    rows = [
        TimeOff(
            practice_id=staff.practice_id,
            practitioner_id=one,
            start=table.start,
            end=table.end,
            note=table.note or None,
        )
        for one in practitioner_ids
    ]
    session.add_all(rows)
    for row in rows:
        audit.record(session, now, staff.practice_id, staff, "time_off.blocked", "practitioner", row.practitioner_id)
    session.flush()
    return rows


def change(
    session: Session,
    staff: Staff,
    practitioner_id: str,
    row_id: str,
    values: Mapping[str, object],
    seen: Collection[str],
    now: datetime,
) -> TimeOff:
    """Gives an absence other times. Raises :class:`NotFound`, and as :func:`block` does; what lay in it before was seen
    then.
    """
    table = _checked(values)
    _lock(session, staff, [practitioner_id])
    row = find(session, staff, practitioner_id, row_id)
    _seen_first(session, staff, [practitioner_id], table, row, seen, now)
    changed = forms.given(row, {"start": table.start, "end": table.end, "note": table.note or None})
    audit.record(session, now, staff.practice_id, staff, "time_off.changed", "practitioner", practitioner_id, changed)
    return row


def unblock(session: Session, staff: Staff, time_off_ids: Collection[str], now: datetime) -> None:
    """Takes absences out again; what is gone already is no error. Raises :class:`NotFound` for a colleague's."""
    wanted = select(TimeOff).where(TimeOff.practice_id == staff.practice_id, col(TimeOff.id).in_(time_off_ids))
    whose = {row.practitioner_id for row in session.exec(wanted)}
    if not all(_may_block(staff, one) for one in whose):
        raise NotFound("There is no such time off, or not for you to change.")
    lock_practitioners(session, staff.practice_id, sorted(whose))
    for row in session.exec(wanted).all():
        session.delete(row)
        audit.record(session, now, staff.practice_id, staff, "time_off.unblocked", "practitioner", row.practitioner_id)


def find(session: Session, staff: Staff, practitioner_id: str, row_id: str) -> TimeOff:
    """The practitioner's absence; raises :class:`NotFound`."""
    row = forms.find(session, TimeOff, staff, row_id)
    if row.practitioner_id != practitioner_id:
        raise NotFound
    return row


def of(session: Session, practice_id: str, practitioner_id: str) -> list[TimeOff]:
    """All absences of a practitioner, the earliest first."""
    rows = session.exec(
        select(TimeOff)
        .where(TimeOff.practice_id == practice_id, TimeOff.practitioner_id == practitioner_id)
        .order_by(col(TimeOff.start), col(TimeOff.end), col(TimeOff.id))
    )
    return list(rows)


def own_choice(staff: Staff, practitioners: Collection[Practitioner]) -> list[Practitioner]:
    """Whose time the staff member may block."""
    return [one for one in practitioners if _may_block(staff, one.id)]


def _may_block(staff: Staff, practitioner_id: str) -> bool:
    return staff.role != Role.PRACTITIONER or practitioner_id == staff.practitioner_id


def _checked(values: Mapping[str, object]) -> TimeOffTable:
    table = checked(TimeOffTable, values)
    if table.end - table.start > timedelta(days=MOST_YEARS * 366):
        raise Invalid({"end": f"Enter an end within {MOST_YEARS} years of the start."})
    return table


def _lock(session: Session, staff: Staff, practitioner_ids: Collection[str]) -> None:
    """Nobody books them meanwhile. Raises :class:`Invalid` for nobody at all, :class:`Forbidden` for a colleague."""
    known = session.exec(
        select(Practitioner.id).where(
            Practitioner.practice_id == staff.practice_id, col(Practitioner.id).in_(practitioner_ids)
        )
    ).all()
    if not practitioner_ids or set(known) != set(practitioner_ids):
        raise Invalid({"practitioners": "Tick at least one practitioner."})
    if not all(_may_block(staff, one) for one in known):
        raise Forbidden("You can't block a colleague's time. Ask the front desk to do it.")
    lock_practitioners(session, staff.practice_id, sorted(known))


def _seen_first(
    session: Session,
    staff: Staff,
    practitioner_ids: Collection[str],
    wanted: TimeOffTable,
    before: TimeOff | None,
    seen: Collection[str],
    now: datetime,
) -> None:
    found = [
        one
        for one in upcoming(session, staff.practice_id, practitioner_ids, now)
        if _lies_in(one, wanted) and not (before and _lies_in(one, before))
    ]
    if not {one.appointment.id for one in found} <= set(seen):
        raise TouchesAppointments(found)


def _lies_in(one: Upcoming, absence: TimeOffTable | TimeOff) -> bool:
    """Whether they overlap, by the clock of the appointment's location."""
    start = one.appointment.local_start
    return start < absence.end and start + (one.appointment.end - one.appointment.start) > absence.start
