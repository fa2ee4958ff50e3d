"""The list of clients, a page at a time, narrowed down as a front desk needs it.

Each filter is one look into the appointments, by index; a practitioner's counts their own appointments alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Exists
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from pencilin.clients.files import visible_to
from pencilin.models import Appointment, Client, Role, Staff
from pencilin.rules.states import Status

PAGE = 50
# What says that somebody was there, and that somebody will come.
SEEN = (Status.APPROVED, Status.COMPLETED)
COMING = (Status.TENTATIVE, Status.APPROVED)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which clients to list. Spans are from the first instant up to the second.

    ``practitioner_id``: who have or had an appointment with that practitioner; ``coming_after``: who have an
    appointment after this instant; ``seen`` and ``not_seen``: who were there within the span, and who weren't.
    """

    archived: bool = False
    practitioner_id: str | None = None
    coming_after: datetime | None = None
    seen: tuple[datetime, datetime] | None = None
    not_seen: tuple[datetime, datetime] | None = None


EVERYBODY = Filters()


@dataclass(frozen=True, slots=True)
class ClientPage:
    """One page of the list, by last name; ``page`` counts from 1."""

    clients: tuple[Client, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Around:
    """When a client was there last, and comes next; with the zone of that appointment."""

    last: tuple[datetime, str] | None = None
    following: tuple[datetime, str] | None = None


def listing(session: Session, staff: Staff, page: int = 1, wanted: Filters = EVERYBODY) -> ClientPage:
    """The clients that the staff member may see; a page beyond the last gives the last."""
    shown = conditions(staff, wanted)
    total = session.exec(select(func.count()).select_from(Client).where(*shown)).one()
    page, pages = within(page, total)
    rows = session.exec(
        select(Client)
        .where(*shown)
        .order_by(col(Client.last_name), col(Client.first_name), col(Client.id))
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return ClientPage(tuple(rows), page, pages, total)


def within(page: int, total: int) -> tuple[int, int]:
    """The page that there is nearest to ``page``, and how many there are."""
    pages = max(1, -(-total // PAGE))
    return min(max(1, page), pages), pages


def conditions(staff: Staff, wanted: Filters) -> list[ColumnElement[bool]]:
    """What holds for the clients that are wanted and may be seen."""
    archived = col(Client.archived_at)
    found = [visible_to(staff), archived.is_not(None) if wanted.archived else archived.is_(None)]
    if wanted.practitioner_id:
        treated = _clients_of(staff, *COMING, *SEEN, Status.NO_SHOW)
        found.append(col(Client.id).in_(treated.where(col(Appointment.practitioner_id) == wanted.practitioner_id)))
    if wanted.coming_after:
        found.append(
            col(Client.id).in_(_clients_of(staff, *COMING).where(col(Appointment.start) > wanted.coming_after))
        )
    if wanted.seen:
        found.append(_seen(staff, wanted.seen))
    if wanted.not_seen:
        found.append(~_seen(staff, wanted.not_seen))
    return found


def around(session: Session, staff: Staff, client_ids: Collection[str], now: datetime) -> dict[str, Around]:
    """The last and the next appointment of each client, as far as the staff member may see them; one query."""
    rows = session.exec(
        select(Appointment.client_id, Appointment.status, Appointment.start, Appointment.timezone).where(
            *_own(staff), col(Appointment.client_id).in_(client_ids), col(Appointment.status).in_({*SEEN, *COMING})
        )
    )
    found: dict[str, Around] = {}
    # Ordered here: asked to order them, SQLite goes through all appointments of the practice.
    for client_id, status, start, zone in sorted(rows, key=lambda row: row[2]):
        known = found.get(client_id or "", Around())
        if start <= now and status in SEEN:
            known = Around((start, zone), known.following)
        elif start > now and known.following is None:
            known = Around(known.last, (start, zone))
        found[client_id or ""] = known
    return found


def _seen(staff: Staff, span: tuple[datetime, datetime]) -> Exists:
    """Whether a client was there; asked for each of them until a page is full, by the index of their appointments."""
    visits = select(Appointment.id).where(
        *_own(staff),
        col(Appointment.client_id) == col(Client.id),
        col(Appointment.status).in_(SEEN),
        col(Appointment.start) >= span[0],
        col(Appointment.start) < span[1],
    )
    return visits.exists()


def _clients_of(staff: Staff, *statuses: Status) -> SelectOfScalar[str | None]:
    """The ids of the clients of appointments in these states."""
    client_id = col(Appointment.client_id)
    return select(client_id).where(*_own(staff), client_id.is_not(None), col(Appointment.status).in_(set(statuses)))


def _own(staff: Staff) -> list[ColumnElement[bool]]:
    """Which appointments count for this staff member."""
    found: list[ColumnElement[bool]] = [col(Appointment.practice_id) == staff.practice_id]
    if staff.role == Role.PRACTITIONER:
        found.append(col(Appointment.practitioner_id) == (staff.practitioner_id or ""))
    return found
