"""The audit trail as managers read it: newest first, filtered, a page at a time."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.models import Appointment, AuditEntry, Client, Closure, Location, Practitioner, Service, Staff

PAGE = 50
# Rows that an export reads at once: it holds no transaction open while a browser saves slowly.
BATCH = 1000
# What settings change, and has a name that is nobody's secret.
NAMED: dict[str, type[Service | Location | Practitioner | Closure]] = {
    "service": Service,
    "location": Location,
    "practitioner": Practitioner,
    "closure": Closure,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries: of one staff member, of one action, of dates in the practice's zone (both included), about one
    appointment, client or other row. Empty ones don't count."""

    person: str = ""
    action: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    subject: str = ""

    @property
    def used(self) -> list[str]:
        """The names of those that count."""
        return [one.name for one in fields(self) if getattr(self, one.name)]


@dataclass(frozen=True, slots=True)
class After:
    """Where a page goes on: after this entry."""

    at: dt.datetime
    id: str


@dataclass(frozen=True, slots=True)
class Alive:
    """What entries are about and is still there: references of appointments, ids of clients, names of staff members and
    of what settings change; each by its id."""

    appointments: dict[str, str]
    clients: frozenset[str]
    staff: dict[str, str]
    named: dict[str, str]


def entries(
    session: Session, practice_id: str, zone: str, filters: Filters, after: After | None = None, most: int = PAGE
) -> list[AuditEntry]:
    """The newest ``most`` entries that fit, or those that follow ``after``. Each filter has an index to walk along."""
    query = select(AuditEntry).where(AuditEntry.practice_id == practice_id, *_fitting(zone, filters))
    if after is not None:
        at, entry_id = col(AuditEntry.at), col(AuditEntry.id)
        query = query.where(at <= after.at, or_(at < after.at, and_(at == after.at, entry_id < after.id)))
    return list(session.exec(query.order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc()).limit(most)))


def alive(session: Session, practice_id: str, shown: Iterable[AuditEntry]) -> Alive:
    """Of what ``shown`` is about, and of who did it, what still exists."""
    about: dict[str, set[str]] = {}
    for entry in shown:
        about.setdefault(entry.subject_kind, set()).add(entry.subject_id)
        if entry.staff_id:
            about.setdefault("staff", set()).add(entry.staff_id)
    # A mail is filed under the appointment that it was about.
    appointments = about.get("appointment", set()) | about.get("mail", set())
    references = session.exec(
        select(Appointment.id, Appointment.reference).where(
            Appointment.practice_id == practice_id, col(Appointment.id).in_(appointments)
        )
    )
    clients = session.exec(
        select(Client.id).where(Client.practice_id == practice_id, col(Client.id).in_(about.get("client", set())))
    )
    names = session.exec(
        select(Staff.id, Staff.name).where(
            Staff.practice_id == practice_id, col(Staff.id).in_(about.get("staff", set()))
        )
    )
    named: dict[str, str] = {}
    for kind, model in NAMED.items():
        if ids := about.get(kind):
            rows = select(model.id, model.name).where(model.practice_id == practice_id, col(model.id).in_(ids))
            named |= dict(session.exec(rows).all())
    return Alive(dict(references.all()), frozenset(clients.all()), dict(names.all()), named)


def record_export(session: Session, staff: Staff, filters: Filters, now: dt.datetime) -> None:
    """Writes down that the trail was exported, and by which filters."""
    audit.record(
        session, now, staff.practice_id, staff, "activity.exported", "practice", staff.practice_id, filters.used
    )


def _fitting(zone: str, filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.person:
        yield col(AuditEntry.staff_id) == filters.person
    if filters.action:
        yield col(AuditEntry.action) == filters.action
    if filters.subject:
        yield col(AuditEntry.subject_id) == filters.subject
    if filters.since:
        yield col(AuditEntry.at) >= _midnight(filters.since, zone)
    if filters.until and filters.until < dt.date.max:
        yield col(AuditEntry.at) < _midnight(filters.until + dt.timedelta(days=1), zone)


def _midnight(day: dt.date, zone: str) -> dt.datetime:
    """When a date begins; where clocks skip midnight, reading it by the earlier offset gives the first instant."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)
