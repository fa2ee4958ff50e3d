"""Insights: figures of a period as plots that the server draws, each with its table, and all of them as CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_skeleton
from starlette.responses import Response

from pencilin import i18n
from pencilin import insights as figures
from pencilin.booking import HOSTED
from pencilin.catalogue import Catalogue, read_catalogue
from pencilin.errors import NotFound
from pencilin.insights import Insights
from pencilin.models import Role
from pencilin.rules.spreadsheet import as_csv
from pencilin.web.dashboard import moments
from pencilin.web.dashboard.shell import show
from pencilin.web.security import StaffCall

USUAL = timedelta(weeks=12)
PRESETS = {"4 weeks": timedelta(weeks=4), "12 weeks": USUAL, "A year": timedelta(days=365)}
# A label under each column of a plot, but no more of them than fit on a phone.
MOST_LABELS = 12
YEARS = range(2000, 2200)
BECAME = {
    "approved": "Approved",
    "declined": "Declined",
    "expired": "Expired",
    "cancelled": "Cancelled",
    "waiting": "Waiting",
}
SOURCES = {HOSTED: "Your hosted booking page", "": "Not known"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures: dates, both included, and perhaps one practitioner; ``odd`` says what was corrected."""

    first: date
    last: date
    practitioner: str
    odd: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line or column of a plot: its parts by kind, from 0 to 100 of the longest, and its figure in words."""

    label: str
    parts: tuple[tuple[str, float], ...]
    figure: str


def insights(call: StaffCall) -> Response:
    """``GET /insights?from=YYYY-MM-DD&to=YYYY-MM-DD&practitioner=SLUG``: by default the last twelve weeks."""
    asked, catalogue, found = _found(call)
    today = moments.day_in(call.server.database.clock(), call.practice.timezone)
    locale = call.practice.staff_locale
    requests = found.total("requests")
    return show(
        call,
        "insights.html",
        "insights",
        asked=asked,
        presets=[(name, today - length + timedelta(days=1), today) for name, length in PRESETS.items()],
        practitioners=catalogue.practitioners if call.staff.role != Role.PRACTITIONER else (),
        requests=requests,
        weeks=found.weeks,
        columns=_columns(found, locale),
        week_names=[_day(week.monday, locale) for week in found.weeks],
        became=BECAME,
        totals={what: found.total(what) for what in BECAME},
        shares={what: _percent(found.total(what), requests) for what in BECAME},
        speed=found.speed,
        median=_waited(found.speed.median),
        nine_in_ten=_waited(found.speed.nine_in_ten),
        waits=_bars([(words, count, str(count)) for words, count in found.speed.spread]),
        loads=_loads(found),
        sources=_bars(
            [
                (SOURCES.get(name, name.removeprefix("https://")), count, f"{count} · {_percent(count, requests)}")
                for name, count in found.sources
            ]
        ),
        zone=i18n.zone_name(call.server.database.clock(), call.practice.timezone, locale),
    )


def weekly_figures(call: StaffCall) -> Response:
    """``GET /insights/weeks.csv``, with the same query: requests by week and outcome."""
    asked, _, found = _found(call)
    rows = [[week.monday, week.requests, *(getattr(week, what) for what in BECAME)] for week in found.weeks]
    return _csv(f"requests-{asked.first}-{asked.last}.csv", ["Week of", "Requests", *BECAME.values()], rows)


def practitioner_figures(call: StaffCall) -> Response:
    """``GET /insights/practitioners.csv``, with the same query: booked and open hours of each."""
    asked, _, found = _found(call)
    rows = [[one.practitioner, one.booked / 60, one.open / 60] for one in found.loads]
    return _csv(f"practitioners-{asked.first}-{asked.last}.csv", ["Practitioner", "Booked hours", "Open hours"], rows)


def _csv(name: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(header, rows), media_type="text/csv", headers=headers)


def _found(call: StaffCall) -> tuple[Asked, Catalogue, Insights]:
    """What is asked for. Raises :class:`NotFound` for a practitioner whom nobody knows."""
    query = call.request.query_params
    today = moments.day_in(call.server.database.clock(), call.practice.timezone)
    asked = _period(query.get("from", ""), query.get("to", ""), query.get("practitioner", ""), today)
    with call.server.database.read() as session:
        catalogue = read_catalogue(session, call.practice)
        chosen = catalogue.practitioner(asked.practitioner) if asked.practitioner else None
        if asked.practitioner and chosen is None:
            raise NotFound("There is no such practitioner here. Choose one in Insights.")
        one = chosen.id if chosen else None
        return asked, catalogue, figures.insights(session, call.staff, catalogue, asked.first, asked.last, one)


def _period(first: str, last: str, practitioner: str, today: date) -> Asked:
    usual = Asked(today - USUAL + timedelta(days=1), today, practitioner)
    if not first and not last:
        return usual
    try:
        since, until = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return Asked(usual.first, usual.last, practitioner, "Enter both dates. Here are the last twelve weeks.")
    if not {since.year, until.year} <= set(YEARS):
        return Asked(usual.first, usual.last, practitioner, "Enter dates of our time. Here are the last twelve weeks.")
    if since > until:
        return Asked(until, since, practitioner, "The dates were the wrong way round, so they were exchanged.")
    longest = timedelta(days=figures.LONGEST - 1)
    if until - since > longest:
        return Asked(until - longest, until, practitioner, "At most a year is shown: here is the last one of those.")
    return Asked(since, until, practitioner)


def _waited(span: timedelta | None) -> str:
    """*41 min*, *2 h 41 min* or *3 days 4 h*: what is rounded to hours looks shorter than it was."""
    if span is None:
        return "–"
    if span < timedelta(days=2):
        return moments.gap(span) or "less than 1 min"
    return f"{span.days} days {span.seconds // 3600} h"


def _columns(found: Insights, locale: str) -> list[Bar]:
    most = max([week.requests for week in found.weeks], default=0) or 1
    every = -(-len(found.weeks) // MOST_LABELS)
    return [
        Bar(
            _day(week.monday, locale) if not number % every else "",
            tuple((what, 100 * getattr(week, what) / most) for what in BECAME),
            str(week.requests),
        )
        for number, week in enumerate(found.weeks)
    ]


def _day(day: date, locale: str) -> str:
    """*Nov 16*, or *16 Nov*."""
    return format_skeleton("MMMd", day, locale=i18n.spoken(locale))


def _loads(found: Insights) -> list[Bar]:
    return [
        Bar(
            one.practitioner,
            (("booked", min(100, 100 * (one.share or 0))),),
            f"{one.booked / 60:g} of {one.open / 60:g} h" + (f" · {one.share:.0%}" if one.share is not None else ""),
        )
        for one in found.loads
    ]


def _bars(counts: Sequence[tuple[str, int, str]]) -> list[Bar]:
    most = max([count for _, count, _ in counts], default=0) or 1
    return [Bar(label, (("booked", 100 * count / most),), figure) for label, count, figure in counts]


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
