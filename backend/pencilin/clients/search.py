"""Searching client files by name, phone, email or date of birth, as staff type it."""

from functools import lru_cache

from sqlalchemy import CompoundSelect, bindparam, literal_column, union_all
from sqlmodel import Session, col, select

from pencilin.clients.files import filed
from pencilin.clients.listing import EVERYBODY, Filters, conditions
from pencilin.models import Client, ClientKey, Practice, Role, Staff
from pencilin.rules.matching import KeyRange, search_keys, search_score

MOST_FOUND = 10
PER_RANGE = 200
MOST_COMPARED = 400
MOST_OWN = 5_000


def search(
    session: Session, staff: Staff, text: str, limit: int = MOST_FOUND, wanted: Filters = EVERYBODY
) -> list[Client]:
    """The clients that fit best, the best first, of those that the staff member may see; none for an empty text.

    Archived clients are left out, unless they are wanted.
    """
    practice = session.get_one(Practice, staff.practice_id)
    text = "".join(character for character in text if character.isprintable())
    ranges = search_keys(text, practice.country)
    if not ranges:
        return []
    shown = conditions(staff, wanted)
    # A practitioner's own clients are few, and others mustn't crowd them out; archived ones are few, and have no keys.
    # Of all files only those with a key count.
    if staff.role != Role.PRACTITIONER and not wanted.archived:
        shown.append(col(Client.id).in_(_holders(session, practice.id, ranges)))
    rows = session.exec(select(Client).where(*shown).limit(MOST_OWN))
    scored = [(search_score(text, filed(practice, client), practice.country), client) for client in rows]
    fitting = [pair for pair in scored if pair[0] > 0]
    fitting.sort(key=lambda pair: (-pair[0], pair[1].last_name, pair[1].first_name, pair[1].id))
    return [client for _, client in fitting[:limit]]


def _holders(session: Session, practice_id: str, ranges: tuple[KeyRange, ...]) -> list[str]:
    """The ids of clients with a key in any of the ranges, those of the most selective ranges first; one query."""
    values = {"practice_id": practice_id}
    for place, one in enumerate(ranges):
        values |= {f"first_{place}": one.first, f"before_{place}": one.before}
    rows = session.execute(_holders_of(len(ranges)), values)
    found = sorted(((place, client_id) for place, client_id in rows), key=lambda row: row[0])
    return list(dict.fromkeys(client_id for _, client_id in found))[:MOST_COMPARED]


@lru_cache(maxsize=64)
def _holders_of(count: int) -> CompoundSelect[tuple[int, str]]:
    """The query for ``count`` ranges; building it takes longer than running it, so it is kept."""
    each = [
        select(literal_column(str(place)).label("place"), ClientKey.client_id)
        .where(
            ClientKey.practice_id == bindparam("practice_id"),
            ClientKey.key >= bindparam(f"first_{place}"),
            ClientKey.key < bindparam(f"before_{place}"),
        )
        .order_by(ClientKey.key, ClientKey.client_id)
        .limit(PER_RANGE)
        .subquery()
        for place in range(count)
    ]
    return union_all(*(select(one.c.place, one.c.client_id) for one in each))
