"""Block time off: for whom, from when until when. Appointments in that time are shown before it is saved."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from starlette.responses import Response

from pencilin.catalogue import read_catalogue
from pencilin.errors import Invalid
from pencilin.practices import absences
from pencilin.practices.upcoming import TouchesAppointments
from pencilin.web.dashboard import time_off_form, touched
from pencilin.web.dashboard.editing import Form, sent
from pencilin.web.dashboard.period import VIEWS
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

ADDRESS = "/time-off"
FIELDS = ("practitioners", *time_off_form.FIELDS, "view")


def time_off(call: StaffCall) -> Response:
    """``GET /time-off?start=LOCAL&end=LOCAL&practitioner=SLUG``, wall times as the calendar shows them."""
    asked = call.request.query_params
    with call.server.database.read() as session:
        catalogue = read_catalogue(session, call.practice)
    offered = absences.own_choice(call.staff, catalogue.practitioners)
    who = [one.id for one in offered if one.slug == asked.get("practitioner")] or [
        one.id for one in offered if len(offered) == 1
    ]
    start = _wall(asked.get("start", ""))
    end = _wall(asked.get("end", "")) or (start and start + timedelta(hours=1))
    return _page(
        call,
        {
            "practitioners": "\n".join(who),
            "from_date": start.date().isoformat() if start else "",
            "from_time": f"{start:%H:%M}" if start else "",
            "until_date": end.date().isoformat() if end else "",
            "until_time": f"{end:%H:%M}" if end else "",
            "note": "",
            "view": asked.get("view", ""),
        },
    )


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts: to the page."""
    return see_other(ADDRESS)


def block(call: StaffCall) -> Response:
    """``POST /time-off``"""
    values = sent(call, FIELDS)
    who = [one for one in values["practitioners"].split("\n") if one]
    try:
        wanted = time_off_form.read(values)
        rows = call.server.database.write(
            lambda session, now: absences.block(session, call.staff, who, wanted, touched.seen(call), now)
        )
    except Invalid as error:
        wrong = time_off_form.at_its_field(error).fields
        return _page(call, values, wrong=wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except TouchesAppointments as error:
        return _page(call, values, lines=touched.lines(call.practice, error), status=HTTPStatus.CONFLICT)
    view, day = values["view"], rows[0].start.date().isoformat()
    undo = Undo("/time-off/removal", {"time_off": ",".join(one.id for one in rows), "view": view, "date": day})
    words = f"Blocked: {time_off_form.in_words(rows[0], call.practice.staff_locale)}."
    return say(call, see_other(_calendar(view, day)), words, undo)


def unblock(call: StaffCall) -> Response:
    """``POST /time-off/removal`` with ``time_off``, ids with commas between."""
    ids = call.field("time_off").split(",")
    call.server.database.write(lambda session, now: absences.unblock(session, call.staff, ids, now))
    return say(call, see_other(_calendar(call.field("view"), call.field("date"))), "This time is no longer blocked.")


def _wall(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError:
        return None


def _calendar(view: str, day: str) -> str:
    return f"/calendar?view={view if view in VIEWS else 'week'}&date={day}"


def _page(
    call: StaffCall,
    values: Mapping[str, str],
    *,
    wrong: Mapping[str, str] | None = None,
    lines: Sequence[touched.Touched] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    with call.server.database.read() as session:
        catalogue = read_catalogue(session, call.practice)
    offered = absences.own_choice(call.staff, catalogue.practitioners)
    return show(
        call,
        "time_off.html",
        "calendar",
        status=status,
        form=Form(values, {}, wrong or {}),
        practitioners={one.id: one.name for one in offered},
        lines=lines,
    )
