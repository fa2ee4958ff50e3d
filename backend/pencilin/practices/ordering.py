"""The order in which services, locations and practitioners are shown, and the ids that new ones get."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.errors import NotFound
from pencilin.models import Location, Practice, Practitioner, Service, Staff
from pencilin.practices import forms
from pencilin.practices.checks import LONGEST_SLUG
from pencilin.rules.matching.romanise import romanised

Named = TypeVar("Named", Location, Service, Practitioner)


def in_order(session: Session, kind: type[Named], practice: Practice) -> Sequence[Named]:
    """Those that aren't archived, as clients see them."""
    return session.exec(
        select(kind)
        .where(kind.practice_id == practice.id, col(kind.archived_at).is_(None))
        .order_by(col(kind.position), col(kind.slug))
    ).all()


def move(session: Session, kind: type[Named], staff: Staff, row_id: str, to: str, now: datetime) -> str:
    """Puts a row one place *up* or *down*, or to a place counted from 1; says where it is now."""
    practice = forms.practice_of(session, staff)
    rows = list(in_order(session, kind, practice))
    place = next((number for number, row in enumerate(rows) if row.id == row_id), None)
    if place is None:
        raise NotFound
    row = rows.pop(place)
    wanted = {"up": place - 1, "down": place + 1}.get(to, int(to) - 1 if to.isdecimal() and len(to) < 6 else place)
    rows.insert(min(max(wanted, 0), len(rows)), row)
    if rows.index(row) != place:
        for position, one in enumerate(rows):
            one.position = position
        what = str(kind.__tablename__)
        audit.record(session, now, practice.id, staff, f"{what}.moved", what, row_id, ["position"])
    return f"{row.name} is number {rows.index(row) + 1} of {len(rows)}."


def last_position(session: Session, kind: type[Named], practice: Practice) -> int:
    """Where a new row goes: behind all others, archived ones included."""
    positions = session.exec(select(kind.position).where(kind.practice_id == practice.id)).all()
    return max(positions, default=-1) + 1


def new_slug(session: Session, kind: type[Named], practice: Practice, name: str) -> str:
    """An id made of the name, that no row of the practice has had: *First visit* is ``first-visit``."""
    taken: set[str] = set(session.exec(select(kind.slug).where(kind.practice_id == practice.id)))
    plain: str = slug_of(name) or str(kind.__tablename__)
    candidates = [plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in candidates if slug not in taken)


def slug_of(name: str) -> str:
    """The name in small letters, digits and hyphens; empty where nothing of it can be written so."""
    latin = unicodedata.normalize("NFKD", romanised(name.casefold()))
    letters = "".join(letter for letter in latin if not unicodedata.combining(letter))
    # Room for a number behind it.
    return re.sub(r"[^a-z0-9]+", "-", letters)[: LONGEST_SLUG - 8].strip("-")
