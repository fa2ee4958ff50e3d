"""The requests that wait for a decision."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, and_, col, func, select

from pencilin.models import Appointment, BookedBy, Location, Practitioner, Service, Staff, TentativeClient
from pencilin.review.access import visible_to
from pencilin.review.deadlines import remind_at
from pencilin.rules.states import Status

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request. Instants are UTC, ``timezone`` is the location's.

    ``name`` and ``phone`` are what was typed; ``due_soon``: staff have been, or are about to be, reminded;
    ``proposed_until``: until then it is the client who is waited for, to take another time.
    """

    appointment_id: str
    revision: int
    name: str
    phone: str
    booked_by: str | None
    service: str
    practitioner: str
    location: str
    start: datetime
    timezone: str
    created_at: datetime
    answer_due: datetime
    due_soon: bool
    linked: bool
    proposed_until: datetime | None


def count_waiting(session: Session, staff: Staff) -> int:
    """How many requests wait for a decision that the staff member may see."""
    waiting = and_(visible_to(staff), col(Appointment.status) == Status.TENTATIVE)
    return session.exec(select(func.count()).select_from(Appointment).where(waiting)).one()


def waiting(session: Session, staff: Staff) -> tuple[int, datetime | None]:
    """The same, and since when the oldest of them has waited (UTC)."""
    waits = and_(visible_to(staff), col(Appointment.status) == Status.TENTATIVE)
    return session.exec(select(func.count(), func.min(Appointment.created_at)).where(waits)).one()


def requests(session: Session, staff: Staff, now: datetime, limit: int = MOST_SHOWN) -> list[RequestRow]:
    """The requests that the staff member may see, those that must be answered first before the others."""
    rows = session.exec(
        select(Appointment, Service.name, Practitioner.name, Location.name)
        .where(
            visible_to(staff),
            Appointment.status == Status.TENTATIVE,
            Service.practice_id == Appointment.practice_id,
            Service.id == Appointment.service_id,
            Practitioner.practice_id == Appointment.practice_id,
            Practitioner.id == Appointment.practitioner_id,
            Location.practice_id == Appointment.practice_id,
            Location.id == Appointment.location_id,
        )
        .order_by(func.coalesce(Appointment.answer_due, Appointment.start), col(Appointment.start), Appointment.id)
        .limit(limit)
    ).all()
    names = _names(session, staff, [row[0].id for row in rows])
    found = []
    for appointment, service, practitioner, location in rows:
        name, phone, booked_by = names.get(appointment.id, ("", "", None))
        reminder = remind_at(appointment)
        found.append(
            RequestRow(
                appointment.id,
                appointment.revision,
                name,
                phone,
                booked_by,
                service,
                practitioner,
                location,
                appointment.start,
                appointment.timezone,
                appointment.created_at,
                appointment.answer_due or appointment.start,
                reminder is not None and reminder <= now,
                appointment.client_id is not None,
                appointment.proposed_until,
            )
        )
    return found


def _names(session: Session, staff: Staff, appointment_ids: list[str]) -> dict[str, tuple[str, str, str | None]]:
    """What was typed, by appointment: the name, the phone, and the name of the person who booked for somebody else."""
    rows = session.exec(
        select(TentativeClient, BookedBy.first_name, BookedBy.last_name)
        .join(
            BookedBy,
            and_(
                col(BookedBy.practice_id) == TentativeClient.practice_id,
                col(BookedBy.appointment_id) == TentativeClient.appointment_id,
            ),
            isouter=True,
        )
        .where(
            TentativeClient.practice_id == staff.practice_id,
            col(TentativeClient.appointment_id).in_(appointment_ids),
        )
    )
    return {
        typed.appointment_id: (
            f"{typed.first_name} {typed.last_name}",
            typed.phone,
            f"{first_name} {last_name}" if first_name else None,
        )
        for typed, first_name, last_name in rows
    }
