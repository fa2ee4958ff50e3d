"""Searching client files by name, phone, email or date of birth, as staff type it."""

from sqlalchemy import literal, union_all
from sqlmodel import Session, and_, col, select

from pencilin.clients.files import filed, visible_to
from pencilin.models import Client, ClientKey, Practice, Staff
from pencilin.rules.matching import KeyRange, search_keys, search_score

MOST_FOUND = 10
PER_RANGE = 200
MOST_COMPARED = 400


def search(session: Session, staff: Staff, text: str, limit: int = MOST_FOUND) -> list[Client]:
    """The clients that fit best, the best first, of those that the staff member may see; none for an empty text.

    Archived clients are left out. Two queries, whatever the number of files.
    """
    practice = session.get_one(Practice, staff.practice_id)
    text = "".join(character for character in text if character.isprintable())
    found = _holders(session, staff, search_keys(text, practice.country))
    rows = session.exec(select(Client).where(Client.practice_id == practice.id, col(Client.id).in_(found)))
    scored = [(search_score(text, filed(practice, client), practice.country), client) for client in rows]
    fitting = [pair for pair in scored if pair[0] > 0]
    fitting.sort(key=lambda pair: (-pair[0], pair[1].last_name, pair[1].first_name, pair[1].id))
    return [client for _, client in fitting[:limit]]


def _holders(session: Session, staff: Staff, ranges: tuple[KeyRange, ...]) -> list[str]:
    """The ids of visible clients with a key in any of the ranges, those of the most selective ranges first."""
    if not ranges:
        return []
    each = [
        select(literal(place).label("place"), ClientKey.client_id)
        .join(
            Client,
            and_(col(Client.practice_id) == ClientKey.practice_id, col(Client.id) == ClientKey.client_id),
        )
        .where(
            ClientKey.practice_id == staff.practice_id,
            ClientKey.key >= one.first,
            ClientKey.key < one.before,
            visible_to(staff),
            col(Client.archived_at).is_(None),
        )
        .order_by(ClientKey.key, ClientKey.client_id)
        .limit(PER_RANGE)
        .subquery()
        for place, one in enumerate(ranges)
    ]
    rows = session.execute(union_all(*(select(one.c.place, one.c.client_id) for one in each))).all()
    ordered = dict.fromkeys(client_id for _, client_id in sorted(rows, key=lambda row: row[0]))
    return list(ordered)[:MOST_COMPARED]
