"""*Change client…*: a page of its own, since mail may have gone to somebody else and has to be put right with it."""

from dataclasses import asdict, fields
from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin import clients, i18n, review
from pencilin.clients import ClientForm
from pencilin.errors import Conflict, Invalid, MatchExists
from pencilin.review import ConfirmTo, Repair
from pencilin.web.dashboard.appointments import revision_of
from pencilin.web.dashboard.clients import about, full_name
from pencilin.web.dashboard.said import say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

NEW = "new"
NOBODY = "nobody"


def client_change(call: StaffCall) -> Response:
    """``GET /appointments/{appointment}/client-change``; with ``?client=ID`` or ``new``, how it is put right."""
    return _page(call)


def search(call: StaffCall) -> Response:
    """``POST …/client-change/clients`` with ``q``: the page with what the search finds; nothing is changed."""
    return _page(call)


def change(call: StaffCall) -> Response:
    """``POST …/client-change`` with ``client`` (an id, or *new* and its fields), ``astray``, ``apologise``,
    ``confirm_to`` and perhaps ``despite_match``."""
    appointment_id, who, to = call.path("appointment"), call.field("client"), call.field("confirm_to")

    def work(session: Session, now: datetime) -> None:
        if not to:
            raise Invalid({"confirm_to": "Choose where the confirmation should go."})
        chosen = _form(call) if who == NEW else who
        confirm_to = ConfirmTo(to) if to in set(ConfirmTo) else None
        repair = Repair(_astray(call), call.field("apologise") == "yes", confirm_to)
        despite = call.field("despite_match") == "yes"
        review.change_client(
            session, call.staff, appointment_id, chosen, repair, revision_of(call), now, despite_match=despite
        )

    try:
        call.server.database.write(work)
    except MatchExists as error:
        return _page(call, HTTPStatus.CONFLICT, str(error), match_exists=True)
    except Conflict as error:
        return _page(call, HTTPStatus.CONFLICT, str(error))
    except Invalid as error:
        return _page(call, HTTPStatus.UNPROCESSABLE_ENTITY, str(error), wrong=error.fields)
    words = "The client is changed. Earlier links no longer work."
    return say(call, see_other(f"/appointments/{appointment_id}"), words)


def _page(
    call: StaffCall,
    status: int = 200,
    message: str = "",
    *,
    match_exists: bool = False,
    wrong: dict[str, str] | None = None,
) -> Response:
    now, text = call.server.database.clock(), call.field("q")
    posted = call.request.method == "POST" and not text
    who = call.field("client") or call.request.query_params.get("client", "")
    with call.server.database.read() as session:
        view = review.view(session, call.staff, call.path("appointment"), now)
        if view.appointment.status not in review.CHANGEABLE_CLIENT:
            return see_other(f"/appointments/{view.appointment.id}")
        chosen = clients.find(session, call.staff, who) if who and who != NEW else None
        found = clients.search(session, call.staff, text) if text else []
        reached = review.reached(session, call.staff, view.appointment)
    return show(
        call,
        "client_change.html",
        "calendar",
        status=status,
        view=view,
        message=message,
        wrong=wrong or {},
        match_exists=match_exists,
        text=text,
        found=[(one, full_name(one), about(one, call.practice)) for one in found],
        who=who,
        chosen=chosen,
        chosen_name=full_name(chosen) if chosen else "",
        form=asdict(_form(call) if posted and who == NEW else review.form_for_new(view)),
        reached=[(one, i18n.brief_time(one.at, call.practice.timezone, call.practice.staff_locale)) for one in reached],
        astray=_astray(call) if posted else [one.id for one in reached if not one.typed],
        apologise=call.field("apologise") == "yes" if posted else True,
        confirm_to=call.field("confirm_to"),
        tells=view.appointment.status == "approved" and view.appointment.start > now,
        nobody=NOBODY,
    )


def _form(call: StaffCall) -> ClientForm:
    return ClientForm(**{one.name: call.field(one.name) for one in fields(ClientForm)})


def _astray(call: StaffCall) -> list[str]:
    return [one for one in call.form.getlist("astray") if isinstance(one, str)]
