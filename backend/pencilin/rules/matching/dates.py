"""Birth dates: the same, nearly the same, in conflict, or nothing to go by."""

from datetime import date
from enum import Enum
from typing import Final

from rapidfuzz.distance import OSA

GENERATION: Final = 13  # years; a parent of the same name is at least so much older


class Dates(Enum):
    """What two birth dates say about each other."""

    SAME = "same"
    TURNED = "turned"  # day and month exchanged, or two neighbouring digits
    DIGIT = "digit"  # one digit differs
    PART = "part"  # one of year, month and day differs by more than a digit
    WEAK = "weak"  # the same, but a date that many files have for want of a better one
    MISSING = "missing"
    CONFLICT = "conflict"


def is_placeholder(day: date) -> bool:
    """1 January of any year, and the days that programs set for *unknown*: next to nothing."""
    return (day.month, day.day) == (1, 1) or day in (date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 2))


def compare_dates(typed: date | None, filed: date | None) -> Dates:
    """Compares two birth dates; see :class:`Dates`.

    A placeholder conflicts only by its year, and only when that year was meant (1900 is not).
    """
    if typed is None or filed is None:
        return Dates.MISSING
    if is_placeholder(typed) or is_placeholder(filed):
        if typed == filed:
            return Dates.WEAK
        years_meant = typed.year > 1900 and filed.year > 1900
        return Dates.CONFLICT if years_meant and typed.year != filed.year else Dates.MISSING
    if typed == filed:
        return Dates.SAME
    if typed.year == filed.year and (typed.month, typed.day) == (filed.day, filed.month):
        return Dates.TURNED
    one, other = typed.isoformat(), filed.isoformat()
    if OSA.distance(one, other, score_cutoff=1) == 1:
        return Dates.TURNED if sorted(one) == sorted(other) else Dates.DIGIT
    parts = (typed.year != filed.year) + (typed.month != filed.month) + (typed.day != filed.day)
    return Dates.PART if parts == 1 else Dates.CONFLICT


def generation_apart(typed: date, filed: date) -> bool:
    """Whether a parent and a child of the same name could have these two dates."""
    return abs(typed.year - filed.year) >= GENERATION
