"""The queue of mails: written with the fact they report, leased by whoever sends, marked with the lease's token.

Any number of processes may lease at once: each step is an update that names the state it expects. A mail is sent at
least once; when a sender dies between sending and marking, it goes out again under the same Message-ID.
"""

import random
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, not_, null, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.database import changed, conflict_free_insert
from pencilin.errors import Conflict, NotFound
from pencilin.models import Appointment, Outbox, Role, Staff, new_id

# Longer than the time-out of sending, so that a lease never ends while its holder may still be at work.
LEASE = timedelta(minutes=3)

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=4)
# Given up when both are past: a queue that nobody served for a week still gets its tries.
GIVE_UP_AFTER = timedelta(hours=72)
MIN_ATTEMPTS = 8

FIRST = 0
ORDINARY = 5

# Kinds whose rows for one staff member leave as one mail, with as many of them as are due.
TOGETHER = ("booking_digest",)


@dataclass(frozen=True, slots=True)
class Leased:
    """The right to send one mail until the lease ends."""

    practice_id: str
    id: str
    token: str


def enqueue(
    session: Session,
    practice_id: str,
    kind: str,
    subject_id: str,
    revision: int,
    recipient: str,
    payload: Mapping[str, str | None],
    now: datetime,
    *,
    due_at: datetime | None = None,
    priority: int = ORDINARY,
    staff_id: str | None = None,
    group_id: str | None = None,
) -> None:
    """Writes one mail to be sent at ``due_at`` (default: now), or the part of one: those of a ``group_id`` are one.

    Does nothing when there is one already for this kind, subject, revision and recipient.
    """
    insert = conflict_free_insert(session)
    changed(
        session,
        insert(Outbox)
        .values(
            practice_id=practice_id,
            id=new_id(),
            kind=kind,
            subject_id=subject_id,
            revision=revision,
            recipient=recipient,
            staff_id=staff_id,
            group_id=staff_id if kind in TOGETHER else group_id,
            payload=dict(payload),
            message_id=new_id(),
            priority=priority,
            due_at=due_at or now,
            attempts=0,
            created_at=now,
        )
        .on_conflict_do_nothing(),
    )


def cancel(session: Session, practice_id: str, subject_id: str, kinds: Collection[str], now: datetime) -> None:
    """Stops all mails of these kinds about a subject that haven't been sent.

    One that is just being sent may still arrive, but won't be tried again: nothing contradicts a correction later.
    """
    _update(
        session,
        {"cancelled_at": now, "payload": null()},
        col(Outbox.practice_id) == practice_id,
        col(Outbox.subject_id) == subject_id,
        col(Outbox.kind).in_(kinds),
        col(Outbox.sent_at).is_(None),
        col(Outbox.cancelled_at).is_(None),
    )


def is_due(session: Session, now: datetime) -> bool:
    """Whether :func:`lease` would find anything; a look that takes no lock."""
    return session.exec(select(Outbox.id).where(*_due(now)).limit(1)).first() is not None


