"""Working hours as Settings edits them: all weekly rules of a practitioner at once, as in a practice file."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from pencilin import audit, i18n
from pencilin.errors import Conflict, Invalid
from pencilin.models import Location, Practice, Practitioner, Staff
from pencilin.practices import calendars, forms
from pencilin.practices.practitioners import locked
from pencilin.practices.schedules import overlapping, two_places, weekly_rule
from pencilin.practices.shapes import DAYS, HoursTable, Table
from pencilin.practices.stored import Content, clock, hours_of
from pencilin.practices.upcoming import TouchesAppointments, Upcoming, seen_first

Shape = TypeVar("Shape", bound=Table)

# One practitioner's week; whoever needs more writes a file.
MOST_RULES = 50
LOOK_AHEAD_WEEKS = 110

_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))? ?(am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE)
_TIME_WANTED = "Enter a time, like 9:00 or 17:30. The end of the day is 24:00."
_REASONS = {
    'should be a time in quotes, like "09:00"': _TIME_WANTED,
    "should be a multiple of 5": "Enter a time on five minutes, like 9:00 or 9:05.",
    'should be later than `from`; the end of the day is "24:00"': "This should be later than the start. The end of the "
    "day is 24:00.",
    "should be later than `start`": "This should be later than the start.",
    "should not be before `valid_from`": "This should not be before the first day.",
    "`every_weeks` above 1 needs `first_week_of`, a date in a week that counts": "Enter a date in a week that counts.",
    "should be a date, like 2026-12-24": "Enter a date.",
    "should be a local date and time without an offset, like 2026-12-24T13:00:00": "Enter a date nearer by.",
    'each pair should end later than it begins; the end of the day is "24:00"': "Each of these should end later than "
    "it begins. The end of the day is 24:00.",
    "two of these overlap; make them one": "Two of these overlap: make them one.",
}


@dataclass(frozen=True, slots=True)
class Copied:
    """A practitioner who got somebody's hours: their own ``before``, and the fingerprint of those they have now."""

    practitioner: Practitioner
    before: list[Content]
    now: str


class HoursChanged(Conflict):
    """Somebody else changed the hours after they were shown; ``now`` is what is stored."""

    def __init__(self, now: Sequence[Content]) -> None:
        super().__init__("Somebody else changed these hours meanwhile.")
        self.now = list(now)


def fingerprint(rules: Sequence[Content]) -> str:
    """What tells one state of somebody's hours from another."""
    return hashlib.sha256(json.dumps(rules, default=str).encode()).hexdigest()[:32]


def read_time(typed: str) -> str:
    """*9*, *9.30*, *5 pm* as ``09:00``, ``09:30``, ``17:00``; anything else as it is, for the check to refuse."""
    found = _TIME.fullmatch(typed.strip())
    if not found:
        return typed
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()[:1]
    if half and not 1 <= hour <= 12:
        return typed
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return f"{hour:02}:{minute:02}"


def locations_by_slug(session: Session, practice_id: str) -> dict[str, Location]:
    """All locations in their order, archived ones too: hours that name one stay as they are."""
    rows = session.exec(
        select(Location).where(Location.practice_id == practice_id).order_by(col(Location.position), col(Location.slug))
    )
    return {row.slug: row for row in rows}


def save(
    session: Session,
    staff: Staff,
    practitioner_id: str,
    rules: Sequence[Mapping[str, object]],
    was: str,
    seen: Collection[str],
    now: datetime,
) -> bool:
    """Puts the typed ``rules`` in the place of what is stored; whether that is something new.

    ``was`` is the fingerprint of what the form was made of. Raises :class:`Invalid` by the number of the rule and the
    key (``0.from``), :class:`HoursChanged`, and :class:`TouchesAppointments` unless ``seen`` names those.
    """
    practitioner = locked(session, staff, practitioner_id)
    practice = session.get_one(Practice, staff.practice_id)
    locations = locations_by_slug(session, staff.practice_id)
    tables = check(rules, locations, practice.staff_locale, now.astimezone(ZoneInfo(practice.timezone)).date())
    stored = hours_of(session, practitioner)
    if calendars.is_stored(session, practitioner, tables, hours_of):
        return False
    if fingerprint(stored) != was:
        raise HoursChanged(stored)
    with seen_first(session, staff.practice_id, [practitioner.id], now, seen):
        calendars.replace_hours(session, practitioner, tables, locations)
    audit.record(session, now, staff.practice_id, staff, "practitioner.hours_changed", "practitioner", practitioner.id)
    return True


