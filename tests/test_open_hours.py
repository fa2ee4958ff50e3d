"""When a practitioner is there: rules, overrides, absences and closures, against the definition itself."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pencilin.rules.hours import OverrideDay, Schedule, TimeOff, after_open_minutes, grid_bits, open_bits
from pencilin.rules.timeline import TICK_MINUTES, Window, instant_of
from pencilin.rules.zones import dates_window
from tests import oracle
from tests.schedules import HERE, THERE, ZONES, minute_of, schedules, weekly

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 6, 1)
DAY = timedelta(days=1)


def open_times(schedule: Schedule, first: date, days: int = 1, location: str = HERE) -> list[str]:
    """The open ticks of some dates in Berlin, as ``"Mon 09:00-12:00"``."""
    window = dates_window(BERLIN, first, days)
    bits = open_bits(schedule, location, BERLIN, window)
    pieces: list[list[int]] = []
    for tick in window.set_ticks(bits):
        if pieces and pieces[-1][1] == tick:
            pieces[-1][1] += 1
        else:
            pieces.append([tick, tick + 1])
    return [
        f"{instant_of(start).astimezone(BERLIN):%a %H:%M}-{instant_of(end).astimezone(BERLIN):%H:%M}"
        for start, end in pieces
    ]


def grid_times(schedule: Schedule, step: int) -> list[str]:
    window = dates_window(BERLIN, MONDAY, 1)
    bits = grid_bits(schedule, HERE, BERLIN, window, step)
    return [f"{instant_of(tick).astimezone(BERLIN):%H:%M}" for tick in window.set_ticks(bits)]


@settings(max_examples=80, deadline=None)
@given(
    data=st.data(),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    around=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    length=st.integers(1, 350),
    step=st.sampled_from([5, 10, 15, 20, 25, 30, 45, 60, 90]),
)
def test_open_and_on_the_grid_mean_the_same_minute_by_minute(
    data: st.DataObject, zone: ZoneInfo, around: date, length: int, step: int
) -> None:
    schedule = data.draw(schedules(around))
    noon = datetime(around.year, around.month, around.day, 12, tzinfo=UTC)
    window = Window.between(noon, noon + timedelta(minutes=TICK_MINUTES * length))
    window = window.padded(data.draw(st.integers(0, 200)), 0)
    opened = open_bits(schedule, HERE, zone, window)
    grid = grid_bits(schedule, HERE, zone, window, step)
    for tick in range(window.first, window.end):
        minutes = oracle.minutes_from(instant_of(tick), TICK_MINUTES)
        assert window.holds(opened, tick) == all(oracle.is_open(schedule, HERE, zone, minute) for minute in minutes), (
            instant_of(tick)
        )
        assert window.holds(grid, tick) == oracle.on_grid(schedule, HERE, zone, instant_of(tick), step), instant_of(
            tick
        )
    assert opened | grid <= window.full


def test_a_rule_may_last_to_the_end_of_the_day() -> None:
    late = Schedule(rules=(weekly("22:00", "24:00", days=frozenset({0})),))
    assert open_times(late, MONDAY, 7) == ["Mon 22:00-00:00"]
    night = Schedule(rules=(*late.rules, weekly("00:00", "02:00", days=frozenset({1}))))
    assert open_times(night, MONDAY, 7) == ["Mon 22:00-02:00"]


def test_rules_that_overlap_or_touch_are_open_as_one() -> None:
    schedule = Schedule(rules=(weekly("09:00", "12:00"), weekly("11:00", "13:00"), weekly("13:00", "15:30")))
    assert open_times(schedule, MONDAY) == ["Mon 09:00-15:30"]


def test_each_rule_keeps_its_own_grid() -> None:
    schedule = Schedule(rules=(weekly("09:00", "10:30"), weekly("09:50", "11:00")))
    assert grid_times(schedule, 30) == ["09:00", "09:30", "09:50", "10:00", "10:20", "10:50"]


def test_time_off_leaves_the_grid_where_it_was() -> None:
    absence = TimeOff(datetime(2026, 6, 1, 9), datetime(2026, 6, 1, 9, 20))
    schedule = Schedule(rules=(weekly("09:00", "10:30"),), time_off=(absence,))
    assert open_times(schedule, MONDAY) == ["Mon 09:20-10:30"]
    assert grid_times(schedule, 30) == ["09:00", "09:30", "10:00"]


@pytest.mark.parametrize("day_of_first_week", [0, 3, 6])
def test_every_other_week_counts_whole_weeks_from_the_first(day_of_first_week: int) -> None:
    rule = weekly(
        "09:00",
        "10:00",
        days=frozenset({0, 6}),
        every_weeks=2,
        first_week_of=MONDAY + day_of_first_week * DAY,
    )
    days = [day for day in (MONDAY + number * DAY for number in range(-28, 42)) if rule.holds_on(day)]
    assert days == [MONDAY + number * DAY for number in (0, 6, 14, 20, 28, 34)]


def test_every_third_week_goes_on_over_the_new_year() -> None:
    rule = weekly("09:00", "10:00", days=frozenset({4}), every_weeks=3, first_week_of=date(2026, 12, 7))
    days = [date(2026, 12, 1) + number * DAY for number in range(70)]
    assert [day for day in days if rule.holds_on(day)] == [
        date(2026, 12, 11),
        date(2027, 1, 1),
        date(2027, 1, 22),
    ]


def test_a_rule_is_valid_on_its_first_and_last_date() -> None:
    rule = weekly("09:00", "10:00", valid_from=MONDAY + DAY, valid_until=MONDAY + 3 * DAY)
    assert open_times(Schedule(rules=(rule,)), MONDAY, 7) == [
        "Tue 09:00-10:00",
        "Wed 09:00-10:00",
        "Thu 09:00-10:00",
    ]


def test_an_override_replaces_every_rule_of_its_date_at_every_location() -> None:
    both = frozenset({HERE, THERE})
    schedule = Schedule(
        rules=(weekly("09:00", "12:00", locations=both), weekly("13:00", "17:00", locations=both)),
        overrides=(OverrideDay(MONDAY, ((600, 660), (840, 900)), frozenset({HERE})),),
    )
    assert open_times(schedule, MONDAY, 2) == [
        "Mon 10:00-11:00",
        "Mon 14:00-15:00",
        "Tue 09:00-12:00",
        "Tue 13:00-17:00",
    ]
    assert open_times(schedule, MONDAY, 2, THERE) == ["Tue 09:00-12:00", "Tue 13:00-17:00"]


def test_an_override_without_hours_is_an_absence() -> None:
    schedule = Schedule(rules=(weekly("09:00", "12:00"),), overrides=(OverrideDay(MONDAY, ()),))
    assert open_times(schedule, MONDAY, 2) == ["Tue 09:00-12:00"]


def test_an_override_without_locations_serves_where_the_practitioner_works() -> None:
    schedule = Schedule(
        rules=(weekly("09:00", "12:00", days=frozenset({3})),), overrides=(OverrideDay(MONDAY, ((600, 660),)),)
    )
    assert open_times(schedule, MONDAY) == ["Mon 10:00-11:00"]
    assert open_times(schedule, MONDAY, 1, THERE) == []


def test_an_override_shifts_the_grid_to_its_own_start() -> None:
    schedule = Schedule(rules=(weekly("09:00", "12:00"),), overrides=(OverrideDay(MONDAY, ((610, 690),)),))
    assert grid_times(schedule, 30) == ["10:10", "10:40", "11:10"]


def test_a_closure_goes_by_the_date_where_the_location_is() -> None:
    samoa = ZoneInfo("Pacific/Apia")
    schedule = Schedule(rules=(weekly("09:00", "10:00", days=frozenset({0, 1})),), closures=frozenset({MONDAY + DAY}))
    window = Window.between(datetime(2026, 5, 31, tzinfo=UTC), datetime(2026, 6, 4, tzinfo=UTC))
    opened = [instant_of(tick) for tick in window.set_ticks(open_bits(schedule, HERE, samoa, window))]
    assert {instant.astimezone(samoa).date() for instant in opened} == {MONDAY}
    assert {instant.date() for instant in opened} == {MONDAY - DAY}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
def test_time_off_goes_by_the_clock_of_the_place(zone: str) -> None:
    absence = TimeOff(datetime(2026, 6, 1, 12), datetime(2026, 6, 1, 13, 2))
    schedule = Schedule(rules=(weekly("09:00", "17:00"),), time_off=(absence,))
    window = dates_window(ZoneInfo(zone), MONDAY, 1)
    bits = open_bits(schedule, HERE, ZoneInfo(zone), window)
    shut = [instant_of(tick).astimezone(ZoneInfo(zone)) for tick in window.set_ticks(window.full & ~bits)]
    assert [f"{one:%H:%M}" for one in shut if 9 <= one.hour < 17] == [
        *(f"12:{minute:02}" for minute in range(0, 60, 5)),
        "13:00",
    ]


def test_a_place_without_rules_is_never_open() -> None:
    assert open_times(Schedule(rules=(weekly("09:00", "17:00"),)), MONDAY, 7, THERE) == []


@pytest.mark.parametrize(("from_minute", "to_minute"), [(600, 600), (700, 600), (-5, 60), (1380, 1445)])
def test_hours_outside_one_day_are_refused(from_minute: int, to_minute: int) -> None:
    with pytest.raises(ValueError, match="one day"):
        OverrideDay(MONDAY, ((from_minute, to_minute),))


def test_every_other_week_needs_a_first_week() -> None:
    with pytest.raises(ValueError, match="first week"):
        weekly("09:00", "10:00", every_weeks=2)
    with pytest.raises(ValueError, match="every 0 weeks"):
        weekly("09:00", "10:00", every_weeks=0)


@pytest.mark.parametrize("step", [0, -15, 7])
def test_a_step_off_the_ticks_is_refused(step: int) -> None:
    with pytest.raises(ValueError, match="5"):
        grid_bits(Schedule(), HERE, BERLIN, Window(0, 10), step)


@pytest.mark.parametrize(
    ("booked_at", "minutes", "due"),
    [
        ("Mon 10:00", 60, "Mon 11:00"),
        ("Mon 16:00", 60, "Mon 17:00"),
        ("Mon 16:55", 60, "Tue 09:55"),
        ("Mon 03:00", 60, "Mon 10:00"),
        ("Mon 20:00", 8 * 60, "Tue 17:00"),
        ("Mon 20:00", 0, "Mon 20:00"),
    ],
)
def test_a_deadline_counts_open_time_only(booked_at: str, minutes: int, due: str) -> None:
    window = dates_window(BERLIN, MONDAY, 3)
    bits = open_bits(Schedule(rules=(weekly("09:00", "17:00"),)), HERE, BERLIN, window)
    since = window.first + minute_of(booked_at[4:]) // TICK_MINUTES
    tick = after_open_minutes(bits, window, since, minutes)
    assert tick is not None
    assert f"{instant_of(tick).astimezone(BERLIN):%a %H:%M}" == due


def test_a_deadline_beyond_the_window_is_not_guessed() -> None:
    window = dates_window(BERLIN, MONDAY, 1)
    bits = open_bits(Schedule(rules=(weekly("09:00", "17:00"),)), HERE, BERLIN, window)
    assert after_open_minutes(bits, window, window.first, 8 * 60 + 5) is None
