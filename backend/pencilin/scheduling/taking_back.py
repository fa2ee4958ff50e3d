"""Taking back what staff entered a moment ago, before anybody was written to."""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from pencilin import audit, clients, reservations
from pencilin.errors import Conflict
from pencilin.mail import afterwards, messages, outbox
from pencilin.models import Appointment, Client, Outbox, Practice, Staff
from pencilin.review import find
from pencilin.review.access import advance
from pencilin.rules.states import Status
from pencilin.scheduling.entering import SOURCE


def take_back(session: Session, staff: Staff, appointment_ids: list[str], now: datetime) -> None:
    """Cancels appointments as they were entered, gives their time back, and puts away a file made for them alone.

    Raises :class:`Conflict` once a mail has left or something was changed: then the client should be told.
    """
    entered = [find(session, staff, one) for one in appointment_ids]
    for appointment in entered:
        if appointment.status == Status.CANCELLED:
            continue  # pressed twice
        untouched = appointment.status == Status.APPROVED and appointment.revision == 1
        if appointment.source != SOURCE or not untouched or _is_told(session, appointment):
            raise Conflict(
                "This appointment can't simply be taken back any more: it was changed, or the client has been told. "
                "Open it to cancel it."
            )
        advance(session, appointment, Status.APPROVED, 1, now, {"status": Status.CANCELLED})
        reservations.release(session, appointment)
        outbox.cancel(session, staff.practice_id, appointment.id, messages.DECISIONS, now)
        afterwards.cancel_reminders(session, appointment, now)
        audit.record(session, now, staff.practice_id, staff, "appointment.cancelled", "appointment", appointment.id)
    _put_away(session, staff, entered, now)


def _is_told(session: Session, appointment: Appointment) -> bool:
    rows = session.exec(
        select(Outbox.id).where(
            Outbox.practice_id == appointment.practice_id,
            Outbox.subject_id == appointment.id,
            or_(col(Outbox.sent_at).is_not(None), Outbox.attempts > 0, col(Outbox.lease_token).is_not(None)),
        )
    )
    return rows.first() is not None


def _put_away(session: Session, staff: Staff, entered: list[Appointment], now: datetime) -> None:
    ids = [appointment.id for appointment in entered]
    client = session.exec(
        select(Client).where(Client.practice_id == staff.practice_id, col(Client.saved_from).in_(ids))
    ).first()
    if client is None or client.updated_at > client.created_at:
        return
    elsewhere = session.exec(
        select(Appointment.id).where(
            Appointment.practice_id == staff.practice_id,
            Appointment.client_id == client.id,
            col(Appointment.id).not_in(ids),
        )
    )
    if elsewhere.first() is None:
        practice = session.get_one(Practice, staff.practice_id)
        clients.rewrite(session, practice, client, {"archived_at": now}, staff, now)
