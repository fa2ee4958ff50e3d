"""What leaves Pencilin: the list of clients, as a table that can be read in again, and all that is held of one."""

import datetime as dt
from typing import Any

from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from pencilin import audit
from pencilin.clients.files import lock
from pencilin.clients.listing import Filters, conditions
from pencilin.clients.merging import texts
from pencilin.models import (
    Appointment,
    AuditEntry,
    BookedBy,
    Client,
    ClientMerge,
    Disclosure,
    Link,
    Location,
    Outbox,
    Practitioner,
    Service,
    Staff,
    TentativeClient,
)

COLUMNS = ("first_name", "last_name", "email", "phone", "birth_date", "external_id", "notes")
BATCH = 1_000


def record_list(session: Session, staff: Staff, now: dt.datetime) -> None:
    """Writes down that somebody exports the list."""
    audit.record(session, now, staff.practice_id, staff, "client.list_exported", "practice", staff.practice_id)


def rows(session: Session, staff: Staff, wanted: Filters, after: str = "") -> list[tuple[str, tuple[str | None, ...]]]:
    """The next lines of the list, each with its client's id, by id; dates as YYYY-MM-DD."""
    found = session.exec(
        select(Client).where(*conditions(staff, wanted), col(Client.id) > after).order_by(col(Client.id)).limit(BATCH)
    )
    return [(client.id, tuple(texts(client)[column] for column in COLUMNS)) for client in found]


def everything(session: Session, staff: Staff, client_id: str, now: dt.datetime) -> dict[str, Any]:
    """All that is held of one client, merged files included, and writes down that it was exported.

    Instants are ISO 8601 in UTC. Raises :class:`NotFound`.
    """
    client = lock(session, staff, client_id)
    family = family_of(session, client)
    appointments = session.exec(
        select(Appointment)
        .where(Appointment.practice_id == staff.practice_id, col(Appointment.client_id).in_(family))
        .order_by(col(Appointment.start))
    ).all()
    held = {
        "exported_at": now.isoformat(),
        "client": _plain(client),
        "merged_files": [_plain(session.get_one(Client, (staff.practice_id, one))) for one in family[1:]],
        "appointments": [_appointment(session, one) for one in appointments],
        "mail_that_went_astray": [_plain(one) for one in session.exec(_of(Disclosure, staff, family))],
        "history": _history(session, staff, family),
    }
    audit.record(session, now, staff.practice_id, staff, "client.exported", "client", client.id)
    return held


def family_of(session: Session, client: Client) -> list[str]:
    """The id of a client, and then those of the files that were merged into this one, directly or by another."""
    found = [client.id]
    for one in found:
        merged = session.exec(
            select(ClientMerge.merged_id).where(
                ClientMerge.practice_id == client.practice_id,
                ClientMerge.kept_id == one,
                col(ClientMerge.undone_at).is_(None),
            )
        )
        found.extend(other for other in merged if other not in found)
    return found


def _appointment(session: Session, one: Appointment) -> dict[str, Any]:
    key = (one.practice_id, one.id)
    typed, booked_by = session.get(TentativeClient, key), session.get(BookedBy, key)
    return _plain(one) | {
        "service": session.get_one(Service, (one.practice_id, one.service_id)).name,
        "practitioner": session.get_one(Practitioner, (one.practice_id, one.practitioner_id)).name,
        "location": session.get_one(Location, (one.practice_id, one.location_id)).name,
        "typed": _plain(typed) if typed else None,
        "booked_by": _plain(booked_by) if booked_by else None,
        "links": [
            _plain(link)
            for link in session.exec(
                select(Link).where(Link.practice_id == one.practice_id, Link.appointment_id == one.id)
            )
        ],
        "mails": [
            {
                "kind": mail.kind,
                "to": mail.recipient,
                "due_at": mail.due_at.isoformat(),
                "sent": mail.sent_at is not None,
            }
            for mail in session.exec(
                select(Outbox)
                .where(
                    Outbox.practice_id == one.practice_id,
                    Outbox.subject_id == one.id,
                    col(Outbox.staff_id).is_(None),
                )
                .order_by(col(Outbox.created_at))
            )
        ],
    }


def _history(session: Session, staff: Staff, family: list[str]) -> list[dict[str, Any]]:
    entries = session.exec(
        select(AuditEntry)
        .where(AuditEntry.practice_id == staff.practice_id, col(AuditEntry.subject_id).in_(family))
        .order_by(col(AuditEntry.at), col(AuditEntry.id))
    )
    return [
        {"at": one.at.isoformat(), "by": one.actor.value, "action": one.action, "fields": one.fields} for one in entries
    ]


def _of(kind: type[Disclosure], staff: Staff, family: list[str]) -> SelectOfScalar[Disclosure]:
    return select(kind).where(kind.practice_id == staff.practice_id, col(kind.client_id).in_(family))


def _plain(row: SQLModel) -> dict[str, Any]:
    """A row as JSON has it, without what is of no meaning outside."""
    return row.model_dump(mode="json", exclude={"practice_id", "decided_by", "staff_id", "link_version"})
