"""What is sent to the public API, as the contract words it, and how it is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Literal, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import ErrorDetails

from pencilin.errors import Invalid
from pencilin.rules import people
from pencilin.rules.asks import Ask
from pencilin.rules.texts import LONGEST_TEXT, text


class Request(BaseModel):
    """What is sent to us: closed, so that nothing is taken in that nobody asked for."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Here:
    """What a check depends on: the country of phones without a country code, the local date, what the form asks."""

    country: str
    today: date
    asks: Mapping[str, Ask]


def _here(info: ValidationInfo) -> Here:
    assert isinstance(info.context, Here)
    return info.context


def _phone(value: str, info: ValidationInfo) -> str:
    return people.phone(value, _here(info).country)


def _birth_date(value: str, info: ValidationInfo) -> str:
    return people.birth_date(value, _here(info).today).isoformat()


def _asked(name: str) -> Callable[[object, ValidatorFunctionWrapHandler, ValidationInfo], object]:
    """The check that a field is there where the practice requires it, and not kept where it doesn't ask."""

    def check(value: object, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
        ask = _here(info).asks[name]
        if ask is Ask.HIDDEN:
            return None
        if ask is Ask.REQUIRED and (value is None or not str(value).strip()):
            raise ValueError(_WORDS["missing"])
        return read(value)

    return check


@cache
def _zones() -> frozenset[str]:
    # Reading the system's list takes longer than all the rest of a request.
    return frozenset(available_timezones() - {"Factory", "localtime"})


def _zone(value: str) -> str:
    if value not in _zones():
        raise ValueError("Give an IANA time zone, like America/New_York.")
    return value


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not RFC_3339.fullmatch(value):
        raise ValueError(_INSTANT)
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        raise ValueError(_INSTANT) from None


def _agreed(value: bool) -> bool:
    if not value:
        raise ValueError("Without consent nothing can be requested: this should be true.")
    return value


RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_INSTANT = "Give a date and time with an offset, like 2026-11-24T09:00:00-05:00."

Id = Annotated[str, StringConstraints(min_length=1, max_length=63)]
Name = Annotated[str, AfterValidator(people.name)]
Text = Annotated[str, Field(json_schema_extra={"maxLength": LONGEST_TEXT}), AfterValidator(text)]
Start = Annotated[AwareDatetime, BeforeValidator(_instant)]
Phone = Annotated[str, AfterValidator(_phone)]
BirthDate = Annotated[str, AfterValidator(_birth_date)]
Consent = Annotated[StrictBool, Field(json_schema_extra={"const": True}), AfterValidator(_agreed)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]


class HoldRequest(Request):
    service: Id
    start: Start
    practitioner: Id | None = None
    location: Id | None = None


class ClientTyped(Request):
    first_name: Name
    last_name: Name
    email: Annotated[str, AfterValidator(people.email)]
    phone: Annotated[Phone | None, WrapValidator(_asked("phone")), Field(validate_default=True)] = None
    birth_date: Annotated[BirthDate | None, WrapValidator(_asked("birth_date")), Field(validate_default=True)] = None


class BookedByTyped(Request):
    first_name: Name
    last_name: Name
    relationship: Name


class Booking(Request):
    service: Id
    start: Start
    practitioner: Id | None = None
    location: Id | None = None
    hold: Annotated[str, StringConstraints(max_length=64)] | None = None
    client: ClientTyped
    returning: Annotated[
        Literal["yes", "no", "unsure"] | None, WrapValidator(_asked("returning")), Field(validate_default=True)
    ] = None
    booked_by: BookedByTyped | None = None
    answers: dict[Id, str | bool] | None = None
    note: Annotated[Text | None, WrapValidator(_asked("note")), Field(validate_default=True)] = None
    consent: Consent
    lang: Language | None = None
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    site: Annotated[str, StringConstraints(max_length=270)] | None = None


class Correction(Request):
    manage_url: Annotated[str, StringConstraints(max_length=2000)]
    email: Annotated[str, AfterValidator(people.email)]


# What to say for what pydantic found. The messages of our own checks are said as they are.
_WORDS = {
    "missing": "This is required.",
    "extra_forbidden": "This field isn't known here. Leave it out.",
    "string_type": "This should be text.",
    "bool_type": "This should be true or false.",
    "dict_type": "This should be an object.",
    "model_type": "This should be an object.",
    "string_too_long": "This is too long.",
    "string_too_short": "This is empty: fill it in, or leave it out.",
    "string_pattern_mismatch": "This isn't written as it should be.",
}


Shape = TypeVar("Shape", bound=Request)


def parse(shape: type[Shape], body: bytes, here: Here) -> Shape:
    """The request in ``body`` (JSON). Raises :class:`Invalid` that names every wrong field at once."""
    try:
        return shape.model_validate_json(body, strict=True, context=here)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    if any(one["type"] == "json_invalid" or not one["loc"] for one in found):
        raise Invalid(message="The request's body should be one JSON object. Nothing was saved.")
    fields: dict[str, str] = {}
    for one in found:
        fields.setdefault(_dotted(one["loc"]), _in_words(one))
    raise Invalid(fields)


def _dotted(location: tuple[int | str, ...]) -> str:
    # The branches of an answer's type (text or true/false) are no part of the field's name.
    named = location[:2] if location[:1] == ("answers",) else location
    return ".".join(map(str, named))


def _in_words(error: ErrorDetails) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] == "literal_error":
        return f"This should be {error['ctx']['expected']}."
    return _WORDS.get(error["type"], "This isn't written as it should be.")
