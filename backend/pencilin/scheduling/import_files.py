"""Files of appointments from other systems, CSV or calendar files, as lines that an import reads alike."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from pencilin.clients.lists.guesses import split_name
from pencilin.clients.lists.table import read_table
from pencilin.errors import Invalid
from pencilin.rules.spreadsheet import unescaped
from pencilin.scheduling.event_starts import instant_in, length_of, stands_for, starts_of

REQUIRED = ("start", "service", "practitioner", "first_name", "last_name")
OPTIONAL = ("id", "minutes", "location", "email", "phone", "birth_date", "external_id", "note")
HEADER = f"{','.join(REQUIRED)}[,{','.join(OPTIONAL)}]"

EMPTY = "There is no appointment in this file. The first line names the columns, each other line is one appointment."
NOT_UNICODE = "Some letters aren't UTF-8, so names could come out wrong. Save it as CSV UTF-8, and check its names."


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment of a file as texts, by the names of the CSV's columns; ``where`` names it in a refusal."""

    where: str
    fields: Mapping[str, str]


def lines_of_csv(content: bytes) -> list[Line]:
    """The lines of a CSV file in Unicode; nobody looks at them before they are entered, so no letters are guessed.

    Raises :class:`Invalid` for other files, and for a header that lacks a column or has an unknown one.
    """
    table = read_table(content, EMPTY)
    if table.guessed:
        raise Invalid({"file": NOT_UNICODE})
    # Spreadsheet programs save columns without a name that were cleared.
    filled = [number for number, name in enumerate(table.header, 1) if name]
    names = table.header[: max(filled, default=0)]
    missing = [name for name in REQUIRED if name not in names]
    unknown = [
        name or f"column {number}, without a name"
        for number, name in enumerate(names, 1)
        if name not in REQUIRED + OPTIONAL
    ]
    if missing or unknown:
        told = f"should be {HEADER}."
        told += f" Missing: {', '.join(missing)}." if missing else ""
        told += f" Unknown: {', '.join(unknown)}." if unknown else ""
        raise Invalid({"line 1": told}, "The first line doesn't name the columns, so nothing was imported.")
    if table.broken:
        raise Invalid({f"line {table.broken}": "can't be read: its quotes don't match."})
    return [_line(f"line {number}", cells, names) for number, cells in table.rows]


def _line(where: str, cells: Sequence[str], names: Sequence[str]) -> Line:
    if any(cell.strip() for cell in cells[len(names) :]):
        # A comma without quotes moves all that follows into the wrong columns.
        raise Invalid({where: f"has more than {len(names)} cells. Check quotes and commas."})
    padded = [*cells, *[""] * (len(names) - len(cells))]
    return Line(where, {name: unescaped(cell.strip()) for name, cell in zip(names, padded, strict=False)})


def lines_of_ics(
    content: bytes, service: str, practitioner: str, location: str, zone: ZoneInfo, until: datetime
) -> list[Line]:
    """The events of a calendar file, all of one service, practitioner and location; a summary is the client's name.

    An event that repeats is as many lines as it has dates up to ``until``; one that was cancelled is none. Times
    without a zone are those of ``zone``, the location's. Raises :class:`Invalid` for what is no calendar, and with
    every event that can't be an appointment.
    """
    try:
        events = Calendar.from_ical(content).events
    except ValueError:
        raise Invalid({"file": "This is no calendar file (.ics)."}) from None
    given = {"service": service, "practitioner": practitioner, "location": location}
    wrong: dict[str, str] = {}
    moved: dict[str, set[date]] = {}
    for number, event in enumerate(events, 1):
        with _told(wrong, f"event {number}"):
            if of := stands_for(event, zone):
                moved.setdefault(_uid(event), set()).add(of)
    found: list[Line] = []
    for number, event in enumerate(events, 1):
        if str(event.get("STATUS", "")).upper() == "CANCELLED" or f"event {number}" in wrong:
            continue
        with _told(wrong, where := f"event {number}"):
            others = set() if event.get("RECURRENCE-ID") else moved.get(_uid(event), set())
            starts, length = starts_of(event, others, until, zone), length_of(event, zone)
            found.extend(
                Line(f"{where}, {one:%Y-%m-%d}", _of_event(event, one, length, zone) | given) for one in starts
            )
    if wrong:
        raise Invalid(wrong, f"{len(wrong)} of {len(events)} events can't be read, so nothing was imported.")
    return found


@contextmanager
def _told(wrong: dict[str, str], where: str) -> Iterator[None]:
    try:
        yield
    except Invalid as error:
        wrong[where] = str(error)
    except (ValueError, OverflowError):
        wrong[where] = "has no start or no end, or repeats in a way that can't be read."


def _of_event(event: Event, start: datetime, length: timedelta, zone: ZoneInfo) -> dict[str, str]:
    first, last = split_name(str(event.get("SUMMARY", "")))
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    emails = [str(one)[7:] for one in attendees if str(one).lower().startswith("mailto:")]
    return {
        "id": _id(event, start, zone),
        "start": start.isoformat(),
        "minutes": str(round(length.total_seconds() / 60)) if length else "",
        "first_name": first,
        "last_name": last,
        "email": emails[0] if len(emails) == 1 else "",
        "note": str(event.get("DESCRIPTION", "")),
    }


def _uid(event: Event) -> str:
    return str(event.get("UID", ""))


def _id(event: Event, start: datetime, zone: ZoneInfo) -> str:
    """Of one of several the date that it stands for, too: it stays the same wherever that one is moved to."""
    uid, of = _uid(event), event.get("RECURRENCE-ID")
    if not uid or not (of or event.rrules or event.rdates):
        return uid
    day = of.dt if of else start
    return f"{uid} {instant_in(zone, day) if isinstance(day, datetime) else day}"
