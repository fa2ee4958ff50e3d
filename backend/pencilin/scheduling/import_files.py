"""Files of appointments from other systems, CSV or calendar files, as lines that an import reads alike."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event

from pencilin.clients.lists.guesses import split_name
from pencilin.errors import Invalid
from pencilin.rules.spreadsheet import unescaped

REQUIRED = ("start", "service", "practitioner", "first_name", "last_name")
OPTIONAL = ("id", "minutes", "location", "email", "phone", "birth_date", "external_id", "note")
HEADER = f"{','.join(REQUIRED)}[,{','.join(OPTIONAL)}]"


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment of a file as texts, by the names of the CSV's columns; ``where`` names it in a refusal."""

    where: str
    fields: Mapping[str, str]


def lines_of_csv(text: Iterable[str]) -> list[Line]:
    """The lines of a CSV file; raises :class:`Invalid` for a header that lacks a column or has an unknown one."""
    reader = csv.DictReader((line.removeprefix("\ufeff") for line in text), strict=True)
    try:
        names = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        missing = [name for name in REQUIRED if name not in names]
        unknown = [name for name in names if name not in REQUIRED + OPTIONAL]
        if missing or unknown:
            told = f"should be {HEADER}."
            told += f" Missing: {', '.join(missing)}." if missing else ""
            told += f" Unknown: {', '.join(unknown)}." if unknown else ""
            raise Invalid({"line 1": told}, "The first line doesn't name the columns, so nothing was imported.")
        return [_line(f"line {reader.line_num}", row, names) for row in reader if any(row.values())]
    except csv.Error as error:
        raise Invalid(
            {f"line {reader.line_num}": f"can't be read as CSV ({error}). Check quotes and commas."}
        ) from None


def _line(where: str, row: Mapping[str | None, str | list[str] | None], names: Sequence[str]) -> Line:
    if None in row:
        # A comma without quotes moves all that follows into the wrong columns.
        raise Invalid({where: f"has more than {len(names)} cells. Check quotes and commas."})
    return Line(where, {name: unescaped(str(row[name] or "").strip()) for name in names})


def lines_of_ics(content: bytes, service: str, practitioner: str, location: str) -> list[Line]:
    """The events of a calendar file, all of one service, practitioner and location; a summary is the client's name.

    Raises :class:`Invalid` for what is no calendar, and for events that repeat.
    """
    try:
        calendar = Calendar.from_ical(content)
    except ValueError:
        raise Invalid({"file": "This is no calendar file (.ics)."}) from None
    found = []
    for number, event in enumerate(calendar.events, 1):
        where = f"event {number}"
        if event.get("RRULE"):
            raise Invalid({where: "repeats. Export it as single events."})
        try:
            said = _of_event(event)
        except ValueError:
            raise Invalid({where: "has no start or no end."}) from None
        found.append(Line(where, said | {"service": service, "practitioner": practitioner, "location": location}))
    return found


def _of_event(event: Event) -> dict[str, str]:
    first, last = split_name(str(event.get("SUMMARY", "")))
    start, end = event.start, event.end
    is_timed = isinstance(start, datetime) and isinstance(end, datetime)
    minutes = str(round((end - start).total_seconds() / 60)) if is_timed else ""
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    emails = [str(one)[7:] for one in attendees if str(one).lower().startswith("mailto:")]
    return {
        "id": str(event.get("UID", "")),
        "start": start.isoformat(),
        "minutes": minutes,
        "first_name": first,
        "last_name": last,
        "email": emails[0] if len(emails) == 1 else "",
        "note": str(event.get("DESCRIPTION", "")),
    }
