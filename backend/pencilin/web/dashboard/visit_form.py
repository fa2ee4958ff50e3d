"""The fields of an appointment that staff may change: service, practitioner, location, and local date and time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from pencilin.errors import Invalid
from pencilin.models import Appointment, Location
from pencilin.review import Change, ReviewView

Parsed = TypeVar("Parsed", date, time)


@dataclass(frozen=True, slots=True)
class VisitForm:
    """The fields as texts; ``date`` and ``time`` as the browser's own fields write them, in the location's zone."""

    service: str
    practitioner: str
    location: str
    date: str
    time: str


def form_of(appointment: Appointment) -> VisitForm:
    """The form that shows an appointment as it is."""
    local = appointment.start.astimezone(ZoneInfo(appointment.timezone))
    return VisitForm(
        appointment.service_id,
        appointment.practitioner_id,
        appointment.location_id,
        local.date().isoformat(),
        f"{local:%H:%M}",
    )


def sent(fields: Mapping[str, object]) -> VisitForm:
    """The form as it was sent; what is missing is empty."""
    return VisitForm(*(str(fields.get(name, "")).strip() for name in VisitForm.__slots__))


def read(form: VisitForm, view: ReviewView) -> Change:
    """The change that a form asks for. Raises :class:`Invalid` with the fields to correct."""
    catalogue = view.catalogue
    wrong = {}
    if form.service not in {one.id for one in (view.service, *catalogue.services)}:
        wrong["service"] = "Choose a service."
    if form.practitioner not in {one.id for one in (view.practitioner, *catalogue.practitioners)}:
        wrong["practitioner"] = "Choose a practitioner."
    location = next((one for one in (view.location, *catalogue.locations) if one.id == form.location), None)
    if location is None:
        wrong["location"] = "Choose a location."
    day = _parsed(date.fromisoformat, form.date)
    if day is None:
        wrong["date"] = "Enter a date."
    clock = _parsed(time.fromisoformat, form.time)
    if clock is None or clock.tzinfo is not None:
        wrong["time"] = "Enter a time."
    elif clock.minute % 5 or clock.second or clock.microsecond:
        wrong["time"] = "Choose a time that is a multiple of five minutes."
    if wrong or location is None or day is None or clock is None:
        raise Invalid(wrong)
    return Change(form.service, form.practitioner, form.location, _instant(day, clock, location, view.appointment))


def _parsed(parse: Callable[[str], Parsed], text: str) -> Parsed | None:
    try:
        return parse(text)
    except ValueError:
        return None


def _instant(day: date, clock: time, location: Location, appointment: Appointment) -> datetime:
    zone = ZoneInfo(location.timezone)
    local = datetime.combine(day, clock)
    # In the hour that comes twice, what isn't changed stays the one that was agreed.
    kept = local == appointment.local_start and location.timezone == appointment.timezone
    instant = local.replace(tzinfo=zone, fold=appointment.fold if kept else 0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise Invalid({"time": "The clocks are put forward over this time, so it doesn't exist on this day."})
    return instant
