"""Finding appointments: by their reference, or by whom they are with. What one may not see is not found."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, case, col, or_, select

from pencilin.models import Appointment, Location, Practice, Practitioner, Service, Staff, TentativeClient
from pencilin.review.access import visible_to
from pencilin.review.day import names_of
from pencilin.rules.matching import Filed, search_score
from pencilin.rules.states import Status

MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class FoundAppointment:
    """One appointment. Instants are UTC, ``timezone`` is the location's; ``name`` as the reader may see it."""

    appointment_id: str
    reference: str
    name: str
    service: str
    practitioner: str
    location: str
    status: Status
    start: datetime
    timezone: str


def find_appointments(
    session: Session, staff: Staff, text: str, client_ids: Collection[str], now: datetime, limit: int = MOST_FOUND
) -> list[FoundAppointment]:
    """The appointments that ``text`` is the reference of, those with these clients, and the requests whose booker
    typed what was searched for; what is to come first, the next at the top, then what was, the latest at the top.
    """
    wanted: list[ColumnElement[bool]] = [
        col(Appointment.reference) == "".join(text.split()).upper(),
        col(Appointment.client_id).in_(client_ids),
        col(Appointment.id).in_(_requests_of(session, staff, text)),
    ]
    upcoming = col(Appointment.start) >= now
    rows = session.exec(
        select(Appointment, Service.name, Practitioner.name, Location.name)
        .where(
            and_(visible_to(staff), or_(*wanted)),
            Service.practice_id == Appointment.practice_id,
            Service.id == Appointment.service_id,
            Practitioner.practice_id == Appointment.practice_id,
            Practitioner.id == Appointment.practitioner_id,
            Location.practice_id == Appointment.practice_id,
            Location.id == Appointment.location_id,
        )
        .order_by(
            case((upcoming, 0), else_=1),
            case((upcoming, col(Appointment.start))),
            col(Appointment.start).desc(),
            col(Appointment.id),
        )
        .limit(limit)
    ).all()
    names = names_of(session, staff, [row[0] for row in rows])
    return [
        FoundAppointment(
            one.id,
            one.reference,
            names[one.id],
            service,
            practitioner,
            location,
            one.status,
            one.start,
            one.timezone,
        )
        for one, service, practitioner, location in rows
    ]


def _requests_of(session: Session, staff: Staff, text: str) -> list[str]:
    """The open requests whose booker typed what was searched for; they may have no file yet."""
    country = session.get_one(Practice, staff.practice_id).country
    rows = session.exec(
        select(TentativeClient)
        .join(
            Appointment,
            and_(
                col(Appointment.practice_id) == TentativeClient.practice_id,
                col(Appointment.id) == TentativeClient.appointment_id,
            ),
        )
        .where(visible_to(staff), Appointment.status == Status.TENTATIVE)
    )
    return [one.appointment_id for one in rows if search_score(text, _as_filed(one, country), country) > 0]


def _as_filed(typed: TentativeClient, country: str) -> Filed:
    return Filed(
        typed.appointment_id,
        typed.first_name,
        typed.last_name,
        typed.email,
        typed.phone,
        typed.birth_date,
        country,
    )
