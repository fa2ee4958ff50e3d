"""Requests must not go stale: staff are reminded, and what nobody answers in time ends."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from pencilin import audit, reservations
from pencilin.errors import AlreadyDecided
from pencilin.mail import messages, recipients
from pencilin.models import ActorKind, Appointment, Outbox, Practice
from pencilin.review.access import advance
from pencilin.review.decisions import told_to_wait
from pencilin.rules.states import Status

AT_ONCE = 100
# Open hours of a practice may be few, so a wait may be long; no reminder is due more than this before the deadline.
LONGEST_REMINDER = timedelta(days=2)


def expire_due(session: Session, now: datetime) -> int:
    """Ends requests of all practices whose answer is overdue: their time is free again, and the client is told.

    At most :data:`AT_ONCE` per call; returns how many, so that the caller goes on while there are any.
    """
    waiting = session.exec(
        select(Appointment, Practice)
        .join(Practice, col(Practice.id) == Appointment.practice_id)
        .where(
            Appointment.status == Status.TENTATIVE,
            col(Appointment.answer_due) <= now,
            col(Appointment.proposed_until).is_(None),  # then it is the client who is waited for
        )
        .order_by(col(Appointment.answer_due))
        .limit(AT_ONCE)
    ).all()
    ended = 0
    for appointment, practice in waiting:
        try:
            advance(session, appointment, Status.TENTATIVE, appointment.revision, now, {"status": Status.EXPIRED})
        except AlreadyDecided:
            continue
        reservations.release(session, appointment)
        messages.expired(session, appointment, now, also=told_to_wait(session, appointment))
        audit.record(session, now, practice.id, ActorKind.SYSTEM, "appointment.expired", "appointment", appointment.id)
        ended += 1
    session.flush()
    return ended


def remind_at(appointment: Appointment) -> datetime | None:
    """When staff are reminded of a request: when three quarters of its time have passed, at most two days ahead.

    A share, not a number of hours: a visit booked one hour ahead is reminded of 15 minutes before it begins, one with
    a day to answer in the last six hours.
    """
    if appointment.answer_due is None:
        return None
    return appointment.answer_due - min((appointment.answer_due - appointment.created_at) / 4, LONGEST_REMINDER)


def remind_due(session: Session, now: datetime) -> int:
    """Queues the reminders, once per deadline, of requests of all practices; at most :data:`AT_ONCE` per call.

    Returns of how many requests somebody is reminded now, so that the caller goes on while there are any. A practice
    with nobody to remind doesn't count, nor does it keep others from their turn.
    """
    last_reminder = (
        select(func.max(Outbox.created_at))
        .where(
            Outbox.practice_id == Appointment.practice_id,
            Outbox.subject_id == Appointment.id,
            Outbox.kind == messages.Kind.REVIEW_REMINDER,
        )
        .correlate(Appointment)
        .scalar_subquery()
    )
    waiting = session.exec(
        select(Appointment, last_reminder)
        .where(
            Appointment.status == Status.TENTATIVE,
            col(Appointment.answer_due) > now,
            col(Appointment.answer_due) <= now + LONGEST_REMINDER,
            col(Appointment.proposed_until).is_(None),
        )
        .order_by(col(Appointment.answer_due))
    ).all()
    reminded = 0
    for appointment, last in waiting:
        since = remind_at(appointment)
        if since is None or since > now or (last is not None and last >= since):
            continue
        if not recipients.of_booking(session, appointment.practice_id, appointment.practitioner_id):
            continue
        messages.reminder(session, appointment, now)
        reminded += 1
        if reminded == AT_ONCE:
            break
    return reminded
