"""The first steps of a manager on a new server: a service, hours, the website; then the calendar, with what is left."""

from http import HTTPStatus

from starlette.responses import Response

from pencilin import addresses
from pencilin.errors import Conflict, Invalid
from pencilin.practices import first_run
from pencilin.practices.shapes import DAYS
from pencilin.web import website_words
from pencilin.web.dashboard.editing import Form, refused, sent, shown
from pencilin.web.dashboard.said import say
from pencilin.web.http import page, see_other
from pencilin.web.security import StaffCall
from pencilin.website.snippet import Options

SERVICE = ("name", "minutes", "practitioner", "kind", "location", "where")
HOURS = ("days", "from", "to")
USUAL_HOURS = {"days": "\n".join(DAYS[:5]), "from": "09:00", "to": "17:00"}
DAY_NAMES = dict(zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
KINDS = {"place": "At a place", "video": "By video", "phone": "By phone"}


def service_page(call: StaffCall) -> Response:
    """``GET /set-up/service``; where there is one already, on to the hours."""
    if _progress(call).service:
        return see_other("/set-up/hours")
    usual = {"minutes": "60", "practitioner": call.staff.name, "kind": "place"}
    return _service(call, shown(usual))


def add_service(call: StaffCall) -> Response:
    """``POST /set-up/service``"""
    typed = sent(call, SERVICE)
    try:
        call.server.database.write(lambda session, now: first_run.add_first_service(session, call.staff, typed, now))
    except Invalid as error:
        return _service(call, refused(call, typed, error), HTTPStatus.UNPROCESSABLE_ENTITY)
    except Conflict as error:
        return say(call, see_other("/set-up/hours"), str(error))
    return see_other("/set-up/hours")


def hours_page(call: StaffCall) -> Response:
    """``GET /set-up/hours``; where there are some already, on to the website."""
    done = _progress(call)
    if done.hours or not done.service:
        return see_other("/set-up/website" if done.hours else "/set-up/service")
    return _hours(call, shown(USUAL_HOURS))


def set_hours(call: StaffCall) -> Response:
    """``POST /set-up/hours``"""
    typed = sent(call, HOURS)
    days = [day for day in DAYS if day in typed["days"].split()]
    try:
        call.server.database.write(
            lambda session, now: first_run.set_first_hours(session, call.staff, days, typed["from"], typed["to"], now)
        )
    except Invalid as error:
        return _hours(call, refused(call, typed, error), HTTPStatus.UNPROCESSABLE_ENTITY)
    except Conflict as error:
        return say(call, see_other("/set-up/website"), str(error))
    return see_other("/set-up/website")


def website_page(call: StaffCall) -> Response:
    """``GET /set-up/website``: the lines to paste, and a test booking."""
    return page(
        call,
        "dashboard/first_run/website.html",
        csrf=call.csrf,
        lines=website_words.lines(call, call.practice, Options()),
        hosted=addresses.booking_url(call.server.config.base_url, call.practice),
    )


def hide(call: StaffCall) -> Response:
    """``POST /set-up/hiding``: takes the first steps off the calendar."""
    call.server.database.write(lambda session, now: first_run.hide(session, call.staff, now))
    return say(call, see_other("/calendar"), "Hidden. You find all of it in the settings.")


def _progress(call: StaffCall) -> first_run.Progress:
    with call.server.database.read() as session:
        return first_run.progress(session, call.practice.id)


def _service(call: StaffCall, form: Form, status: int = HTTPStatus.OK) -> Response:
    return page(call, "dashboard/first_run/service.html", status=status, csrf=call.csrf, form=form, kinds=KINDS)


def _hours(call: StaffCall, form: Form, status: int = HTTPStatus.OK) -> Response:
    return page(call, "dashboard/first_run/hours.html", status=status, csrf=call.csrf, form=form, days=DAY_NAMES)
