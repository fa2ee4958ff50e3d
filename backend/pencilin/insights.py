"""Figures of a practice: how many ask, how soon they hear, what becomes of it, who is how busy, where they come from.

A request is an appointment that a client asked for; what staff or an import entered is none. It belongs to the date on
which it was made, in the practice's zone, and stays one when its client is erased.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case
from sqlmodel import Session, col, or_, select

from pencilin.catalogue import Catalogue
from pencilin.diary import read_schedules
from pencilin.models import Appointment, Practitioner, Role, Staff
from pencilin.rules import hours
from pencilin.rules.states import Status
from pencilin.rules.timeline import TICK_SECONDS, Window
from pencilin.scheduling.entering import SOURCE as DESK
from pencilin.scheduling.importing import SOURCE as IMPORT

LONGEST = 366  # days that are looked at together

# A visit that takes, or took, the practitioner's time.
WORKED = (Status.APPROVED, Status.COMPLETED, Status.NO_SHOW)
DECIDED = (Status.APPROVED, Status.DECLINED, Status.COMPLETED, Status.NO_SHOW, Status.CANCELLED)
SPREAD = {
    "Within an hour": timedelta(hours=1),
    "Within 4 hours": timedelta(hours=4),
    "Within 12 hours": timedelta(hours=12),
    "Within a day": timedelta(days=1),
    "Within 2 days": timedelta(days=2),
    "Later": timedelta.max,
}
MINUTES_PER_TICK = TICK_SECONDS // 60


@dataclass(frozen=True, slots=True)
class Week:
    """The requests that were made in the week that begins on ``monday``, by what has become of them."""

    monday: date
    approved: int
    declined: int
    expired: int
    waiting: int
    cancelled: int

    @property
    def requests(self) -> int:
        """All of them."""
        return self.approved + self.declined + self.expired + self.waiting + self.cancelled


@dataclass(frozen=True, slots=True)
class Speed:
    """How long ``decided`` requests waited until staff approved or declined them; None when there was none.

    ``spread`` counts them by how long it took, in words.
    """

    decided: int
    median: timedelta | None
    nine_in_ten: timedelta | None
    spread: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Load:
    """How much of a practitioner's open time the period's visits take, both in minutes."""

    practitioner: str
    booked: int
    open: int

    @property
    def share(self) -> float | None:
        """The part that is booked; above 1 when visits lie outside the hours. None without any open time."""
        return self.booked / self.open if self.open else None


@dataclass(frozen=True, slots=True)
class Insights:
    """Everything about one period.

    ``sources`` are websites, *hosted* for our own page, or empty where it isn't known, with the number of requests.
    """

    weeks: tuple[Week, ...]
    speed: Speed
    loads: tuple[Load, ...]
    sources: tuple[tuple[str, int], ...]

    def total(self, what: str) -> int:
        """The weeks' sum of *requests*, *approved*, *declined*, *expired*, *waiting* or *cancelled*."""
        return sum(getattr(week, what) for week in self.weeks)


def insights(
    session: Session, staff: Staff, catalogue: Catalogue, first: date, last: date, practitioner_id: str | None = None
) -> Insights:
    """The figures of the dates from ``first`` to ``last``, both included, in the practice's zone.

    A practitioner gets their own, whatever ``practitioner_id`` says. ``ValueError`` for dates in the wrong order, or
    for more than 366 days.
    """
    if not first <= last < first + timedelta(days=LONGEST):
        raise ValueError(f"{first} to {last}: should be at most {LONGEST} days, in this order")
    if staff.role == Role.PRACTITIONER:
        practitioner_id = staff.practitioner_id or ""
    zone = ZoneInfo(catalogue.practice.timezone)
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    of_practice: list[ColumnElement[bool]] = [col(Appointment.practice_id) == staff.practice_id]
    if practitioner_id is not None:
        of_practice.append(col(Appointment.practitioner_id) == practitioner_id)
    asked = _asked(session, [*of_practice, col(Appointment.created_at) >= start, col(Appointment.created_at) < end])
    waits = sorted(decided - made for made, status, decided, _ in asked if decided and status in DECIDED)
    return Insights(
        _weeks(asked, first, last, zone),
        Speed(len(waits), percentile(waits, 50), percentile(waits, 90), _spread(waits)),
        _loads(session, catalogue, start, end, practitioner_id),
        tuple(sorted(Counter(source or "" for *_, source in asked).items(), key=lambda one: (-one[1], one[0]))),
    )


