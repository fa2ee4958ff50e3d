"""Settings → Closures: dates when the whole practice is shut, year by year, with the country's holidays to tick."""

from collections.abc import Sequence
from http import HTTPStatus

from babel import Locale
from starlette.responses import Response

from pencilin import i18n
from pencilin.errors import Invalid
from pencilin.models import Closure
from pencilin.practices import closures, forms
from pencilin.practices.checks import YEARS
from pencilin.practices.upcoming import TouchesAppointments
from pencilin.web.dashboard import editing, moments, touched
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.settings import CLOSURES, show_settings
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

FIELDS = ("date", "until", "name")
# The library reckons movable feasts for about this long ahead; nobody plans further.
YEARS_AHEAD = 5


def closures_page(call: StaffCall) -> Response:
    """``GET /settings/closures?year=&part=``"""
    query = call.request.query_params
    return _show(call, query.get("year", ""), query.get("part", ""))


def add(call: StaffCall) -> Response:
    """``POST /settings/closures``: one date, or all of them up to another, with their name."""
    typed = editing.sent(call, FIELDS)
    try:
        days = closures.days_of(typed["date"], typed["until"], typed["name"])
        rows = call.server.database.write(
            lambda session, now: closures.add(session, call.staff, days, touched.seen(call), now)
        )
    except TouchesAppointments as error:
        form = editing.refused(call, typed, Invalid())
        lines = touched.lines(call.practice, error)
        return _show(call, typed["date"][:4], status=HTTPStatus.CONFLICT, form=form, lines=lines)
    except Invalid as error:
        form = editing.refused(call, typed, error)
        return _show(call, typed["date"][:4], status=HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    return _added(call, rows, "")


def add_holidays(call: StaffCall) -> Response:
    """``POST /settings/closures/holidays``: those that were ticked, each sent as its date and name."""
    year, part = call.field("year"), call.field("part")
    chosen = {day: name for day, _, name in (str(one).partition(" ") for one in call.form.getlist("day"))}
    if not chosen:
        return _show(call, year, part, HTTPStatus.UNPROCESSABLE_ENTITY, problem="Tick the holidays to close on.")
    try:
        rows = call.server.database.write(
            lambda session, now: closures.add(session, call.staff, chosen, touched.seen(call), now)
        )
    except TouchesAppointments as error:
        lines = touched.lines(call.practice, error)
        return _show(call, year, part, HTTPStatus.CONFLICT, lines=lines, ticked=set(chosen))
    except Invalid as error:
        problem = next(iter(error.fields.values()), str(error))
        return _show(call, year, part, HTTPStatus.UNPROCESSABLE_ENTITY, problem=problem, ticked=set(chosen))
    return _added(call, rows, part)


def remove(call: StaffCall) -> Response:
    """``POST /settings/closures/{closure}/removal``"""
    row = call.server.database.write(
        lambda session, now: closures.remove(session, call.staff, call.path("closure"), now)
    )
    undo = Undo(CLOSURES.address, {"date": row.date.isoformat(), "name": row.name})
    return say(call, see_other(f"{CLOSURES.address}?year={row.date.year}"), f"Open again: {row.name}.", undo)


def remove_several(call: StaffCall) -> Response:
    """``POST /settings/closures/removal`` with ``closures``, ids with commas between."""
    ids = call.field("closures").split(",")
    rows = call.server.database.write(lambda session, now: closures.remove_several(session, call.staff, ids, now))
    words = f"Open again on {len(rows)} days." if len(rows) != 1 else "Open again on 1 day."
    if len(rows) < len(ids):
        gone = len(ids) - len(rows)
        words += f" {gone} {'was' if gone == 1 else 'were'} open again before."
    return say(call, see_other(f"{CLOSURES.address}?year={rows[0].date.year}" if rows else CLOSURES.address), words)


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts."""
    if "closure" in call.request.path_params:
        with call.server.database.read() as session:
            forms.find(session, Closure, call.staff, call.path("closure"))
    return see_other(CLOSURES.address)


def _added(call: StaffCall, rows: Sequence[Closure], part: str) -> Response:
    if not rows:
        return say(call, see_other(CLOSURES.address), "The practice is closed on these dates already.")
    address = f"{CLOSURES.address}?year={rows[0].date.year}" + (f"&part={part}" if part.isalnum() else "")
    if len(rows) > 1:
        several = Undo(f"{CLOSURES.address}/removal", {"closures": ",".join(row.id for row in rows)})
        return say(call, see_other(address), f"Added {len(rows)} closures.", several)
    undo = Undo(f"{CLOSURES.address}/{rows[0].id}/removal")
    day = i18n.full_date(rows[0].date, call.practice.staff_locale)
    return say(call, see_other(address), f"Closed on {day}: {rows[0].name}.", undo)


def _show(
    call: StaffCall,
    year: str,
    part: str = "",
    status: int = HTTPStatus.OK,
    *,
    form: editing.Form | None = None,
    problem: str = "",
    lines: Sequence[touched.Touched] = (),
    ticked: set[str] | None = None,
) -> Response:
    practice = call.practice
    today = moments.day_in(call.server.database.clock(), practice.timezone)
    this_year = today.year
    shown = int(year) if year.isdecimal() and len(year) == 4 and int(year) in YEARS else this_year
    with call.server.database.read() as session:
        rows = closures.listed(session, practice.id)
    offered = closures.holidays_of(practice.country, part, shown) if shown <= this_year + YEARS_AHEAD else None
    taken = {row.date for row in rows}
    locale = practice.staff_locale
    return show_settings(
        call,
        "closures.html",
        CLOSURES,
        status=status,
        year=shown,
        part=part,
        years=sorted({this_year, this_year + 1, shown, *(row.date.year for row in rows)}),
        rows=[(row, i18n.dated_day(row.date, locale)) for row in rows if row.date.year == shown],
        holidays=[
            (day.isoformat(), i18n.dated_day(day, locale), name, day in taken)
            for day, name in (offered.days if offered else ())
            if day >= today
        ],
        parts=offered.parts if offered else {},
        country=Locale.parse("en").territories.get(practice.country, practice.country),
        form=form or editing.shown(dict.fromkeys(FIELDS, "")),
        problem=problem,
        lines=lines,
        ticked=ticked if ticked is not None else set(),
        from_holidays=ticked is not None,
    )
