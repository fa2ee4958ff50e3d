"""Known failure 14: an hour off around clock changes.

Nine zones with two changes each, and what each kind of change has broken elsewhere, by name.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pencilin.rules.hours import Schedule, TimeOff, grid_bits, open_bits
from pencilin.rules.slots import Terms, offered
from pencilin.rules.timeline import TICK_MINUTES, Window, instant_of, tick_at
from pencilin.rules.zones import date_bits, dates_window
from tests import oracle
from tests.schedules import CLOCK_CHANGES, HERE, schedules, weekly

LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)

every_change = pytest.mark.parametrize(("zone_name", "day"), CLOCK_CHANGES)


def slots_on(schedule: Schedule, zone_name: str, day: date, *, length: int = 60, step: int = 60) -> list[str]:
    """The slots of one local date as ``"01:30-04"``, local time and offset."""
    zone = ZoneInfo(zone_name)
    terms = Terms(length, step=step, horizon_days=100_000)
    asked = dates_window(zone, day, 1)
    window = terms.reach(asked)
    bits = offered(terms, window, LONG_AGO, schedule=schedule, location=HERE, zone=zone, busy=0, booked={}) & date_bits(
        zone, window, {day}.__contains__
    )
    walls = [instant_of(tick).astimezone(zone).isoformat()[11:] for tick in window.set_ticks(bits)]
    return [f"{wall[:5]}{wall[8:].removesuffix(':00')}" for wall in walls]


@settings(max_examples=100, deadline=None)
@given(data=st.data(), change=st.sampled_from(CLOCK_CHANGES), step=st.sampled_from([5, 10, 15, 20, 30, 45, 60, 75]))
def test_open_and_on_the_grid_mean_the_same_around_a_clock_change(
    data: st.DataObject, change: tuple[str, date], step: int
) -> None:
    zone, day = ZoneInfo(change[0]), change[1]
    schedule = data.draw(schedules(day))
    first = data.draw(st.integers(-400, 100))
    window = Window(tick_at(datetime(day.year, day.month, day.day, tzinfo=zone)) + first, 420)
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


@every_change
def test_thirteen_oclock_stays_thirteen_oclock(zone_name: str, day: date) -> None:
    zone = ZoneInfo(zone_name)
    schedule = Schedule(rules=(weekly("13:00", "15:00"),))
    for near in (day - 2 * DAY, day - DAY, day, day + DAY, day + 2 * DAY):
        noon = datetime(near.year, near.month, near.day, 12, tzinfo=zone)
        exists = noon.astimezone(UTC).astimezone(zone).date() == near
        walls = [slot[:5] for slot in slots_on(schedule, zone_name, near, length=60, step=30)]
        assert walls == (["13:00", "13:30", "14:00"] if exists else []), near


@every_change
def test_a_whole_open_day_has_exactly_its_own_minutes(zone_name: str, day: date) -> None:
    zone = ZoneInfo(zone_name)
    schedule = Schedule(rules=(weekly("00:00", "24:00"),))
    first = tick_at(datetime(day.year, day.month, day.day, tzinfo=UTC))
    window = Window(first, 0).padded(700, 900)
    assert open_bits(schedule, HERE, zone, window) == window.full
    for near in (day - DAY, day, day + DAY):
        ticks = list(window.set_ticks(date_bits(zone, window, {near}.__contains__)))
        assert ticks == [
            tick for tick in range(window.first, window.end) if instant_of(tick).astimezone(zone).date() == near
        ]
        asked = dates_window(zone, near, 1)
        assert (asked.first, asked.end) == ((ticks[0], ticks[-1] + 1) if ticks else (asked.first, asked.first))


def test_the_missing_hour_has_no_slots() -> None:
    nights = Schedule(rules=(weekly("00:00", "05:00"),))
    assert slots_on(nights, "America/New_York", date(2026, 3, 8)) == [
        "00:00-05",
        "01:00-05",
        "03:00-04",
        "04:00-04",
    ]
    only_then = Schedule(rules=(weekly("02:00", "03:00"),))
    assert slots_on(only_then, "America/New_York", date(2026, 3, 8), length=5, step=5) == []


def test_the_repeated_hour_has_its_slots_twice() -> None:
    nights = Schedule(rules=(weekly("00:30", "03:00"),))
    assert slots_on(nights, "Europe/Madrid", date(2026, 10, 25), length=30, step=30) == [
        "00:30+02",
        "01:00+02",
        "01:30+02",
        "02:00+02",
        "02:30+02",
        "02:00+01",
        "02:30+01",
    ]


def test_a_visit_lasts_its_minutes_over_a_clock_change() -> None:
    nights = Schedule(rules=(weekly("00:00", "04:00"),))
    assert slots_on(nights, "Europe/London", date(2026, 3, 29), length=120) == ["00:00+00", "02:00+01"]
    assert slots_on(nights, "Europe/London", date(2026, 10, 25), length=120) == [
        "00:00+01",
        "01:00+01",
        "01:00+00",
        "02:00+00",
    ]


def test_an_odd_step_goes_on_by_the_wall_clock_after_the_change() -> None:
    nights = Schedule(rules=(weekly("01:00", "05:00"),))
    assert slots_on(nights, "America/New_York", date(2026, 3, 8), length=5, step=45) == [
        "01:00-05",
        "01:45-05",
        "03:15-04",
        "04:00-04",
        "04:45-04",
    ]
    assert slots_on(nights, "America/New_York", date(2026, 11, 1), length=5, step=45) == [
        "01:00-04",
        "01:45-04",
        "01:00-05",
        "01:45-05",
        "02:30-05",
        "03:15-05",
        "04:00-05",
        "04:45-05",
    ]


def test_lord_howe_moves_its_clock_by_half_an_hour() -> None:
    nights = Schedule(rules=(weekly("01:00", "03:00"),))
    assert slots_on(nights, "Australia/Lord_Howe", date(2026, 4, 5), length=30, step=30) == [
        "01:00+11",
        "01:30+11",
        "01:30+10:30",
        "02:00+10:30",
        "02:30+10:30",
    ]
    assert slots_on(nights, "Australia/Lord_Howe", date(2026, 10, 4), length=30, step=30) == [
        "01:00+10:30",
        "01:30+10:30",
        "02:30+11",
    ]


@pytest.mark.parametrize(
    ("zone_name", "day", "offset"),
    [("Africa/Cairo", date(2026, 4, 24), "+03"), ("America/Santiago", date(2026, 9, 6), "-03")],
)
def test_a_day_without_midnight_begins_at_one(zone_name: str, day: date, offset: str) -> None:
    nights = Schedule(rules=(weekly("00:00", "03:00"), weekly("23:00", "24:00")))
    assert slots_on(nights, zone_name, day) == [f"01:00{offset}", f"02:00{offset}", f"23:00{offset}"]


@pytest.mark.parametrize(
    ("zone_name", "day", "offsets"),
    [("Africa/Cairo", date(2026, 10, 29), ("+03", "+02")), ("America/Santiago", date(2026, 4, 4), ("-03", "-04"))],
)
def test_the_last_hour_before_midnight_may_come_twice(zone_name: str, day: date, offsets: tuple[str, str]) -> None:
    evenings = Schedule(rules=(weekly("22:00", "24:00"),))
    before, after = offsets
    assert slots_on(evenings, zone_name, day) == [f"22:00{before}", f"23:00{before}", f"23:00{after}"]


def test_a_date_that_never_was_has_no_slots() -> None:
    always = Schedule(rules=(weekly("00:00", "24:00"),))
    assert slots_on(always, "Pacific/Apia", date(2011, 12, 30)) == []
    assert len(slots_on(always, "Pacific/Apia", date(2011, 12, 29))) == 24
    assert len(slots_on(always, "Pacific/Apia", date(2011, 12, 31))) == 24
    assert dates_window(ZoneInfo("Pacific/Apia"), date(2011, 12, 30), 1).length == 0


def test_a_clock_may_change_in_the_middle_of_a_tick() -> None:
    """St John's put its clock back at 00:01, so that one minute of the new date came before the old one's end."""
    nights = Schedule(rules=(weekly("00:00", "24:00", days=frozenset({5})),))
    assert slots_on(nights, "America/St_Johns", date(2010, 11, 6), length=30, step=30)[-3:] == [
        "23:00-02:30",
        "23:30-02:30",
        "23:30-03:30",
    ]


def test_time_off_covers_both_of_a_repeated_hour() -> None:
    absence = TimeOff(datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 2))
    nights = Schedule(rules=(weekly("00:00", "03:00"),), time_off=(absence,))
    assert slots_on(nights, "America/New_York", date(2026, 11, 1), length=30, step=30) == [
        "00:00-04",
        "00:30-04",
        "01:00-04",
        "01:00-05",
        "02:00-05",
        "02:30-05",
    ]


def test_the_horizon_ends_with_a_local_date_whatever_its_length() -> None:
    zone = ZoneInfo("Africa/Cairo")
    now = datetime(2026, 10, 28, 22, 30, tzinfo=UTC)  # 01:30 on the 29th there
    terms = Terms(60, step=60, horizon_days=0)
    window = Window.between(now - 2 * DAY, now + 4 * DAY)
    always = Schedule(rules=(weekly("00:00", "24:00"),))
    bits = offered(terms, window, now, schedule=always, location=HERE, zone=zone, busy=0, booked={})
    starts = [instant_of(tick).astimezone(zone) for tick in window.set_ticks(bits)]
    assert {start.date() for start in starts} == {date(2026, 10, 29)}
    assert len(starts) == 23  # from 02:00, with 23:00 twice
