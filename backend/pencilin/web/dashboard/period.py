"""The stretch of dates that a view of the calendar shows, and what lies before and after it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from babel.dates import format_interval, format_skeleton

from pencilin import i18n

View = Literal["day", "week", "month", "list"]
VIEWS: tuple[View, ...] = get_args(View)

# Dates beyond these are taken as these: no appointment is, and arithmetic stays within what a date can be.
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """``days`` dates from ``first`` on; ``previous`` and ``following`` are dates in the periods beside it."""

    view: View
    day: date
    first: date
    days: int
    title: str
    previous: date
    following: date


def view_named(name: str) -> View:
    """The view that an address asks for; a week for whatever is none."""
    return next((view for view in VIEWS if view == name), "week")


def period(view: View, day: date, locale: str) -> Period:
    """The period of ``view`` that holds ``day``; weeks begin on Monday."""
    day = min(max(day, EARLIEST), LATEST)
    if view == "day":
        title = format_skeleton("yMMMEd", day, locale=i18n.spoken(locale))
        return Period(view, day, day, 1, title, day - timedelta(days=1), day + timedelta(days=1))
    if view == "month":
        first = day.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        previous = (first - timedelta(days=1)).replace(day=1)
        title = format_skeleton("yMMMM", first, locale=i18n.spoken(locale))
        return Period(view, day, first, (following - first).days, title, previous, following)
    monday = day - timedelta(days=day.weekday())
    title = format_interval(monday, monday + timedelta(days=6), "yMMMd", locale=i18n.spoken(locale))
    return Period(view, day, monday, 7, title, day - timedelta(days=7), day + timedelta(days=7))
