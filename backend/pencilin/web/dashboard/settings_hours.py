"""Settings → Practitioners & hours → Hours: one practitioner's week, all its rules in one form."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from pencilin import i18n
from pencilin.errors import Invalid
from pencilin.models import Location, Practitioner
from pencilin.practices import forms, hours, practitioners
from pencilin.practices.shapes import DAYS, HoursTable
from pencilin.practices.stored import Content, hours_of
from pencilin.practices.upcoming import TouchesAppointments
from pencilin.web.dashboard import moments, touched
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.settings_practitioners import address, find, show_one
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

# The fields of a rule with one value each; days and locations have several.
SINGLE = ("from", "to", "every_weeks", "first_week_of", "valid_from", "valid_until")
Rule = Mapping[str, Any]
# What was replaced by copying, by the practitioner's id, with the fingerprint of what took its place.
BEFORE = TypeAdapter(dict[str, tuple[list[dict[str, Any]], str]])


def hours_page(call: StaffCall) -> Response:
    """``GET …/{practitioner}/hours``"""
    who = find(call)
    with call.server.database.read() as session:
        stored = hours_of(session, who)
    return _show(call, who, [_as_text(rule) for rule in stored], hours.fingerprint(stored))


def save_hours(call: StaffCall) -> Response:
    """``POST …/{practitioner}/hours``: saves, or shows the form with one rule more or less."""
    who = find(call)
    rules = _typed(call)
    act, was = call.field("act"), call.field("was")
    if act == "add":
        return _show(call, who, [*rules, _blank(rules)], was, added=True)
    if act.startswith("remove-"):
        left = [rule for rule, number in zip(rules, _numbers(call), strict=True) if act != f"remove-{number}"]
        return _show(call, who, left, was, added=True)
    given = [_for_file(rule) for rule in rules]
    try:
        is_new = call.server.database.write(
            lambda session, now: hours.save(session, call.staff, who.id, given, was, touched.seen(call), now)
        )
    except Invalid as error:
        return _show(call, who, rules, was, HTTPStatus.UNPROCESSABLE_ENTITY, wrong=error.fields)
    except hours.HoursChanged as error:
        return _show(call, who, rules, hours.fingerprint(error.now), HTTPStatus.CONFLICT, clash=error.now)
    except TouchesAppointments as error:
        lines = touched.lines(call.practice, error)
        return _show(call, who, rules, was, HTTPStatus.CONFLICT, lines=lines)
    words = f"Saved the hours of {who.name}." if is_new else "Nothing was changed."
    return say(call, see_other(address(who.id, "hours")), words)


def copy_page(call: StaffCall) -> Response:
    """``GET …/{practitioner}/hours/copy``: to whom, and what it would replace."""
    return _show_copy(call, find(call))


def copy_hours(call: StaffCall) -> Response:
    """``POST …/{practitioner}/hours/copy``"""
    who = find(call)
    chosen = {str(one): call.field(f"was-{one}") for one in call.form.getlist("to")}
    if not chosen:
        return _show_copy(call, who, HTTPStatus.UNPROCESSABLE_ENTITY, problem="Choose whose hours these should become.")
    try:
        changed = call.server.database.write(
            lambda session, now: hours.copy(session, call.staff, who.id, chosen, touched.seen(call), now)
        )
    except hours.HoursChanged as error:
        return _show_copy(call, who, HTTPStatus.CONFLICT, set(chosen), problem=f"{error} Look again before you copy.")
    except TouchesAppointments as error:
        lines = touched.lines(call.practice, error)
        return _show_copy(call, who, HTTPStatus.CONFLICT, set(chosen), lines=lines)
    if not changed:
        return say(call, see_other(address(who.id, "hours")), "They have these hours already.")
    names = " and ".join(one.practitioner.name for one in changed)
    before = {one.practitioner.id: (one.before, one.now) for one in changed}
    undo = Undo(address(who.id, "hours/copy/removal"), {"before": json.dumps(before, default=str)})
    return say(call, see_other(address(who.id, "hours")), f"Copied the hours of {who.name} to {names}.", undo)


def take_back(call: StaffCall) -> Response:
    """``POST …/{practitioner}/hours/copy/removal``, with the hours that were replaced and what took their place."""
    who = find(call)
    try:
        before = BEFORE.validate_json(call.field("before"))
        call.server.database.write(lambda session, now: hours.take_back(session, call.staff, before, now))
    except (ValidationError, Invalid):
        words = "Not taken back: these hours can’t be had as they were any more."
    except hours.HoursChanged:
        words = "Not taken back: somebody changed these hours meanwhile. Look at them first."
    except TouchesAppointments:
        words = (
            "Not taken back: there are appointments in the copied hours by now. Change each one’s hours to see them."
        )
    else:
        words = "Taken back: they have the hours again that they had before."
    return say(call, see_other(address(who.id, "hours")), words)


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts: to the hours."""
    return see_other(address(find(call).id, "hours"))


