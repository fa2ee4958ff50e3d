"""The fields of an appointment that staff may change: service, practitioner, location, and local date and time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from pencilin import review
from pencilin.catalogue import Catalogue
from pencilin.errors import Invalid
from pencilin.models import Appointment, Location, Service
from pencilin.practices.checks import YEARS
from pencilin.review import Change, ReviewView

Parsed = TypeVar("Parsed", date, time)


@dataclass(frozen=True, slots=True)
class VisitForm:
    """The fields as texts; ``date`` and ``time`` as the browser's own fields write them, in the location's zone.

    Empty ``minutes`` are the service's.
    """

    service: str
    practitioner: str
    location: str
    date: str
    time: str
    minutes: str


def form_of(appointment: Appointment, service: Service) -> VisitForm:
    """The form that shows an appointment as it is; the length only where it isn't the service's."""
    length = review.as_it_is(appointment).minutes
    local = appointment.start.astimezone(ZoneInfo(appointment.timezone))
    return VisitForm(
        appointment.service_id,
        appointment.practitioner_id,
        appointment.location_id,
        local.date().isoformat(),
        f"{local:%H:%M}",
        "" if length == service.minutes else str(length),
    )


def sent(fields: Mapping[str, object]) -> VisitForm:
    """The form as it was sent; what is missing is empty."""
    return VisitForm(*(str(fields.get(name, "")).strip() for name in VisitForm.__slots__))


def read(form: VisitForm, view: ReviewView) -> Change:
    """The change that a form asks for. Raises :class:`Invalid` with the fields to correct."""
    catalogue = replace(
        view.catalogue,
        services=(view.service, *view.catalogue.services),
        practitioners=(view.practitioner, *view.catalogue.practitioners),
        locations=(view.location, *view.catalogue.locations),
    )
    return read_new(form, catalogue, view.appointment)


def read_new(form: VisitForm, catalogue: Catalogue, agreed: Appointment | None = None) -> Change:
    """The appointment that a form asks for, ``agreed`` being what it was before. Raises like :func:`read`."""
    wrong = {}
    if form.service not in {one.id for one in catalogue.services}:
        wrong["service"] = "Choose a service."
    if form.practitioner not in {one.id for one in catalogue.practitioners}:
        wrong["practitioner"] = "Choose a practitioner."
    location = next((one for one in catalogue.locations if one.id == form.location), None)
    if location is None:
        wrong["location"] = "Choose a location."
    day = _parsed(date.fromisoformat, form.date)
    if day is None:
        wrong["date"] = "Enter a date."
    elif day.year not in YEARS:
        wrong["date"] = "Check the year."
    clock = _parsed(time.fromisoformat, form.time)
    if clock is None or clock.tzinfo is not None:
        wrong["time"] = "Enter a time."
    elif clock.minute % 5 or clock.second or clock.microsecond:
        wrong["time"] = "Choose a time that is a multiple of five minutes."
    minutes = _minutes(form.minutes, wrong)
    if wrong or location is None or day is None or clock is None:
        raise Invalid(wrong)
    start = _instant(day, clock, location, agreed)
    return Change(form.service, form.practitioner, form.location, start, minutes)


def _minutes(text: str, wrong: dict[str, str]) -> int | None:
    if not text:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) < 6
    if not is_number or int(text) % 5 or not 5 <= int(text) <= review.MOST_MINUTES:
        wrong["minutes"] = f"Enter a multiple of 5, from 5 to {review.MOST_MINUTES}, or nothing for the service’s own."
        return None
    return int(text)


def _parsed(parse: Callable[[str], Parsed], text: str) -> Parsed | None:
    try:
        return parse(text)
    except ValueError:
        return None


def _instant(day: date, clock: time, location: Location, agreed: Appointment | None) -> datetime:
    zone = ZoneInfo(location.timezone)
    local = datetime.combine(day, clock)
    # In the hour that comes twice, what isn't changed stays the one that was agreed.
    kept = agreed is not None and local == agreed.local_start and location.timezone == agreed.timezone
    instant = local.replace(tzinfo=zone, fold=agreed.fold if agreed and kept else 0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise Invalid({"time": "The clocks are put forward over this time, so it doesn't exist on this day."})
    return instant
