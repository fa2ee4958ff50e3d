"""Sessions: rows that a random cookie leads to, ended by signing out, by time, or by disabling the person."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, delete, or_, update

from pencilin import changes
from pencilin.models import Account, Practice, SignedIn, Staff

# What a practice may choose as the idle time-out, in minutes.
SHORTEST_IDLE, LONGEST_IDLE = 5, 480
ABSOLUTE = timedelta(hours=12)
# Activity is written down at most this often: reading pages should rarely cost a write.
SEEN_EVERY = timedelta(minutes=1)


class Present(NamedTuple):
    """Who is signed in, and where. ``works_elsewhere``: in other practices, too; ``revision``: the practice's at that
    moment (see ``changes``)."""

    signed_in: SignedIn
    staff: Staff
    account: Account
    practice: Practice
    works_elsewhere: bool
    revision: str


_ElsewhereToo = aliased(Staff)
_elsewhere = exists().where(
    col(_ElsewhereToo.account_id) == SignedIn.account_id,
    col(_ElsewhereToo.practice_id) != SignedIn.practice_id,
    col(_ElsewhereToo.disabled_at).is_(None),
)
# Every page begins with this query, and to build it takes longer than to run it: so it is kept.
_PRESENT = (
    select(SignedIn, Staff, Account, Practice, _elsewhere, changes.counted(col(SignedIn.practice_id)))
    .join(Staff, and_(col(Staff.practice_id) == SignedIn.practice_id, col(Staff.id) == SignedIn.staff_id))
    .join(Account, col(Account.id) == SignedIn.account_id)
    .join(Practice, col(Practice.id) == SignedIn.practice_id)
    .where(col(SignedIn.id) == bindparam("id"), col(Staff.disabled_at).is_(None))
)


def new_secret() -> str:
    """256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def stored(secret: str) -> str:
    """What the database keeps of a cookie's value: whoever reads the table can't sign in with it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(session: Session, staff: Staff, now: datetime) -> str:
    """Signs a staff member in and gives the cookie's value, which is stored nowhere."""
    session.exec(delete(SignedIn).where(col(SignedIn.account_id) == staff.account_id, _over(now)))
    secret = new_secret()
    session.add(
        SignedIn(
            id=stored(secret),
            account_id=staff.account_id,
            practice_id=staff.practice_id,
            staff_id=staff.id,
            csrf_token=secrets.token_urlsafe(32),
            created_at=now,
            seen_at=now,
        )
    )
    return secret


def load_session(session: Session, secret: str, now: datetime) -> Present | None:
    """Who the cookie stands for; None when it is unknown, idle for too long, too old, or the person is disabled."""
    row = session.execute(_PRESENT, {"id": stored(secret), "changes_since": changes.counted_since(now)}).first()
    if row is None:
        return None
    signed_in, staff, account, practice, elsewhere, count = row
    idle = timedelta(minutes=min(practice.idle_minutes, LONGEST_IDLE))
    if signed_in.seen_at <= now - idle or signed_in.created_at <= now - ABSOLUTE:
        return None
    return Present(signed_in, staff, account, practice, elsewhere, changes.revision(count, now))


def note_activity(session: Session, signed_in: SignedIn, now: datetime) -> None:
    """Puts the idle time-out off."""
    session.exec(
        update(SignedIn).where(col(SignedIn.id) == signed_in.id, col(SignedIn.seen_at) < now).values(seen_at=now)
    )


def end_session(session: Session, secret: str) -> None:
    """Signs out: from now on the cookie stands for nobody."""
    session.exec(delete(SignedIn).where(col(SignedIn.id) == stored(secret)))


def work_in(session: Session, signed_in: SignedIn, staff: Staff) -> None:
    """Moves a session to another place of the same account."""
    session.exec(
        update(SignedIn)
        .where(col(SignedIn.id) == signed_in.id, col(SignedIn.account_id) == staff.account_id)
        .values(practice_id=staff.practice_id, staff_id=staff.id)
    )


def _over(now: datetime) -> ColumnElement[bool]:
    """Of sessions that have ended whatever their practice chose."""
    idle = timedelta(minutes=LONGEST_IDLE)
    return or_(col(SignedIn.seen_at) <= now - idle, col(SignedIn.created_at) <= now - ABSOLUTE)
