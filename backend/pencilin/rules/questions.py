"""A service's own questions: which answers fit them."""

from collections.abc import Iterable, Mapping

from typing_extensions import TypedDict

from pencilin.rules.texts import text


class Question(TypedDict):
    """``kind`` is text, choice or yes_no; ``choices`` are for choice only."""

    id: str
    label: str
    kind: str
    choices: list[str]
    required: bool


def check_answers(
    questions: Iterable[Question], answers: Mapping[str, str | bool]
) -> tuple[dict[str, str | bool], dict[str, str]]:
    """The answers to keep, and what is wrong by question id; empty answers to optional questions are left out."""
    kept: dict[str, str | bool] = {}
    wrong: dict[str, str] = {}
    left = dict(answers)
    for question in questions:
        answer = left.pop(question["id"], "")
        if isinstance(answer, str):
            answer = answer.strip()
        if answer == "":
            if question["required"]:
                wrong[question["id"]] = "Please answer this question."
        elif reason := _wrong(question, answer):
            wrong[question["id"]] = reason
        else:
            kept[question["id"]] = answer
    for unknown in left:
        wrong[unknown] = "This question isn't asked for this service. Leave it out."
    return kept, wrong


def _wrong(question: Question, answer: str | bool) -> str | None:
    if question["kind"] == "yes_no":
        return None if isinstance(answer, bool) else "Answer yes (true) or no (false)."
    if not isinstance(answer, str):
        return "Answer in words."
    if question["kind"] == "choice" and answer not in question["choices"]:
        return "Choose one of the answers offered."
    try:
        text(answer)
    except ValueError as error:
        return str(error)
    return None
