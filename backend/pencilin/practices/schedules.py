"""Whether working hours can be kept: one place at a time, and never twice the same time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import lcm
from zoneinfo import ZoneInfo

from pencilin.models import Location, LocationKind
from pencilin.practices.shapes import DAYS, HoursTable
from pencilin.rules.hours import WeeklyRule

ANY_MONDAY = date(2024, 1, 1)


def overlapping(
    hours: Sequence[HoursTable], locations: Mapping[str, Location], today: date | None = None
) -> Iterator[tuple[int, int, date]]:
    """Pairs of rules that are open at the same time on some date: the later one, the earlier one, the first such date;
    from ``today`` on, if there is one yet to come.
    """
    rules = [weekly_rule(table) for table in hours]
    for later, rule in enumerate(rules):
        for earlier in range(later):
            day = _first_overlap(rules[earlier], rule, locations)
            if day and today and day < today:
                day = _first_overlap(rules[earlier], rule, locations, today) or day
            if day:
                yield later, earlier, day


def places_among(locations: Sequence[Location]) -> list[Location]:
    """Those that one has to be at; video and phone go together with any."""
    return [one for one in locations if one.kind == LocationKind.PLACE]


def two_places(locations: Sequence[Location]) -> str:
    """Why hours can't be served at all of these; nothing if they can."""
    places = places_among(locations)
    if len(places) < 2:
        return ""
    return f"names {len(places)} places ({', '.join(place.slug for place in places)}): nobody is at both at once"


def weekly_rule(table: HoursTable) -> WeeklyRule:
    """The rule as the rules have it; its locations are slugs."""
    return WeeklyRule(
        frozenset(DAYS.index(day) for day in table.days),
        table.from_,
        table.to,
        frozenset(table.locations),
        table.every_weeks,
        table.first_week_of,
        table.valid_from,
        table.valid_until,
    )


def _first_overlap(
    one: WeeklyRule, other: WeeklyRule, locations: Mapping[str, Location], since: date | None = None
) -> date | None:
    starts = [day for rule in (one, other) for day in (rule.first_week_of, rule.valid_from, since) if day]
    day = max(starts, default=ANY_MONDAY)
    day -= timedelta(days=0 if since else day.weekday())
    # After so many weeks everything repeats; one more, since the first may not be whole.
    last = day + timedelta(weeks=lcm(one.every_weeks, other.every_weeks) + 1)
    ends = [rule.valid_until for rule in (one, other) if rule.valid_until]
    while day <= min([last, *ends]):
        for neighbour in (day - timedelta(days=1), day, day + timedelta(days=1)):
            if any(
                start < other_end and other_start < end
                for start, end in _spans(one, day, locations)
                for other_start, other_end in _spans(other, neighbour, locations)
            ):
                return day
        day += timedelta(days=1)
    return None


def _spans(rule: WeeklyRule, day: date, locations: Mapping[str, Location]) -> list[tuple[datetime, datetime]]:
    """When the rule is open on a local date, in each of its locations' zones."""
    if not rule.holds_on(day):
        return []
    zones = {locations[slug].timezone for slug in rule.locations if slug in locations}
    midnight = datetime.combine(day, time())
    return [
        (_instant(midnight, rule.from_minute, zone), _instant(midnight, rule.to_minute, zone)) for zone in sorted(zones)
    ]


def _instant(midnight: datetime, minute: int, zone: str) -> datetime:
    return (midnight + timedelta(minutes=minute)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
