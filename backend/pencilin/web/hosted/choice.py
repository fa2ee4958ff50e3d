"""What a visitor has chosen so far, read from an address or a form: nothing in there has to be right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pencilin import availability
from pencilin.availability import Wish
from pencilin.catalogue import Catalogue
from pencilin.models import Location, Practitioner, Service
from pencilin.web.api_requests import RFC_3339
from pencilin.web.asking import YEARS


@dataclass(frozen=True)
class Choice:
    """A service at one location; without a practitioner, any may give it."""

    service: Service
    practitioner: Practitioner | None
    location: Location

    def wish(self, catalogue: Catalogue) -> Wish:
        """The same as the use cases want it."""
        return availability.wish(catalogue, self.service, self.practitioner, self.location)

    def slugs(self) -> dict[str, str]:
        """The same by the names that addresses and forms have for it."""
        slugs = {"service": self.service.slug, "location": self.location.slug}
        return slugs | ({"practitioner": self.practitioner.slug} if self.practitioner else {})


def bookable(catalogue: Catalogue) -> list[Service]:
    """The services that somebody gives somewhere."""
    return [service for service in catalogue.services if locations_for(catalogue, service, None)]


def practitioners_for(catalogue: Catalogue, service: Service) -> list[Practitioner]:
    """Who gives the service anywhere."""
    places = {place.id for place in catalogue.locations_of(service)}
    return [one for one in catalogue.practitioners_of(service) if places.intersection(catalogue.works_at[one.id])]


def locations_for(catalogue: Catalogue, service: Service, practitioner: Practitioner | None) -> list[Location]:
    """Where the service is given, by the practitioner or by anybody."""
    who = [practitioner] if practitioner else catalogue.practitioners_of(service)
    places = {place for one in who for place in catalogue.works_at[one.id]}
    return [place for place in catalogue.locations_of(service) if place.id in places]


def choice_of(catalogue: Catalogue, sent: Mapping[str, str]) -> Choice | None:
    """What was chosen; None as long as there are services to choose from.

    A practitioner or location that doesn't fit is left out, as the widget does.
    """
    services = bookable(catalogue)
    only = services[0] if len(services) == 1 else None
    service = next((one for one in services if one.slug == sent.get("service")), only)
    if service is None:
        return None
    asked = sent.get("practitioner")
    practitioner = next((one for one in practitioners_for(catalogue, service) if one.slug == asked), None)
    places = locations_for(catalogue, service, practitioner)
    location = next((place for place in places if place.slug == sent.get("location")), places[0])
    return Choice(service, practitioner, location)


def day_of(text: str) -> date | None:
    """A day (``2026-11-24``) or the first of a month (``2026-11``); None for anything else."""
    try:
        day = date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    except ValueError:
        return None
    return day if day.year in YEARS else None


def instant_of(text: str) -> datetime | None:
    """An aware instant, written as the API writes it; None for anything else."""
    if not RFC_3339.fullmatch(text):
        return None
    try:
        instant = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return instant if instant.year in YEARS else None
