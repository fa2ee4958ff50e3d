"""The names of all that an appointment may refer to, archived or not: a past appointment keeps its facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from pencilin.models import Location, Practice, Practitioner, Service

Query: TypeAlias = Select[str, str, str, datetime | None, str | None]


class Named(NamedTuple):
    """A service, practitioner or location. ``detail`` is a service's colour and a location's time zone."""

    id: str
    slug: str
    name: str
    archived: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Directory:
    """By id, in the order in which they are shown."""

    services: dict[str, Named]
    practitioners: dict[str, Named]
    locations: dict[str, Named]


def read_directory(session: Session, practice: Practice) -> Directory:
    """Everybody and everything of ``practice``."""
    return Directory(*(_rows(session, query, practice) for query in (_SERVICES, _PRACTITIONERS, _LOCATIONS)))


def current(known: dict[str, Named]) -> list[Named]:
    """Those that aren't archived."""
    return [one for one in known.values() if not one.archived]


def by_slug(known: Iterable[Named], slug: str) -> Named | None:
    """The one that is called ``slug`` in addresses."""
    return next((one for one in known if one.slug == slug), None)


def _query(kind: type[Service | Practitioner | Location], detail: str | None) -> Query:
    return (
        select(col(kind.id), col(kind.slug), col(kind.name), col(kind.archived_at), col(detail))
        .where(col(kind.practice_id) == bindparam("practice_id"))
        .order_by(col(kind.position), col(kind.slug))
    )


# To build a query takes longer than to run it, so they are kept.
_SERVICES = _query(Service, Service.colour)
_PRACTITIONERS = _query(Practitioner, Practitioner.title)
_LOCATIONS = _query(Location, Location.timezone)


def _rows(session: Session, query: Query, practice: Practice) -> dict[str, Named]:
    rows = session.execute(query, {"practice_id": practice.id})
    return {row[0]: Named(row[0], row[1], row[2], row[3] is not None, row[4] or "") for row in rows}
