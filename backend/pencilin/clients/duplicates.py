"""Pairs of files that may be of one person, found by the matching rules when somebody looks.

The files are gone through by id, a window at a time: the keys of a window's files lead to the files that share them, so
that no page compares more than it can in a moment, however many files there are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, func, select

from pencilin import audit
from pencilin.clients.files import filed, find, visible_to
from pencilin.database import changed, conflict_free_insert
from pencilin.errors import Conflict
from pencilin.models import Client, ClientKey, DifferentPeople, Practice, Staff
from pencilin.rules.matching import Confidence, Match, contact_keys, pair

PER_PAGE = 20
WINDOW = 1_000
MOST_WINDOWS = 8
AT_ONCE = 500
# A key that more files hold than this says little about a person, and would make a pair of every two of them.
MOST_HOLDERS = 40
# By what each kind of key stands for; search keys stand for nothing that could make a pair.
_KINDS = {"e:": "email", "p:": "phone", "t:": "phone", "b:": "birth_date", "i:": "name", "j:": "name"}
# A whole name has several keys of its own: the rest of one must agree, too.
_WHOLE_NAME = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files that may be of one person, with the evidence in words."""

    one: Client
    other: Client
    very_likely: bool
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    caution: str | None


@dataclass(frozen=True, slots=True)
class PairPage:
    """Some pairs, the very likely first. ``looked_at`` files were compared; ``after``: where to look further."""

    pairs: tuple[Pair, ...]
    looked_at: int
    after: str | None


def find_pairs(session: Session, staff: Staff, after: str = "", limit: int = PER_PAGE) -> PairPage:
    """The next pairs among the files that the staff member may see, from the id ``after`` on."""
    practice = session.get_one(Practice, staff.practice_id)
    found: list[Pair] = []
    looked_at, following = 0, after or None
    for _ in range(MOST_WINDOWS):
        window = _window(session, staff, following or "")
        if not window:
            following = None
            break
        for one in _pairs(session, staff, practice, window):
            # All pairs of one file come together, so that a page ends between two files.
            if len(found) >= limit and one.one.id != found[-1].one.id:
                return _page(found, looked_at + window.index(one.one.id), found[-1].one.id)
            found.append(one)
        looked_at += len(window)
        following = window[-1] if len(window) == WINDOW else None
        if following is None:
            break
    return _page(found, looked_at, following)


def tell_apart(session: Session, staff: Staff, one_id: str, other_id: str, now: datetime) -> None:
    """Says that two files are of two people, so that they aren't shown as a pair again."""
    one, other = _two(session, staff, one_id, other_id)
    insert = conflict_free_insert(session)
    values = {"practice_id": staff.practice_id, "one_id": one, "other_id": other}
    statement = insert(DifferentPeople).values(**values, staff_id=staff.id, created_at=now).on_conflict_do_nothing()
    if changed(session, statement):
        audit.record(session, now, staff.practice_id, staff, "client.told_apart", "client", one)


def pair_again(session: Session, staff: Staff, one_id: str, other_id: str, now: datetime) -> None:
    """Takes back that two files are of two people."""
    one, other = _two(session, staff, one_id, other_id)
    statement = delete(DifferentPeople).where(
        col(DifferentPeople.practice_id) == staff.practice_id,
        col(DifferentPeople.one_id) == one,
        col(DifferentPeople.other_id) == other,
    )
    if changed(session, statement):
        audit.record(session, now, staff.practice_id, staff, "client.paired_again", "client", one)


def _two(session: Session, staff: Staff, one_id: str, other_id: str) -> tuple[str, str]:
    one, other = sorted(find(session, staff, client_id).id for client_id in (one_id, other_id))
    if one == other:
        raise Conflict("Those are one and the same file. Choose two.")
    return one, other


def _page(found: list[Pair], looked_at: int, after: str | None) -> PairPage:
    return PairPage(tuple(sorted(found, key=lambda one: not one.very_likely)), looked_at, after)


