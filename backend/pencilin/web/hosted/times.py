"""The second step: a month with its free days, and the free times of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlmodel import Session

from pencilin import availability
from pencilin.availability import Slot
from pencilin.catalogue import Catalogue
from pencilin.rules.slots import last_date
from pencilin.web.hosted.choice import Choice
from pencilin.web.hosted.reader import Reader

AFTERNOON, EVENING = 12, 17  # o'clock


class Free(StrEnum):
    """What can be said of a day."""

    TIMES = "times"
    NONE = "none"
    PAST = "past"
    TOO_FAR = "too_far"


@dataclass(frozen=True)
class Day:
    """A day of the shown month."""

    date: date
    free: Free


@dataclass(frozen=True)
class Time:
    """A free time: how its button is called, and the instant it stands for, as the API writes it."""

    text: str
    start: str


@dataclass(frozen=True)
class Times:
    """One month. ``selected`` is None when it has no free day; then ``parts`` is empty.

    ``parts`` has the selected day's times by part of the day; ``next`` is the first free time after a month without.
    ``before`` and ``after`` are the months to turn to, where anything could be booked; ``at`` is the instant by which
    the zone is named, since its clock may change within the year.
    """

    month: date
    weeks: list[list[Day | None]]
    selected: date | None
    parts: list[tuple[str, list[Time]]]
    next: Slot | None
    before: date | None
    after: date | None
    today: date
    last: date
    zone: str
    at: datetime

    @property
    def next_day(self) -> date | None:
        """The date of ``next``."""
        return self.next.start.astimezone(ZoneInfo(self.zone)).date() if self.next else None


def times_of(
    session: Session, catalogue: Catalogue, choice: Choice, wanted: date | None, reader: Reader, now: datetime
) -> Times | None:
    """The month of ``wanted``, else the first that has a free time; None when there is none as far as booking reaches.

    All days are in the zone of the chosen location.
    """
    wish = choice.wish(catalogue)
    zone = catalogue.zone(choice.location)
    today, last = now.astimezone(zone).date(), last_date(now, zone, catalogue.practice.horizon_days)
    if wanted is None:
        first = availability.next_slot(session, catalogue, wish, today, now)
        if first is None:
            return None
        wanted = first.start.astimezone(zone).date()
    wanted = min(max(wanted, today), last)
    month = wanted.replace(day=1)
    following = (month + timedelta(days=31)).replace(day=1)
    slots = availability.slots(session, catalogue, wish, month, (following - month).days, now)
    by_day = {day: list(found) for day, found in groupby(slots, lambda slot: slot.start.astimezone(zone).date())}
    selected = next((day for day in sorted(by_day) if day >= wanted), next(iter(by_day), None))
    later = None if selected else availability.next_slot(session, catalogue, wish, following, now)
    if selected is None and later is None and availability.next_slot(session, catalogue, wish, today, now) is None:
        return None
    days = [month + timedelta(days=number) for number in range((following - month).days)]
    return Times(
        month=month,
        weeks=_weeks([Day(day, _free(day, day in by_day, today, last)) for day in days], reader, catalogue),
        selected=selected,
        parts=_parts(by_day[selected], reader) if selected else [],
        next=later,
        before=(month - timedelta(days=1)).replace(day=1) if month > today else None,
        after=following if following <= last else None,
        today=today,
        last=last,
        zone=zone.key,
        at=by_day[selected][0].start if selected else now,
    )


def alternatives(found: Sequence[Mapping[str, object]], reader: Reader) -> list[Time]:
    """Slots as the API shows them, as buttons that name the day too; in order of time."""
    slots = sorted((datetime.fromisoformat(str(slot["start"])), str(slot["timezone"])) for slot in found)
    return [Time(reader.brief(start, zone), start.isoformat(timespec="seconds")) for start, zone in slots]


def _free(day: date, has_times: bool, today: date, last: date) -> Free:
    if has_times:
        return Free.TIMES
    return Free.PAST if day < today else Free.TOO_FAR if day > last else Free.NONE


def _weeks(days: list[Day], reader: Reader, catalogue: Catalogue) -> list[list[Day | None]]:
    before = (days[0].date.weekday() - reader.first_weekday(catalogue.practice)) % 7
    cells: list[Day | None] = [*[None] * before, *days]
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def _parts(slots: list[Slot], reader: Reader) -> list[tuple[str, list[Time]]]:
    zone = ZoneInfo(slots[0].location.timezone)

    def time(slot: Slot) -> Time:
        local = slot.start.astimezone(zone)
        return Time(reader.clock(slot.start, zone.key), local.isoformat(timespec="seconds"))

    def part(slot: Slot) -> str:
        hour = slot.start.astimezone(zone).hour
        return "morning" if hour < AFTERNOON else "afternoon" if hour < EVENING else "evening"

    return [(name, [time(slot) for slot in found]) for name, found in groupby(slots, part)]
