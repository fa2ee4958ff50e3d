"""Appointments to come that a change of the settings touches: whoever changes something sees them first."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, and_, col, select

from pencilin.diary import read_schedules
from pencilin.errors import Conflict
from pencilin.models import Appointment, Client, Location, Practice, Practitioner, Service, TentativeClient
from pencilin.rules import hours
from pencilin.rules.states import Status
from pencilin.rules.timeline import Window


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A tentative or approved appointment that is yet to begin. ``name`` is the client's, or what was typed."""

    appointment: Appointment
    name: str
    service: str
    practitioner: str
    location: Location


class TouchesAppointments(Conflict):
    """The change touches appointments that the person hasn't seen yet; nothing was changed."""

    def __init__(self, touched: Sequence[Upcoming]) -> None:
        super().__init__("There are appointments to look at first.")
        self.touched = tuple(touched)


def upcoming(session: Session, practice_id: str, practitioner_ids: Collection[str], now: datetime) -> list[Upcoming]:
    """What these practitioners have yet to give, the earliest first."""

    def of(kind: type[Service] | type[Practitioner] | type[Location], key: str) -> object:
        return and_(col(kind.practice_id) == Appointment.practice_id, col(kind.id) == getattr(Appointment, key))

    rows = session.exec(
        select(Appointment, Service.name, Practitioner.name, Location)
        .join(Service, of(Service, "service_id"))  # type: ignore[arg-type]
        .join(Practitioner, of(Practitioner, "practitioner_id"))  # type: ignore[arg-type]
        .join(Location, of(Location, "location_id"))  # type: ignore[arg-type]
        .where(
            Appointment.practice_id == practice_id,
            col(Appointment.practitioner_id).in_(practitioner_ids),
            col(Appointment.status).in_((Status.TENTATIVE, Status.APPROVED)),
            col(Appointment.start) > now,
        )
        .order_by(col(Appointment.start), col(Appointment.id))
    ).all()
    names = _names(session, practice_id, [row[0] for row in rows])
    return [Upcoming(row, names.get(row.id, ""), service, who, where) for row, service, who, where in rows]


@contextmanager
def seen_first(
    session: Session, practice_id: str, practitioner_ids: Collection[str], now: datetime, seen: Collection[str]
) -> Iterator[None]:
    """What is done inside may leave appointments outside of all hours only if ``seen`` names them.

    Raises :class:`TouchesAppointments`. Those that lie outside anyway count for nothing. Take the practitioners' locks
    first.
    """
    before = {one.appointment.id for one in _outside(session, practice_id, practitioner_ids, now)}
    yield
    session.flush()
    after = _outside(session, practice_id, practitioner_ids, now)
    left = [one for one in after if one.appointment.id not in before]
    if not {one.appointment.id for one in left} <= set(seen):
        raise TouchesAppointments(left)


def _outside(session: Session, practice_id: str, practitioner_ids: Collection[str], now: datetime) -> list[Upcoming]:
    """Those for which their practitioner isn't there all the time, wherever it is."""
    found = upcoming(session, practice_id, practitioner_ids, now)
    if not found:
        return []
    practice = session.get_one(Practice, practice_id)
    schedules = read_schedules(session, practice, practitioner_ids)
    outside: list[Upcoming] = []
    by_place: dict[tuple[str, str], list[Upcoming]] = defaultdict(list)
    for one in found:
        by_place[one.appointment.practitioner_id, one.location.id].append(one)
    for (practitioner_id, _), together in by_place.items():
        place = together[0].location
        window = Window.between(together[0].appointment.start, max(one.appointment.end for one in together))
        there = hours.open_bits(schedules[practitioner_id], place.id, ZoneInfo(place.timezone), window)
        for one in together:
            visit = Window.between(one.appointment.start, one.appointment.end)
            if window.mask(visit.first, visit.end) & ~there:
                outside.append(one)
    return sorted(outside, key=lambda one: (one.appointment.start, one.appointment.id))


def _names(session: Session, practice_id: str, appointments: Sequence[Appointment]) -> dict[str, str]:
    """By the appointment's id: the client's name, or what was typed until somebody settles who it is."""
    ids = [one.id for one in appointments]
    typed = session.exec(
        select(TentativeClient).where(
            TentativeClient.practice_id == practice_id, col(TentativeClient.appointment_id).in_(ids)
        )
    )
    names = {one.appointment_id: f"{one.first_name} {one.last_name}" for one in typed}
    filed = {one.client_id for one in appointments if one.client_id}
    clients = session.exec(select(Client).where(Client.practice_id == practice_id, col(Client.id).in_(filed)))
    by_id = {one.id: f"{one.first_name} {one.last_name}" for one in clients}
    return names | {one.id: by_id[one.client_id] for one in appointments if one.client_id and one.client_id in by_id}
