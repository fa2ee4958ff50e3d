"""The day around an appointment in words: what comes before and after, what is free, and the way between places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pencilin.review import DayEntry
from pencilin.web.dashboard import moments

# Less is no time that anybody plans with.
LEAST_FREE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Around:
    """One appointment of the day; ``gap`` tells of the time since the one before, ``tight``: there is hardly any to
    get from its place to this one. ``there`` is the time at a location whose clocks differ.
    """

    entry: DayEntry
    time: str
    there: str
    gap: str
    tight: bool


def around(day: Sequence[DayEntry], zone: str, locale: str) -> list[Around]:
    """The day with its times in ``zone``."""
    found = []
    for before, one in zip((None, *day), day, strict=False):
        gap, tight = _between(before, one) if before else ("", False)
        time = moments.span(one.start, one.end, zone, locale)
        found.append(Around(one, time, moments.elsewhere(one.start, one.timezone, zone, locale), gap, tight))
    return found


def _between(before: DayEntry, one: DayEntry) -> tuple[str, bool]:
    free = one.start - before.end
    if before.is_place and one.is_place and before.location != one.location:
        way = f"from {before.location} to {one.location}"
        if free <= timedelta():
            return f"No time to get {way}", True
        return f"{moments.gap(free)} to get {way}", free < LEAST_FREE
    return (f"{moments.gap(free)} free", False) if free >= LEAST_FREE else ("", False)