def _show(
    call: StaffCall,
    who: Practitioner,
    rules: Sequence[Rule],
    was: str,
    status: int = HTTPStatus.OK,
    *,
    wrong: Mapping[str, str] | None = None,
    clash: Sequence[Content] | None = None,
    lines: Sequence[touched.Touched] = (),
    added: bool = False,
) -> Response:
    with call.server.database.read() as session:
        locations = hours.locations_by_slug(session, call.practice.id)
        stored = hours_of(session, who)
        others = [one for one in practitioners.listed(session, call.practice.id) if one.id != who.id]
    begin = not rules and not stored and not added
    return show_one(
        call,
        "hours.html",
        who,
        "hours",
        status=status,
        rules=[_blank([])] if begin else rules,
        begin=begin,
        was=was,
        wrong=wrong or {},
        clash=_week(call, clash, locations) if clash is not None else None,
        lines=lines,
        added=added,
        week=_week(call, stored, locations),
        notes=[_next(call, rule) for rule in rules],
        days=list(zip(DAYS, i18n.short_days(call.practice.staff_locale), strict=True)),
        locations=[
            place
            for place in locations.values()
            if place.archived_at is None or any(_serves(rule, place) for rule in rules)
        ],
        others=any(one.archived_at is None for one in others),
        zone=i18n.zone_city(call.practice.timezone, call.practice.staff_locale),
    )


def _show_copy(
    call: StaffCall,
    who: Practitioner,
    status: int = HTTPStatus.OK,
    chosen: set[str] | None = None,
    *,
    problem: str = "",
    lines: Sequence[touched.Touched] = (),
) -> Response:
    with call.server.database.read() as session:
        locations = hours.locations_by_slug(session, call.practice.id)
        rows = [
            (one, hours_of(session, one))
            for one in practitioners.listed(session, call.practice.id)
            if one.id != who.id and one.archived_at is None
        ]
        stored = hours_of(session, who)
    return show_one(
        call,
        "hours_copy.html",
        who,
        "hours",
        status=status,
        targets=[(one, hours.fingerprint(theirs), _week(call, theirs, locations)) for one, theirs in rows],
        week=_week(call, stored, locations),
        chosen=chosen or set(),
        problem=problem,
        lines=lines,
    )


def _week(call: StaffCall, rules: Sequence[Content], locations: Mapping[str, Location]) -> list[tuple[str, list[str]]]:
    """What each day of the week has, in words: *09:00–17:00 · Main Street*, *every 2 weeks*."""
    names = i18n.short_days(call.practice.staff_locale)
    found: list[tuple[str, list[str]]] = []
    for day, name in zip(DAYS, names, strict=True):
        of_day = sorted((rule for rule in rules if day in rule["days"]), key=lambda rule: rule["from"])
        found.append((name, [_entry(call, rule, locations) for rule in of_day]))
    return found


def _entry(call: StaffCall, rule: Content, locations: Mapping[str, Location]) -> str:
    where = ", ".join(locations[slug].name for slug in rule["locations"])
    parts = [f"{rule['from']}–{rule['to']}", where]
    if rule["every_weeks"] > 1:
        parts.append(f"every {rule['every_weeks']} weeks")
    locale = call.practice.staff_locale
    if since := rule.get("valid_from"):
        parts.append(f"from {i18n.month_day(since, locale)}")
    if until := rule.get("valid_until"):
        parts.append(f"until {i18n.month_day(until, locale)}")
    return " · ".join(parts)


def _next(call: StaffCall, rule: Rule) -> str:
    """*Every 2 weeks, next: 24 Nov, 8 Dec*, for a rule that can be read and doesn't hold every week."""
    try:
        table = forms.checked(
            HoursTable, {key: value for key, value in _for_file(rule).items() if value not in ("", [])}
        )
    except Invalid:
        return ""
    if table.every_weeks == 1:
        return ""
    today = moments.day_in(call.server.database.clock(), call.practice.timezone)
    dates = [i18n.month_day(day, call.practice.staff_locale) for day in hours.next_dates(table, today)]
    return f"Every {table.every_weeks} weeks, next: {', '.join(dates)}" if dates else "No date of it is to come"


def _numbers(call: StaffCall) -> list[str]:
    return [str(one) for one in call.form.getlist("rule")]


def _typed(call: StaffCall) -> list[Rule]:
    """The rules as they stand in the form."""
    return [
        {
            "days": [str(one) for one in call.form.getlist(f"days-{number}")],
            "locations": [str(one) for one in call.form.getlist(f"locations-{number}")],
            **{name: call.field(f"{name}-{number}") for name in SINGLE},
        }
        for number in _numbers(call)
    ]


def _as_text(rule: Content) -> Rule:
    """A stored rule as the form has it."""
    return {
        "days": rule["days"],
        "locations": rule["locations"],
        **{name: str(rule[name]) if name in rule else "" for name in SINGLE},
    }


def _for_file(rule: Rule) -> dict[str, Any]:
    """A rule of the form as the practice file has it."""
    return {
        **rule,
        "from": hours.read_time(rule["from"]),
        "to": hours.read_time(rule["to"]),
        "every_weeks": forms.number(rule["every_weeks"] or "1"),
    }


def _blank(rules: Sequence[Rule]) -> Rule:
    """A rule to be filled in, where the one above it is; the first one is a usual week."""
    if rules:
        return {"days": [], "locations": rules[-1]["locations"], **dict.fromkeys(SINGLE, ""), "every_weeks": "1"}
    usual = {"from": "09:00", "to": "17:00", "every_weeks": "1"}
    return {"days": list(DAYS[:5]), "locations": [], **dict.fromkeys(SINGLE, ""), **usual}


def _serves(rule: Rule, place: Location) -> bool:
    return place.slug in rule["locations"]
