"""The few files that are worth comparing with what somebody typed, found by indexed keys and never by a scan."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
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
# How many keys a query looks up: few and short queries, for building one takes longer than running it.
KEYS_AT_ONCE = (16, 64)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Files to compare, and how many files of the practice hold each typed contact (counted up to a limit)."""

    files: tuple[Filed, ...]
    shared: dict[str, int]


def candidates(session: Session, practice: Practice, asked: Sequence[Typed]) -> list[Candidates]:
    """For each of those who were typed, in their order: the files that share a key with it, at most
    :data:`MOST_FILES`; a query for every 64 keys of all of them, and one for the files."""
    wanted = [keys(typed) for typed in asked]
    holders = holders_of(session, practice.id, {key for own in wanted for key in own})
    chosen = [most_shared(holders, own) for own in wanted]
    clients = read_files(session, practice, {client_id for own in chosen for client_id in own})
    files = {client.id: filed(practice, client) for client in clients}
    return [
        Candidates(
            tuple(files[client_id] for client_id in own if client_id in files),
            {key: len(holders.get(key, ())) for key in contact_keys(typed)},
        )
        for typed, own in zip(asked, chosen, strict=True)
    ]


def holders_of(session: Session, practice_id: str, wanted: Collection[str]) -> Mapping[str, list[str]]:
    """The ids of the clients that hold each of the keys, at most :data:`PER_KEY` for each."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for some in _in_parts(sorted(wanted)):
        values = {f"key_{place}": key for place, key in enumerate(some)}
        for key, client_id in session.execute(_holders_of(len(some)), {"practice_id": practice_id, **values}):
            found[key].append(client_id)
    return found


def _in_parts(wanted: list[str]) -> Iterator[list[str]]:
    """The keys in parts of one of the sizes of :data:`KEYS_AT_ONCE`, filled up with what is no key."""
    for start in range(0, len(wanted), KEYS_AT_ONCE[-1]):
        some = wanted[start : start + KEYS_AT_ONCE[-1]]
        size = next(size for size in KEYS_AT_ONCE if size >= len(some))
        yield some + [""] * (size - len(some))


@lru_cache(maxsize=len(KEYS_AT_ONCE))
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


def most_shared(holders: Mapping[str, list[str]], wanted: Collection[str]) -> list[str]:
    """The ids of the clients that hold most of the keys, at most :data:`MOST_FILES`."""
    agreeing = Counter(client_id for key in wanted for client_id in holders.get(key, ()))
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
