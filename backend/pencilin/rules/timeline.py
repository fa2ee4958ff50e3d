"""Time as bits: one ``int`` holds a month of five-minute ticks.

A tick is named by its number since 1970-01-01T00:00Z. A set of ticks is an ``int`` read together with a
:class:`Window`: bit *k* stands for the tick ``window.first + k``. So opening hours minus busy time is ``&~``,
and *any of twenty practitioners* is ``|``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Self

TICK_MINUTES = 5
TICK_SECONDS = TICK_MINUTES * 60

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(minutes=TICK_MINUTES)
_FLAGS = bytes.maketrans(b"01", b"\x00\x01")


def tick_at(instant: datetime) -> int:
    """The tick that holds ``instant`` (aware, any zone). ``TypeError`` for a naive one."""
    return (instant - _EPOCH) // _TICK


def tick_from(instant: datetime) -> int:
    """The first tick that begins at or after ``instant`` (aware). ``TypeError`` for a naive one."""
    return -((_EPOCH - instant) // _TICK)


def instant_of(tick: int) -> datetime:
    """When ``tick`` begins, in UTC."""
    return _EPOCH + tick * _TICK


def ticks_between(start: datetime, end: datetime) -> range:
    """Every tick that ``[start, end)`` touches: the start is rounded down, the end up."""
    return range(tick_at(start), tick_from(end))


def ticks_in(minutes: int) -> int:
    """How many ticks last ``minutes``. ``ValueError`` unless a multiple of five, not negative."""
    ticks, rest = divmod(minutes, TICK_MINUTES)
    if rest or ticks < 0:
        raise ValueError(f"{minutes} minutes: should be 0 or a multiple of {TICK_MINUTES}")
    return ticks


def runs(bits: int, n: int) -> int:
    """The bits from which on ``n`` ticks in a row are set, this one included (``n`` at least 1).

    Doubles the length that is known to be set, so a run of 24 ticks takes five steps. Beyond the highest bit
    nothing is set: a run that would leave the window doesn't count.
    """
    if n < 1:
        raise ValueError(f"a run of {n} ticks: should be at least 1")
    known = 1
    while known < n:
        shift = min(known, n - known)
        bits &= bits >> shift
        known += shift
    return bits


@lru_cache(maxsize=1024)
def comb(period: int, count: int) -> int:
    """``count`` bits, the first at 0, each ``period`` ticks after the one before."""
    return ((1 << period * count) - 1) // ((1 << period) - 1)


@dataclass(frozen=True, slots=True)
class Window:
    """The ticks ``[first, first + length)``, for which bits are read and written."""

    first: int
    length: int

    @classmethod
    def between(cls, start: datetime, end: datetime) -> Self:
        """The window of every tick that ``[start, end)`` touches (aware instants)."""
        ticks = ticks_between(start, end)
        return cls(ticks.start, len(ticks))

    @property
    def end(self) -> int:
        """The first tick after the window."""
        return self.first + self.length

    @property
    def full(self) -> int:
        """All bits of the window."""
        return (1 << self.length) - 1

    def padded(self, before: int, after: int) -> Self:
        """This window with ``before`` more ticks ahead of it and ``after`` more behind."""
        return type(self)(self.first - before, before + self.length + after)

    def mask(self, start_tick: int, end_tick: int) -> int:
        """The bits of the absolute ticks ``[start_tick, end_tick)``, as far as they lie in the window."""
        low = max(start_tick - self.first, 0)
        count = min(end_tick - self.first, self.length) - low
        return ((1 << count) - 1) << low if count > 0 else 0

    def bits(self, ticks: Iterable[int]) -> int:
        """The bits of these absolute ticks, in any order; those outside the window are left out."""
        first, end = self.first, self.end
        digits = bytearray(b"0" * self.length)
        for tick in ticks:
            if first <= tick < end:
                digits[end - 1 - tick] = 0x31
        return int(digits or b"0", 2)

    def set_ticks(self, bits: int) -> Iterator[int]:
        """The absolute ticks that are set, ascending."""
        flags = self.flags(bits)
        position = flags.find(1)
        while position >= 0:
            yield self.first + position
            position = flags.find(1, position + 1)

    def spans(self, bits: int) -> Iterator[tuple[int, int]]:
        """The stretches of ticks that are set, ascending: of each its first tick, and the first after it."""
        flags = self.flags(bits)
        start = flags.find(1)
        while start >= 0:
            end = flags.find(0, start)
            end = self.length if end < 0 else end
            yield self.first + start, self.first + end
            start = flags.find(1, end)

    def flags(self, bits: int) -> bytes:
        """One byte for each tick of the window, 1 where it is set and 0 where not."""
        return f"{bits:0{self.length}b}"[::-1].encode().translate(_FLAGS)

    def holds(self, bits: int, tick: int) -> bool:
        """Whether the absolute ``tick`` lies in the window and is set."""
        return self.first <= tick < self.end and bool(bits >> (tick - self.first) & 1)
