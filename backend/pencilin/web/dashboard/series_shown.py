"""How a series is listed: each date with its zone where that isn't the practice's, and what has become of it."""

from collections.abc import Iterable
from typing import NamedTuple

from pencilin import i18n
from pencilin.models import Practice
from pencilin.review import OfSeries
from pencilin.rules.states import Status
from pencilin.web.dashboard.calendar_asked import STATUSES


class Line(NamedTuple):
    """One date. ``mark`` is a word for what isn't simply to come; ``sent`` is what a form sends for it."""

    url: str
    when: str
    practitioner: str
    status: str
    mark: str
    this: bool
    sent: str


def lines(series: Iterable[OfSeries], practice: Practice) -> list[Line]:
    """The dates in their order."""
    return [
        Line(
            f"/appointments/{one.appointment_id}",
            _when(one, practice),
            one.practitioner,
            one.status.value,
            _mark(one),
            one.this,
            f"{one.appointment_id}.{one.revision}",
        )
        for one in series
    ]


def _when(one: OfSeries, practice: Practice) -> str:
    locale = practice.staff_locale
    when = i18n.brief_time(one.start, one.timezone, locale)
    return (
        when if one.timezone == practice.timezone else i18n.listed(locale, when, i18n.zone_city(one.timezone, locale))
    )


def _mark(one: OfSeries) -> str:
    if one.status is not Status.APPROVED:
        return STATUSES[one.status]
    return "Past" if one.is_past else ""
