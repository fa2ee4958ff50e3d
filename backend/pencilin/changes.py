"""Whether anything has changed in a practice: what open pages ask every few seconds.

Every change leaves an audit entry in its transaction, so that counting those is enough, and no row is written by
everybody. The newest entry alone would not do: a transaction that began earlier may commit later.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from pencilin.models import AuditEntry

# Much longer than any transaction lasts. What is counted begins anew as often, which costs open pages one more look.
STRETCH = timedelta(minutes=10)


def revision(session: Session, practice_id: str, now: datetime) -> str:
    """A text that differs from an earlier one whenever anything was changed in between, and seldom otherwise."""
    since = now - STRETCH - timedelta(seconds=now.timestamp() % STRETCH.total_seconds())
    count = session.exec(
        select(func.count())
        .select_from(AuditEntry)
        .where(
            AuditEntry.practice_id == practice_id,
            col(AuditEntry.at) >= since,
            col(AuditEntry.action).not_like("%.read"),  # that somebody looked changes nothing
        )
    ).one()
    return f"{round(since.timestamp())}-{count}"
