"""Mails about what was approved: reminders, a cancellation, and a word to whom an earlier mail wasn't meant for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from pencilin.mail import messages, outbox
from pencilin.mail.messages import Kind
from pencilin.mail.visits import visit_of
from pencilin.models import Appointment, Practice

# A reminder that would follow the confirmation so closely reminds of nothing.
NOT_WITHIN = timedelta(hours=1)
# More than any practice reminds ahead, so that each change and each reminder of it has a number of its own.
MOST_HOURS = 10_000


def reminders(session: Session, appointment: Appointment, recipients: Sequence[str], now: datetime) -> None:
    """Queues the practice's reminders of an appointment as it is now, in the place of earlier ones.

    To be called whenever an appointment is approved, made or moved; ``recipients`` are those who got its confirmation.
    What is due already, or within the hour, is left out.
    """
    cancel_reminders(session, appointment, now)
    facts = visit_of(session, appointment, approved=True).payload()
    for hours in session.get_one(Practice, appointment.practice_id).reminder_hours:
        due = appointment.start - timedelta(hours=hours)
        if due <= now + NOT_WITHIN:
            continue
        for recipient in messages.one_each(recipients):
            outbox.enqueue(
                session,
                appointment.practice_id,
                Kind.VISIT_REMINDER,
                appointment.id,
                appointment.revision * MOST_HOURS + hours,
                recipient,
                facts,
                now,
                due_at=due,
            )


def cancel_reminders(session: Session, appointment: Appointment, now: datetime) -> None:
    """Stops the reminders that haven't left: the appointment doesn't take place, or not then."""
    outbox.cancel(session, appointment.practice_id, appointment.id, [Kind.VISIT_REMINDER], now)


def cancelled(
    session: Session,
    appointment: Appointment,
    recipients: Sequence[str],
    message: str,
    now: datetime,
    due_at: datetime,
    group_id: str | None = None,
) -> None:
    """The practice cancels: with the message that staff may have written, and what takes it out of calendars.

    Those of a ``group_id`` are told of in one mail.
    """
    facts = visit_of(session, appointment, approved=False).payload() | {"message": message or None}
    messages.to_client(session, Kind.CANCELLED, appointment, recipients, facts, now, due_at, group_id)


def by_mistake(session: Session, appointment: Appointment, recipients: Sequence[str], now: datetime) -> None:
    """A mail about the appointment reached somebody else. Says nothing about it, nor whose it is."""
    messages.to_client(session, Kind.BY_MISTAKE, appointment, recipients, {"lang": appointment.lang}, now)
