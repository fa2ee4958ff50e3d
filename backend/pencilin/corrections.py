"""A booker's correction of a mistyped address, from the last screen of the booking that they have just sent."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from pencilin import audit
from pencilin.database import changed
from pencilin.errors import CorrectionClosed
from pencilin.mail import messages
from pencilin.models import ActorKind, Appointment, AuditEntry, TentativeClient
from pencilin.rules.states import Status

CORRECTABLE_FOR = timedelta(minutes=30)
MOST_CORRECTIONS = 2
ACTION = "appointment.email_corrected"


def correct_email(session: Session, booked: Appointment, email: str, now: datetime) -> None:
    """Sends *request received* to ``email`` (checked), which stands for the one that was typed from now on.

    Whoever decides on what they saw before is told so, since the revision grows. Raises :class:`CorrectionClosed` once
    the request is decided, half an hour after booking, and after two corrections.
    """
    typed = session.get(TentativeClient, (booked.practice_id, booked.id))
    if typed is None or now >= booked.created_at + CORRECTABLE_FOR:
        raise CorrectionClosed
    if typed.email == email:
        return  # sent twice, or right after all
    if _corrections(session, booked) >= MOST_CORRECTIONS:
        raise CorrectionClosed
    as_read = (
        col(Appointment.practice_id) == booked.practice_id,
        col(Appointment.id) == booked.id,
        col(Appointment.status) == Status.TENTATIVE,
        col(Appointment.revision) == booked.revision,
    )
    if changed(session, update(Appointment).where(*as_read).values(revision=booked.revision + 1)) != 1:
        raise CorrectionClosed
    session.refresh(booked)
    typed.email = email
    session.add(typed)
    audit.record(session, now, booked.practice_id, ActorKind.CLIENT, ACTION, "appointment", booked.id)
    session.flush()
    messages.address_corrected(session, booked, now)


def _corrections(session: Session, booked: Appointment) -> int:
    return session.exec(
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.practice_id == booked.practice_id,
            AuditEntry.subject_id == booked.id,
            AuditEntry.action == ACTION,
        )
    ).one()
