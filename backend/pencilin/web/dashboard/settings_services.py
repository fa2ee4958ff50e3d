"""Settings → Services: what can be booked, on what terms, by whom it is given and where."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session, col, select
from starlette.responses import Response

from pencilin.catalogue import read_catalogue
from pencilin.errors import Invalid
from pencilin.models import BookableBy, Service, Staff
from pencilin.practices import forms, offering, ordering
from pencilin.rules.colours import DEFAULT_ACCENT
from pencilin.web.dashboard import editing
from pencilin.web.dashboard.editing import Form
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.settings import SERVICES, moved, show_settings
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

ADDRESS = SERVICES.address
BOOKED_BY = {
    BookableBy.EVERYONE: "Everyone",
    BookableBy.NEW: "New clients only",
    BookableBy.RETURNING: "Returning clients only",
}
APPROVED = {
    "review": "Staff review every booking",
    "personal_link": "Approve at once what is booked through a client’s personal booking link",
}


def services_page(call: StaffCall) -> Response:
    """``GET /settings/services``"""
    with call.server.database.read() as session:
        catalogue = read_catalogue(session, call.practice)
        archived = session.exec(
            select(Service)
            .where(Service.practice_id == call.practice.id, col(Service.archived_at).is_not(None))
            .order_by(col(Service.name))
        ).all()
    return show_settings(
        call,
        "services.html",
        SERVICES,
        listed=catalogue.services,
        who={one.id: [who.name for who in catalogue.practitioners_of(one)] for one in catalogue.services},
        where={one.id: [place.name for place in catalogue.locations_of(one)] for one in catalogue.services},
        archived=archived,
        booked_by=BOOKED_BY,
    )


def new_service(call: StaffCall) -> Response:
    """``GET /settings/services/new``"""
    with call.server.database.read() as session:
        stored = offering.blank(session, call.practice)
    return _show(call, editing.shown(stored))


def add(call: StaffCall) -> Response:
    """``POST /settings/services``"""
    typed = editing.sent(call, offering.FIELDS)
    try:
        added = call.server.database.write(lambda session, now: offering.add(session, call.staff, typed, now))
    except Invalid as error:
        return _show(call, editing.refused(call, typed, error))
    return say(call, see_other(f"{ADDRESS}/{added.id}"), f"Added {added.name}. It may ask questions of its own, below.")


def service_page(call: StaffCall) -> Response:
    """``GET /settings/services/{service}``"""
    with call.server.database.read() as session:
        service = forms.find(session, Service, call.staff, call.path("service"))
        stored = offering.fields(session, service)
    return _show(call, editing.shown(stored), service)


def save(call: StaffCall) -> Response:
    """``POST /settings/services/{service}``"""
    typed = editing.sent(call, offering.FIELDS)

    def work(session: Session, now: datetime) -> list[str]:
        service = forms.one_of(session, Service, call.staff, call.path("service"))
        values = editing.merged(call, typed, offering.fields(session, service))
        return offering.save(session, call.staff, service, values, now)

    try:
        changed = call.server.database.write(work)
    except Invalid as error:
        with call.server.database.read() as session:
            service = forms.find(session, Service, call.staff, call.path("service"))
        return _show(call, editing.refused(call, typed, error), service)
    kept = " Appointments that are booked stay as long as they are." if "minutes" in changed else ""
    return say(call, see_other(ADDRESS), f"Saved. Clients see it at once.{kept}")


def archive(call: StaffCall) -> Response:
    """``POST /settings/services/{service}/archive``"""
    undo = Undo(f"{ADDRESS}/{call.path('service')}/restoration")
    return _done(call, offering.archive, "Archived {name}. Its appointments stay as they are.", undo)


def restore(call: StaffCall) -> Response:
    """``POST /settings/services/{service}/restoration``"""
    return _done(call, offering.restore, "{name} can be booked again.")


def move(call: StaffCall) -> Response:
    """``POST /settings/services/{service}/position``: ``to`` is *up*, *down*, or a place from 1 on."""
    service = call.path("service")
    words = call.server.database.write(
        lambda session, now: ordering.move(session, Service, call.staff, service, call.field("to"), now)
    )
    return moved(call, f"{ADDRESS}#row-{service}", words)


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts."""
    with call.server.database.read() as session:
        forms.find(session, Service, call.staff, call.path("service"))
    return see_other(f"{ADDRESS}/{call.path('service')}")


def _done(
    call: StaffCall, work: Callable[[Session, Staff, Service, datetime], None], words: str, undo: Undo | None = None
) -> Response:
    def run(session: Session, now: datetime) -> str:
        service = forms.one_of(session, Service, call.staff, call.path("service"))
        work(session, call.staff, service, now)
        return service.name

    name = call.server.database.write(run)
    return say(call, see_other(ADDRESS), words.format(name=name), undo)


def _show(call: StaffCall, form: Form, service: Service | None = None) -> Response:
    database = call.server.database
    with database.read() as session:
        catalogue = read_catalogue(session, call.practice)
        coming = offering.coming(session, service, database.clock()) if service else 0
    return show_settings(
        call,
        "service.html",
        SERVICES,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.wrong else HTTPStatus.OK,
        form=form,
        service=service,
        coming=coming,
        booked_by=BOOKED_BY,
        approved=APPROVED,
        practitioners={one.slug: one.name for one in catalogue.practitioners},
        locations={one.slug: one.name for one in catalogue.locations},
        usual_step=call.practice.step,
        colour=form.values["colour"] if len(form.values["colour"]) == len(DEFAULT_ACCENT) else DEFAULT_ACCENT,
    )
