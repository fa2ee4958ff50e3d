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


@dataclass(frozen=True, slots=True)
class Trouble:
    """``held_up``: how many mails of the practice should have left two minutes ago, or had a try since and are to have
    another. ``failed``: those about appointments that the staff member may see, given up in the last seven days."""

    held_up: int
    failed: Failed | None


def trouble(session: Session, staff: Staff, now: datetime) -> Trouble:
    """What every page points out, in one read."""
    # No mail that was given up was sent: to say so leads through the index of those that are yet to be.
    open_ = (Outbox.practice_id == staff.practice_id, col(Outbox.sent_at).is_(None), col(Outbox.cancelled_at).is_(None))
    late = now - PATIENCE
    overdue = or_(Outbox.due_at <= late, and_(Outbox.attempts > 0, Outbox.created_at <= late))
    held_up = select(func.count()).select_from(Outbox).where(*open_, col(Outbox.failed_at).is_(None), overdue)
    about = and_(Appointment.practice_id == Outbox.practice_id, Appointment.id == Outbox.subject_id)
    failed = select(col(Outbox.subject_id)).join(Appointment, about)
    failed = failed.where(*open_, col(Outbox.failed_at) > now - RECENT, visible_to(staff))
    waiting, count, latest = session.exec(
        select(
            held_up.scalar_subquery(),
            failed.with_only_columns(func.count()).scalar_subquery(),
            failed.order_by(col(Outbox.failed_at).desc(), col(Outbox.id)).limit(1).scalar_subquery(),
        )
    ).one()
    return Trouble(waiting, Failed(count, latest) if count else None)


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
