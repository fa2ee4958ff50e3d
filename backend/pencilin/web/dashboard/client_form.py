"""New client and Edit client: forms that say at the field what is wrong, and lose nothing that was typed."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin import clients as files
from pencilin.clients import ClientForm, Known, form_of
from pencilin.errors import Invalid
from pencilin.models import Client
from pencilin.web.dashboard import editing
from pencilin.web.dashboard.client_file import moved_to
from pencilin.web.dashboard.clients import about, full_name
from pencilin.web.dashboard.editing import Form
from pencilin.web.dashboard.said import say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

FIELDS = tuple(one.name for one in fields(ClientForm))
EMPTY = dict.fromkeys(FIELDS, "")


@dataclass(frozen=True, slots=True)
class Warned:
    """A file that the new one very likely doubles."""

    url: str
    name: str
    about: str
    evidence: tuple[str, ...]


def new(call: StaffCall) -> Response:
    """``GET /clients/new``"""
    return _new_page(call, Form(EMPTY, {}))


def create(call: StaffCall) -> Response:
    """``POST /clients/new``; with ``despite_match``, staff know of the file that it warned about."""
    typed = editing.sent(call, FIELDS)
    insists = bool(call.field("despite_match"))

    def work(session: Session, now: datetime) -> Client | Known:
        known = files.very_likely_known(session, call.staff, ClientForm(**typed), now)
        return known if known and not insists else files.create(session, call.staff, ClientForm(**typed), now)

    try:
        made = call.server.database.write(work)
    except Invalid as error:
        return _new_page(call, editing.refused(call, typed, error), HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(made, Known):
        return _new_page(call, Form(typed, {}), HTTPStatus.CONFLICT, _warned(call, made))
    return say(call, see_other(f"/clients/{made.id}"), f"{full_name(made)} is on file.")


def edit(call: StaffCall) -> Response:
    """``GET /clients/{client}/edit``"""
    client_id = call.path("client")
    if kept := moved_to(call, client_id):
        return see_other(f"/clients/{kept}")
    with call.server.database.read() as session:
        client = files.find(session, call.staff, client_id)
    return _edit_page(call, client, editing.shown(asdict(form_of(client))))


def save(call: StaffCall) -> Response:
    """``POST /clients/{client}/edit``"""
    client_id = call.path("client")
    if kept := moved_to(call, client_id):
        return see_other(f"/clients/{kept}")
    typed = editing.sent(call, FIELDS)

    def work(session: Session, now: datetime) -> Client:
        stored = asdict(form_of(files.lock(session, call.staff, client_id)))
        form = ClientForm(**editing.merged(call, typed, stored))
        return files.update(session, call.staff, client_id, form, now)

    try:
        client = call.server.database.write(work)
    except Invalid as error:
        with call.server.database.read() as session:
            client = files.find(session, call.staff, client_id)
        return _edit_page(call, client, editing.refused(call, typed, error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return say(call, see_other(f"/clients/{client_id}"), "Saved.")


def _new_page(call: StaffCall, form: Form, status: int = 200, warned: Warned | None = None) -> Response:
    return show(call, "clients/new.html", "clients", status=status, form=form, warned=warned)


def _edit_page(call: StaffCall, client: Client, form: Form, status: int = 200) -> Response:
    return show(call, "clients/edit.html", "clients", status=status, form=form, client=client, name=full_name(client))


def _warned(call: StaffCall, known: Known) -> Warned:
    evidence = tuple(words[:1].upper() + words[1:] for words in known.evidence)
    return Warned(f"/clients/{known.client.id}", full_name(known.client), about(known.client, call.practice), evidence)
