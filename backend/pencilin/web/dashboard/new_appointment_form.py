"""The fields of a new appointment: what they begin with, and what is meant by what was entered."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from pencilin import i18n, scheduling
from pencilin.catalogue import Catalogue
from pencilin.clients import ClientForm
from pencilin.conflicts import Conflict, Insist, needed
from pencilin.errors import Invalid
from pencilin.models import Appointment, Location, Role, Service, Staff
from pencilin.practices.checks import YEARS
from pencilin.review import Change
from pencilin.scheduling import NewAppointment, Occurrence
from pencilin.web.dashboard import visit_form
from pencilin.web.dashboard.visit_form import VisitForm

VISIT = ("service", "practitioner", "location", "date", "time", "minutes")
CLIENT = tuple(one.name for one in fields(ClientForm))
FIELDS = ("q", "client", "who", *CLIENT, *VISIT, "note", "mail", "every", "times", "seen", "view")
USUAL_TIMES = "4"
SKIPPED = "The clocks are put forward over this time, so it doesn’t exist on this day."


@dataclass(frozen=True, slots=True)
class Listed:
    """One date of a series as the preview lists it; ``value`` is what ticking it sends."""

    value: str
    words: str
    conflicts: tuple[str, ...]
    overlap: bool
    possible: bool
    chosen: bool


def offered(catalogue: Catalogue, staff: Staff) -> Catalogue:
    """What the staff member may choose from."""
    if staff.role != Role.PRACTITIONER:
        return catalogue
    own = tuple(one for one in catalogue.practitioners if one.id == staff.practitioner_id)
    return replace(catalogue, practitioners=own)


def beginning(catalogue: Catalogue, asked: Mapping[str, str]) -> dict[str, str]:
    """The fields for an address such as ``?start=2026-11-24T09:00&practitioner=SLUG&location=SLUG&minutes=45``.

    ``start`` is wall time in the practice's zone, as the calendar shows it. What is left out is guessed.
    """
    who = catalogue.practitioner(asked.get("practitioner", "")) or next(iter(catalogue.practitioners), None)
    service = catalogue.service(asked.get("service", "")) or next(
        (one for one in catalogue.services if who and who.id in catalogue.given_by[one.id]),
        next(iter(catalogue.services), None),
    )
    location = catalogue.location(asked.get("location", "")) or _usual_place(catalogue, service, who.id if who else "")
    start = _start(asked.get("start", ""), catalogue, location)
    minutes = asked.get("minutes", "")
    if service and minutes == str(service.minutes):
        minutes = ""
    return _empty() | {
        "client": asked.get("client", ""),
        "service": service.id if service else "",
        "practitioner": who.id if who else "",
        "location": location.id if location else "",
        "date": start.date().isoformat() if start else asked.get("date", ""),
        "time": f"{start:%H:%M}" if start else "",
        "minutes": minutes,
        "view": asked.get("view", ""),
    }


def following(appointment: Appointment, service: Service, weeks: int) -> dict[str, str]:
    """The fields for the same again, so many weeks later by the clock on the wall."""
    visit = visit_form.form_of(appointment, service)
    local = appointment.local_start + timedelta(weeks=weeks)
    same = {name: getattr(visit, name) for name in VISIT}
    return _empty() | same | {"client": appointment.client_id or "", "date": local.date().isoformat()}


def visit_of(values: Mapping[str, str], catalogue: Catalogue) -> Change:
    """When, what, with whom and where. Raises :class:`Invalid` with the fields to correct."""
    return visit_form.read_new(VisitForm(*(values[name] for name in VISIT)), catalogue)


def repeats(values: Mapping[str, str]) -> tuple[int, int]:
    """Every how many weeks and how often; every 0 weeks is once. Raises :class:`Invalid`."""
    every = _number(values["every"] or "0", 0, scheduling.MOST_WEEKS)
    if every is None:
        raise Invalid({"every": "Choose one of the list."})
    if every == 0:
        return 0, 1
    times = _number(values["times"], 2, scheduling.MOST_TIMES)
    if times is None:
        raise Invalid({"times": f"Enter a number from 2 to {scheduling.MOST_TIMES}."})
    return every, times


def about(values: Mapping[str, str]) -> str:
    """What a preview of dates was made of: it holds while this stays the same."""
    return "|".join(values[name] for name in (*VISIT, "every", "times"))


def dates(
    session: Session,
    staff: Staff,
    catalogue: Catalogue,
    values: Mapping[str, str],
    chosen: list[str] | None,
    now: datetime,
) -> list[Listed]:
    """The dates of a series with what speaks against each; those without are ticked, unless some were ``chosen``."""
    visit = visit_of(values, catalogue)
    location = _location(catalogue, visit)
    every, times = repeats(values)
    zone = ZoneInfo(location.timezone)
    first = visit.start.astimezone(zone).replace(tzinfo=None)
    occurrences = scheduling.repeat(first, zone, every, times)
    starts = [instant for _, instant in occurrences if instant]
    found = iter(scheduling.conflicts_of(session, staff, visit, starts, now))
    locale = catalogue.practice.staff_locale
    return [
        _listed(local, instant, next(found) if instant else None, location.timezone, locale, chosen)
        for local, instant in occurrences
    ]


def meant(
    values: Mapping[str, str], catalogue: Catalogue, insist: Insist, chosen: list[str], *, despite_match: bool
) -> NewAppointment:
    """What is to be entered. Raises :class:`Invalid` with the fields to correct."""
    wrong: dict[str, str] = {}
    form = ClientForm(**{name: values[name] for name in CLIENT}) if values["who"] == "new" else None
    if form is None and not values["client"]:
        wrong["client"] = "Search for a client and choose one, or enter a new client."
    try:
        visit = visit_of(values, catalogue)
    except Invalid as error:
        raise Invalid(wrong | error.fields) from None
    every, _ = repeats(values)
    occurrences = [Occurrence(visit.start, insist)]
    if every:
        occurrences = _chosen(visit, _location(catalogue, visit), chosen)
        if not occurrences:
            wrong["dates"] = "Tick at least one date."
    if wrong:
        raise Invalid(wrong)
    return NewAppointment(
        visit.service_id,
        visit.practitioner_id,
        visit.location_id,
        tuple(occurrences),
        visit.minutes,
        client_id=values["client"] or None,
        new_client=form,
        note=values["note"],
        tell=values["mail"] == "yes",
        despite_match=despite_match,
    )


def _empty() -> dict[str, str]:
    return dict.fromkeys(FIELDS, "") | {"who": "existing", "mail": "yes", "times": USUAL_TIMES}


def _usual_place(catalogue: Catalogue, service: Service | None, practitioner_id: str) -> Location | None:
    given = set(catalogue.given_at[service.id]) if service else set()
    there = catalogue.works_at.get(practitioner_id, ())
    known = [one for one in catalogue.locations if one.id in there]
    return next((one for one in known if one.id in given), next(iter(known or catalogue.locations), None))


def _start(text: str, catalogue: Catalogue, location: Location | None) -> datetime | None:
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        return None
    if start.year not in YEARS:
        return None
    return start.replace(tzinfo=start.tzinfo or catalogue.zone()).astimezone(catalogue.zone(location))


def _number(text: str, least: int, most: int) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) < 4
    return int(text) if is_number and least <= int(text) <= most else None


def _location(catalogue: Catalogue, visit: Change) -> Location:
    return next(one for one in catalogue.locations if one.id == visit.location_id)


def _listed(
    local: datetime,
    instant: datetime | None,
    found: list[Conflict] | None,
    zone: str,
    locale: str,
    chosen: list[str] | None,
) -> Listed:
    if instant is None or found is None:
        words = f"{i18n.full_date(local.date(), locale)}, {local:%H:%M}"
        return Listed("", words, (SKIPPED,), False, False, False)
    value = f"{local:%Y-%m-%dT%H:%M}/{needed(found)}"
    return Listed(
        value,
        f"{i18n.full_date(local.date(), locale)}, {i18n.clock(instant, zone, locale)}",
        tuple(one.words for one in found),
        any(one.overlap for one in found),
        True,
        not found if chosen is None else value in chosen,
    )


def _chosen(visit: Change, location: Location, chosen: list[str]) -> list[Occurrence]:
    zone = ZoneInfo(location.timezone)
    found = []
    for value in dict.fromkeys(chosen):
        text, _, insist = value.partition("/")
        try:
            local = datetime.fromisoformat(text).replace(tzinfo=zone)
            found.append(Occurrence(local, Insist(insist)))
        except ValueError:
            raise Invalid({"dates": "Choose from the dates of the list."}) from None
    return found
