"""What a client answers to other times, from their own page of the appointment. GET leads back to it: scanners look."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin import review
from pencilin.errors import ProposalClosed
from pencilin.links import Purpose
from pencilin.models import Appointment, Practice
from pencilin.web import manage_pages
from pencilin.web.hosted.form_token import sent_token
from pencilin.web.http import Call, see_other

Answer = Callable[[Session, Appointment, datetime], None]


def accept(call: Call) -> Response:
    """``POST /manage/{token}/acceptance`` with ``time``: the client takes this one."""
    chosen = call.field("time")
    if not chosen:
        return _answer(call, None, "accepted")
    return _answer(call, lambda session, appointment, now: review.accept(session, appointment, chosen, now), "accepted")


def refuse(call: Call) -> Response:
    """``POST /manage/{token}/refusal``: none of the times suits."""
    return _answer(call, review.refuse, "refused")


def lead_back(call: Call) -> Response:
    """``GET`` of either address: to the page, which says how things stand."""
    with call.server.database.read() as session:
        manage_pages.appointment_of(call, session, Purpose.MANAGE, call.server.database.clock())
    return see_other(_page(call))


def _answer(call: Call, answer: Answer | None, said: str) -> Response:
    database = call.server.database
    with database.read() as session:
        appointment = manage_pages.appointment_of(call, session, Purpose.MANAGE, database.clock())
        token = sent_token(call, session.get_one(Practice, appointment.practice_id))
    if answer is None or token.expired:
        return manage_pages.show(call, "missing", status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def work(session: Session, now: datetime) -> None:
        answer(session, manage_pages.appointment_of(call, session, Purpose.MANAGE, now), now)

    try:
        database.write(work)
    except ProposalClosed:
        return manage_pages.show(call, "gone", status=HTTPStatus.CONFLICT)
    return see_other(f"{_page(call)}?said={said}")


def _page(call: Call) -> str:
    return f"/manage/{call.path('token')}"
