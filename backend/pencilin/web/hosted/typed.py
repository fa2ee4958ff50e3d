"""What is typed into *Your details*: kept as it is, checked like the widget's form, and made into the API's request."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from pencilin.rules.asks import Ask
from pencilin.rules.people import birth_date
from pencilin.rules.questions import Question
from pencilin.web.hosted.choice import Choice
from pencilin.web.hosted.reader import Reader
from pencilin.web.http import Call

Typed = Mapping[str, str]
# Reasons by the API's name of each field, in the order of the form.
Problems = dict[str, str]

FIELDS = (
    "who", "client.first_name", "client.last_name", "client.email", "client.phone", "birth_day", "birth_month",
    "birth_year", "returning", "booked_by.first_name", "booked_by.last_name", "booked_by.relationship", "note",
    "consent",
)  # fmt: skip
# Filled in by programs alone: people don't see it, and no browser knows what belongs there.
TRAP = "confirm_visit"

_EMAIL = re.compile(r"\S+@[^\s@]+\.[^\s@]{2,}")
_LEAST_DIGITS = 6


def typed_in(call: Call) -> dict[str, str]:
    """All that isn't empty of what the form may hold, answers of any service included."""
    fields = [*FIELDS, *(name for name in call.form if name.startswith("answers."))]
    return {name: value for name in fields if (value := call.field(name))}


def problems_of(
    typed: Typed, questions: list[Question], asks: Mapping[str, Ask], reader: Reader, today: date
) -> Problems:
    """What is missing or can't be right, in the reader's language: the same that the widget finds before sending."""
    needed = reader.words("details")["needed"]
    found: Problems = {}

    def need(field: str, reason: str, good: bool) -> None:
        if not good:
            found[field] = needed[reason]

    for field in ("client.first_name", "client.last_name"):
        need(field, field.partition(".")[2], field in typed)
    email, phone = typed.get("client.email", ""), typed.get("client.phone", "")
    need("client.email", "email", bool(_EMAIL.fullmatch(email)))
    if asks["phone"] is Ask.REQUIRED or (phone and asks["phone"] is Ask.OPTIONAL):
        need("client.phone", "phone", sum(map(str.isdigit, phone)) >= _LEAST_DIGITS)
    born = _born(typed, today)
    if asks["birth_date"] is not Ask.HIDDEN:
        need("client.birth_date", "birth_date", bool(born) or (born == "" and asks["birth_date"] is Ask.OPTIONAL))
    need("returning", "answer", "returning" in typed or asks["returning"] is not Ask.REQUIRED)
    if for_someone_else(typed):
        need("booked_by.first_name", "own_first_name", "booked_by.first_name" in typed)
        need("booked_by.last_name", "own_last_name", "booked_by.last_name" in typed)
        need("booked_by.relationship", "relationship", "booked_by.relationship" in typed)
    need("note", "answer", "note" in typed or asks["note"] is not Ask.REQUIRED)
    for question in questions:
        field = f"answers.{question['id']}"
        need(field, "answer", field in typed or not question["required"])
    need("consent", "consent", "consent" in typed)
    return found


def in_readers_words(fields: Mapping[str, str], reader: Reader) -> Problems:
    """The server's own reasons, which are in English, in the words that the form has for the same field."""
    if reader.language == "en":
        return dict(fields)
    needed = reader.words("details")["needed"]
    words: dict[str, str] = {
        "client.first_name": needed["first_name"],
        "client.last_name": needed["last_name"],
        "client.email": needed["email"],
        "client.phone": needed["phone"],
        "client.birth_date": needed["birth_date"],
        "booked_by.first_name": needed["own_first_name"],
        "booked_by.last_name": needed["own_last_name"],
        "booked_by.relationship": needed["relationship"],
        "returning": needed["returning"],
        "note": needed["note"],
    }
    return {field: words.get(field, needed["answer"]) for field in fields}


def for_someone_else(typed: Typed) -> bool:
    """Whether somebody books for another person, and so gives their own name too."""
    return typed.get("who") == "other"


def request_of(typed: Typed, choice: Choice, start: str, hold: str, reader: Reader, today: date) -> dict[str, Any]:
    """The body of the API's ``POST /bookings`` for what was typed."""
    client = {name: typed.get(f"client.{name}", "") for name in ("first_name", "last_name", "email")}
    if phone := typed.get("client.phone"):
        client["phone"] = phone
    if born := _born(typed, today):
        client["birth_date"] = born
    body: dict[str, Any] = {
        **choice.slugs(),
        "start": start,
        "client": client,
        "consent": typed.get("consent") == "yes",
        "lang": reader.locale,
    }
    if hold:
        body["hold"] = hold
    for name in ("returning", "note"):
        if name in typed:
            body[name] = typed[name]
    if for_someone_else(typed):
        body["booked_by"] = {
            name: typed.get(f"booked_by.{name}", "") for name in ("first_name", "last_name", "relationship")
        }
    answers = {
        question["id"]: answer == "yes" if question["kind"] == "yes_no" else answer
        for question in choice.service.questions
        if (answer := typed.get(f"answers.{question['id']}"))
    }
    return body | ({"answers": answers} if answers else {})


def _born(typed: Typed, today: date) -> str | None:
    """The date of birth as the API wants it; empty if none was typed, None if it is no date."""
    day, month, year = (typed.get(f"birth_{part}", "") for part in ("day", "month", "year"))
    if not (day or month or year):
        return ""
    try:
        return birth_date(f"{year}-{month:0>2}-{day:0>2}", today).isoformat()
    except ValueError:
        return None
