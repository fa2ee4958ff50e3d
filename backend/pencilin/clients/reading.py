"""One client's file as staff read it: details, appointments, requests, mail that went astray, merges.

That somebody read it is written down, too, once an hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, select
from sqlmodel.sql.expression import SelectOfScalar

from pencilin import audit
from pencilin.clients.files import find, of_merge
from pencilin.models import (
    Appointment,
    AuditEntry,
    BookedBy,
    Client,
    ClientMerge,
    Disclosure,
    Link,
    Location,
    Practitioner,
    Role,
    Service,
    Staff,
    TentativeClient,
)
from pencilin.rules.states import Status

Typed = TypeVar("Typed", TentativeClient, BookedBy)

MOST_APPOINTMENTS = 200
READ_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class FileAppointment:
    """One appointment in a client's file."""

    appointment_id: str
    start: datetime
    timezone: str
    status: Status
    service: str
    practitioner: str
    location: str


@dataclass(frozen=True, slots=True)
class LinkedRequest:
    """What somebody typed, and who of the staff found it to be this client. ``evidence`` is in words."""

    link: Link
    appointment: Appointment
    typed: TentativeClient | None
    booked_by: BookedBy | None
    linked_by: str


@dataclass(frozen=True, slots=True)
class Astray:
    """Mail about this client that may have reached somebody else."""

    appointment_id: str
    at: datetime
    by: str
    mails: int


@dataclass(frozen=True, slots=True)
class MergedFile:
    """A file that was merged into this one."""

    merge: ClientMerge
    name: str
    by: str


@dataclass(frozen=True, slots=True)
class ClientFile:
    """A client's file as far as the reader may see it, each list with the latest first.

    ``notes_changed``: when, and by whom if by staff.
    """

    client: Client
    appointments: tuple[FileAppointment, ...]
    links: tuple[LinkedRequest, ...]
    astray: tuple[Astray, ...]
    merges: tuple[MergedFile, ...]
    notes_changed: tuple[datetime, str | None] | None


def file(session: Session, staff: Staff, client_id: str) -> ClientFile:
    """One client's file; raises :class:`NotFound`. A practitioner sees only their own appointments in it."""
    client = find(session, staff, client_id)
    merges = _merges(session, client)
    family = [client.id, *(one.merge.merged_id for one in merges)]
    return ClientFile(
        client,
        _appointments(session, staff, client),
        _links(session, staff, client),
        _astray(session, staff, family),
        merges,
        _notes_changed(session, client) if client.notes else None,
    )


def kept_instead(session: Session, staff: Staff, client_id: str) -> str | None:
    """The id of the file that a merged one is part of now; None for any other. Says nothing about files unseen."""
    kept = client_id if client_id.isalnum() else ""
    while (merge := session.exec(of_merge(staff.practice_id, kept)).first()) is not None:
        kept = merge.kept_id
    return kept if kept and kept != client_id else None


def was_read(session: Session, staff: Staff, client_id: str, now: datetime) -> bool:
    """Whether it is written down already that this staff member reads the file, within the last hour."""
    found = session.exec(
        select(AuditEntry.id)
        .where(
            AuditEntry.practice_id == staff.practice_id,
            AuditEntry.subject_id == client_id,
            AuditEntry.staff_id == staff.id,
            AuditEntry.action == "client.read",
            col(AuditEntry.at) > now - READ_EVERY,
        )
        .limit(1)
    )
    return found.first() is not None


def note_read(session: Session, staff: Staff, client_id: str, now: datetime) -> None:
    """Writes down that this staff member reads the file, unless that is written already."""
    if not was_read(session, staff, client_id, now):
        audit.record(session, now, staff.practice_id, staff, "client.read", "client", client_id)


def _seen_by(staff: Staff) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(Appointment.practice_id) == staff.practice_id]
    if staff.role == Role.PRACTITIONER:
        found.append(col(Appointment.practitioner_id) == (staff.practitioner_id or ""))
    return found


