"""Time off, blocked in the calendar: who is away from when until when, and which appointments that leaves behind."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from pencilin import audit, clients
from pencilin.agenda import LONGEST_VISIT
from pencilin.catalogue import read_catalogue
from pencilin.database import lock_practitioners
from pencilin.errors import AppointmentsInTheWay, Forbidden, Invalid, NotFound
from pencilin.models import Appointment, Practice, Practitioner, Role, Staff, TimeOff, new_id
from pencilin.rules.states import Status

LONGEST_NOTE = 200
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from ``start`` to ``end``, wall times by the clock of each location."""

    practitioner_ids: tuple[str, ...]
    start: datetime
    end: datetime
    note: str = ""


def block(session: Session, staff: Staff, wanted: Absence, now: datetime, *, seen: Collection[str] = ()) -> list[str]:
    """Blocks the time off and returns its ids, one for each practitioner.

    Raises :class:`Invalid`; :class:`Forbidden` for a colleague's time; and :class:`AppointmentsInTheWay` while there
    are appointments in it that staff haven't ``seen`` (ids): they stay, whoever goes on.
    """
    note = _check(session, staff, wanted)
    lock_practitioners(session, staff.practice_id, sorted(wanted.practitioner_ids))
    affected = appointments_in(session, staff, wanted)
    if {one.id for one in affected} - set(seen):
        raise AppointmentsInTheWay([one.id for one in affected])
    made = []
    for practitioner_id in wanted.practitioner_ids:
        row = TimeOff(
            practice_id=staff.practice_id,
            id=new_id(),
            practitioner_id=practitioner_id,
            start=wanted.start,
            end=wanted.end,
            note=note,
        )
        session.add(row)
        made.append(row.id)
        audit.record(session, now, staff.practice_id, staff, "time_off.blocked", "practitioner", practitioner_id)
    session.flush()
    return made


def unblock(session: Session, staff: Staff, time_off_ids: Collection[str], now: datetime) -> None:
    """Takes time off out again; what is gone already is no error. Raises :class:`NotFound` for a colleague's."""
    rows = session.exec(
        select(TimeOff).where(TimeOff.practice_id == staff.practice_id, col(TimeOff.id).in_(time_off_ids))
    ).all()
    if any(not _is_own(staff, row.practitioner_id) for row in rows):
        raise NotFound("There is no such time off, or not for you to change.")
    lock_practitioners(session, staff.practice_id, sorted({row.practitioner_id for row in rows}))
    for row in rows:
        session.delete(row)
        audit.record(session, now, staff.practice_id, staff, "time_off.unblocked", "practitioner", row.practitioner_id)


def appointments_in(session: Session, staff: Staff, wanted: Absence) -> list[Appointment]:
    """The approved and tentative appointments that overlap the absence, the earliest first."""
    around = timedelta(days=2)  # wider than any two clocks are apart
    rows = session.exec(
        select(Appointment)
        .where(
            Appointment.practice_id == staff.practice_id,
            col(Appointment.practitioner_id).in_(wanted.practitioner_ids),
            col(Appointment.status).in_((Status.TENTATIVE, Status.APPROVED)),
            col(Appointment.local_start) < wanted.end,
            col(Appointment.local_start) > wanted.start - LONGEST_VISIT - around,
        )
        .order_by(col(Appointment.start))
    )
    return [one for one in rows if one.local_start + (one.end - one.start) > wanted.start]


def _check(session: Session, staff: Staff, wanted: Absence) -> str | None:
    wrong: dict[str, str] = {}
    catalogue = read_catalogue(session, session.get_one(Practice, staff.practice_id))
    known = {one.id for one in catalogue.practitioners}
    if not wanted.practitioner_ids or not known.issuperset(wanted.practitioner_ids):
        wrong["practitioners"] = "Tick at least one practitioner."
    if wanted.end <= wanted.start:
        wrong["until_time"] = "Enter an end after the start."
    elif wanted.end - wanted.start > LONGEST:
        wrong["until_date"] = "Enter an end within a year of the start."
    try:
        note = clients.prose(wanted.note, LONGEST_NOTE)
    except ValueError as error:
        note, wrong["note"] = "", str(error)
    if wrong:
        raise Invalid(wrong)
    if not all(_is_own(staff, one) for one in wanted.practitioner_ids):
        raise Forbidden("You can't block a colleague's time. Ask the front desk to do it.")
    return note or None


def _is_own(staff: Staff, practitioner_id: str) -> bool:
    return staff.role != Role.PRACTITIONER or practitioner_id == staff.practitioner_id


def own_choice(staff: Staff, practitioners: Collection[Practitioner]) -> list[Practitioner]:
    """Whose time the staff member may block."""
    return [one for one in practitioners if _is_own(staff, one.id)]
