"""The starts of a calendar file's events: of one that repeats, of each single one that it stands for."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

# Without types of its own.
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from icalendar import Event, vRecur

from pencilin.errors import Invalid

# Twenty years of weeks; more is no appointment of one client.
MOST = 1_040


def starts_of(event: Event, moved: set[datetime], until: datetime) -> list[datetime]:
    """When it takes place up to ``until``, the dates that are excepted and those that ``moved`` elsewhere left out.

    In the event's own zone, where it has one: each is at the same time by the clock. Raises :class:`Invalid` for an
    event of whole days and for one of too many dates, ``ValueError`` without a start, or a rule that can be read.
    """
    start = event.start
    if not isinstance(start, datetime):
        raise Invalid({}, "is for whole days. Leave it out; time off is blocked in the calendar.")
    if not (event.rrules or event.rdates):
        return [start]
    found = {start} if event.rdates else set()
    for rule in event.rrules:
        found |= set(islice(_repeated(rule, start, until), MOST + 1))
    if len(found) > MOST:
        raise Invalid({}, f"repeats more than {MOST:,} times. Let it begin later, or end sooner.")
    found |= {one for one, _ in event.rdates if isinstance(one, datetime)}
    left = {one for one in found if not any(_is_same(one, other) for other in (*event.exdates, *moved))}
    return sorted(left)


def _repeated(rule: vRecur, start: datetime, until: datetime) -> Iterator[datetime]:
    # What other programs write as the end fits the start's form too seldom to be read by the library.
    ends = [until, *rule.get("UNTIL", [])]
    told: bytes = rule.to_ical()  # type: ignore[no-untyped-call]
    parts = [part for part in told.decode().split(";") if not part.startswith("UNTIL=")]
    for one in rrulestr(";".join(parts), dtstart=start):
        if any(_is_after(one, end) for end in ends):
            return
        yield one


def _is_after(start: datetime, end: date) -> bool:
    if not isinstance(end, datetime):
        return start.date() > end
    if (start.tzinfo is None) != (end.tzinfo is None):
        return start.replace(tzinfo=None) > end.replace(tzinfo=None)
    return start > end


def _is_same(start: datetime, other: date) -> bool:
    return start == other if isinstance(other, datetime) else start.date() == other