def _appointments(session: Session, staff: Staff, client: Client) -> tuple[FileAppointment, ...]:
    rows = session.exec(
        select(Appointment, Service.name, Practitioner.name, Location.name)
        .where(
            *_seen_by(staff),
            col(Appointment.client_id) == client.id,
            Service.practice_id == Appointment.practice_id,
            Service.id == Appointment.service_id,
            Practitioner.practice_id == Appointment.practice_id,
            Practitioner.id == Appointment.practitioner_id,
            Location.practice_id == Appointment.practice_id,
            Location.id == Appointment.location_id,
        )
        .order_by(col(Appointment.start).desc(), col(Appointment.id))
        .limit(MOST_APPOINTMENTS)
    )
    return tuple(
        FileAppointment(one.id, one.start, one.timezone, one.status, service, practitioner, location)
        for one, service, practitioner, location in rows
    )


def _links(session: Session, staff: Staff, client: Client) -> tuple[LinkedRequest, ...]:
    rows = session.exec(
        select(Link, Appointment, Staff.name)
        .where(
            *_seen_by(staff),
            Link.client_id == client.id,
            Link.practice_id == Appointment.practice_id,
            Link.appointment_id == Appointment.id,
            Staff.practice_id == Link.practice_id,
            Staff.id == Link.staff_id,
        )
        .order_by(col(Link.created_at).desc(), col(Link.id))
        .limit(MOST_APPOINTMENTS)
    ).all()
    ids = [appointment.id for _, appointment, _ in rows]
    typed = {one.appointment_id: one for one in session.exec(_about(TentativeClient, client, ids))}
    booked_by = {one.appointment_id: one for one in session.exec(_about(BookedBy, client, ids))}
    return tuple(
        LinkedRequest(link, appointment, typed.get(appointment.id), booked_by.get(appointment.id), by)
        for link, appointment, by in rows
    )


def _about(kind: type[Typed], client: Client, appointment_ids: list[str]) -> SelectOfScalar[Typed]:
    return select(kind).where(
        col(kind.practice_id) == client.practice_id, col(kind.appointment_id).in_(appointment_ids)
    )


def _astray(session: Session, staff: Staff, client_ids: list[str]) -> tuple[Astray, ...]:
    rows = session.exec(
        select(Disclosure, Staff.name)
        .join(Staff, and_(col(Staff.practice_id) == Disclosure.practice_id, col(Staff.id) == Disclosure.staff_id))
        .join(
            Appointment,
            and_(col(Appointment.practice_id) == Disclosure.practice_id, Appointment.id == Disclosure.appointment_id),
        )
        .where(*_seen_by(staff), col(Disclosure.client_id).in_(client_ids))
        .order_by(col(Disclosure.created_at).desc(), col(Disclosure.id))
    )
    return tuple(Astray(one.appointment_id, one.created_at, by, len(one.mails)) for one, by in rows)


def _merges(session: Session, client: Client) -> tuple[MergedFile, ...]:
    rows = session.exec(
        select(ClientMerge, Client.first_name, Client.last_name, Staff.name)
        .join(Client, and_(col(Client.practice_id) == ClientMerge.practice_id, Client.id == ClientMerge.merged_id))
        .join(Staff, and_(col(Staff.practice_id) == ClientMerge.practice_id, col(Staff.id) == ClientMerge.staff_id))
        .where(
            ClientMerge.practice_id == client.practice_id,
            ClientMerge.kept_id == client.id,
            col(ClientMerge.undone_at).is_(None),
        )
        .order_by(col(ClientMerge.created_at).desc(), col(ClientMerge.id))
    )
    return tuple(MergedFile(merge, f"{first} {last}", by) for merge, first, last, by in rows)


def _notes_changed(session: Session, client: Client) -> tuple[datetime, str | None] | None:
    rows = session.exec(
        select(AuditEntry, Staff.name)
        .join(
            Staff,
            and_(col(Staff.practice_id) == AuditEntry.practice_id, col(Staff.id) == AuditEntry.staff_id),
            isouter=True,
        )
        .where(
            AuditEntry.practice_id == client.practice_id,
            AuditEntry.subject_id == client.id,
            col(AuditEntry.action).in_(("client.created", "client.imported", "client.updated", "client.merged")),
        )
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id))
    )
    found = ((entry, by) for entry, by in rows if "notes" in entry.fields or entry.action in _FIRST)
    return next(((entry.at, by) for entry, by in found), None)


# The notes of a file that nobody changed are from its beginning.
_FIRST = ("client.created", "client.imported")
