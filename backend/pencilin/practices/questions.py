"""A service's own questions, as Settings → Services adds, changes, orders and removes them.

Appointments keep the question that they answer (``Appointment.asked``), whatever becomes of it here.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from pencilin import audit
from pencilin.errors import Conflict, Invalid, NotFound
from pencilin.models import Service, Staff
from pencilin.practices import forms
from pencilin.practices.ordering import slug_of
from pencilin.practices.shapes import QuestionTable
from pencilin.rules.questions import Question

FIELDS = ("label", "kind", "choices", "required")
BLANK = {"label": "", "kind": "text", "choices": "", "required": ""}
MOST = 20


def find(service: Service, question_id: str) -> Question:
    """The question; raises :class:`NotFound`."""
    found = next((one for one in service.questions if one["id"] == question_id), None)
    if found is None:
        raise NotFound("There is no such question any more.")
    return found


def fields(question: Question) -> dict[str, str]:
    """What the form shows; choices stand on a line each."""
    return {
        "label": question["label"],
        "kind": question["kind"],
        "choices": "\n".join(question["choices"]),
        "required": "yes" if question["required"] else "",
    }


def add(session: Session, staff: Staff, service: Service, values: Mapping[str, str], now: datetime) -> None:
    """Asks one more question, after the others. Raises :class:`Invalid`."""
    if len(service.questions) >= MOST:
        raise Invalid({"label": f"A service asks at most {MOST} questions. Remove one first."})
    # An address has the word already.
    taken = {"new", *(one["id"] for one in service.questions)}
    plain = slug_of(values["label"]) or "question"
    names = [plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3))]
    new = checked(next(name for name in names if name not in taken), values)
    _store(session, staff, service, [*service.questions, new], now)


def save(
    session: Session, staff: Staff, service: Service, question_id: str, values: Mapping[str, str], now: datetime
) -> None:
    """Asks it in other words, or otherwise. Raises :class:`Invalid`."""
    find(service, question_id)
    new = checked(question_id, values)
    _store(session, staff, service, [new if one["id"] == question_id else one for one in service.questions], now)


def remove(session: Session, staff: Staff, service: Service, question_id: str, now: datetime) -> tuple[Question, int]:
    """Asks it no more. Gives what it was and where it stood, for :func:`put_back`."""
    question = find(service, question_id)
    place = service.questions.index(question)
    _store(session, staff, service, [one for one in service.questions if one["id"] != question_id], now)
    return question, place


def put_back(
    session: Session,
    staff: Staff,
    service: Service,
    question_id: str,
    place: str,
    values: Mapping[str, str],
    now: datetime,
) -> None:
    """Undoes a removal."""
    if any(one["id"] == question_id for one in service.questions):
        raise Conflict("This question is asked already.")
    questions = list(service.questions)
    questions.insert(
        int(place) if place.isdecimal() and len(place) < 4 else len(questions), checked(question_id, values)
    )
    _store(session, staff, service, questions, now)


def move(session: Session, staff: Staff, service: Service, question_id: str, to: str, now: datetime) -> None:
    """Puts it one place *up* or *down*."""
    questions = list(service.questions)
    question = find(service, question_id)
    place = questions.index(question)
    questions.remove(question)
    questions.insert(max(place + {"up": -1, "down": 1}.get(to, 0), 0), question)
    if questions != service.questions:
        _store(session, staff, service, questions, now)


def checked(question_id: str, values: Mapping[str, str]) -> Question:
    """The question that was typed; raises :class:`Invalid`."""
    kind = values["kind"]
    lines = [line.strip() for line in values["choices"].splitlines() if line.strip()]
    # What was typed for another kind is not asked for.
    choices = lines if kind == "choice" else []
    if kind == "choice" and len(set(choices)) < max(2, len(choices)):
        raise Invalid({"choices": "Enter at least two different answers, each on a line of its own."})
    given = {"id": question_id, "label": values["label"], "kind": kind, "choices": choices}
    table = forms.checked(QuestionTable, given | {"required": values["required"] == "yes"})
    return Question(
        id=table.id, label=table.label, kind=table.kind, choices=list(table.choices), required=table.required
    )


def _store(session: Session, staff: Staff, service: Service, questions: list[Question], now: datetime) -> None:
    if questions != service.questions:
        service.questions = questions
        audit.record(session, now, staff.practice_id, staff, "service.changed", "service", service.id, ["questions"])
