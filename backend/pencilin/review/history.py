"""What happened to an appointment, and what was mailed about it, in words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session, and_, col, select

from pencilin.mail.messages import TO_STAFF, Kind
from pencilin.models import ActorKind, Appointment, AuditEntry, Outbox, Staff
from pencilin.review.words import sentence
from pencilin.rules.matching import normal_email

MailState = Literal["waiting", "sent", "failed", "cancelled"]

TITLES = {
    Kind.NEW_BOOKING: "New booking",
    Kind.BOOKING_DIGEST: "New booking, with others",
    Kind.REQUEST_RECEIVED: "Request received",
    Kind.CONFIRMED: "Confirmation",
    Kind.DECLINED: "Refusal",
    Kind.EXPIRED: "Request expired",
    Kind.CORRECTION: "Correction",
    Kind.REVIEW_REMINDER: "Reminder",
    Kind.OTHER_TIMES: "Other times to choose from",
    Kind.CLIENT_ANSWERED: "Answer to other times",
    Kind.VISIT_REMINDER: "Reminder of the appointment",
    Kind.CANCELLED: "Cancellation",
    Kind.BY_MISTAKE: "Sent to the wrong address",
}
MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """*Dana · Approved*; ``at`` is UTC."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class MailEntry:
    """One mail about the appointment. ``at`` (UTC): when it left, failed or was cancelled, or when it will leave;
    ``tried_at`` (UTC): when a try failed, of one that is tried again.

    ``to`` is None for an address that the reader may not see; then ``reason`` is, too. It is empty for one that was
    erased with the client's file.
    """

    id: str
    kind: str
    title: str
    to: str | None
    state: MailState
    at: datetime
    tried_at: datetime | None
    reason: str | None


def read_history(session: Session, appointment: Appointment) -> tuple[HistoryEntry, ...]:
    """Who did what, the latest first."""
    rows = session.exec(
        select(AuditEntry, Staff.name)
        .join(
            Staff,
            and_(col(Staff.practice_id) == AuditEntry.practice_id, col(Staff.id) == AuditEntry.staff_id),
            isouter=True,
        )
        .where(AuditEntry.practice_id == appointment.practice_id, AuditEntry.subject_id == appointment.id)
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id))
        .limit(MOST_ENTRIES)
    )
    return tuple(
        HistoryEntry(entry.at, name or _who(entry.actor), sentence(entry.action, entry.fields)) for entry, name in rows
    )


def read_mails(
    session: Session, appointment: Appointment, known: Collection[str] | None = None
) -> tuple[MailEntry, ...]:
    """The mails about an appointment, the latest first.

    With ``known``, of all clients' addresses only these are shown: another one is from a file, perhaps of a client
    who was linked before.
    """
    shown = None if known is None else {normal_email(address) for address in known}
    rows = session.exec(
        select(Outbox)
        .where(Outbox.practice_id == appointment.practice_id, Outbox.subject_id == appointment.id)
        .order_by(col(Outbox.created_at).desc(), col(Outbox.id))
        .limit(MOST_ENTRIES)
    )
    return tuple(_mail(row, shown) for row in rows)


def _who(actor: ActorKind) -> str:
    return "The client" if actor == ActorKind.CLIENT else "Pencilin"


def _mail(row: Outbox, shown: set[str | None] | None) -> MailEntry:
    state, at = _state(row)
    kind = Kind(row.kind)
    # An erased address is replaced by the mail's own id.
    to = "" if row.recipient == row.id else row.recipient
    conceal = bool(to) and shown is not None and kind not in TO_STAFF and normal_email(to) not in shown
    return MailEntry(
        row.id,
        row.kind,
        TITLES.get(kind, row.kind),
        None if conceal else to,
        state,
        at,
        row.tried_at if state == "waiting" else None,
        # A mail server's answer often repeats the address.
        row.last_error if state in ("waiting", "failed") and not conceal else None,
    )


def _state(row: Outbox) -> tuple[MailState, datetime]:
    if row.sent_at is not None:
        return "sent", row.sent_at
    if row.cancelled_at is not None:
        return "cancelled", row.cancelled_at
    if row.failed_at is not None:
        return "failed", row.failed_at
    return "waiting", row.due_at
