"""Whether mail is going out: what waits for longer than it should."""

from datetime import datetime, timedelta

from sqlmodel import Session, and_, col, func, or_, select

from pencilin.models import Outbox

PATIENCE = timedelta(minutes=2)


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
