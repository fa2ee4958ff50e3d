"""A new appointment that staff enter: approved at once, for one date or a series.

Whatever is refused comes back as the same page, with the reason and with everything that had been entered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from pencilin import clients as files
from pencilin import i18n, review, scheduling
from pencilin.catalogue import Catalogue, read_catalogue
from pencilin.errors import Conflict, Invalid, MatchExists, TimeConflicts
from pencilin.models import Appointment, Client, Service
from pencilin.web.dashboard import moments
from pencilin.web.dashboard import new_appointment_form as form
from pencilin.web.dashboard.appointments import insisting
from pencilin.web.dashboard.clients import about, full_name
from pencilin.web.dashboard.editing import Form, sent
from pencilin.web.dashboard.new_appointment_form import Listed
from pencilin.web.dashboard.period import VIEWS
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import answer, see_other
from pencilin.web.security import StaffCall

ADDRESS = "/appointments/new"
WEEKS_LATER = (1, 2, 3, 4, 6, 8, 12)
USUAL_WEEKS = 2


@dataclass(frozen=True, slots=True)
class Met:
    """What an attempt to book met: why it was refused, and what may be insisted on."""

    message: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    may_insist: bool = False
    overlap: bool = False
    likely: Client | None = None
    searched: bool = False
    status: HTTPStatus = HTTPStatus.OK


def new_appointment(call: StaffCall) -> Response:
    """``GET /appointments/new?start=LOCAL&practitioner=SLUG&location=SLUG&service=SLUG&minutes=N&client=ID``, or
    ``?after=APPOINTMENT&weeks=N`` for the same again. ``start`` is wall time in the practice's zone."""
    asked = call.request.query_params
    after = asked.get("after", "")
    with call.server.database.read() as session:
        catalogue = form.offered(read_catalogue(session, call.practice), call.staff)
        if not after:
            return _page(call, session, form.beginning(catalogue, asked))
        earlier = review.find(session, call.staff, after)
        service = session.get_one(Service, (call.practice.id, earlier.service_id))
        weeks = int(asked["weeks"]) if asked.get("weeks") in {str(one) for one in WEEKS_LATER} else USUAL_WEEKS
        return _page(call, session, form.following(earlier, service, weeks), after=after, weeks=weeks)


def conflicts(call: StaffCall) -> Response:
    """``GET …/new/conflicts`` with the fields of the visit: what speaks against it, before it is booked."""
    asked = call.request.query_params
    values = {name: asked.get(name, "") for name in form.VISIT}
    with call.server.database.read() as session:
        now = call.server.database.clock()
        catalogue = form.offered(read_catalogue(session, call.practice), call.staff)
        visit = form.visit_of(values, catalogue)
        (found,) = scheduling.conflicts_of(session, call.staff, visit, [visit.start], now)
        location = next(one for one in catalogue.locations if one.id == visit.location_id)
    when = i18n.full_time(visit.start, location.timezone, call.practice.staff_locale)
    return answer({"time": when, "conflicts": [one.words for one in found]})


def lead_back(call: StaffCall) -> Response:
    """``GET /appointments``, as it stands there after a refused form: to a new one."""
    return see_other(ADDRESS)


def create(call: StaffCall) -> Response:
    """``POST /appointments``; with ``do``, a search for clients, another choice of client, or a look at the dates."""
    values = _sent(call)
    asked = call.field("do")
    if asked == "search" and values["q"]:
        return _shown(call, values | {"client": ""}, Met(searched=True))
    if asked == "clear":
        return _shown(call, values | {"client": "", "q": ""}, Met(searched=True))
    try:
        repeating = form.repeats(values)[0] > 0
        if repeating and (asked == "dates" or values["seen"] != form.about(values)):
            return _shown(call, values | {"seen": form.about(values)}, Met(), preview=True)
        return _book(call, values)
    except MatchExists as error:
        return _refused(call, values, _match(call, values, error))
    except TimeConflicts as error:
        met = Met(
            "Not booked yet: something speaks against this time.",
            conflicts=tuple(error.reasons),
            may_insist=not error.blocking,
            overlap=error.overlap,
            status=HTTPStatus.CONFLICT,
        )
        return _refused(call, values, met)
    except Conflict as error:
        return _refused(call, values, Met(str(error), status=HTTPStatus.CONFLICT))
    except Invalid as error:
        return _refused(call, values, Met(str(error), error.fields, status=HTTPStatus.UNPROCESSABLE_ENTITY))


def remove(call: StaffCall) -> Response:
    """``POST /appointments/removal`` with ``appointments``, ids with commas between: takes back what was entered."""
    ids = [one for one in call.field("appointments").split(",") if one][: scheduling.MOST_TIMES]
    back = _calendar(call.field("view"), call.field("date"))
    try:
        call.server.database.write(lambda session, now: scheduling.take_back(session, call.staff, ids, now))
    except Conflict as error:
        return say(call, see_other(back), str(error))
    return say(call, see_other(back), "Taken back. Nothing was booked, and nobody was written to.")


