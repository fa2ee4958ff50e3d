"""Whether mail is going out: what waits for longer than it should, and what didn't arrive at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, and_, col, func, or_, select

from pencilin.errors import NotFound
from pencilin.mail import outbox
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


@dataclass(frozen=True, slots=True)
class State:
    """How a practice's mail fares: how many wait to leave now, why one of them didn't and when it is tried again, and
    those that were given up, the latest first."""

    waiting: int
    last_error: str | None
    next_try: datetime | None
    failed: tuple[Outbox, ...]


def state(session: Session, practice_id: str, now: datetime) -> State:
    """How the practice's mail fares; at most fifty of those that were given up."""
    open_ = (
        Outbox.practice_id == practice_id,
        col(Outbox.sent_at).is_(None),
        col(Outbox.cancelled_at).is_(None),
    )
    unsent = (*open_, col(Outbox.failed_at).is_(None))
    waiting = session.exec(
        select(func.count()).select_from(Outbox).where(*unsent, or_(Outbox.due_at <= now, Outbox.attempts > 0))
    ).one()
    stuck = session.exec(
        select(Outbox)
        .where(*unsent, col(Outbox.last_error).is_not(None), Outbox.attempts > 0)
        .order_by(col(Outbox.due_at).desc())
        .limit(1)
    ).first()
    failed = session.exec(
        select(Outbox)
        .where(*open_, col(Outbox.failed_at).is_not(None))
        .order_by(col(Outbox.failed_at).desc())
        .limit(50)
    ).all()
    return State(waiting, stuck.last_error if stuck else None, stuck.due_at if stuck else None, tuple(failed))


def send_again(session: Session, manager: Staff, outbox_id: str, now: datetime) -> None:
    """Another try, with all its tries, for any mail of the practice that was given up.

    Raises :class:`NotFound` for a mail of nobody's, :class:`Conflict` for one that hasn't failed.
    """
    outbox.try_anew(session, manager, find(session, manager.practice_id, outbox_id), now)


def find(session: Session, practice_id: str, outbox_id: str) -> Outbox:
    """A mail of the practice; raises :class:`NotFound`."""
    row = session.get(Outbox, (practice_id, outbox_id)) if outbox_id.isalnum() else None
    if row is None:
        raise NotFound("There is no such mail.")
    return row
