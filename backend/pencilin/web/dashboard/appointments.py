"""Edit Appointment: showing one, and every change and decision that staff send from it.

Whatever is refused comes back as the same page, with the reason and with everything that had been entered.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from pencilin import i18n, review
from pencilin.accounts.staff import check_sees_appointment
from pencilin.clients import ClientForm
from pencilin.conflicts import Insist
from pencilin.errors import Conflict, Invalid, MatchExists, TimeConflicts
from pencilin.mail import outbox
from pencilin.review import ConfirmTo, DeclineReason
from pencilin.web.dashboard import visit_form
from pencilin.web.dashboard.edit_page import Refused, decided_words, edit_page
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.http import answer, see_other
from pencilin.web.security import StaffCall

Work = Callable[[Session, datetime], object]

# What is posted under an appointment's address. A page that refuses stands there, and may be loaded again.
POSTED = ("clients", "link", "link/removal", "client", "client-file", "visit", "approval", "refusal", "undo")


def appointment(call: StaffCall) -> Response:
    """``GET /appointments/{appointment}``, with ``?client=ID`` or ``?search=1``: see ``edit_page``."""
    return edit_page(call)


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts, as it stands there after a refused one: to the appointment."""
    with call.server.database.read() as session:
        check_sees_appointment(session, call.staff, call.staff.practice_id, _id(call))
    return see_other(f"/appointments/{_id(call)}")


def search_clients(call: StaffCall) -> Response:
    """``POST …/clients`` with ``q``: the page with what the search finds; nothing is changed."""
    return edit_page(call)


def link(call: StaffCall) -> Response:
    """``POST …/link``: the client is ``client``, an existing one."""
    who = call.field("client")
    return change(
        call, lambda session, now: review.link_existing(session, call.staff, _id(call), who, revision_of(call), now)
    )


def unlink(call: StaffCall) -> Response:
    """``POST …/link/removal``: the client is somebody else, to be searched for."""
    return change(
        call, lambda session, now: review.unlink(session, call.staff, _id(call), revision_of(call), now), "?search=1"
    )


def save_client(call: StaffCall) -> Response:
    """``POST …/client``: the client is new; ``despite_match`` after a warning that a file fits very likely."""
    form = ClientForm(**{one.name: call.field(one.name) for one in fields(ClientForm)})
    despite = call.field("despite_match") == "yes"
    return change(
        call,
        lambda session, now: review.save_as_new(
            session, call.staff, _id(call), form, revision_of(call), now, despite_match=despite
        ),
        entered=Refused("", client=form),
    )


def file_typed(call: StaffCall) -> Response:
    """``POST …/client-file``: what was typed goes into the client's file, for each of ``fields``."""
    chosen = [name for name in call.form.getlist("fields") if isinstance(name, str)]
    return change(
        call,
        lambda session, now: review.update_file(session, call.staff, _id(call), chosen, now),
        entered=Refused("", ticked=tuple(chosen)),
    )


def move(call: StaffCall) -> Response:
    """``POST …/visit``: another service, practitioner, location or time; ``despite_conflicts`` after a warning."""
    form = visit_form.sent(call.form)
    insist = insisting(call)
    entered = Refused("", visit=form)
    with call.server.database.read() as session:
        view = review.view(session, call.staff, _id(call), call.server.database.clock())
    try:
        wanted = visit_form.read(form, view)
    except Invalid as error:
        return _refuse_invalid(call, entered, error)

    def work(session: Session, now: datetime) -> None:
        review.change(session, call.staff, _id(call), wanted, revision_of(call), now, insist=insist)

    return change(call, work, "#visit", entered=entered)


def conflicts(call: StaffCall) -> Response:
    """``GET …/conflicts`` with the fields of the visit: what speaks against it, before it is saved."""
    form = visit_form.sent(call.request.query_params)
    with call.server.database.read() as session:
        now = call.server.database.clock()
        view = review.view(session, call.staff, _id(call), now)
        change = visit_form.read(form, view)
        found = review.conflicts_of(session, call.staff, _id(call), change, now)
        location = next(one for one in (view.location, *view.catalogue.locations) if one.id == change.location_id)
    when = i18n.full_time(change.start, location.timezone, call.practice.staff_locale)
    return answer({"time": when, "conflicts": [one.words for one in found]})


def insisting(call: StaffCall) -> Insist:
    """How far the person goes on in spite of conflicts that they were shown, by the field ``despite_conflicts``."""
    sent = call.field("despite_conflicts")
    return Insist(sent) if sent in set(Insist) else Insist.NO


