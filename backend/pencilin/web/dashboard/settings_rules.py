"""Settings → Booking rules: when clients may book, how long staff have to answer, and what the form asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin.errors import Invalid
from pencilin.models import Practice
from pencilin.practices import booking_rules
from pencilin.practices.forms import number
from pencilin.practices.shapes import RulesTable
from pencilin.rules.asks import USUAL, Ask, asked
from pencilin.web.dashboard import editing
from pencilin.web.dashboard.said import say
from pencilin.web.dashboard.settings import RULES, show_settings
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

UNITS = {"minutes": 1, "hours": 60, "days": 1440}
_SAID_IN_DAYS = 2 * 1440
ASKS = {f"ask_{name}": name for name in USUAL}


@dataclass(frozen=True, slots=True)
class Rule:
    """A field of the page, with the units to choose from; unless ``in_minutes``, the rule counts in its one unit."""

    label: str
    hint: str
    units: tuple[str, ...]
    in_minutes: bool = True


FIELDS: Mapping[str, Rule] = {
    "notice_minutes": Rule(
        "Shortest notice",
        "How long before its start a time can still be booked. With 4 hours, at 9 in the morning the first time on "
        "offer is at 1 in the afternoon.",
        ("hours", "days", "minutes"),
    ),
    "horizon_days": Rule(
        "How far ahead",
        "How many days ahead clients can book. With 60 days, on 1 March times until 30 April are on offer.",
        ("days",),
        in_minutes=False,
    ),
    "step": Rule(
        "A start every",
        "How far apart the starts on offer are, counted from when the working hours begin. With 15 minutes and hours "
        "from 9:00, that is 9:00, 9:15, 9:30. A service may have its own.",
        ("minutes",),
    ),
    "daily_cap": Rule(
        "Most appointments a day",
        "For each practitioner; then the day shows as full to clients. Staff can still enter more. 0 means no limit.",
        ("appointments",),
        in_minutes=False,
    ),
    "hold_minutes": Rule(
        "Time to fill in the form",
        "How long a chosen time is kept for whoever is filling in the form. With 10 minutes it says, at 10:32, “Held "
        "for you until 10:42”. Clients can ask for more twice.",
        ("minutes",),
    ),
    "cancel_notice_minutes": Rule(
        "Cancelling and moving",
        "Until how long before the start clients can cancel or move by themselves. With 24 hours, a visit on Tuesday "
        "at 9:00 can be changed until Monday at 9:00; after that they are asked to call.",
        ("hours", "days", "minutes"),
    ),
    "review_open_hours": Rule(
        "Time to answer a request",
        "Counted in hours in which the practice is open. With 8 hours and opening hours from 9:00 to 17:00, a request "
        "of Friday at 16:00 is due on Monday at 16:00; clients are told this time.",
        ("open hours",),
        in_minutes=False,
    ),
}
ASKED = {
    "ask_phone": "Phone",
    "ask_birth_date": "Date of birth",
    "ask_returning": "Have you been here before?",
    "ask_note": "Reason for visit",
}
ASK_WORDS = {Ask.REQUIRED: "Required", Ask.OPTIONAL: "Optional", Ask.HIDDEN: "Not asked"}


def rules_page(call: StaffCall) -> Response:
    """``GET /settings/rules``"""
    return _show(call, editing.shown(_stored(call.practice)))


def save_rules(call: StaffCall) -> Response:
    """``POST /settings/rules``"""
    typed = editing.sent(call, [*FIELDS, *ASKS])

    def work(session: Session, now: datetime) -> tuple[str, ...]:
        stored = _stored(session.get_one(Practice, call.practice.id))
        # What can't be is told first: a clash is decided by saving again, and that should be the last time.
        _read(typed)
        rules, asks = _read(editing.merged(call, typed, stored))
        return booking_rules.change(session, call.staff, rules, asks, now)

    try:
        changed = call.server.database.write(work)
    except Invalid as error:
        return _show(call, editing.refused(call, typed, error), HTTPStatus.UNPROCESSABLE_ENTITY)
    return say(call, see_other(RULES.address), "Saved." if changed else "Nothing was changed.")


def _show(call: StaffCall, form: editing.Form, status: int = HTTPStatus.OK) -> Response:
    now = {name: _in_words(FIELDS[name], value) if name in FIELDS else value for name, value in form.now.items()}
    return show_settings(
        call,
        "rules.html",
        RULES,
        status=status,
        form=editing.Form(form.values, form.was, form.wrong, now),
        fields=FIELDS,
        asked=ASKED,
        ask_words={ask.value: words for ask, words in ASK_WORDS.items()},
    )


def _stored(practice: Practice) -> dict[str, str]:
    """What the fields hold: a number and, behind a line end, its unit."""
    rules = {name: _lengthy(rule, getattr(practice, name)) for name, rule in FIELDS.items()}
    chosen = asked(practice.asks)
    return rules | {field: chosen[name].value for field, name in ASKS.items()}


def _lengthy(rule: Rule, value: int) -> str:
    """The value as people say it: *24 hours*, *2 days*, *90 minutes*."""
    if not rule.in_minutes:
        return f"{value}\n{rule.units[0]}"
    unit = "days" if value >= _SAID_IN_DAYS and not value % UNITS["days"] else "hours"
    unit = unit if unit in rule.units and not value % UNITS[unit] else "minutes"
    return f"{value // UNITS[unit]}\n{unit}"


def _in_words(rule: Rule, value: str) -> str:
    return value.replace("\n", " ")


def _read(values: Mapping[str, str]) -> tuple[dict[str, int], dict[str, Ask]]:
    """The checked rules and what is asked; raises :class:`Invalid` with a sentence for each field."""
    rules: dict[str, int] = {}
    wrong: dict[str, str] = {}
    for name, rule in FIELDS.items():
        value = _number(name, rule, values[name])
        if isinstance(value, str):
            wrong[name] = value
        else:
            rules[name] = value
    asks: dict[str, Ask] = {}
    for field, name in ASKS.items():
        if values[field] in list(Ask):
            asks[name] = Ask(values[field])
        else:
            wrong[field] = "Choose one of these."
    if wrong:
        raise Invalid(wrong)
    return rules, asks


def _number(name: str, rule: Rule, typed: str) -> int | str:
    """The rule's value, or what to enter instead."""
    amount, _, unit = typed.partition("\n")
    unit = unit if unit in rule.units else rule.units[0]
    size = UNITS[unit] if rule.in_minutes else 1
    least, most = booking_rules.limits(name)
    known = number(amount)
    if isinstance(known, str) or not least <= known * size <= most:
        return f"Enter a whole number from {-(-least // size)} to {most // size} ({unit})."
    try:
        RulesTable.model_validate({name: known * size})
    except ValueError:
        return "Enter a multiple of 5 minutes."
    return known * size
