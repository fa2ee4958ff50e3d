"""Sign-in by a mailed six-digit code, bound to the browser that asked.

Unknown addresses are treated alike in every way but one: no mail leaves.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from pencilin.accounts.staff import account_of, email_key, places
from pencilin.errors import SlowDown
from pencilin.links import Links
from pencilin.mail import messages
from pencilin.models import Account, SignInCode

DIGITS = 6
TRIES = 5
CODES_AN_HOUR = 5
KEPT = timedelta(days=1)


def request_code(session: Session, links: Links, browser: str, email: str, now: datetime) -> None:
    """Mails a code to ``email``, if an account has it. ``browser`` is the hash of the asking browser's cookie.

    Raises :class:`SlowDown` after five codes for one address within an hour.
    """
    session.exec(delete(SignInCode).where(col(SignInCode.created_at) < now - KEPT))
    # The lock on a known account makes its requests queue, so that the count below holds.
    email = email_key(email)
    account = session.exec(select(Account).where(Account.email == email).with_for_update()).first()
    since = now - timedelta(hours=1)
    recent = session.exec(
        select(SignInCode.created_at)
        .where(SignInCode.email == email, col(SignInCode.created_at) > since)
        .order_by(col(SignInCode.created_at))
    ).all()
    if len(recent) >= CODES_AN_HOUR:
        wait = recent[-CODES_AN_HOUR] - since
        raise SlowDown(
            int(wait.total_seconds()) + 1, "Five codes an hour are the most. Use the newest, or wait a while."
        )
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    row = SignInCode(browser=browser, email=email, code_hash="", created_at=now, expires_at=now + messages.CODE_LASTS)
    row.code_hash = _hash(links, row.id, code)
    session.add(row)
    member = places(session, account.id)[:1] if account else []
    if account and member:
        # Distinguishes codes of one account in the outbox; a counter would need another column.
        revision = secrets.randbelow(2**31)
        messages.sign_in_code(session, member[0][0].practice_id, account.id, account.email, code, revision, now)


def newest(session: Session, browser: str, now: datetime) -> SignInCode | None:
    """The code that this browser may still enter; asking again replaces it."""
    row = session.exec(
        select(SignInCode).where(SignInCode.browser == browser).order_by(col(SignInCode.created_at).desc())
    ).first()
    return row if row and row.used_at is None and row.expires_at > now else None


def count_try(session: Session, browser: str, now: datetime) -> str | None:
    """Takes one of the five tries, to be committed before the code is looked at; gives the id of the code's row."""
    row = newest(session, browser, now)
    if row is None:
        return None
    return session.exec(
        update(SignInCode)
        .where(col(SignInCode.id) == row.id, col(SignInCode.tries) < TRIES)
        .values(tries=SignInCode.tries + 1)
        .returning(col(SignInCode.id))
    ).scalar()


def use_code(session: Session, links: Links, row_id: str, code: str, now: datetime) -> str | None:
    """The id of the account that may be signed in; None for a wrong code. A right one works once."""
    row = session.get(SignInCode, row_id)
    if row is None or not hmac.compare_digest(row.code_hash, _hash(links, row_id, code)):
        return None
    won = session.exec(
        update(SignInCode)
        .where(col(SignInCode.id) == row_id, col(SignInCode.used_at).is_(None))
        .values(used_at=now)
        .returning(col(SignInCode.id))
    ).scalar()
    account = account_of(session, row.email)
    return account.id if won and account else None


def _hash(links: Links, row_id: str, code: str) -> str:
    return hmac.new(links.secret("sign-in code"), f"{row_id}:{code}".encode(), hashlib.sha256).hexdigest()
