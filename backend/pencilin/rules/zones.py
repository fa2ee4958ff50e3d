"""Wall clocks: between two changes a zone's clock is UTC plus a constant, and all arithmetic here uses that.

A month is at most a few such stretches, so hours and dates are found by adding and comparing whole seconds,
with no conversion per minute, and gaps, repeats, missing midnights and missing days need no case of their own.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pencilin.rules.timeline import TICK_SECONDS, Window

DAY_SECONDS = 86_400

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_DAY_TICKS = DAY_SECONDS // TICK_SECONDS
_BLOCK = 64 * DAY_SECONDS


class Stretch(NamedTuple):
    """UTC seconds ``[start, end)`` since 1970 in which the wall clock is UTC plus ``offset`` seconds."""

    start: int
    end: int
    offset: int


class LocalDay(NamedTuple):
    """A part of a local date with one offset: UTC seconds ``[start, end)``.

    ``midnight`` is when the date would have begun by this offset: the wall clock shows ``second - midnight``. It
    may lie before the start.
    """

    date: date
    midnight: int
    start: int
    end: int


def _offset_at(zone: ZoneInfo, second: int) -> int:
    wall = datetime.fromtimestamp(second, zone)
    return round(wall.replace(tzinfo=UTC).timestamp()) - second


def _change_between(zone: ZoneInfo, before: int, after: int) -> int:
    """The second at which the offset of ``before`` ends, given that ``after`` has another one."""
    offset = _offset_at(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_at(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


@lru_cache(maxsize=1024)
def _block(zone: ZoneInfo, number: int) -> tuple[Stretch, ...]:
    """The stretches of one block of 64 days.

    ``zoneinfo`` doesn't tell when a zone changes, so it is asked once a day: since 1970 no zone has changed its
    offset twice within six days.
    """
    start, end = number * _BLOCK, (number + 1) * _BLOCK
    found: list[Stretch] = []
    since, offset = start, _offset_at(zone, start)
    for probe in range(start + DAY_SECONDS, end + 1, DAY_SECONDS):
        new_offset = _offset_at(zone, probe)
        if new_offset != offset:
            change = _change_between(zone, probe - DAY_SECONDS, probe)
            found.append(Stretch(since, change, offset))
            since, offset = change, new_offset
    found.append(Stretch(since, end, offset))
    return tuple(found)


def stretches(zone: ZoneInfo, window: Window) -> Iterator[Stretch]:
    """The stretches that make up a window, ascending and without gaps; two neighbours may have the same offset.

    ``ValueError`` or ``OverflowError`` near the ends of the years 1 to 9999.
    """
    start, end = window.first * TICK_SECONDS, window.end * TICK_SECONDS
    for number in range(start // _BLOCK, -(-end // _BLOCK)):
        for stretch in _block(zone, number):
            low, high = max(stretch.start, start), min(stretch.end, end)
            if low < high:
                yield Stretch(low, high, stretch.offset)


@lru_cache(maxsize=256)
def local_days(zone: ZoneInfo, window: Window) -> tuple[LocalDay, ...]:
    """The local dates of a window, ascending in time and without gaps.

    A date comes twice when a clock changes on it. Kept for a while, since every practitioner of a location asks
    for the same window.
    """
    found: list[LocalDay] = []
    for start, end, offset in stretches(zone, window):
        for number in range((start + offset) // DAY_SECONDS, (end - 1 + offset) // DAY_SECONDS + 1):
            midnight = number * DAY_SECONDS - offset
            day = date.fromordinal(_EPOCH_ORDINAL + number)
            found.append(LocalDay(day, midnight, max(midnight, start), min(midnight + DAY_SECONDS, end)))
    return tuple(found)


def date_bits(zone: ZoneInfo, window: Window, wanted: Callable[[date], bool]) -> int:
    """The ticks of the window that begin on a local date that is ``wanted``."""
    bits = start = end = 0
    for day in local_days(zone, window):
        if wanted(day.date):
            if day.start != end:
                bits |= window.mask(-(-start // TICK_SECONDS), -(-end // TICK_SECONDS))
                start = day.start
            end = day.end
    return bits | window.mask(-(-start // TICK_SECONDS), -(-end // TICK_SECONDS))


def dates_window(zone: ZoneInfo, first: date, days: int) -> Window:
    """The window that holds all of the local dates ``first`` and the ``days - 1`` after it.

    It may be empty (a date that the zone left out). Where a clock was put back over midnight it also holds a few
    ticks of a neighbouring date: :func:`date_bits` tells them apart. Errors as for :func:`stretches`.
    """
    start = (first.toordinal() - _EPOCH_ORDINAL) * _DAY_TICKS
    nearby = Window(start, days * _DAY_TICKS).padded(_DAY_TICKS, _DAY_TICKS)
    numbers = range(first.toordinal(), first.toordinal() + days)
    parts = [day for day in local_days(zone, nearby) if day.date.toordinal() in numbers]
    if not parts:
        return Window(start, 0)
    tick = parts[0].start // TICK_SECONDS
    return Window(tick, -(-parts[-1].end // TICK_SECONDS) - tick)
