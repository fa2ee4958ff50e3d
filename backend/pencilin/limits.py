"""How often something may be tried: token buckets, counted in a transaction of their own, before the try itself.

A bucket's key is a keyed hash of what is counted, so that neither address nor email is stored.
"""

import hashlib
import hmac
import math
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session, col, delete, select

from pencilin.config import Config
from pencilin.database import Database, conflict_free_insert
from pencilin.errors import SlowDown
from pencilin.links import Links
from pencilin.models import Bucket

FORGET_AFTER = timedelta(days=1)


class Limit(NamedTuple):
    """``tries`` at once, and as many again spread over ``per``, which is at most a day."""

    name: str
    tries: int
    per: timedelta


# Every limit there is. A network is an IPv4 address or an IPv6 /64, which one customer has to themselves; behind one
# address there may be a clinic's whole wireless network, hence the wide ones.
SIGN_IN_ACCOUNT = Limit("sign-in account", 10, timedelta(minutes=15))
SIGN_IN_NETWORK = Limit("sign-in network", 50, timedelta(minutes=15))
CODES_NETWORK = Limit("codes network", 30, timedelta(hours=1))
CODE_TRIES_NETWORK = Limit("code tries network", 100, timedelta(hours=1))
SECOND_FACTOR_ACCOUNT = Limit("second factor account", 5, timedelta(minutes=15))
HOLDS_NETWORK = Limit("holds network", 300, timedelta(minutes=10))
HOLDS_PRACTICE = Limit("holds practice", 3000, timedelta(hours=1))
BOOKINGS_NETWORK = Limit("bookings network", 100, timedelta(hours=1))
CORRECTIONS_NETWORK = Limit("corrections network", 30, timedelta(hours=1))
BOOKINGS_PRACTICE = Limit("bookings practice", 500, timedelta(hours=1))


def take(database: Database, config: Config, links: Links, limit: Limit, subject: str) -> None:
    """Counts one try of ``subject``. Raises :class:`SlowDown` with the seconds to wait. Call it outside ``write``."""
    if config.limits:
        key = _key(links, limit, subject)
        database.write(lambda session, now: _spend(session, key, limit, now))


def give_back(database: Database, config: Config, links: Links, limit: Limit, subject: str) -> None:
    """Takes the last try back, because it turned out well: only failures should count."""
    if config.limits:
        key = _key(links, limit, subject)
        database.write(lambda session, _: _refund(session, key, limit))


def _key(links: Links, limit: Limit, subject: str) -> str:
    return hmac.new(links.secret("limits"), f"{limit.name}:{subject}".encode(), hashlib.sha256).hexdigest()


def _spend(session: Session, key: str, limit: Limit, now: datetime) -> None:
    insert = conflict_free_insert(session)
    full = insert(Bucket).values(key=key, tokens=float(limit.tries), filled_at=now).on_conflict_do_nothing()
    if session.execute(full.returning(col(Bucket.key))).first() and key.startswith("00"):
        # One new bucket in 256 pays for throwing old ones away: after a day every bucket is full again.
        session.exec(delete(Bucket).where(col(Bucket.filled_at) < now - FORGET_AFTER))
    bucket = session.exec(select(Bucket).where(Bucket.key == key).with_for_update()).one()
    per_second = limit.tries / limit.per.total_seconds()
    waited = max(0.0, (now - bucket.filled_at).total_seconds())
    tokens = min(float(limit.tries), bucket.tokens + waited * per_second)
    if tokens < 1:
        raise SlowDown(math.ceil((1 - tokens) / per_second))
    bucket.tokens = tokens - 1
    bucket.filled_at = now
    session.add(bucket)


def _refund(session: Session, key: str, limit: Limit) -> None:
    bucket = session.exec(select(Bucket).where(Bucket.key == key).with_for_update()).first()
    if bucket:
        bucket.tokens = min(float(limit.tries), bucket.tokens + 1)
        session.add(bucket)
