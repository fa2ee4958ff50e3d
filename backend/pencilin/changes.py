"""Whether anything has changed in a practice: what open pages ask every few seconds.

Every change leaves an audit entry in its transaction, so that counting those is enough, and no row is written by
everybody. The newest entry alone would not do: a transaction that began earlier may commit later.
"""

from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, SQLColumnExpression, bindparam
from sqlmodel import col, func, select

from pencilin.models import AuditEntry

# Much longer than any transaction lasts. What is counted begins anew as often, which costs open pages one more look.
STRETCH = timedelta(minutes=10)


def counted(practice_id: SQLColumnExpression[str]) -> ScalarSelect[int]:
    """A column with the number of changes of a practice since ``:changes_since``, which :func:`counted_since` gives."""
    return (
        select(func.count())
        .select_from(AuditEntry)
        .where(
            col(AuditEntry.practice_id) == practice_id,
            col(AuditEntry.at) >= bindparam("changes_since"),
            col(AuditEntry.action).not_like("%.read"),  # that somebody looked changes nothing
        )
        .scalar_subquery()
    )


def counted_since(now: datetime) -> datetime:
    """From when on changes are counted."""
    return now - STRETCH - timedelta(seconds=now.timestamp() % STRETCH.total_seconds())


def revision(count: int, now: datetime) -> str:
    """A text that differs from an earlier one whenever anything was changed in between, and seldom otherwise."""
    return f"{round(counted_since(now).timestamp())}-{count}"