def _window(session: Session, staff: Staff, after: str) -> list[str]:
    rows = session.exec(
        select(Client.id)
        .where(visible_to(staff), col(Client.archived_at).is_(None), col(Client.id) > after)
        .order_by(col(Client.id))
        .limit(WINDOW)
    )
    return list(rows)


def _pairs(session: Session, staff: Staff, practice: Practice, window: list[str]) -> Iterator[Pair]:
    """The pairs whose first file is in the window, by its id."""
    wanted = set(window)
    together = [ids for ids in _sharing(session, practice.id, window[0], window[-1]) if ids[0] in wanted]
    files = _files(session, staff, {client_id for ids in together for client_id in ids})
    apart = _told_apart(session, practice.id, window[0], window[-1])
    known = [ids for ids in together if ids not in apart and ids[0] in files and ids[1] in files]
    of_matching = {client.id: filed(practice, client) for client in files.values()}
    shared = _shared(session, practice.id, {key for ids in known for key in contact_keys(of_matching[ids[0]])})
    for one_id, other_id in known:
        found = pair(of_matching[one_id], of_matching[other_id], shared)
        if found is not None:
            yield _pair(files[one_id], files[other_id], found)


def _sharing(session: Session, practice_id: str, first: str, last: str) -> list[tuple[str, str]]:
    """Pairs of ids, the smaller first and within the window, that share keys of two kinds or a whole name."""
    kind = func.substr(ClientKey.key, 1, 2)
    mine = (
        select(ClientKey.key, ClientKey.client_id)
        .where(
            ClientKey.practice_id == practice_id,
            ClientKey.client_id >= first,
            ClientKey.client_id <= last,
            kind.in_(_KINDS),
        )
        .cte("mine")
    )
    held, other = aliased(ClientKey), aliased(ClientKey)
    telling = (
        select(held.key)
        .where(col(held.practice_id) == practice_id, col(held.key).in_(select(mine.c.key)))
        .group_by(col(held.key))
        .having(func.count().between(2, MOST_HOLDERS))
    )
    rows = session.execute(
        select(mine.c.client_id, other.client_id, mine.c.key).where(
            col(other.practice_id) == practice_id,
            col(other.key) == mine.c.key,
            col(other.client_id) > mine.c.client_id,
            mine.c.key.in_(telling),
        )
    )
    shared: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one_id, other_id, key in rows:
        shared[one_id, other_id].append(_KINDS[key[:2]])
    return sorted(ids for ids, kinds in shared.items() if len(set(kinds)) > 1 or kinds.count("name") >= _WHOLE_NAME)


def _files(session: Session, staff: Staff, client_ids: Collection[str]) -> dict[str, Client]:
    """Those of the clients that the staff member may see and that are in use."""
    found: dict[str, Client] = {}
    for some in _some(client_ids):
        rows = session.exec(
            select(Client).where(visible_to(staff), col(Client.archived_at).is_(None), col(Client.id).in_(some))
        )
        found.update((client.id, client) for client in rows)
    return found


def _told_apart(session: Session, practice_id: str, first: str, last: str) -> set[tuple[str, str]]:
    rows = session.exec(
        select(DifferentPeople.one_id, DifferentPeople.other_id).where(
            DifferentPeople.practice_id == practice_id,
            DifferentPeople.one_id >= first,
            DifferentPeople.one_id <= last,
        )
    )
    return set(rows)


def _shared(session: Session, practice_id: str, keys: Collection[str]) -> dict[str, int]:
    """How many files hold each of the keys."""
    found: dict[str, int] = {}
    for some in _some(keys):
        rows = session.exec(
            select(ClientKey.key, func.count())
            .where(ClientKey.practice_id == practice_id, col(ClientKey.key).in_(some))
            .group_by(col(ClientKey.key))
        )
        found.update(rows.all())
    return found


def _some(values: Collection[str]) -> Iterator[list[str]]:
    every = sorted(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def _pair(one: Client, other: Client, found: Match) -> Pair:
    return Pair(
        one,
        other,
        found.confidence is Confidence.VERY_LIKELY,
        tuple(point.words for point in found.points if point.agreement in ("same", "near")),
        tuple(point.words for point in found.points if point.agreement == "different"),
        found.caution,
    )
