"""Which appointments a staff member may see, and who won when two people decided at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, and_, col, select

from pencilin import i18n
from pencilin.database import changed
from pencilin.errors import AlreadyDecided, NotFound
from pencilin.models import ActorKind, Appointment, AuditEntry, Practice, Role, Staff
from pencilin.review.words import summary
from pencilin.rules.states import Status


def visible_to(staff: Staff) -> ColumnElement[bool]:
    """Which appointments a staff member may see: all of the practice, or a practitioner's own."""
    of_practice = col(Appointment.practice_id) == staff.practice_id
    if staff.role != Role.PRACTITIONER:
        return of_practice
    return and_(of_practice, col(Appointment.practitioner_id) == (staff.practitioner_id or ""))


def find(session: Session, staff: Staff, appointment_id: str) -> Appointment:
    """The appointment, if the staff member may see it; raises :class:`NotFound`."""
    found = None
    if appointment_id.isalnum():  # nothing else is an id, and PostgreSQL wouldn't even look for a NUL
        found = session.exec(select(Appointment).where(visible_to(staff), Appointment.id == appointment_id)).first()
    if found is None:
        raise NotFound("There is no such appointment, or not for you to see.")
    return found


def advance(
    session: Session, appointment: Appointment, status: Status, revision: int, now: datetime, changes: Mapping[str, Any]
) -> None:
    """Changes an appointment that is still as the decision was made on: of this status and revision.

    Raises :class:`AlreadyDecided`, naming the winner, for everybody but the first.
    """
    won = changed(
        session,
        update(Appointment)
        .where(
            col(Appointment.practice_id) == appointment.practice_id,
            col(Appointment.id) == appointment.id,
            col(Appointment.status) == status,
            col(Appointment.revision) == revision,
        )
        .values(revision=revision + 1, **changes)
        .execution_options(synchronize_session=False),
    )
    if won != 1:
        raise beaten(session, appointment, status, now)
    session.refresh(appointment)


def beaten(session: Session, appointment: Appointment, expected: Status, now: datetime) -> AlreadyDecided:
    """The error for whoever came second: how the appointment left the status that they expected, or else what was
    done to it last, by whom and when."""
    status = Status(
        session.exec(
            select(Appointment.status).where(
                Appointment.practice_id == appointment.practice_id, Appointment.id == appointment.id
            )
        ).one()
    )
    decision = told(session, appointment, status, now) if status != expected else None
    return AlreadyDecided(decision or told(session, appointment, None, now))


def told(session: Session, appointment: Appointment, status: Status | None, now: datetime) -> str | None:
    """*Approved by Dana at 10:32 AM*: how the appointment came to its status, or (None) what was done to it last.

    The time is the practice's, with the date unless that is today.
    """
    entries = (
        select(AuditEntry, Staff)
        .join(
            Staff,
            and_(col(Staff.practice_id) == AuditEntry.practice_id, col(Staff.id) == AuditEntry.staff_id),
            isouter=True,
        )
        .where(AuditEntry.practice_id == appointment.practice_id, AuditEntry.subject_id == appointment.id)
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id))
        .limit(1)
    )
    if status is not None:
        entries = entries.where(AuditEntry.action == f"appointment.{status}")
    found = session.exec(entries).first()
    if found is None:
        return None
    entry, staff = found
    practice = session.get_one(Practice, appointment.practice_id)
    return f"{summary(entry.action)}{_by(entry, staff)} {_when(entry.at, practice, now)}"


def _by(entry: AuditEntry, staff: Staff | None) -> str:
    if staff is not None:
        return f" by {staff.name}"
    return " by the client" if entry.actor == ActorKind.CLIENT else ""


def _when(at: datetime, practice: Practice, now: datetime) -> str:
    zone = ZoneInfo(practice.timezone)
    clock = i18n.clock(at, practice.timezone, practice.staff_locale)
    day = at.astimezone(zone).date()
    if day == now.astimezone(zone).date():
        return f"at {clock}"
    return f"on {i18n.brief_date(day, practice.staff_locale)} at {clock}"