def copy(
    session: Session,
    staff: Staff,
    source_id: str,
    targets: Mapping[str, str],
    seen: Collection[str],
    now: datetime,
) -> list[Copied]:
    """Gives the practitioners among ``targets`` (ids, with the fingerprints of their hours as shown) the source's
    hours in place of their own. Gives those for whom that is new; raises as :func:`save` does.
    """
    source = forms.find(session, Practitioner, staff, source_id)
    rules = hours_of(session, source)
    changed: list[Copied] = []
    touched: list[Upcoming] = []
    for target_id in sorted(targets):
        target = locked(session, staff, target_id)
        before = hours_of(session, target)
        try:
            if save(session, staff, target_id, rules, targets[target_id], seen, now):
                changed.append(Copied(target, before, fingerprint(hours_of(session, target))))
        except TouchesAppointments as error:
            # Those of all of them are listed at once; the transaction is not to be committed.
            touched.extend(error.touched)
    if touched:
        raise TouchesAppointments(touched)
    return changed


def take_back(
    session: Session, staff: Staff, before: Mapping[str, tuple[Sequence[Content], str]], now: datetime
) -> None:
    """Gives practitioners, by their ids, the hours again that they had; each with the fingerprint of those since.

    Raises :class:`HoursChanged` and :class:`TouchesAppointments` as :func:`save` does: then all stay as they are.
    """
    for practitioner_id in sorted(before):
        rules, since = before[practitioner_id]
        save(session, staff, practitioner_id, rules, since, (), now)


def check(
    rules: Sequence[Mapping[str, object]], locations: Mapping[str, Location], locale: str, today: date
) -> list[HoursTable]:
    """The rules as tables, by the same checks as a practice file. Raises :class:`Invalid` with all that is wrong."""
    wrong: dict[str, str] = {}
    tables: dict[int, HoursTable] = {}
    if len(rules) > MOST_RULES:
        raise Invalid({"": f"Keep at most {MOST_RULES} rules for one practitioner."})
    for number, rule in enumerate(rules):
        try:
            tables[number] = _table(rule)
        except Invalid as error:
            wrong |= {f"{number}.{key or 'first_week_of'}": reason for key, reason in error.fields.items()}
            continue
        known = [locations[slug] for slug in tables[number].locations if slug in locations]
        if len(known) < len(tables[number].locations):
            wrong[f"{number}.locations"] = "One of these locations is gone. Choose again."
        elif two_places(known):
            names = " and ".join(place.name for place in known if place.kind == "place")
            wrong[f"{number}.locations"] = f"Choose one of {names}: nobody is at both at once."
    numbers = sorted(tables)
    for later, earlier, day in overlapping([tables[number] for number in numbers], locations, today):
        other = in_words(tables[numbers[earlier]], locations, locale)
        reason = f"Overlaps {other}, first on {i18n.full_date(day, locale)}."
        wrong.setdefault(f"{numbers[later]}.from", reason)
    if wrong:
        raise Invalid(wrong)
    return [tables[number] for number in numbers]


def in_words(table: HoursTable, locations: Mapping[str, Location], locale: str) -> str:
    """*Mon, Tue 09:00–12:00 at Main Street*."""
    names = i18n.short_days(locale)
    days = ", ".join(names[DAYS.index(day)] for day in sorted(table.days, key=DAYS.index))
    where = " and ".join(locations[slug].name for slug in table.locations if slug in locations)
    return f"{days} {clock(table.from_)}–{clock(table.to)} at {where}"


def next_dates(table: HoursTable, today: date, count: int = 2) -> list[date]:
    """The first date in each of the next weeks that count, from today on."""
    rule = weekly_rule(table)
    start = max([today, *(day for day in (table.valid_from, table.first_week_of) if day)])
    start = start if start == today else max(today, start - timedelta(days=start.weekday()))
    found: list[date] = []
    day, last = start, start + timedelta(weeks=LOOK_AHEAD_WEEKS)
    while day <= last and len(found) < count:
        if rule.holds_on(day):
            found.append(day)
            # On to the next week: one date says which weeks count.
            day += timedelta(days=6 - day.weekday())
        day += timedelta(days=1)
    return found


def _table(rule: Mapping[str, object]) -> HoursTable:
    values: dict[str, Any] = {key: value for key, value in rule.items() if value not in (None, "")}
    missing = {
        key: reason
        for key, reason in {
            "days": "Choose at least one day.",
            "from": _TIME_WANTED,
            "to": _TIME_WANTED,
            "locations": "Choose at least one location.",
        }.items()
        if not values.get(key)
    }
    if missing:
        raise Invalid(missing)
    return checked(HoursTable, values)


def checked(shape: type[Shape], values: Mapping[str, object]) -> Shape:
    """The checked table. Raises :class:`Invalid` in the words of a form: the file's speak of its keys and quotes."""
    try:
        return forms.checked(shape, values)
    except Invalid as error:
        said = {forms.sentence(reason): words for reason, words in _REASONS.items()}
        raise Invalid({key: said.get(reason, reason) for key, reason in error.fields.items()}) from None
