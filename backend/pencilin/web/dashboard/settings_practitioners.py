"""Settings → Practitioners & hours: who can be booked, and what they give."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from pencilin import i18n
from pencilin.catalogue import read_catalogue
from pencilin.errors import Conflict, Invalid
from pencilin.models import Practitioner
from pencilin.practices import forms, ordering, practitioners
from pencilin.practices.practitioners import Typed
from pencilin.practices.upcoming import TouchesAppointments
from pencilin.web.dashboard import editing, moments, touched
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.settings import PRACTITIONERS, moved, show_settings
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

FIELDS = ("name", "title", "email", "services")


def address(practitioner_id: str, noun: str = "") -> str:
    """Of a practitioner's own page, or of one below it."""
    return f"{PRACTITIONERS.address}/{practitioner_id}" + (f"/{noun}" if noun else "")


def list_page(call: StaffCall) -> Response:
    """``GET /settings/practitioners``"""
    with call.server.database.read() as session:
        rows = practitioners.listed(session, call.practice.id)
        catalogue = read_catalogue(session, call.practice)
    given = {
        who: [one.name for one in catalogue.services if who in catalogue.given_by[one.id]] for who in catalogue.works_at
    }
    names = {place.id: place.name for place in catalogue.locations}
    return show_settings(
        call,
        "practitioners.html",
        PRACTITIONERS,
        active=[row for row in rows if row.archived_at is None],
        archived=[row for row in rows if row.archived_at is not None],
        given=given,
        where={who: [names[place] for place in places] for who, places in catalogue.works_at.items()},
    )


def new_page(call: StaffCall) -> Response:
    """``GET /settings/practitioners/new``"""
    with call.server.database.read() as session:
        services = [one.id for one in read_catalogue(session, call.practice).services]
    # Who joins gives what everybody gives, most of the time.
    return _show(call, None, editing.shown({"name": "", "title": "", "email": "", "services": "\n".join(services)}))


def add(call: StaffCall) -> Response:
    """``POST /settings/practitioners``"""
    typed = editing.sent(call, FIELDS)
    try:
        row = call.server.database.write(
            lambda session, now: practitioners.add(session, call.staff, _typed(typed), now)
        )
    except Invalid as error:
        return _show(call, None, editing.refused(call, typed, error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return say(call, see_other(address(row.id, "hours")), f"Added {row.name}. Now say when they work.")


def edit_page(call: StaffCall) -> Response:
    """``GET /settings/practitioners/{practitioner}``"""
    with call.server.database.read() as session:
        row = forms.find(session, Practitioner, call.staff, call.path("practitioner"))
        stored = _stored(session, row)
    return _show(call, row, editing.shown(stored))


def save(call: StaffCall) -> Response:
    """``POST /settings/practitioners/{practitioner}``"""
    typed = editing.sent(call, FIELDS)

    def work(session: Session, now: datetime) -> None:
        row = practitioners.locked(session, call.staff, call.path("practitioner"))
        merged = editing.merged(call, typed, _stored(session, row))
        practitioners.change(session, call.staff, row, _typed(merged), now)

    try:
        call.server.database.write(work)
    except Invalid as error:
        return _show(call, find(call), editing.refused(call, typed, error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return say(call, see_other(PRACTITIONERS.address), "Saved.")


def archive(call: StaffCall) -> Response:
    """``POST …/{practitioner}/archive``: with appointments to come, only after they were listed."""
    who = call.path("practitioner")
    try:
        row = call.server.database.write(
            lambda session, now: practitioners.archive(session, call.staff, who, touched.seen(call), now)
        )
    except TouchesAppointments as error:
        with call.server.database.read() as session:
            row = forms.find(session, Practitioner, call.staff, who)
            stored = _stored(session, row)
        lines = touched.lines(call.practice, error)
        return _show(call, row, editing.shown(stored), HTTPStatus.CONFLICT, lines=lines)
    except Conflict as error:
        return say(call, see_other(PRACTITIONERS.address), str(error))
    words = f"Archived {row.name}: nobody can book them any more. Past appointments keep their name."
    return say(call, see_other(PRACTITIONERS.address), words, Undo(address(row.id, "restoration")))


def restore(call: StaffCall) -> Response:
    """``POST …/{practitioner}/restoration``"""
    row = call.server.database.write(
        lambda session, now: practitioners.restore(session, call.staff, call.path("practitioner"), now)
    )
    return say(call, see_other(PRACTITIONERS.address), f"{row.name} is back, with hours and services as they were.")


def move(call: StaffCall) -> Response:
    """``POST …/{practitioner}/position``: ``to`` is *up*, *down*, or a place from 1 on."""
    who = call.path("practitioner")
    words = call.server.database.write(
        lambda session, now: ordering.move(session, Practitioner, call.staff, who, call.field("to"), now)
    )
    return moved(call, f"{PRACTITIONERS.address}#row-{who}", words)


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts: to the page it stands on."""
    return see_other(address(find(call).id))


def find(call: StaffCall) -> Practitioner:
    """The practitioner that the address names; raises :class:`NotFound`."""
    with call.server.database.read() as session:
        return forms.find(session, Practitioner, call.staff, call.path("practitioner"))


def show_one(
    call: StaffCall, template: str, row: Practitioner | None, part: str, *, status: int = HTTPStatus.OK, **context: Any
) -> Response:
    """A page about one practitioner, with the way to the others about the same; ``part`` is the one that is shown."""
    archived = moments.day_in(row.archived_at, call.practice.timezone) if row and row.archived_at else None
    return show_settings(
        call,
        template,
        PRACTITIONERS,
        status=status,
        who=row,
        archived=i18n.full_date(archived, call.practice.staff_locale) if archived else "",
        part=part,
        here=address(row.id) if row else PRACTITIONERS.address,
        **context,
    )


def _show(
    call: StaffCall,
    row: Practitioner | None,
    form: editing.Form,
    status: int = HTTPStatus.OK,
    lines: Sequence[touched.Touched] = (),
) -> Response:
    with call.server.database.read() as session:
        catalogue = read_catalogue(session, call.practice)
    services = {one.id: one.name for one in catalogue.services}
    now = {name: _said(name, value, services) for name, value in form.now.items()}
    form = editing.Form(form.values, form.was, form.wrong, now)
    return show_one(call, "practitioner.html", row, "details", status=status, form=form, services=services, lines=lines)


def _said(name: str, value: str, services: Mapping[str, str]) -> str:
    if name != "services":
        return value
    return ", ".join(services[one] for one in value.split("\n") if one in services)


def _stored(session: Session, row: Practitioner) -> dict[str, str]:
    return {
        "name": row.name,
        "title": row.title or "",
        "email": row.email or "",
        "services": "\n".join(practitioners.services_of(session, row)),
    }


def _typed(values: Mapping[str, str]) -> Typed:
    services = tuple(filter(None, values["services"].split("\n")))
    return Typed(values["name"], values["title"], values["email"], services)
