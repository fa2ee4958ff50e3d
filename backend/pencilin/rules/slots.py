"""From open time, busy time and booking rules to starts: the one function that offers a start and checks one.

All bits are read with one window. What lies outside it counts as closed and busy, so ask with a window wider
than the starts that matter (:meth:`Terms.reach`); too narrow a window hides starts, it never invents one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import compress
from operator import or_
from zoneinfo import ZoneInfo

from pencilin.rules.hours import Schedule, grid_bits, open_bits
from pencilin.rules.timeline import Window, runs, tick_from, ticks_in
from pencilin.rules.zones import date_bits


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a service is booked. Minutes are multiples of five; ``length`` and ``step`` at least five.

    ``notice_minutes``: how long before its start at the latest (any number). ``horizon_days``: how many local
    dates after today at the most. ``daily_cap``: how many appointments a practitioner takes on one local date;
    0 is no limit.
    """

    length: int
    buffer_before: int = 0
    buffer_after: int = 0
    step: int = 15
    notice_minutes: int = 0
    horizon_days: int = 60
    daily_cap: int = 0

    def reach(self, asked: Window) -> Window:
        """The window to look at so that every start in the window ``asked`` is decided."""
        return asked.padded(ticks_in(self.buffer_before), ticks_in(self.length) + ticks_in(self.buffer_after))


def starts(
    open_bits: int,
    grid_bits: int,
    busy_bits: int,
    window: Window,
    *,
    length: int,
    buffer_before: int,
    buffer_after: int,
) -> int:
    """The ticks at which a visit of ``length`` minutes fits (all three in minutes).

    All of ``[start, start + length)`` is open, and nothing from ``buffer_before`` minutes before it to
    ``buffer_after`` minutes behind it is busy. Busy ticks already hold the buffers of what takes them, so two
    buffers add up; buffers themselves may lie in closed time. ``ValueError`` for a length of 0.
    """
    visit, before = ticks_in(length), ticks_in(buffer_before)
    free_from = runs(window.full & ~busy_bits, before + visit + ticks_in(buffer_after))
    return grid_bits & runs(open_bits, visit) & (free_from << before)


def earliest_start(now: datetime, notice_minutes: int) -> int:
    """The first tick that keeps the minimum notice, seen from ``now`` (aware)."""
    return tick_from(now + timedelta(minutes=notice_minutes))


def last_date(now: datetime, zone: ZoneInfo, horizon_days: int) -> date:
    """The last local date in ``zone`` that can be booked at ``now`` (aware)."""
    return now.astimezone(zone).date() + timedelta(days=horizon_days)


def bookable_bits(window: Window, zone: ZoneInfo, now: datetime, terms: Terms, booked: Mapping[date, int]) -> int:
    """The ticks that notice, horizon and daily cap leave, whatever the hours.

    ``booked`` counts, for each local date in ``zone``, what the practitioner already has.
    """
    last = last_date(now, zone, terms.horizon_days)
    full = {day for day, count in booked.items() if 0 < terms.daily_cap <= count}
    bits = date_bits(zone, window, lambda day: day <= last and day not in full)
    return bits & window.mask(earliest_start(now, terms.notice_minutes), window.end)


def offered(
    terms: Terms,
    window: Window,
    now: datetime,
    *,
    schedule: Schedule,
    location: str,
    zone: ZoneInfo,
    busy: int,
    booked: Mapping[date, int],
) -> int:
    """The starts that one practitioner offers at one location, as bits of ``window``.

    The same call answers *may this be booked?*: ``window.holds(offered(…), tick)`` with the window
    ``terms.reach(Window(tick, 1))``. ``now`` is aware; ``busy`` are bits of ``window``, whoever holds them and
    in whichever lane, without what the asker holds or moves; ``booked`` as for :func:`bookable_bits`.
    """
    fitting = starts(
        open_bits(schedule, location, zone, window),
        grid_bits(schedule, location, zone, window, terms.step),
        busy,
        window,
        length=terms.length,
        buffer_before=terms.buffer_before,
        buffer_after=terms.buffer_after,
    )
    return fitting & bookable_bits(window, zone, now, terms, booked)


def by_start(window: Window, offers: Mapping[str, int]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Who offers each start, ascending: ``(tick, ids)``, the ids in the order of ``offers``.

    For *any practitioner*; whether there is any start at all is ``|`` of the bits.
    """
    width = len(offers)
    flags = bytearray(width * window.length)
    for place, bits in enumerate(offers.values()):
        flags[place::width] = window.flags(bits)
    known: dict[bytes, tuple[str, ...]] = {}
    for tick in window.set_ticks(reduce(or_, offers.values(), 0)):
        row = bytes(flags[(tick - window.first) * width : (tick - window.first + 1) * width])
        if row not in known:
            known[row] = tuple(compress(offers, row))
        yield tick, known[row]
