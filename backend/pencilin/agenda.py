"""What the calendar shows: appointments of a stretch of time, and times proposed, as far as a staff member may see."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, and_, col

from pencilin.models import Appointment, Client, Practice, Reservation, Role, Staff, TentativeClient
from pencilin.rules.states import Purpose, Status

Query: TypeAlias = Select[*tuple[Any, ...]]

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

    ``id`` is the reservation's, which lasts until ``expires_at`` (UTC). ``appointment_id`` and ``name`` are None for a
    practitioner whose time is held for somebody else's request.
    """

    id: str
    appointment_id: str | None
    start: datetime
    end: datetime
    expires_at: datetime
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
    rows = session.connection().execute(
        _as_wanted(_ENTRIES, Appointment, staff, wanted),
        _stretch(practice, first, days) | {"statuses": wanted.statuses},
    )
    # Written out: unpacked twice, each of them would take half as long again.
    return [
        Entry(
            id_,
            status,
            revision,
            start,
            end,
            timezone,
            service_id,
            practitioner_id,
            location_id,
            _name(status, typed_first, typed_last, filed_first, filed_last),
            bool(lane),
        )
        for (
            id_,
            status,
            revision,
            start,
            end,
            timezone,
            service_id,
            practitioner_id,
            location_id,
            typed_first,
            typed_last,
            filed_first,
            filed_last,
            lane,
        ) in rows
    ]


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
    rows = session.execute(
        _as_wanted(_HELD, Reservation, staff, wanted), _stretch(practice, first, days) | {"now": now}
    )
    own = own_practitioner(staff)
    return [
        Held._make((*row[:8], _name(Status.TENTATIVE, *row[9:])))
        if own in (None, row[8])
        else Held._make((row[0], None, *row[2:8], None))
        for row in rows
    ]


def own_practitioner(staff: Staff) -> str | None:
    """The id of the practitioner beyond whose time a staff member may not look; None for those who may."""
    return (staff.practitioner_id or "") if staff.role == Role.PRACTITIONER else None


def _stretch(practice: Practice, first: date, days: int) -> dict[str, object]:
    """What both queries are asked with."""
    zone = ZoneInfo(practice.timezone)
    start = datetime.combine(first, time(), zone)
    until = datetime.combine(first + timedelta(days=days), time(), zone)
    return {"practice_id": practice.id, "start": start, "until": until, "no_longer": start - LONGEST_VISIT}


def _as_wanted(query: Query, kind: type[Appointment | Reservation], staff: Staff, wanted: Wanted) -> Query:
    own = own_practitioner(staff)
    conditions = [
        col(column) == one
        for column, one in (
            (kind.practitioner_id, wanted.practitioner_id if own is None else own),
            (kind.location_id, wanted.location_id),
            (kind.service_id, wanted.service_id),
        )
        if one is not None
    ]
    return query.where(*conditions) if conditions else query


def _name(
    status: Status, typed_first: str | None, typed_last: str | None, filed_first: str | None, filed_last: str | None
) -> str:
    filed = filed_first is not None and (status is not Status.TENTATIVE or typed_first is None)
    first, last = (filed_first, filed_last) if filed else (typed_first, typed_last)
    return f"{first} {last}" if first and last else first or last or ""


# A week may hold five hundred of them, and is asked for all the time: columns instead of rows, and queries that are
# kept, since to build one takes longer than to run it.
_TYPED = and_(
    col(TentativeClient.practice_id) == Appointment.practice_id,
    col(TentativeClient.appointment_id) == Appointment.id,
)
_FILED = and_(col(Client.practice_id) == Appointment.practice_id, col(Client.id) == Appointment.client_id)
_NAMES = (
    col(TentativeClient.first_name),
    col(TentativeClient.last_name),
    col(Client.first_name),
    col(Client.last_name),
)
_ENTRIES = (
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
        *_NAMES,
        col(Reservation.lane),
    )
    .outerjoin(TentativeClient, _TYPED)
    .outerjoin(Client, _FILED)
    .outerjoin(
        Reservation,
        and_(
            col(Reservation.practice_id) == Appointment.practice_id,
            col(Reservation.appointment_id) == Appointment.id,
            col(Reservation.purpose) == Purpose.CURRENT,
        ),
    )
    .where(
        col(Appointment.practice_id) == bindparam("practice_id"),
        col(Appointment.start) < bindparam("until"),
        col(Appointment.start) > bindparam("no_longer"),
        col(Appointment.end) > bindparam("start"),
        col(Appointment.status).in_(bindparam("statuses", expanding=True)),
    )
    .order_by(col(Appointment.start), col(Appointment.practitioner_id), col(Appointment.id))
)
_HELD = (
    select(
        col(Reservation.id),
        col(Reservation.appointment_id),
        col(Reservation.start),
        col(Reservation.end),
        col(Reservation.expires_at),
        col(Reservation.service_id),
        col(Reservation.practitioner_id),
        col(Reservation.location_id),
        col(Appointment.practitioner_id),
        *_NAMES,
    )
    .join(
        Appointment,
        and_(
            col(Appointment.practice_id) == Reservation.practice_id,
            col(Appointment.id) == Reservation.appointment_id,
        ),
    )
    .outerjoin(TentativeClient, _TYPED)
    .outerjoin(Client, _FILED)
    .where(
        col(Reservation.practice_id) == bindparam("practice_id"),
        col(Reservation.purpose) == Purpose.PROPOSED,
        col(Reservation.expires_at) > bindparam("now"),
        col(Reservation.start) < bindparam("until"),
        col(Reservation.end) > bindparam("start"),
        col(Appointment.status) == Status.TENTATIVE,
    )
    .order_by(col(Reservation.start), col(Reservation.practitioner_id), col(Reservation.id))
)