def percentile(ascending: Sequence[timedelta], percent: int) -> timedelta | None:
    """The smallest value that ``percent`` of all don't exceed (nearest rank); None when there is none."""
    return ascending[ceil(percent * len(ascending) / 100) - 1] if ascending else None


def _spread(waits: Sequence[timedelta]) -> tuple[tuple[str, int], ...]:
    counts = Counter(next(words for words, longest in SPREAD.items() if wait <= longest) for wait in waits)
    return tuple((words, counts[words]) for words in SPREAD)


_Asked = tuple[datetime, Status, datetime | None, str | None]


def _asked(session: Session, conditions: Sequence[ColumnElement[bool]]) -> list[_Asked]:
    source = col(Appointment.source)
    rows = session.execute(
        select(
            col(Appointment.created_at),
            col(Appointment.status),
            # What nobody of the staff decided took nobody's time.
            case((col(Appointment.decided_by).is_not(None), col(Appointment.decided_at))),
            source,
        ).where(*conditions, or_(source.is_(None), source.not_in([DESK, IMPORT])))
    )
    return [(made, status, decided, source) for made, status, decided, source in rows]


def _weeks(asked: Sequence[_Asked], first: date, last: date, zone: ZoneInfo) -> tuple[Week, ...]:
    became: Counter[tuple[date, Status]] = Counter()
    for made, status, _, _ in asked:
        became[_monday(made.astimezone(zone).date()), status] += 1
    mondays = [_monday(first) + timedelta(weeks=week) for week in range((_monday(last) - _monday(first)).days // 7 + 1)]
    return tuple(
        Week(
            monday,
            approved=sum(became[monday, status] for status in WORKED),
            declined=became[monday, Status.DECLINED],
            expired=became[monday, Status.EXPIRED],
            waiting=became[monday, Status.TENTATIVE],
            cancelled=became[monday, Status.CANCELLED],
        )
        for monday in mondays
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _loads(
    session: Session, catalogue: Catalogue, start: datetime, end: datetime, practitioner_id: str | None
) -> tuple[Load, ...]:
    shown = [one for one in catalogue.practitioners if practitioner_id in (None, one.id)]
    window = Window.between(start, end)
    schedules = read_schedules(session, catalogue.practice, [one.id for one in shown])
    booked = _booked(session, catalogue.practice.id, start, end)

    def open_minutes(practitioner: Practitioner) -> int:
        bits = 0
        for location in catalogue.locations:
            bits |= hours.open_bits(schedules[practitioner.id], location.id, ZoneInfo(location.timezone), window)
        return bits.bit_count() * MINUTES_PER_TICK

    return tuple(Load(one.name, booked[one.id], open_minutes(one)) for one in shown)


def _booked(session: Session, practice_id: str, start: datetime, end: datetime) -> Counter[str]:
    """Minutes of visits that begin in the period, by practitioner, without buffers."""
    rows = session.execute(
        select(col(Appointment.practitioner_id), col(Appointment.start), col(Appointment.end)).where(
            col(Appointment.practice_id) == practice_id,
            col(Appointment.start) >= start,
            col(Appointment.start) < end,
            col(Appointment.status).in_(WORKED),
        )
    )
    minutes: Counter[str] = Counter()
    for practitioner_id, begins, ends in rows:
        minutes[practitioner_id] += round((ends - begins).total_seconds()) // 60
    return minutes
