"""The few files that are worth comparing with what somebody typed, found by indexed keys and never by a scan."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import CompoundSelect, bindparam, union_all
from sqlmodel import Session, col, select

from pencilin.clients.files import filed
from pencilin.models import Client, ClientKey, Practice
from pencilin.rules.matching import Filed, Typed, contact_keys, keys

# A key that more files hold than this says nothing about a person; the right file shares others, too.
PER_KEY = 200
MOST_FILES = 300


@dataclass(frozen=True, slots=True)
class Candidates:
    """Files to compare, and how many files of the practice hold each typed contact (counted up to a limit)."""

    files: tuple[Filed, ...]
    shared: dict[str, int]


def candidates(session: Session, practice: Practice, typed: Typed) -> Candidates:
    """The files that share a key with what was typed, those that share most of them first; two queries."""
    holders = holders_of(session, practice.id, keys(typed))
    held = Counter(key for key, _ in holders)
    files = read_files(session, practice, most_shared(holders))
    return Candidates(
        tuple(filed(practice, client) for client in files), {key: held[key] for key in contact_keys(typed)}
    )


def holders_of(session: Session, practice_id: str, wanted: Collection[str]) -> list[tuple[str, str]]:
    """Pairs of key and client id, at most :data:`PER_KEY` for each key; one query."""
    if not wanted:
        return []
    values = {f"key_{place}": key for place, key in enumerate(sorted(wanted))}
    found = session.execute(_holders_of(len(values)), {"practice_id": practice_id, **values})
    return [(key, client_id) for key, client_id in found]


@lru_cache(maxsize=64)
def _holders_of(count: int) -> CompoundSelect[tuple[str, str]]:
    """The query for ``count`` keys; building it takes longer than running it, so it is kept."""
    each = [
        select(ClientKey.key, ClientKey.client_id)
        .where(ClientKey.practice_id == bindparam("practice_id"), ClientKey.key == bindparam(f"key_{place}"))
        .order_by(ClientKey.client_id)
        .limit(PER_KEY)
        .subquery()
        for place in range(count)
    ]
    return union_all(*(select(one.c.key, one.c.client_id) for one in each))


def most_shared(holders: Collection[tuple[str, str]]) -> list[str]:
    """The ids of the clients that hold most of the keys, at most :data:`MOST_FILES`."""
    agreeing = Counter(client_id for _, client_id in holders)
    return sorted(agreeing, key=lambda client_id: (-agreeing[client_id], client_id))[:MOST_FILES]


def read_files(session: Session, practice: Practice, client_ids: Collection[str]) -> list[Client]:
    """These clients, archived ones left out; one query."""
    if not client_ids:
        return []
    return list(
        session.exec(
            select(Client).where(
                Client.practice_id == practice.id,
                col(Client.id).in_(client_ids),
                col(Client.archived_at).is_(None),
            )
        )
    )
