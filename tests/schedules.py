"""Schedules of every kind for the property tests of the rules, close to a given date so that they matter."""

from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from pencilin.rules.hours import Hours, OverrideDay, Schedule, TimeOff, WeeklyRule

HERE, THERE = "willow-house", "online"
ZONES = (
    "America/New_York",
    "Europe/London",
    "Europe/Madrid",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "America/St_Johns",
)

CLOCK_CHANGES = (
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("Europe/Madrid", date(2026, 3, 29)),
    ("Europe/Madrid", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # by half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Cairo", date(2026, 4, 24)),  # no midnight
    ("Africa/Cairo", date(2026, 10, 29)),
    ("America/Santiago", date(2026, 4, 4)),
    ("America/Santiago", date(2026, 9, 6)),  # no midnight
    ("Pacific/Apia", date(2011, 12, 30)),  # no such day
    ("Pacific/Apia", date(2012, 4, 1)),
    ("Asia/Kathmandu", date(1986, 1, 1)),  # by a quarter, and never since
    ("Asia/Kathmandu", date(2026, 3, 29)),
    ("America/St_Johns", date(2010, 3, 14)),  # at a minute past midnight
    ("America/St_Johns", date(2010, 11, 7)),
)
"""A zone, and the local date on which its clock changes; two for each zone of row 14 of the known failures."""

ANY_DAY = frozenset(range(7))


def minute_of(text: str) -> int:
    """``"13:30"`` as minutes of the day."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def weekly(
    start: str,
    end: str,
    *,
    days: frozenset[int] = ANY_DAY,
    locations: frozenset[str] = frozenset({HERE}),
    every_weeks: int = 1,
    first_week_of: date | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> WeeklyRule:
    return WeeklyRule(
        days=days,
        from_minute=minute_of(start),
        to_minute=minute_of(end),
        locations=locations,
        every_weeks=every_weeks,
        first_week_of=first_week_of,
        valid_from=valid_from,
        valid_until=valid_until,
    )


places = st.sets(st.sampled_from([HERE, THERE]), min_size=1).map(frozenset)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """Night hours and whole days are as likely as office hours."""
    start = 5 * draw(st.integers(0, 287))
    end = draw(st.one_of(st.just(1440), st.integers(start // 5 + 1, 288).map(lambda tick: 5 * tick)))
    return start, end


@st.composite
def rules(draw: st.DrawFn, around: date) -> WeeklyRule:
    start, end = draw(hours())
    nearby = st.integers(-10, 10).map(lambda days: around + timedelta(days=days))
    every_weeks = draw(st.sampled_from([1, 1, 1, 2, 3]))
    return WeeklyRule(
        days=draw(st.one_of(st.just(ANY_DAY), st.sets(st.integers(0, 6)).map(frozenset))),
        from_minute=start,
        to_minute=end,
        locations=draw(places),
        every_weeks=every_weeks,
        first_week_of=draw(nearby if every_weeks > 1 else st.none() | nearby),
        valid_from=draw(st.none() | nearby),
        valid_until=draw(st.none() | nearby),
    )


@st.composite
def absences(draw: st.DrawFn, around: date) -> TimeOff:
    """Not on the five-minute grid."""
    start = datetime.combine(around, time()) + timedelta(minutes=draw(st.integers(-4000, 4000)))
    length = timedelta(minutes=draw(st.integers(1, 3000)))
    return TimeOff(start, start + length)


@st.composite
def schedules(draw: st.DrawFn, around: date) -> Schedule:
    nearby = st.integers(-2, 2).map(lambda days: around + timedelta(days=days))
    override = st.builds(
        OverrideDay,
        date=nearby,
        hours=st.lists(hours(), max_size=2).map(tuple),
        locations=st.one_of(st.just(frozenset[str]()), places),
    )
    return Schedule(
        rules=tuple(draw(st.lists(rules(around), min_size=1, max_size=4))),
        overrides=tuple(draw(st.lists(override, max_size=2))),
        time_off=tuple(draw(st.lists(absences(around), max_size=2))),
        closures=draw(st.sets(nearby, max_size=1).map(frozenset)),
    )