def lease(session: Session, now: datetime) -> Leased | None:
    """Takes the most urgent mail that is due, or none."""
    token = secrets.token_hex(16)
    while True:
        row = session.exec(
            select(Outbox)
            .where(*_due(now), _leads(now))
            .order_by(col(Outbox.priority), col(Outbox.due_at))
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
        if row is None:
            return None
        changes = {"lease_token": token, "leased_until": now + LEASE, "attempts": Outbox.attempts + 1}
        if _update(session, changes, col(Outbox.practice_id) == row.practice_id, col(Outbox.id) == row.id, *_due(now)):
            if row.group_id:
                _update(session, changes, *_same_mail(Outbox, row), *_due(now))
            return Leased(row.practice_id, row.id, token)


def together(session: Session, row: Outbox) -> list[Outbox]:
    """The rows that leave as one mail with this one, itself included."""
    if row.lease_token is None:
        return [row]
    rows = session.exec(
        select(Outbox).where(Outbox.practice_id == row.practice_id, Outbox.lease_token == row.lease_token)
    )
    return list(rows) or [row]


def mark_sent(session: Session, leased: Leased, now: datetime) -> bool:
    """Records that a mail left, and erases what it said. False when the lease had gone to somebody else."""
    changes = {"sent_at": now, "payload": null(), "last_error": None, "lease_token": None, "leased_until": None}
    return _update(session, changes, *_held(leased))


def mark_pointless(session: Session, leased: Leased, rows: Collection[str], now: datetime) -> bool:
    """Drops what nobody needs any more: a sign-in code that has run out, or what is left out of a mail about several.

    ``rows`` are the ids of those among the leased ones. One that was cancelled meanwhile stays so since then.
    """
    cancelled = func.coalesce(col(Outbox.cancelled_at), now)
    changes = {"cancelled_at": cancelled, "payload": null(), "lease_token": None, "leased_until": None}
    return _update(session, changes, *_held(leased), col(Outbox.id).in_(rows))


def mark_failed(
    session: Session,
    leased: Leased,
    error: str,
    now: datetime,
    *,
    for_good: bool = False,
    wait: timedelta | None = None,
) -> bool:
    """Records why a mail didn't leave, in words without personal data, and when to try again.

    ``for_good``: not at all. ``wait``: after this, because the mail isn't to blame; otherwise after a delay that
    doubles with each try. After 72 hours and eight tries the mail has failed, which the dashboard shows.
    """
    row = session.exec(select(Outbox).where(*_held(leased)).order_by(col(Outbox.created_at))).first()
    if row is None:
        return False
    over = now >= row.created_at + GIVE_UP_AFTER and row.attempts >= MIN_ATTEMPTS
    changes: dict[str, object] = {"last_error": error, "tried_at": now, "lease_token": None, "leased_until": None}
    if for_good or over:
        changes["failed_at"] = now
    else:
        changes["due_at"] = now + (wait or delay_after(row.attempts)) * random.uniform(0.8, 1.2)
    return _update(session, changes, *_held(leased))


def retry(session: Session, staff: Staff, appointment_id: str, outbox_id: str, now: datetime) -> None:
    """*Send again*: a mail about an appointment that has failed is tried anew, with all its tries.

    Raises :class:`NotFound` for an appointment that this staff member may not see or a mail that isn't about it,
    :class:`Conflict` for one that hasn't failed.
    """
    if not (appointment_id.isalnum() and outbox_id.isalnum()):
        raise NotFound
    appointment = session.get(Appointment, (staff.practice_id, appointment_id))
    row = session.get(Outbox, (staff.practice_id, outbox_id))
    if appointment is None or not may_see(staff, appointment) or row is None or row.subject_id != appointment.id:
        raise NotFound
    try_anew(session, staff, row, now)


def try_anew(session: Session, staff: Staff, row: Outbox, now: datetime) -> None:
    """Gives a mail that has failed all its tries again. Raises :class:`Conflict` for one that hasn't."""
    parts = _same_mail(Outbox, row) if row.group_id else (col(Outbox.id) == row.id,)
    failed = (
        col(Outbox.practice_id) == row.practice_id,
        *parts,
        col(Outbox.failed_at).is_not(None),
        col(Outbox.cancelled_at).is_(None),
    )
    if not _update(session, {"failed_at": None, "attempts": 0, "due_at": now}, *failed):
        raise Conflict("This email isn't one that failed, so there is nothing to send again. Please look again.")
    audit.record(session, now, row.practice_id, staff, "mail.sent_again", "mail", row.subject_id)


def delay_after(attempts: int) -> timedelta:
    """How long a mail waits after its ``attempts``-th try, before jitter."""
    return min(FIRST_DELAY * (1 << min(attempts - 1, 20)), LONGEST_DELAY)


def may_see(staff: Staff, appointment: Appointment) -> bool:
    """Whether an appointment of their practice is for this staff member to see: a practitioner sees their own."""
    return staff.role != Role.PRACTITIONER or appointment.practitioner_id == staff.practitioner_id


def _due(now: datetime, row: type[Outbox] = Outbox) -> tuple[ColumnElement[bool], ...]:
    return (
        col(row.sent_at).is_(None),
        col(row.cancelled_at).is_(None),
        col(row.failed_at).is_(None),
        col(row.due_at) <= now,
        or_(col(row.leased_until).is_(None), col(row.leased_until) <= now),
    )


def _leads(now: datetime) -> ColumnElement[bool]:
    """Of rows that leave as one mail, the first alone is leased, and takes the others along: two who send at once never
    send two halves."""
    other = aliased(Outbox)
    sooner, as_soon = col(other.due_at) < col(Outbox.due_at), col(other.due_at) == col(Outbox.due_at)
    before = or_(sooner, and_(as_soon, col(other.id) < col(Outbox.id)))
    earlier = select(other.id).where(*_same_mail(other, Outbox), before, *_due(now, other))
    return or_(col(Outbox.group_id).is_(None), not_(earlier.exists()))


def _same_mail(one: type[Outbox], row: Outbox | type[Outbox]) -> tuple[ColumnElement[bool], ...]:
    return (
        col(one.practice_id) == row.practice_id,
        col(one.kind) == row.kind,
        col(one.recipient) == row.recipient,
        col(one.group_id) == row.group_id,
    )


def _held(leased: Leased) -> tuple[ColumnElement[bool], ...]:
    """Of the rows that the lease is for; its token is nobody else's."""
    return (col(Outbox.practice_id) == leased.practice_id, col(Outbox.lease_token) == leased.token)


def _update(session: Session, changes: Mapping[str, object], *conditions: ColumnElement[bool]) -> bool:
    """Whether any row was as the conditions say."""
    statement = update(Outbox).where(*conditions).values(**changes).execution_options(synchronize_session=False)
    return changed(session, statement) > 0
