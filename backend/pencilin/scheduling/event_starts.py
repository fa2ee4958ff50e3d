"""The starts of a calendar file's events: of one that repeats, of each single one that it stands for."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

# Without types of its own.
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from icalendar import Event, vRecur

from pencilin.errors import Invalid

# Twenty years of weeks; more is no appointment of one client.
MOST = 1_040
UNCLEAR = "has times with and without a time zone, or whole days among them. Export it with the time zone of each."
_TIMED = ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE")


def instant_in(zone: ZoneInfo, time: datetime) -> datetime:
    """The instant in UTC; a time without a zone is one of ``zone``."""
    return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Clock:
    """Compares the starts of one event with its other times, whichever of them have a zone.

    A time without one is the location's. Raises :class:`Invalid` where the event's own zone would tell otherwise.
    """

    start: datetime
    zone: ZoneInfo

    def instant(self, time: datetime) -> datetime:
        found = instant_in(self.zone, time)
        own = self.start.tzinfo
        if own and not time.tzinfo and time.replace(tzinfo=own).astimezone(UTC) != found:
            raise Invalid({}, UNCLEAR)
        return found

    def is_same(self, start: datetime, other: date) -> bool:
        if isinstance(other, datetime):
            return self.instant(start) == self.instant(other)
        return _agreed({day == other for day in self._days(start)})

    def is_after(self, start: datetime, end: date) -> bool:
        if isinstance(end, datetime):
            return self.instant(start) > self.instant(end)
        return _agreed({day > end for day in self._days(start)})

    def _days(self, start: datetime) -> set[date]:
        return {start.date(), self.instant(start).astimezone(self.zone).date()}


def _agreed(answers: set[bool]) -> bool:
    if len(answers) > 1:
        raise Invalid({}, UNCLEAR)
    return answers.pop()


def stands_for(event: Event, zone: ZoneInfo) -> date | None:
    """The date of another event that this one is instead of, moved or cancelled.

    Raises :class:`Invalid` for what changes more than one date and for a time zone that the file doesn't define, with
    the location's ``zone`` as an example of another, ``ValueError`` for what can't be read.
    """
    for name in _TIMED:
        told = event.get(name, [])
        for values in told if isinstance(told, list) else [told]:
            times = [one.dt for one in getattr(values, "dts", [values])]
            if name != "RDATE" and not all(isinstance(one, date) for one in times):
                raise ValueError("a time without a date")
            if (tzid := values.params.get("TZID")) and any(
                isinstance(one, datetime) and not one.tzinfo for one in times
            ):
                raise Invalid(
                    {}, f"is in a time zone that the file doesn't define: {tzid}. Export it in one like {zone.key}."
                )
    of = event.get("RECURRENCE-ID")
    if of is None:
        return None
    if isinstance(of, list):
        raise ValueError("instead of more than one date")
    if "RANGE" in of.params:
        raise Invalid({}, "changes all dates from one on. Export these as single events.")
    found: date = of.dt
    return found


def starts_of(event: Event, moved: Set[date], until: datetime, zone: ZoneInfo) -> list[datetime]:
    """When it takes place up to ``until``, the dates that are excepted and those that ``moved`` elsewhere left out.

    In the event's own zone, where it has one: each is at the same time by the clock. Times without a zone are those of
    ``zone``. Raises :class:`Invalid` for an event of whole days, for one of too many dates and for what would make
    them others than was meant, ``ValueError`` without a start, or a rule that can be read.
    """
    start = event.start
    if not isinstance(start, datetime):
        raise Invalid({}, "is for whole days. Leave it out; time off is blocked in the calendar.")
    if "EXRULE" in event:
        raise Invalid({}, "leaves out dates by a rule. Export its dates as single events.")
    clock = _Clock(start, zone)
    found = {clock.instant(start): start}
    for one in _others(event, clock, until):
        found.setdefault(clock.instant(one), one)
        if len(found) > MOST:
            raise Invalid({}, f"repeats more than {MOST:,} times. Let it begin later, or end sooner.")
    left_out = (*event.exdates, *moved)
    return [one for _, one in sorted(found.items()) if not any(clock.is_same(one, other) for other in left_out)]


def length_of(event: Event, zone: ZoneInfo) -> timedelta:
    """How long it takes; raises as :func:`starts_of`."""
    start, end = event.start, event.end
    if isinstance(start, datetime) and isinstance(end, datetime) and (start.tzinfo is None) != (end.tzinfo is None):
        clock = _Clock(start, zone)
        return clock.instant(end) - clock.instant(start)
    return event.duration


def _others(event: Event, clock: _Clock, until: datetime) -> Iterator[datetime]:
    for rule in event.rrules:
        yield from _repeated(rule, clock, until)
    for one, end in event.rdates:
        if end or not isinstance(one, datetime):
            raise Invalid(
                {}, "has more dates without a time, or with an end, of their own. Export it as single events."
            )
        if not clock.is_after(one, until):
            yield one


def _repeated(rule: vRecur, clock: _Clock, until: datetime) -> Iterator[datetime]:
    if "FREQ" not in rule:
        raise ValueError("a rule without a frequency")
    # What other programs write as the end fits the start's form too seldom to be read by the library.
    ends = [until, *rule.get("UNTIL", [])]
    told: bytes = rule.to_ical()  # type: ignore[no-untyped-call]
    parts = [part for part in told.decode().split(";") if not part.startswith("UNTIL=")]
    for one in rrulestr(";".join(parts), dtstart=clock.start):
        if any(clock.is_after(one, end) for end in ends):
            return
        yield one
