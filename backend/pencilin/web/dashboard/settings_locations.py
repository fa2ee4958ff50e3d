"""Settings → Locations: where appointments are given."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session, col, select
from starlette.responses import Response

from pencilin.errors import Invalid
from pencilin.models import Location, LocationKind, Staff
from pencilin.practices import forms, ordering, places
from pencilin.practices.profile import OtherZone, known_zone
from pencilin.web.dashboard import editing
from pencilin.web.dashboard.editing import Form
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.settings import LOCATIONS, moved, show_settings
from pencilin.web.dashboard.settings_practice import countries, zones
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

ADDRESS = LOCATIONS.address
KINDS = {LocationKind.PLACE: "Place", LocationKind.VIDEO: "Video", LocationKind.PHONE: "Phone"}


def locations_page(call: StaffCall) -> Response:
    """``GET /settings/locations``"""
    with call.server.database.read() as session:
        listed = ordering.in_order(session, Location, call.practice)
        archived = session.exec(
            select(Location)
            .where(Location.practice_id == call.practice.id, col(Location.archived_at).is_not(None))
            .order_by(col(Location.name))
        ).all()
    return show_settings(call, "locations.html", LOCATIONS, listed=listed, archived=archived, kinds=KINDS)


def new_location(call: StaffCall) -> Response:
    """``GET /settings/locations/new``"""
    return _show(call, editing.shown(places.blank(call.practice)))


def add(call: StaffCall) -> Response:
    """``POST /settings/locations``"""
    typed = editing.sent(call, places.FIELDS)
    try:
        added = call.server.database.write(lambda session, now: places.add(session, call.staff, typed, now))
    except Invalid as error:
        return _show(call, editing.refused(call, typed, error))
    words = f"Added {added.name}. Choose which services are given there, and who works there."
    return say(call, see_other(ADDRESS), words)


def location_page(call: StaffCall) -> Response:
    """``GET /settings/locations/{location}``"""
    with call.server.database.read() as session:
        location = forms.find(session, Location, call.staff, call.path("location"))
    return _show(call, editing.shown(places.fields(location)), location)


def save(call: StaffCall) -> Response:
    """``POST /settings/locations/{location}``"""
    typed = editing.sent(call, places.FIELDS)

    def work(session: Session, now: datetime) -> None:
        location = forms.one_of(session, Location, call.staff, call.path("location"))
        values = editing.merged(call, typed, places.fields(location))
        places.save(session, call.staff, location, values, call.field("sure_of"), now)

    try:
        call.server.database.write(work)
    except Invalid as error:
        with call.server.database.read() as session:
            location = forms.find(session, Location, call.staff, call.path("location"))
        sure_of = known_zone(typed["timezone"]) if isinstance(error, OtherZone) else ""
        return _show(call, editing.refused(call, typed, error), location, sure_of=sure_of)
    return say(call, see_other(ADDRESS), "Saved. Clients see it at once.")


def archive(call: StaffCall) -> Response:
    """``POST /settings/locations/{location}/archive``"""
    undo = Undo(f"{ADDRESS}/{call.path('location')}/restoration")
    return _done(call, places.archive, "Archived {name}. Appointments there stay as they are.", undo)


def restore(call: StaffCall) -> Response:
    """``POST /settings/locations/{location}/restoration``"""
    return _done(call, places.restore, "{name} is in use again.")


def move(call: StaffCall) -> Response:
    """``POST /settings/locations/{location}/position``: ``to`` is *up*, *down*, or a place from 1 on."""
    location = call.path("location")
    words = call.server.database.write(
        lambda session, now: ordering.move(session, Location, call.staff, location, call.field("to"), now)
    )
    return moved(call, f"{ADDRESS}#row-{location}", words)


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts."""
    with call.server.database.read() as session:
        forms.find(session, Location, call.staff, call.path("location"))
    return see_other(f"{ADDRESS}/{call.path('location')}")


def _done(
    call: StaffCall, work: Callable[[Session, Staff, Location, datetime], None], words: str, undo: Undo | None = None
) -> Response:
    def run(session: Session, now: datetime) -> str:
        location = forms.one_of(session, Location, call.staff, call.path("location"))
        work(session, call.staff, location, now)
        return location.name

    name = call.server.database.write(run)
    return say(call, see_other(ADDRESS), words.format(name=name), undo)


def _show(call: StaffCall, form: Form, location: Location | None = None, *, sure_of: str = "") -> Response:
    database = call.server.database
    used = None
    if location:
        with database.read() as session:
            used = places.used(session, location, database.clock())
    return show_settings(
        call,
        "location.html",
        LOCATIONS,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.wrong else HTTPStatus.OK,
        form=form,
        location=location,
        used=used,
        sure_of=sure_of,
        kinds=KINDS,
        zones=zones(),
        countries=countries(),
    )
