"""What the calendar shows: appointments of a stretch of time, and times proposed, as far as a staff member may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, and_, col

from pencilin.models import Appointment, Client, Practice, Reservation, Role, Staff, TentativeClient
from pencilin.rules.states import Purpose, Status

SHOWN = (Status.TENTATIVE, Status.APPROVED, Status.COMPLETED, Status.NO_SHOW)

# No visit is longer, so an index range on the start finds all that overlap.
LONGEST_VISIT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to leave in: everything, or what is of one practitioner, location and service, by id.

    What was declined, cancelled or has expired takes no time, and is left out unless it is asked for.
    """

    practitioner_id: str | None = None
    location_id: str | None = None
    service_id: str | None = None
    statuses: tuple[Status, ...] = SHOWN


class Entry(NamedTuple):
    """One appointment in the calendar. ``name`` is what was typed until the decision, from then on the client's.

    Instants are UTC, ``timezone`` is the one that was agreed. ``overbooked``: somebody else has the time, too.
    """

    id: str
    status: Status
    revision: int
    start: datetime
    end: datetime
    timezone: str
    service_id: str
    practitioner_id: str
    location_id: str
    name: str
    overbooked: bool


class Held(NamedTuple):
    """A time that a client may choose instead of the one they asked for, and that nobody else gets meanwhile.

    ``id`` is the reservation's. ``appointment_id`` and ``name`` are None for a practitioner whose time is held for
    somebody else's request.
    """

    id: str
    appointment_id: str | None
    start: datetime
    end: datetime
    service_id: str
    practitioner_id: str
    location_id: str
    name: str | None


EVERYTHING = Wanted()


def entries(
    session: Session, practice: Practice, staff: Staff, first: date, days: int, wanted: Wanted = EVERYTHING
) -> list[Entry]:
    """What takes place on ``days`` dates from ``first`` on, in the practice's zone, the earliest first.

    A practitioner sees their own only, whatever is ``wanted``.
    """
    start, end = _stretch(practice, first, days)
    conditions: list[ColumnElement[bool]] = [
        col(Appointment.practice_id) == practice.id,
        col(Appointment.start) < end,
        col(Appointment.start) > start - LONGEST_VISIT,
        col(Appointment.end) > start,
        col(Appointment.status).in_(wanted.statuses),
    ]
    conditions += _as_wanted(Appointment, staff, wanted)
    # Columns instead of rows: a week may hold five hundred of them, and is asked for all the time.
    rows = session.execute(
        select(
            col(Appointment.id),
            col(Appointment.status),
            col(Appointment.revision),
            col(Appointment.start),
            col(Appointment.end),
            col(Appointment.timezone),
            col(Appointment.service_id),
            col(Appointment.practitioner_id),
            col(Appointment.location_id),
            col(TentativeClient.first_name),
            col(TentativeClient.last_name),
            col(Client.first_name),
            col(Client.last_name),
            col(Reservation.lane),
        )
        .outerjoin(
            TentativeClient,
            and_(
                col(TentativeClient.practice_id) == Appointment.practice_id,
                col(TentativeClient.appointment_id) == Appointment.id,
            ),
        )
        .outerjoin(
            Client, and_(col(Client.practice_id) == Appointment.practice_id, col(Client.id) == Appointment.client_id)
        )
        .outerjoin(
            Reservation,
            and_(
                col(Reservation.practice_id) == Appointment.practice_id,
                col(Reservation.appointment_id) == Appointment.id,
                col(Reservation.purpose) == Purpose.CURRENT,
            ),
        )
        .where(*conditions)
        .order_by(col(Appointment.start), col(Appointment.practitioner_id), col(Appointment.id))
    )
    return [Entry._make((*row[:9], _name(row[1], row[9:11], row[11:13]), bool(row[13]))) for row in rows]


def held(
    session: Session,
    practice: Practice,
    staff: Staff,
    first: date,
    days: int,
    now: datetime,
    wanted: Wanted = EVERYTHING,
) -> list[Held]:
    """The times on these dates that clients may still choose, the earliest first; seen by whom :func:`entries` says.

    They are of tentative appointments, and left out with those.
    """
    if Status.TENTATIVE not in wanted.statuses:
        return []
    start, end = _stretch(practice, first, days)
    rows = session.execute(
        select(
            col(Reservation.id),
            col(Reservation.appointment_id),
            col(Reservation.start),
            col(Reservation.end),
            col(Reservation.service_id),
            col(Reservation.practitioner_id),
            col(Reservation.location_id),
            col(Appointment.practitioner_id),
            col(TentativeClient.first_name),
            col(TentativeClient.last_name),
            col(Client.first_name),
            col(Client.last_name),
        )
        .join(
            Appointment,
            and_(
                col(Appointment.practice_id) == Reservation.practice_id,
                col(Appointment.id) == Reservation.appointment_id,
            ),
        )
        .outerjoin(
            TentativeClient,
            and_(
                col(TentativeClient.practice_id) == Appointment.practice_id,
                col(TentativeClient.appointment_id) == Appointment.id,
            ),
        )
        .outerjoin(
            Client, and_(col(Client.practice_id) == Appointment.practice_id, col(Client.id) == Appointment.client_id)
        )
        .where(
            col(Reservation.practice_id) == practice.id,
            col(Reservation.purpose) == Purpose.PROPOSED,
            col(Reservation.expires_at) > now,
            col(Reservation.start) < end,
            col(Reservation.end) > start,
            col(Appointment.status) == Status.TENTATIVE,
            *_as_wanted(Reservation, staff, wanted),
        )
        .order_by(col(Reservation.start), col(Reservation.practitioner_id), col(Reservation.id))
    )
    own = own_practitioner(staff)
    return [
        Held._make((*row[:7], _name(Status.TENTATIVE, row[8:10], row[10:12])))
        if own in (None, row[7])
        else Held._make((row[0], None, *row[2:7], None))
        for row in rows
    ]


def own_practitioner(staff: Staff) -> str | None:
    """The id of the practitioner beyond whose time a staff member may not look; None for those who may."""
    return (staff.practitioner_id or "") if staff.role == Role.PRACTITIONER else None


def _stretch(practice: Practice, first: date, days: int) -> tuple[datetime, datetime]:
    zone = ZoneInfo(practice.timezone)
    return datetime.combine(first, time(), zone), datetime.combine(first + timedelta(days=days), time(), zone)


def _as_wanted(kind: type[Appointment | Reservation], staff: Staff, wanted: Wanted) -> list[ColumnElement[bool]]:
    own = own_practitioner(staff)
    return [
        col(column) == one
        for column, one in (
            (kind.practitioner_id, wanted.practitioner_id if own is None else own),
            (kind.location_id, wanted.location_id),
            (kind.service_id, wanted.service_id),
        )
        if one is not None
    ]


def _name(status: Status, typed: Sequence[str | None], filed: Sequence[str | None]) -> str:
    known = filed if filed[0] is not None and (status != Status.TENTATIVE or typed[0] is None) else typed
    return " ".join(part for part in known if part)