def approve(call: StaffCall) -> Response:
    """``POST …/approval``; ``confirm_to`` where the typed and the filed email differ."""
    chosen = call.field("confirm_to")

    def work(session: Session, now: datetime) -> None:
        if chosen and chosen not in set(ConfirmTo):
            wrong = "Choose where the confirmation should go."
            raise Invalid({"confirm_to": wrong}, wrong)
        to = ConfirmTo(chosen) if chosen else None
        review.approve(session, call.staff, _id(call), revision_of(call), to, now)

    return _decide(call, work, Refused("", confirm_to=chosen))


def decline(call: StaffCall) -> Response:
    """``POST …/refusal`` with a ``reason`` for the practice and perhaps a ``message`` to the client."""
    reason, message = call.field("reason"), call.field("message")

    def work(session: Session, now: datetime) -> None:
        if reason not in set(DeclineReason):
            raise Invalid({"reason": "Choose a reason."})
        review.decline(session, call.staff, _id(call), revision_of(call), DeclineReason(reason), message, now)

    return _decide(call, work, Refused("", declining=True, decline_reason=reason, decline_message=message))


def undo(call: StaffCall) -> Response:
    """``POST …/undo``: back to tentative, before or after mail has left."""
    return change(call, lambda session, now: review.undo(session, call.staff, _id(call), revision_of(call), now))


def send_again(call: StaffCall) -> Response:
    """``POST …/mails/{mail}/sending``: another try for a mail that was given up."""
    return change(call, lambda session, now: outbox.retry(session, call.staff, _id(call), call.path("mail"), now))


def _id(call: StaffCall) -> str:
    return call.path("appointment")


def revision_of(call: StaffCall) -> int:
    """Of which revision the page showed the appointment; raises :class:`Invalid` where the form doesn't say."""
    sent = call.field("revision")
    if not (sent.isascii() and sent.isdigit() and len(sent) < 10):
        raise Invalid(message="The form was incomplete, so nothing was changed. Please try again.")
    return int(sent)


def change(call: StaffCall, work: Work, then: str = "", entered: Refused | None = None) -> Response:
    """Does ``work`` and shows the appointment as it is then, or why not, with what was ``entered``."""
    kept = entered or Refused("")
    try:
        call.server.database.write(work)
    except MatchExists as error:
        return _refuse(call, kept, HTTPStatus.CONFLICT, message=str(error), match_exists=True)
    except TimeConflicts as error:
        return _refuse(
            call,
            kept,
            HTTPStatus.CONFLICT,
            message="Not saved yet: something speaks against this.",
            conflicts=tuple(error.reasons),
            may_insist=not error.blocking,
            overlap=error.overlap,
        )
    except Conflict as error:
        return _refuse(call, kept, HTTPStatus.CONFLICT, message=str(error))
    except Invalid as error:
        return _refuse_invalid(call, kept, error)
    return see_other(f"/appointments/{_id(call)}{then}")


def _decide(call: StaffCall, work: Work, entered: Refused) -> Response:
    """As ``change``, but it goes on to the next request, if there is one, which says how this one was decided."""
    done = change(call, work, entered=entered)
    if done.status_code != HTTPStatus.SEE_OTHER:
        return done
    with call.server.database.read() as session:
        now = call.server.database.clock()
        view = review.view(session, call.staff, _id(call), now)
        waiting = review.requests(session, call.staff, now, 1)
    if not waiting:
        return done
    # As of the decision, however long the reading took since.
    words = decided_words(view, view.appointment.decided_at or now)
    revision = str(view.appointment.revision)
    undo = Undo(f"/appointments/{_id(call)}/undo", {"revision": revision}, seconds=review.UNDO_SECONDS)
    return say(call, see_other(f"/appointments/{waiting[0].appointment_id}"), words, undo)


def do_and_say(call: StaffCall, work: Work, words: str, undo: str = "", entered: Refused | None = None) -> Response:
    """Does ``work`` and says ``words`` on the page that follows; ``undo`` is the noun that takes it back."""
    response = change(call, work, entered=entered)
    if response.status_code != HTTPStatus.SEE_OTHER:
        return response
    revision = {"revision": str(revision_of(call) + 1)}
    return say(call, response, words, Undo(f"/appointments/{_id(call)}/{undo}", revision) if undo else None)


def _refuse(call: StaffCall, kept: Refused, status: HTTPStatus, **why: Any) -> Response:
    return edit_page(call, status=status, refused=replace(kept, **why))


def _refuse_invalid(call: StaffCall, kept: Refused, error: Invalid) -> Response:
    return _refuse(call, kept, HTTPStatus.UNPROCESSABLE_ENTITY, message=str(error), fields=error.fields)
