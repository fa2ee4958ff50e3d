"""What the rules mean, said once more and slowly: every minute is converted to local time and asked.

Shares no arithmetic with ``pencilin.rules``, only the plain values that go in. A minute is named by its UTC start.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pencilin.rules.hours import Schedule, WeeklyRule
from pencilin.rules.slots import Terms

MINUTE = timedelta(minutes=1)


def minutes_from(start: datetime, count: int) -> Iterator[datetime]:
    for number in range(count):
        yield start + number * MINUTE


def in_force(rule: WeeklyRule, day: date) -> bool:
    """Walks from the first week, week by week, until it meets the day's week or passes it."""
    if rule.valid_from is not None and not rule.valid_from <= day:
        return False
    if rule.valid_until is not None and not day <= rule.valid_until:
        return False
    if day.isoweekday() - 1 not in rule.days:
        return False
    if rule.first_week_of is None:
        return True
    week = rule.first_week_of.isocalendar()[:2]
    reached = rule.first_week_of
    while reached.isocalendar()[:2] < day.isocalendar()[:2]:
        reached += timedelta(weeks=rule.every_weeks)
        week = reached.isocalendar()[:2]
    return week == day.isocalendar()[:2]


def hours_of(schedule: Schedule, location: str, day: date) -> list[tuple[int, int]]:
    if day in schedule.closures:
        return []
    serves = {place for rule in schedule.rules for place in rule.locations}
    if any(override.date == day for override in schedule.overrides):
        return [
            hours
            for override in schedule.overrides
            for hours in override.hours
            if override.date == day and location in (override.locations or serves)
        ]
    return [
        (rule.from_minute, rule.to_minute)
        for rule in schedule.rules
        if location in rule.locations and in_force(rule, day)
    ]


def covering(schedule: Schedule, location: str, zone: ZoneInfo, minute: datetime) -> list[int]:
    """For each rule that covers this minute, the wall-clock minutes since the rule's start."""
    wall = minute.astimezone(zone)
    minute_of_day = wall.hour * 60 + wall.minute
    return [
        minute_of_day - from_minute
        for from_minute, to_minute in hours_of(schedule, location, wall.date())
        if from_minute <= minute_of_day < to_minute
    ]


def is_off(schedule: Schedule, zone: ZoneInfo, minute: datetime) -> bool:
    return any(
        absence.start <= minute.astimezone(zone).replace(tzinfo=None) < absence.end for absence in schedule.time_off
    )


def is_open(schedule: Schedule, location: str, zone: ZoneInfo, minute: datetime) -> bool:
    return bool(covering(schedule, location, zone, minute)) and not is_off(schedule, zone, minute)


def on_grid(schedule: Schedule, location: str, zone: ZoneInfo, minute: datetime, step: int) -> bool:
    return any(since % step == 0 for since in covering(schedule, location, zone, minute))


def is_offered(
    terms: Terms,
    start: datetime,
    now: datetime,
    *,
    schedule: Schedule,
    location: str,
    zone: ZoneInfo,
    busy: Collection[datetime],
    booked: Mapping[date, int],
) -> bool:
    """``busy`` holds minutes; the other arguments are those of ``slots.offered``."""
    day = start.astimezone(zone).date()
    taken = terms.buffer_before + terms.length + terms.buffer_after
    return (
        start >= now + timedelta(minutes=terms.notice_minutes)
        and (day - now.astimezone(zone).date()).days <= terms.horizon_days
        and (terms.daily_cap == 0 or booked.get(day, 0) < terms.daily_cap)
        and on_grid(schedule, location, zone, start, terms.step)
        and all(is_open(schedule, location, zone, minute) for minute in minutes_from(start, terms.length))
        and not any(minute in busy for minute in minutes_from(start - terms.buffer_before * MINUTE, taken))
    )
