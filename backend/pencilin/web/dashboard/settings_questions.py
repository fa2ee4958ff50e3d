"""Settings → Services, one service's own questions: each on a page of its own, listed on the service's."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from sqlmodel import Session
from starlette.responses import Response

from pencilin.errors import Invalid
from pencilin.models import Service
from pencilin.practices import forms, questions
from pencilin.web.dashboard import editing
from pencilin.web.dashboard.editing import Form
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.settings import SERVICES, show_settings
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

T = TypeVar("T")
KINDS = {"text": "Text", "choice": "One of several answers", "yes_no": "Yes or no"}


def new_question(call: StaffCall) -> Response:
    """``GET /settings/services/{service}/questions/new``"""
    return _show(call, editing.shown(questions.BLANK))


def add(call: StaffCall) -> Response:
    """``POST /settings/services/{service}/questions``"""
    typed = editing.sent(call, questions.FIELDS)
    try:
        _change(call, lambda session, service, now: questions.add(session, call.staff, service, typed, now))
    except Invalid as error:
        return _show(call, editing.refused(call, typed, error))
    return say(call, see_other(_list(call)), "Added the question. It is asked from now on.")


def question_page(call: StaffCall) -> Response:
    """``GET /settings/services/{service}/questions/{question}``"""
    with call.server.database.read() as session:
        service = forms.find(session, Service, call.staff, call.path("service"))
    return _show(call, editing.shown(questions.fields(questions.find(service, call.path("question")))))


def save(call: StaffCall) -> Response:
    """``POST /settings/services/{service}/questions/{question}``"""
    typed, question = editing.sent(call, questions.FIELDS), call.path("question")

    def work(session: Session, service: Service, now: datetime) -> None:
        values = editing.merged(call, typed, questions.fields(questions.find(service, question)))
        questions.save(session, call.staff, service, question, values, now)

    try:
        _change(call, work)
    except Invalid as error:
        return _show(call, editing.refused(call, typed, error))
    return say(call, see_other(_list(call)), "Saved. Answers that were given keep the question as it was.")


def remove(call: StaffCall) -> Response:
    """``POST /settings/services/{service}/questions/{question}/removal``"""

    def work(session: Session, service: Service, now: datetime) -> Undo:
        question, place = questions.remove(session, call.staff, service, call.path("question"), now)
        address = f"{_address(call)}/questions/{question['id']}/restoration"
        return Undo(address, questions.fields(question) | {"place": str(place)})

    undo = _change(call, work)
    return say(call, see_other(_list(call)), "Removed the question. Answers that were given stay.", undo)


def restore(call: StaffCall) -> Response:
    """``POST /settings/services/{service}/questions/{question}/restoration``: undoes the removal."""
    typed, question = editing.sent(call, questions.FIELDS), call.path("question")
    _change(
        call,
        lambda session, service, now: questions.put_back(
            session, call.staff, service, question, call.field("place"), typed, now
        ),
    )
    return say(call, see_other(_list(call)), "The question is asked again.")


def move(call: StaffCall) -> Response:
    """``POST /settings/services/{service}/questions/{question}/position``: ``to`` is *up* or *down*."""
    question, to = call.path("question"), call.field("to")
    _change(call, lambda session, service, now: questions.move(session, call.staff, service, question, to, now))
    return say(call, see_other(_list(call)), "Moved the question.")


def _address(call: StaffCall) -> str:
    return f"{SERVICES.address}/{call.path('service')}"


def _list(call: StaffCall) -> str:
    """Where the questions of the service stand."""
    return f"{_address(call)}#questions"


def _change(call: StaffCall, work: Callable[[Session, Service, datetime], T]) -> T:
    return call.server.database.write(
        lambda session, now: work(session, forms.one_of(session, Service, call.staff, call.path("service")), now)
    )


def _show(call: StaffCall, form: Form) -> Response:
    with call.server.database.read() as session:
        service = forms.find(session, Service, call.staff, call.path("service"))
    return show_settings(
        call,
        "question.html",
        SERVICES,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.wrong else HTTPStatus.OK,
        form=form,
        service=service,
        question=call.request.path_params.get("question"),
        kinds=KINDS,
    )
