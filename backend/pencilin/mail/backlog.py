"""Whether mail is going out: what waits for longer than it should, and what didn't arrive at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, and_, col, func, or_, select

from pencilin.models import Appointment, Outbox, Staff
from pencilin.review import visible_to

PATIENCE = timedelta(minutes=2)
# For how long a mail that failed is pointed out; its appointment shows it for good.
RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Failed:
    """How many mails failed lately, at least one, and the id of the appointment that the latest is about."""

    count: int
    appointment_id: str


def failed(session: Session, staff: Staff, now: datetime) -> Failed | None:
    """The mails about appointments that the staff member may see that were given up in the last seven days."""
    subjects = session.exec(
        select(Outbox.subject_id)
        .join(
            Appointment,
            and_(
                col(Appointment.practice_id) == col(Outbox.practice_id), col(Appointment.id) == col(Outbox.subject_id)
            ),
        )
        .where(
            Outbox.practice_id == staff.practice_id,
            visible_to(staff),
            col(Outbox.failed_at) > now - RECENT,
            col(Outbox.cancelled_at).is_(None),
        )
        .order_by(col(Outbox.failed_at).desc(), col(Outbox.id))
    ).all()
    return Failed(len(subjects), subjects[0]) if subjects else None


def held_up(session: Session, practice_id: str, now: datetime) -> int:
    """How many mails of the practice should have left two minutes ago, or had a try since and are to have another."""
    late = now - PATIENCE
    return session.exec(
        select(func.count())
        .select_from(Outbox)
        .where(
            Outbox.practice_id == practice_id,
            col(Outbox.sent_at).is_(None),
            col(Outbox.cancelled_at).is_(None),
            col(Outbox.failed_at).is_(None),
            or_(Outbox.due_at <= late, and_(Outbox.attempts > 0, Outbox.created_at <= late)),
        )
    ).one()
