"""What a practice offers, read once per request: services, who gives them, and where."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from pencilin.errors import NotFound
from pencilin.models import (
    Location,
    Practice,
    Practitioner,
    Service,
    ServiceLocation,
    ServicePractitioner,
    WorkingHours,
    WorkingHoursLocation,
)
from pencilin.rules.slots import Terms

Named = TypeVar("Named", Service, Practitioner, Location)


@dataclass(frozen=True)
class Catalogue:
    """A practice's services, practitioners and locations that aren't archived, in the order they are shown.

    ``given_by`` and ``given_at`` map a service's id to ids of practitioners and locations, in that same order;
    ``works_at`` maps a practitioner's id to the locations of their weekly hours.
    """

    practice: Practice
    services: tuple[Service, ...]
    practitioners: tuple[Practitioner, ...]
    locations: tuple[Location, ...]
    given_by: dict[str, tuple[str, ...]]
    given_at: dict[str, tuple[str, ...]]
    works_at: dict[str, tuple[str, ...]]

    def terms(self, service: Service) -> Terms:
        """On what terms the service is booked, by its own settings and the practice's rules."""
        practice = self.practice
        return Terms(
            length=service.minutes,
            buffer_before=service.buffer_before,
            buffer_after=service.buffer_after,
            step=service.step or practice.step,
            notice_minutes=practice.notice_minutes,
            horizon_days=practice.horizon_days,
            daily_cap=practice.daily_cap,
        )

    def service(self, slug: str) -> Service | None:
        """The service that the public calls ``slug``."""
        return _by_slug(self.services, slug)

    def practitioner(self, slug: str) -> Practitioner | None:
        """The practitioner that the public calls ``slug``."""
        return _by_slug(self.practitioners, slug)

    def location(self, slug: str) -> Location | None:
        """The location that the public calls ``slug``."""
        return _by_slug(self.locations, slug)

    def practitioners_of(self, service: Service) -> list[Practitioner]:
        """Who gives the service."""
        return [who for who in self.practitioners if who.id in self.given_by[service.id]]

    def locations_of(self, service: Service) -> list[Location]:
        """Where the service is given."""
        return [place for place in self.locations if place.id in self.given_at[service.id]]

    def zone(self, location: Location | None = None) -> ZoneInfo:
        """The location's time zone, or the practice's."""
        return ZoneInfo(location.timezone if location else self.practice.timezone)


def find_practice(session: Session, slug: str) -> Practice:
    """The practice with this slug; raises :class:`NotFound`."""
    practice = session.exec(select(Practice).where(Practice.slug == slug)).one_or_none()
    if practice is None:
        raise NotFound("There is no practice with this name here. Please check the address.")
    return practice


def read_catalogue(session: Session, practice: Practice) -> Catalogue:
    """Everything that ``practice`` offers at present."""
    services = _active(session, Service, practice)
    practitioners = _active(session, Practitioner, practice)
    locations = _active(session, Location, practice)
    given_by = session.exec(
        select(ServicePractitioner.service_id, ServicePractitioner.practitioner_id).where(
            ServicePractitioner.practice_id == practice.id
        )
    )
    given_at = session.exec(
        select(ServiceLocation.service_id, ServiceLocation.location_id).where(
            ServiceLocation.practice_id == practice.id
        )
    )
    works_at = session.exec(
        select(WorkingHours.practitioner_id, WorkingHoursLocation.location_id)
        .join(
            WorkingHoursLocation,
            (col(WorkingHoursLocation.practice_id) == WorkingHours.practice_id)
            & (col(WorkingHoursLocation.working_hours_id) == WorkingHours.id),
        )
        .where(WorkingHours.practice_id == practice.id)
    )
    places = [place.id for place in locations]
    return Catalogue(
        practice,
        services,
        practitioners,
        locations,
        _grouped(services, given_by, [who.id for who in practitioners]),
        _grouped(services, given_at, places),
        _grouped(practitioners, works_at, places),
    )


def _active(session: Session, kind: type[Named], practice: Practice) -> tuple[Named, ...]:
    rows = session.exec(
        select(kind)
        .where(kind.practice_id == practice.id, col(kind.archived_at).is_(None))
        .order_by(col(kind.position), col(kind.slug))
    )
    return tuple(rows)


def _by_slug(rows: Iterable[Named], slug: str) -> Named | None:
    return next((row for row in rows if row.slug == slug), None)


def _grouped(
    owners: Iterable[Service | Practitioner], pairs: Iterable[tuple[str, str]], order: list[str]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for owner_id, other_id in pairs:
        found[owner_id].add(other_id)
    return {owner.id: tuple(other for other in order if other in found[owner.id]) for owner in owners}
