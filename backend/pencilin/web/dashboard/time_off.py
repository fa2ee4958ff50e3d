"""Block time off: for whom, from when until when. Appointments in that time are shown before it is saved."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin import i18n, review, scheduling
from pencilin.catalogue import read_catalogue
from pencilin.errors import AppointmentsInTheWay, Invalid
from pencilin.models import Appointment, Client, Practitioner, TentativeClient
from pencilin.scheduling import Absence
from pencilin.web.dashboard.editing import Form, sent
from pencilin.web.dashboard.period import VIEWS
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

ADDRESS = "/time-off"
FIELDS = ("practitioners", "from_date", "from_time", "until_date", "until_time", "note", "view")


def time_off(call: StaffCall) -> Response:
    """``GET /time-off?start=LOCAL&end=LOCAL&practitioner=SLUG``, wall times as the calendar shows them."""
    asked = call.request.query_params
    with call.server.database.read() as session:
        catalogue = read_catalogue(session, call.practice)
    offered = scheduling.own_choice(call.staff, catalogue.practitioners)
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
    """``POST /time-off``; ``seen`` are the appointments that were shown, ticked with *Block it all the same*."""
    values = sent(call, FIELDS)
    seen = call.field("seen").split(",") if call.field("despite") == "yes" else []
    try:
        wanted = _read(values)
        ids = call.server.database.write(
            lambda session, now: scheduling.block(session, call.staff, wanted, now, seen=seen)
        )
    except Invalid as error:
        return _page(call, values, wrong=error.fields, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except AppointmentsInTheWay as error:
        return _page(call, values, in_the_way=error.ids, status=HTTPStatus.CONFLICT)
    view, day = values["view"], wanted.start.date().isoformat()
    undo = Undo("/time-off/removal", {"time_off": ",".join(ids), "view": view, "date": day})
    return say(call, see_other(_calendar(view, day)), f"Blocked: {_span(call, wanted)}.", undo)


def unblock(call: StaffCall) -> Response:
    """``POST /time-off/removal`` with ``time_off``, ids with commas between."""
    ids = call.field("time_off").split(",")
    call.server.database.write(lambda session, now: scheduling.unblock(session, call.staff, ids, now))
    return say(call, see_other(_calendar(call.field("view"), call.field("date"))), "This time is no longer blocked.")


def _read(values: Mapping[str, str]) -> Absence:
    wrong = {}
    start = _wall(f"{values['from_date']}T{values['from_time']}")
    end = _wall(f"{values['until_date']}T{values['until_time']}")
    if start is None:
        wrong["from_time"] = "Enter a date and a time."
    if end is None:
        wrong["until_time"] = "Enter a date and a time."
    if start is None or end is None:
        raise Invalid(wrong)
    ids = tuple(one for one in values["practitioners"].split("\n") if one)
    return Absence(ids, start, end, values["note"])


def _wall(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError:
        return None


def _calendar(view: str, day: str) -> str:
    return f"/calendar?view={view if view in VIEWS else 'week'}&date={day}"


def _span(call: StaffCall, wanted: Absence) -> str:
    locale = call.practice.staff_locale
    # Wall times, which any zone would say as they are.
    start, end = wanted.start.replace(tzinfo=UTC), wanted.end.replace(tzinfo=UTC)
    until = i18n.clock(end, "UTC", locale) if start.date() == end.date() else i18n.brief_time(end, "UTC", locale)
    return f"{i18n.brief_time(start, 'UTC', locale)} – {until}"


def _page(
    call: StaffCall,
    values: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    in_the_way: list[str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    with call.server.database.read() as session:
        catalogue = read_catalogue(session, call.practice)
        listed = [_listed(session, call, one) for one in in_the_way or ()]
    offered = scheduling.own_choice(call.staff, catalogue.practitioners)
    return show(
        call,
        "time_off.html",
        "calendar",
        status=status,
        form=Form(values, {}, wrong or {}),
        practitioners={one.id: one.name for one in offered},
        listed=listed,
        seen=",".join(in_the_way or ()),
    )


def _listed(session: Session, call: StaffCall, appointment_id: str) -> tuple[Appointment, str, str, str]:
    """An appointment with its time, whose it is, and who is seen."""
    appointment = review.find(session, call.staff, appointment_id)
    key = appointment.practice_id
    when = i18n.brief_time(appointment.start, appointment.timezone, call.practice.staff_locale)
    typed = session.get(TentativeClient, (key, appointment.id))
    client = session.get(Client, (key, appointment.client_id)) if appointment.client_id else None
    person = typed or client
    name = f"{person.first_name} {person.last_name}" if person else ""
    return appointment, when, session.get_one(Practitioner, (key, appointment.practitioner_id)).name, name
