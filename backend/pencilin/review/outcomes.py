"""What becomes of an approved appointment: cancelled by staff, completed, or nobody came. Each can be taken back.

A cancellation as long as its mail waits; what was noted after the start for good, since nobody is told of it.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from pencilin import audit, clients, reservations
from pencilin.errors import Conflict, Invalid
from pencilin.mail import afterwards, messages, outbox
from pencilin.mail.messages import Kind
from pencilin.models import Appointment, Client, Outbox, Staff
from pencilin.review import decisions
from pencilin.review.access import advance, beaten, find
from pencilin.review.decisions import UNDO_SECONDS, confirmed_to
from pencilin.rules.states import Status, check_transition

MARKS = (Status.COMPLETED, Status.NO_SHOW)


def cancel(
    session: Session,
    staff: Staff,
    appointment_id: str,
    revision: int,
    message: str,
    now: datetime,
    *,
    tell: bool = True,
    group_id: str | None = None,
) -> None:
    """Cancels an approved appointment: its time is free once that can't be undone, and the client is told then.

    ``tell=False``, or an appointment that has begun, is cancelled without a mail. ``message`` goes to the client; those
    of one ``group_id`` are told of in one mail.
    Raises :class:`AlreadyDecided` for everybody but the first.
    """
    appointment = _as_shown(session, staff, appointment_id, revision, now)
    check_transition(appointment.status, Status.CANCELLED)
    if appointment.status == Status.TENTATIVE:
        raise Conflict("Nobody has approved this request yet. Decline it instead.")
    try:
        text = clients.prose(message, clients.LONGEST_MESSAGE)
    except ValueError as error:
        raise Invalid({"message": str(error)}) from None
    recipients = whom_to_tell(session, appointment) if tell and appointment.start > now else []
    undo_until = now + timedelta(seconds=UNDO_SECONDS)
    # Who approved it, and when, stays: how long a request waited ends there.
    changes = {"status": Status.CANCELLED, "undo_until": undo_until}
    advance(session, appointment, appointment.status, revision, now, changes)
    reservations.let_expire(session, appointment, undo_until)
    outbox.cancel(session, appointment.practice_id, appointment.id, messages.DECISIONS, now)
    afterwards.cancel_reminders(session, appointment, now)
    afterwards.cancelled(session, appointment, recipients, text, now, undo_until, group_id)
    _record(session, staff, appointment, "appointment.cancelled", now)


def mark(session: Session, staff: Staff, appointment_id: str, outcome: Status, revision: int, now: datetime) -> None:
    """Notes that an appointment took place, or that nobody came: once it has begun, and as often as minds change.

    Raises :class:`Conflict` before the start, and :class:`AlreadyDecided` for everybody but the first.
    """
    appointment = _as_shown(session, staff, appointment_id, revision, now)
    check_transition(appointment.status, outcome)
    if appointment.start > now:
        raise Conflict("This appointment hasn't begun yet, so nobody knows what becomes of it.")
    advance(session, appointment, appointment.status, revision, now, {"status": outcome, "undo_until": None})
    afterwards.cancel_reminders(session, appointment, now)
    _record(session, staff, appointment, f"appointment.{outcome}", now)


def undo(
    session: Session, staff: Staff, appointment_id: str, revision: int, now: datetime, *, group_id: str | None = None
) -> None:
    """Takes back what was done to an appointment last: an outcome, or the decision, see :func:`decisions.undo`.

    A confirmation that the cancellation stopped leaves after all, with others of the ``group_id`` in one mail.

    Raises :class:`Conflict` for a cancellation whose mail has left, and :class:`AlreadyDecided` for an old page.
    """
    appointment = find(session, staff, appointment_id)
    ended = appointment.status
    if ended not in (*MARKS, Status.CANCELLED):
        decisions.undo(session, staff, appointment_id, revision, now)
        return
    if appointment.revision != revision:
        raise beaten(session, appointment, ended, now)
    at_once = appointment.undo_until is not None and now < appointment.undo_until
    if ended == Status.CANCELLED and not at_once:
        raise Conflict("The client has been told, so this can't be undone. Make a new appointment instead.")
    advance(session, appointment, ended, revision, now, {"status": Status.APPROVED, "undo_until": None})
    if ended == Status.CANCELLED:
        if not reservations.keep(session, appointment, now):
            raise Conflict("Somebody else has this time by now, so the cancellation can't be undone.")
        outbox.cancel(session, appointment.practice_id, appointment.id, [Kind.CANCELLED], now)
        messages.confirmed(session, appointment, _never_told(session, appointment), now, now, group_id)
        afterwards.reminders(session, appointment, confirmed_to(session, appointment), now)
    _record(session, staff, appointment, "appointment.outcome_undone", now)


def whom_to_tell(session: Session, appointment: Appointment) -> list[str]:
    """To whom a cancellation goes: whoever got the confirmation, else the client's own address."""
    confirmed = confirmed_to(session, appointment)
    if confirmed or appointment.client_id is None:
        return confirmed
    client = session.get_one(Client, (appointment.practice_id, appointment.client_id))
    return [client.email] if client.email else []


def _as_shown(session: Session, staff: Staff, appointment_id: str, revision: int, now: datetime) -> Appointment:
    appointment = find(session, staff, appointment_id)
    if appointment.revision != revision:
        raise beaten(session, appointment, Status.APPROVED, now)
    return appointment


def _never_told(session: Session, appointment: Appointment) -> list[str]:
    """Whose confirmation was stopped by the cancellation before it had left."""
    rows = session.exec(
        select(Outbox).where(
            Outbox.practice_id == appointment.practice_id,
            Outbox.subject_id == appointment.id,
            Outbox.kind == Kind.CONFIRMED,
            col(Outbox.recipient).in_(confirmed_to(session, appointment)),
        )
    ).all()
    told = {row.recipient for row in rows if row.sent_at is not None}
    return sorted({row.recipient for row in rows} - told)


def _record(session: Session, staff: Staff, appointment: Appointment, action: str, now: datetime) -> None:
    audit.record(session, now, appointment.practice_id, staff, action, "appointment", appointment.id)
