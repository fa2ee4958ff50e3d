"""When a practitioner is there. The one definition of *open*:

A minute is open when its wall-clock time, in the location's zone, lies inside a rule of that local date.

So the hour that a clock skips has no slots, the hour it repeats has them twice, and a day may lack its
midnight. Rules are kept and read as local wall time; nothing is converted except the window that is asked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from pencilin.rules.timeline import TICK_SECONDS, Window, comb, ticks_in
from pencilin.rules.zones import local_days, stretches

_MINUTES_OF_DAY = 24 * 60

Hours: TypeAlias = tuple[int, int]
"""Minutes of a local day, ``[from, to)``; 1440 is the end of the day."""

_Span: TypeAlias = tuple[int, int, int]


def _check_hours(from_minute: int, to_minute: int) -> None:
    if not 0 <= from_minute < to_minute <= _MINUTES_OF_DAY:
        raise ValueError(f"minutes {from_minute} to {to_minute}: should lie within one day, in this order")


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Hours that recur in local time, at each of ``locations`` (``days``: Monday is 0).

    With ``first_week_of`` the rule counts Monday-based weeks from the week of that date: it holds in that week
    and in every ``every_weeks``-th after it, and in none before. Without it every week counts, so
    ``every_weeks`` above 1 needs it. ``valid_from`` and ``valid_until`` are both included. ``ValueError`` for
    hours that don't lie within one day.
    """

    days: frozenset[int]
    from_minute: int
    to_minute: int
    locations: frozenset[str]
    every_weeks: int = 1
    first_week_of: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        _check_hours(self.from_minute, self.to_minute)
        if self.every_weeks < 1 or (self.every_weeks > 1 and self.first_week_of is None):
            raise ValueError(f"every {self.every_weeks} weeks: should be 1, or more with a first week")

    def holds_on(self, day: date) -> bool:
        """Whether the rule has hours on this local date."""
        if day.weekday() not in self.days:
            return False
        if (self.valid_from and day < self.valid_from) or (self.valid_until and self.valid_until < day):
            return False
        if self.first_week_of is None:
            return True
        weeks = (_monday(day) - _monday(self.first_week_of)) // 7
        return weeks >= 0 and weeks % self.every_weeks == 0


def _monday(day: date) -> int:
    """The ordinal of the Monday of this date's week."""
    return day.toordinal() - day.weekday()


@dataclass(frozen=True, slots=True)
class OverrideDay:
    """Other hours on one local date, in place of every weekly rule of that date, wherever it serves.

    No hours: absent. No locations: the hours hold wherever the practitioner has a weekly rule. Several
    overrides of one date add up.
    """

    date: date
    hours: tuple[Hours, ...]
    locations: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for from_minute, to_minute in self.hours:
            _check_hours(from_minute, to_minute)


@dataclass(frozen=True, slots=True)
class TimeOff:
    """An absence, ``[start, end)`` as naive wall-clock times.

    A minute is off when the wall clock of the location shows a time in between, both times if it shows it twice.
    """

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that says when one practitioner is there. ``closures`` are local dates of the whole practice."""

    rules: tuple[WeeklyRule, ...] = ()
    overrides: tuple[OverrideDay, ...] = ()
    time_off: tuple[TimeOff, ...] = ()
    closures: frozenset[date] = frozenset()


def _spans(schedule: Schedule, location: str, zone: ZoneInfo, window: Window) -> Iterator[_Span]:
    """What each rule opens in the window, before time off; spans of different rules may overlap.

    A span is ``(start, end, origin)`` in UTC seconds: open in ``[start, end)``, and the rule's wall-clock minutes
    count from ``origin``, which may lie before ``start``.
    """
    rules = [rule for rule in schedule.rules if location in rule.locations]
    settled: dict[date, list[Hours]] = {}
    for override in schedule.overrides:
        hours_here = settled.setdefault(override.date, [])
        if location in override.locations or (rules and not override.locations):
            hours_here.extend(override.hours)
    settled.update((day, []) for day in schedule.closures)
    for day, midnight, day_start, day_end in local_days(zone, window):
        hours = settled.get(day)
        if hours is None:
            hours = [(rule.from_minute, rule.to_minute) for rule in rules if rule.holds_on(day)]
        for from_minute, to_minute in hours:
            origin = midnight + from_minute * 60
            start = max(origin, day_start)
            end = min(midnight + to_minute * 60, day_end)
            if start < end:
                yield start, end, origin


def _joined(spans: Iterable[_Span]) -> Iterator[tuple[int, int]]:
    """The spans as few, ascending ``(start, end)``: those that overlap or touch become one.

    Seconds are joined before they become ticks, so that a tick stays open in which one rule takes over from
    another, or a clock changes.
    """
    ascending = iter(sorted(spans))
    joined = next(ascending, None)
    if joined is None:
        return
    start, end, _ = joined
    for next_start, next_end, _ in ascending:
        if next_start > end:
            yield start, end
            start = next_start
        end = max(end, next_end)
    yield start, end


def _off_bits(absences: Iterable[TimeOff], zone: ZoneInfo, window: Window) -> int:
    """Every tick that an absence touches, by the clock of ``zone``."""
    bits = 0
    for absence in absences:
        start = round(absence.start.replace(tzinfo=UTC).timestamp())
        end = round(absence.end.replace(tzinfo=UTC).timestamp())
        for stretch in stretches(zone, window):
            low = max(start - stretch.offset, stretch.start)
            high = min(end - stretch.offset, stretch.end)
            if low < high:
                bits |= window.mask(low // TICK_SECONDS, -(-high // TICK_SECONDS))
    return bits


def open_bits(schedule: Schedule, location: str, zone: ZoneInfo, window: Window) -> int:
    """The ticks in which the practitioner is there, at one location whose zone is ``zone``.

    A tick is open when all of its minutes are. Closures and overrides go by the local date in ``zone``.
    """
    bits = 0
    for start, end in _joined(_spans(schedule, location, zone, window)):
        bits |= window.mask(-(-start // TICK_SECONDS), end // TICK_SECONDS)
    return bits & ~_off_bits(schedule.time_off, zone, window)


def grid_bits(schedule: Schedule, location: str, zone: ZoneInfo, window: Window, step: int) -> int:
    """The ticks at which a start is on the grid of a rule that covers it, whether or not it is free.

    On the grid: its wall-clock minutes since the rule's start are a multiple of ``step`` (minutes, itself a
    multiple of five). Time off and bookings never shift it. ``ValueError`` for another step.
    """
    period = ticks_in(step)
    if not period:
        raise ValueError("a step of 0 minutes: should be at least 5")
    bits = 0
    for start, end, origin in _spans(schedule, location, zone, window):
        first = start + (origin - start) % (period * TICK_SECONDS)
        tick, rest = divmod(first, TICK_SECONDS)
        if not rest:
            count = -(-(end - first) // (period * TICK_SECONDS))
            bits |= comb(period, count) << (tick - window.first)
    return bits


def after_open_minutes(bits: int, window: Window, since: int, minutes: int) -> int | None:
    """When ``minutes`` of open time have passed since tick ``since``; None: later than the window.

    ``bits`` are the open hours (of the practice: the union over its practitioners). This is what a deadline
    in open hours means: 60 open minutes after five to closing time are 55 minutes past the next opening.
    """
    left = ticks_in(minutes)
    if not left:
        return since
    for tick in window.set_ticks(bits & window.mask(since, window.end)):
        left -= 1
        if not left:
            return tick + 1
    return None
