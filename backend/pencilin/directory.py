"""The names of all that an appointment may refer to, archived or not: a past appointment keeps its facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from pencilin.models import Location, Practice, Practitioner, Service


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
    services = _rows(session, Service, practice, Service.colour)
    practitioners = _rows(session, Practitioner, practice, Practitioner.title)
    locations = _rows(session, Location, practice, Location.timezone)
    return Directory(services, practitioners, locations)


def current(known: dict[str, Named]) -> list[Named]:
    """Those that aren't archived."""
    return [one for one in known.values() if not one.archived]


def by_slug(known: Iterable[Named], slug: str) -> Named | None:
    """The one that is called ``slug`` in addresses."""
    return next((one for one in known if one.slug == slug), None)


def _rows(
    session: Session, kind: type[Service | Practitioner | Location], practice: Practice, detail: str | None
) -> dict[str, Named]:
    rows = session.execute(
        select(col(kind.id), col(kind.slug), col(kind.name), col(kind.archived_at), col(detail))
        .where(col(kind.practice_id) == practice.id)
        .order_by(col(kind.position), col(kind.slug))
    )
    return {row[0]: Named(row[0], row[1], row[2], row[3] is not None, row[4] or "") for row in rows}
