"""When practitioners are there, as the calendar shades it, and why they are not: time off, and closures."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from pencilin.diary import read_schedules
from pencilin.directory import Named
from pencilin.models import Closure, Override, Practice, TimeOff, WorkingHours
from pencilin.rules import hours
from pencilin.rules.timeline import instant_of
from pencilin.rules.zones import dates_window


class Stretch(NamedTuple):
    """Wall time in the practice's zone, from ``start`` to ``end``; ``practitioner_id`` None: everybody's."""

    practitioner_id: str | None
    start: datetime
    end: datetime


class Away(NamedTuple):
    """Time off of one practitioner, by the wall clock; ``note`` is what staff wrote."""

    practitioner_id: str
    start: datetime
    end: datetime
    note: str


class Closed(NamedTuple):
    """A date on which the whole practice is shut."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Hours:
    """When nobody works, and between which wall times anybody does on any of the days."""

    closed: list[Stretch]
    opens: time | None
    closes: time | None


def closed_hours(
    session: Session,
    practice: Practice,
    practitioner_ids: Collection[str],
    locations: Collection[Named],
    first: date,
    days: int,
    *,
    each: bool,
) -> Hours:
    """The stretches of ``days`` dates in which none of the practitioners works at any of the locations.

    With ``each``, those of every single one of them.
    """
    window = dates_window(ZoneInfo(practice.timezone), first, days)
    schedules = read_schedules(session, practice, practitioner_ids)
    opened = {
        practitioner_id: reduce(
            or_,
            (hours.open_bits(schedule, place.id, ZoneInfo(place.detail), window) for place in locations),
            0,
        )
        for practitioner_id, schedule in schedules.items()
    }
    together = reduce(or_, opened.values(), 0)
    shaded: list[tuple[str | None, int]] = [*opened.items()] if each else [(None, together)]
    zone = ZoneInfo(practice.timezone)
    closed = [
        Stretch(who, _wall(start, zone), _wall(end, zone))
        for who, bits in shaded
        for start, end in window.spans(window.full & ~bits)
    ]
    spans = [(_wall(start, zone), _wall(end, zone)) for start, end in window.spans(together)]
    return Hours(closed, min((start.time() for start, _ in spans), default=None), _latest(spans))


def _latest(spans: list[tuple[datetime, datetime]]) -> time | None:
    """The latest end; what lasts until midnight or longer ends with the day."""
    return max((end.time() if end.date() == start.date() else time.max for start, end in spans), default=None)


def _wall(tick: int, zone: ZoneInfo) -> datetime:
    return instant_of(tick).astimezone(zone).replace(tzinfo=None)


def time_off(
    session: Session, practice: Practice, practitioner_ids: Collection[str], first: date, days: int
) -> list[Away]:
    """The absences of these practitioners that touch any of ``days`` dates, the earliest first."""
    start = datetime.combine(first, time())
    values = {"practice_id": practice.id, "practitioner_ids": list(practitioner_ids)}
    rows = session.execute(_TIME_OFF, values | {"start": start, "end": start + timedelta(days=days)})
    return [Away(row[0], row[1], row[2], row[3] or "") for row in rows]


def closures(session: Session, practice: Practice, first: date, days: int) -> list[Closed]:
    """The closures among ``days`` dates from ``first`` on."""
    values = {"practice_id": practice.id, "start": first, "end": first + timedelta(days=days)}
    return [Closed(*row) for row in session.execute(_CLOSURES, values)]


# To build a query takes longer than to run it, so these are kept.
_TIME_OFF = (
    select(col(TimeOff.practitioner_id), col(TimeOff.start), col(TimeOff.end), col(TimeOff.note))
    .where(
        col(TimeOff.practice_id) == bindparam("practice_id"),
        col(TimeOff.practitioner_id).in_(bindparam("practitioner_ids", expanding=True)),
        col(TimeOff.start) < bindparam("end"),
        col(TimeOff.end) > bindparam("start"),
    )
    .order_by(col(TimeOff.start), col(TimeOff.practitioner_id))
)
_CLOSURES = (
    select(col(Closure.date), col(Closure.name))
    .where(
        col(Closure.practice_id) == bindparam("practice_id"),
        col(Closure.date) >= bindparam("start"),
        col(Closure.date) < bindparam("end"),
    )
    .order_by(col(Closure.date))
)


def working_weekdays(session: Session, practice: Practice, first: date, days: int) -> set[int]:
    """The weekdays, from 0 (Monday), on which anybody works by a weekly rule or by an override among these dates."""
    rules = session.exec(select_rows(col(WorkingHours.days)).where(WorkingHours.practice_id == practice.id))
    overrides = session.exec(
        select_rows(col(Override.date)).where(
            Override.practice_id == practice.id,
            Override.date >= first,
            Override.date < first + timedelta(days=days),
        )
    )
    return {weekday for rule in rules for weekday in rule} | {day.weekday() for day in overrides}


def next_working_day(session: Session, practice: Practice, today: date) -> date:
    """The first date from ``today`` on, within a week, on which anybody works; else today."""
    working = working_weekdays(session, practice, today, 7)
    days = [today + timedelta(days=ahead) for ahead in range(7)]
    return next((day for day in days if day.weekday() in working), today)
