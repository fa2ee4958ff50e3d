"""Wall clocks: between two changes a zone's clock is UTC plus a constant, and all arithmetic here uses that.

A month is at most a few such stretches, so hours and dates are found by adding and comparing whole seconds,
with no conversion per minute, and gaps, repeats, missing midnights and missing days need no case of their own.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pencilin.rules.timeline import TICK_SECONDS, Window, instant_of

DAY_SECONDS = 86_400

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_BLOCK = 64 * DAY_SECONDS
_PROBE = DAY_SECONDS // 4


class Stretch(NamedTuple):
    """UTC seconds ``[start, end)`` since 1970 in which the wall clock is UTC plus ``offset`` seconds."""

    start: int
    end: int
    offset: int


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

    ``zoneinfo`` doesn't tell when a zone changes, so it is asked every six hours: since 1970 no zone has
    changed twice within that time.
    """
    start = number * _BLOCK
    found: list[Stretch] = []
    offset = _offset_at(zone, start)
    for probe in range(start + _PROBE, start + _BLOCK + 1, _PROBE):
        new_offset = _offset_at(zone, probe)
        if new_offset != offset:
            change = _change_between(zone, probe - _PROBE, probe)
            found.append(Stretch(start, change, offset))
            start, offset = change, new_offset
    found.append(Stretch(start, (number + 1) * _BLOCK, offset))
    return tuple(found)


def stretches(zone: ZoneInfo, start: int, end: int) -> Iterator[Stretch]:
    """The stretches that make up the UTC seconds ``[start, end)`` since 1970, ascending and without gaps.

    Two neighbours may have the same offset. ``ValueError`` or ``OverflowError`` outside the years 1 to 9999.
    """
    for number in range(start // _BLOCK, -(-end // _BLOCK)):
        for stretch in _block(zone, number):
            low, high = max(stretch.start, start), min(stretch.end, end)
            if low < high:
                yield Stretch(low, high, stretch.offset)


def window_stretches(zone: ZoneInfo, window: Window) -> Iterator[Stretch]:
    """The stretches of a window's ticks."""
    return stretches(zone, window.first * TICK_SECONDS, window.end * TICK_SECONDS)


def dates_in(stretch: Stretch) -> Iterator[tuple[date, int]]:
    """Each local date that a stretch touches, with the UTC second of its midnight by the stretch's offset.

    That second may lie before the stretch, or be one that never is midnight on the wall.
    """
    first = (stretch.start + stretch.offset) // DAY_SECONDS
    last = (stretch.end - 1 + stretch.offset) // DAY_SECONDS
    for day in range(first, last + 1):
        yield date.fromordinal(_EPOCH_ORDINAL + day), day * DAY_SECONDS - stretch.offset


def date_of(zone: ZoneInfo, tick: int) -> date:
    """The local date on which a tick begins."""
    return instant_of(tick).astimezone(zone).date()


def date_bits(zone: ZoneInfo, window: Window) -> dict[date, int]:
    """Each local date in the window with the bits of the ticks that begin on it; the dates share no tick."""
    found: dict[date, int] = {}
    for stretch in window_stretches(zone, window):
        for day, midnight in dates_in(stretch):
            start = max(midnight, stretch.start)
            end = min(midnight + DAY_SECONDS, stretch.end)
            bits = window.mask(-(-start // TICK_SECONDS), -(-end // TICK_SECONDS))
            if bits:
                found[day] = found.get(day, 0) | bits
    return found


def dates_window(zone: ZoneInfo, first: date, days: int) -> Window:
    """The window that holds all of the local dates ``first`` and the ``days - 1`` after it.

    It may be empty (a date that the zone left out). Where a clock was put back over midnight it also
    holds a few ticks of a neighbouring date: :func:`date_bits` tells them apart. ``OverflowError`` beyond the
    year 9999.
    """
    start = datetime.combine(first, time(), zone)
    end = datetime.combine(first + timedelta(days=days), time(fold=1), zone)
    return Window.between(start.astimezone(UTC), max(start, end, key=datetime.timestamp).astimezone(UTC))