def _sent(call: StaffCall) -> dict[str, str]:
    """The fields as they were sent; a client who was found, or meant instead of a new one, is the chosen one."""
    values = sent(call, form.FIELDS)
    chosen = [str(one) for one in call.form.getlist("client") if one]
    instead = call.field("instead")
    return values | ({"client": instead, "who": "existing"} if instead else {"client": chosen[-1] if chosen else ""})


def _book(call: StaffCall, values: dict[str, str]) -> Response:
    insist, ticked = insisting(call), call.field("despite_match") == "yes"
    chosen = [str(one) for one in call.form.getlist("dates")]

    def work(session: Session, now: datetime) -> tuple[list[Appointment], Client]:
        catalogue = form.offered(read_catalogue(session, call.practice), call.staff)
        wanted = form.meant(values, catalogue, insist, chosen, despite_match=ticked)
        made = scheduling.enter(session, call.staff, wanted, now)
        return made, session.get_one(Client, (call.practice.id, made[0].client_id))

    made, client = call.server.database.write(work)
    first, view = made[0], values["view"]
    day = moments.day_in(first.start, call.practice.timezone).isoformat()
    undo = Undo("/appointments/removal", {"appointments": ",".join(one.id for one in made), "view": view, "date": day})
    return say(call, see_other(_calendar(view, day)), _booked(call, made, client, values["mail"] == "yes"), undo)


def _booked(call: StaffCall, made: list[Appointment], client: Client, tell: bool) -> str:
    first = made[0]
    when = i18n.brief_time(first.start, first.timezone, call.practice.staff_locale)
    what = (
        f"{full_name(client)} is booked for {when}"
        if len(made) == 1
        else (f"{full_name(client)} is booked {len(made)} times, first on {when}")
    )
    if tell and client.email:
        return f"{what}. A confirmation leaves in {review.UNDO_SECONDS} s."
    return f"{what}. No email is on file, so nobody is written to." if tell else f"{what}."


def _calendar(view: str, day: str) -> str:
    return f"/calendar?view={view if view in VIEWS else 'week'}&date={day}"


def _match(call: StaffCall, values: Mapping[str, str], error: MatchExists) -> Met:
    entered = files.ClientForm(**{name: values[name] for name in form.CLIENT})
    with call.server.database.read() as session:
        likely = scheduling.likely_client(session, call.staff, entered, call.server.database.clock())
    return Met("This is very likely a client you already have.", likely=likely, status=HTTPStatus.CONFLICT)


def _refused(call: StaffCall, values: dict[str, str], met: Met) -> Response:
    # Dates that somebody has ticked are looked at again: what speaks against them may be new.
    return _shown(call, values, met, preview=bool(values["seen"]))


def _shown(call: StaffCall, values: dict[str, str], met: Met, *, preview: bool = False) -> Response:
    with call.server.database.read() as session:
        dates: list[Listed] = []
        if preview:
            try:
                catalogue = form.offered(read_catalogue(session, call.practice), call.staff)
                ticked = [str(one) for one in call.form.getlist("dates")] if met.message else None
                dates = form.dates(session, call.staff, catalogue, values, ticked, call.server.database.clock())
            except Invalid as error:
                wrong = dict(error.fields) | dict(met.wrong)
                met = Met(met.message or str(error), wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return _page(call, session, values, met, dates)


def _page(
    call: StaffCall,
    session: Session,
    values: dict[str, str],
    met: Met | None = None,
    dates: list[Listed] | None = None,
    **more: Any,
) -> Response:
    met = met or Met()
    catalogue = form.offered(read_catalogue(session, call.practice), call.staff)
    chosen = files.find(session, call.staff, values["client"]) if values["client"] else None
    found = files.search(session, call.staff, values["q"]) if met.searched and values["q"] else []
    return show(
        call,
        "new_appointment.html",
        "calendar",
        status=met.status,
        form=Form(values, {}, met.wrong),
        met=met,
        dates=dates or [],
        chosen=chosen and (chosen, full_name(chosen), about(chosen, call.practice)),
        found=[(one, full_name(one), about(one, call.practice)) for one in found],
        likely=met.likely and (met.likely, full_name(met.likely), about(met.likely, call.practice)),
        choices=_choices(catalogue),
        lengths={one.id: one.minutes for one in catalogue.services},
        weeks_later=WEEKS_LATER,
        most_times=scheduling.MOST_TIMES,
        **{"after": "", "weeks": 0} | more,
    )


def _choices(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    every = {"": "Doesn’t repeat", "1": "Every week"}
    return {
        "service": {one.id: one.name for one in catalogue.services},
        "practitioner": {one.id: one.name for one in catalogue.practitioners},
        "location": {one.id: one.name for one in catalogue.locations},
        "every": every | {str(weeks): f"Every {weeks} weeks" for weeks in range(2, scheduling.MOST_WEEKS + 1)},
    }
