"""The day around an appointment: what its practitioner has before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from pencilin import clients
from pencilin.models import Appointment, Client, Location, LocationKind, Service, Staff, TentativeClient
from pencilin.rules.states import Status

TAKES_TIME = (Status.TENTATIVE, Status.APPROVED, Status.COMPLETED, Status.NO_SHOW)


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One of the day's appointments; instants are UTC, ``timezone`` is its own location's.

    ``name`` is what was typed until the decision, from then on the client's if the reader may see the file; ``this``
    marks the one that is edited; ``is_place``: one goes there.
    """

    appointment_id: str
    this: bool
    name: str
    service: str
    location: str
    is_place: bool
    status: Status
    start: datetime
    end: datetime
    timezone: str


def read_day(session: Session, staff: Staff, appointment: Appointment, location: Location) -> tuple[DayEntry, ...]:
    """The appointments of the same practitioner on the same date in the location's zone, the earliest first."""
    zone = ZoneInfo(location.timezone)
    day = appointment.start.astimezone(zone).date()
    midnight = datetime.combine(day, time(), zone)
    next_midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    here = (
        Appointment.practice_id == appointment.practice_id,
        Appointment.practitioner_id == appointment.practitioner_id,
        Appointment.start >= midnight,
        Appointment.start < next_midnight,
    )
    rows = session.exec(
        select(Appointment, Service.name, Location.name, Location.kind)
        .where(
            *here,
            Service.practice_id == Appointment.practice_id,
            Service.id == Appointment.service_id,
            Location.practice_id == Appointment.practice_id,
            Location.id == Appointment.location_id,
        )
        .order_by(col(Appointment.start), col(Appointment.id))
    ).all()
    names = names_of(session, staff, [row[0] for row in rows])
    return tuple(
        DayEntry(
            one.id,
            one.id == appointment.id,
            names[one.id],
            service,
            place,
            kind == LocationKind.PLACE,
            one.status,
            one.start,
            one.end,
            one.timezone,
        )
        for one, service, place, kind in rows
        if one.status in TAKES_TIME or one.id == appointment.id
    )


def names_of(session: Session, staff: Staff, appointments: Sequence[Appointment]) -> dict[str, str]:
    """By appointment, the name of whom it is with, as in :class:`DayEntry`."""
    typed, filed = _names(session, staff, appointments)
    return {one.id: _name(one, typed, filed) for one in appointments}


def _name(appointment: Appointment, typed: dict[str, str], filed: dict[str, str]) -> str:
    known = filed.get(appointment.client_id or "")
    wrote = typed.get(appointment.id)
    if appointment.status == Status.TENTATIVE:
        return wrote or known or ""
    return known or wrote or ""


def _names(
    session: Session, staff: Staff, appointments: Sequence[Appointment]
) -> tuple[dict[str, str], dict[str, str]]:
    """Typed names by appointment, and filed names by client, of the files that the staff member may see."""
    typed = session.exec(
        select(TentativeClient.appointment_id, TentativeClient.first_name, TentativeClient.last_name).where(
            TentativeClient.practice_id == staff.practice_id,
            col(TentativeClient.appointment_id).in_([one.id for one in appointments]),
        )
    )
    filed = session.exec(
        select(Client.id, Client.first_name, Client.last_name).where(
            clients.visible_to(staff),
            col(Client.id).in_([one.client_id for one in appointments if one.client_id]),
        )
    )
    return (
        {appointment_id: f"{first} {last}" for appointment_id, first, last in typed},
        {client_id: f"{first} {last}" for client_id, first, last in filed},
    )
