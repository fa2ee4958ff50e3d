"""What the calendar shows: the appointments of a stretch of time, as far as a staff member may see them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, select

from pencilin.models import (
    Appointment,
    Client,
    Location,
    Override,
    Practice,
    Practitioner,
    Role,
    Service,
    Staff,
    TentativeClient,
    WorkingHours,
)
from pencilin.rules.states import Status

SHOWN = (Status.TENTATIVE, Status.APPROVED, Status.COMPLETED, Status.NO_SHOW)

# No visit is longer, so an index range on the start finds all that overlap.
LONGEST_VISIT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment in the calendar. ``name`` is what was typed until the decision, from then on the client's."""

    appointment: Appointment
    name: str
    service: Service
    practitioner: Practitioner
    location: Location


def entries(
    session: Session, practice: Practice, staff: Staff, first: date, days: int, practitioner_id: str | None = None
) -> list[Entry]:
    """What takes place on ``days`` dates from ``first`` on, in the practice's zone, the earliest first.

    A practitioner sees their own only, whatever ``practitioner_id`` says. What was declined, cancelled or has
    expired takes no time and is left out.
    """
    zone = ZoneInfo(practice.timezone)
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(first + timedelta(days=days), time(), zone)
    if staff.role == Role.PRACTITIONER:
        practitioner_id = staff.practitioner_id or ""
    conditions: list[ColumnElement[bool]] = [
        col(Appointment.practice_id) == practice.id,
        col(Appointment.start) < end,
        col(Appointment.start) > start - LONGEST_VISIT,
        col(Appointment.end) > start,
        col(Appointment.status).in_(SHOWN),
    ]
    if practitioner_id is not None:
        conditions.append(col(Appointment.practitioner_id) == practitioner_id)
    names = _names(session, conditions)
    rows = session.exec(
        select(Appointment, Service, Practitioner, Location)
        .join(Service, _is(Service, Appointment.service_id))
        .join(Practitioner, _is(Practitioner, Appointment.practitioner_id))
        .join(Location, _is(Location, Appointment.location_id))
        .where(*conditions)
        .order_by(col(Appointment.start), col(Practitioner.position), col(Appointment.id))
    )
    return [
        Entry(appointment, names.get(appointment.id, ""), service, practitioner, location)
        for appointment, service, practitioner, location in rows
    ]


def working_weekdays(session: Session, practice: Practice, first: date, days: int) -> set[int]:
    """The weekdays, from 0 (Monday), on which anybody works by a weekly rule or by an override among these dates."""
    rules = session.exec(select(col(WorkingHours.days)).where(WorkingHours.practice_id == practice.id))
    overrides = session.exec(
        select(col(Override.date)).where(
            Override.practice_id == practice.id,
            Override.date >= first,
            Override.date < first + timedelta(days=days),
        )
    )
    return {weekday for rule in rules for weekday in rule} | {day.weekday() for day in overrides}


def next_working_day(session: Session, practice: Practice, today: date) -> date:
    """The first date from ``today`` on, within a week, on which anybody works; else today."""
    working = working_weekdays(session, practice, today, 7)
    days = [today + timedelta(days=ahead) for ahead in range(7)]
    return next((day for day in days if day.weekday() in working), today)


def _is(kind: type[Service | Practitioner | Location | Client], column: str | None) -> ColumnElement[bool]:
    return and_(col(kind.practice_id) == Appointment.practice_id, col(kind.id) == column)


def _names(session: Session, conditions: list[ColumnElement[bool]]) -> dict[str, str]:
    typed = session.exec(
        select(Appointment.id, TentativeClient.first_name, TentativeClient.last_name)
        .join(
            TentativeClient,
            and_(
                col(TentativeClient.practice_id) == Appointment.practice_id,
                col(TentativeClient.appointment_id) == Appointment.id,
            ),
        )
        .where(*conditions)
    )
    names = {appointment_id: f"{first} {last}" for appointment_id, first, last in typed}
    filed = session.exec(
        select(Appointment.id, Appointment.status, Client.first_name, Client.last_name)
        .join(Client, _is(Client, Appointment.client_id))
        .where(*conditions)
    )
    for appointment_id, status, first, last in filed:
        if status != Status.TENTATIVE or appointment_id not in names:
            names[appointment_id] = f"{first} {last}"
    return names
