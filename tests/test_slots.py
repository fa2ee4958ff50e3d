"""Every offered slot can be booked, and no other can: one function offers and checks (known failure 18)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pencilin.rules.hours import Schedule
from pencilin.rules.slots import Terms, by_start, earliest_start, last_date, offered, starts
from pencilin.rules.timeline import TICK_MINUTES, Window, instant_of, tick_at
from pencilin.rules.zones import dates_window
from tests import oracle
from tests.schedules import CLOCK_CHANGES, HERE, schedules, weekly

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 6, 1)
LONG_AGO = datetime(2026, 5, 1, tzinfo=UTC)
NINE_TO_TWELVE = Schedule(rules=(weekly("09:00", "12:00"),))
DAY = timedelta(days=1)

lengths = st.integers(1, 24).map(lambda ticks: TICK_MINUTES * ticks)
buffers = st.sampled_from([0, 0, 5, 10, 15, 45])


@st.composite
def terms_of_booking(draw: st.DrawFn) -> Terms:
    return Terms(
        length=draw(lengths),
        buffer_before=draw(buffers),
        buffer_after=draw(buffers),
        step=draw(st.sampled_from([5, 10, 15, 30, 45, 60])),
        notice_minutes=draw(st.sampled_from([0, 7, 240, 1440])),
        horizon_days=draw(st.integers(0, 9)),
        daily_cap=draw(st.sampled_from([0, 0, 2, 3])),
    )


def at(text: str, day: date = MONDAY) -> datetime:
    """A wall-clock time in Berlin as an instant."""
    hour, minute = text.split(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=BERLIN).astimezone(UTC)


def slots(
    terms: Terms,
    *,
    schedule: Schedule = NINE_TO_TWELVE,
    busy: tuple[tuple[str, str], ...] = (),
    now: datetime = LONG_AGO,
    booked: dict[date, int] | None = None,
    days: int = 1,
) -> list[str]:
    """The slots from Monday on in Berlin, as local times."""
    asked = dates_window(BERLIN, MONDAY, days)
    window = terms.reach(asked)
    taken = 0
    for start, end in busy:
        taken |= window.mask(tick_at(at(start)), tick_at(at(end)))
    bits = offered(terms, window, now, schedule=schedule, location=HERE, zone=BERLIN, busy=taken, booked=booked or {})
    return [f"{instant_of(tick).astimezone(BERLIN):%a %H:%M}" for tick in window.set_ticks(bits)]


@settings(max_examples=50, deadline=None)
@given(data=st.data(), change=st.sampled_from(CLOCK_CHANGES), terms=terms_of_booking())
def test_every_offered_slot_can_be_booked_and_no_other_can(
    data: st.DataObject, change: tuple[str, date], terms: Terms
) -> None:
    zone, day = ZoneInfo(change[0]), change[1]
    schedule = data.draw(schedules(day) | st.just(Schedule(rules=(weekly("00:00", "20:00"),))))
    asked = dates_window(zone, day, 1 if day != date(2011, 12, 30) else 2)
    window = terms.reach(asked)
    taken = {
        tick
        for start, length in data.draw(
            st.lists(st.tuples(st.integers(0, window.length), st.integers(1, 9)), max_size=9)
        )
        for tick in range(window.first + start, window.first + start + length)
    }
    now = instant_of(asked.first) - timedelta(minutes=data.draw(st.integers(-600, 6000)))
    booked = {day + number * DAY: count for number, count in enumerate(data.draw(st.tuples(*[st.integers(0, 2)] * 2)))}
    busy_minutes = {minute for tick in taken for minute in oracle.minutes_from(instant_of(tick), TICK_MINUTES)}
    bits = offered(
        terms,
        window,
        now,
        schedule=schedule,
        location=HERE,
        zone=zone,
        busy=window.bits(taken),
        booked=booked,
    )
    for tick in range(asked.first, asked.end):
        expected = oracle.is_offered(
            terms,
            instant_of(tick),
            now,
            schedule=schedule,
            location=HERE,
            zone=zone,
            busy=busy_minutes,
            booked=booked,
        )
        assert window.holds(bits, tick) == expected, instant_of(tick)
        if expected or tick % 7 == 0:
            alone = terms.reach(Window(tick, 1))
            checked = offered(
                terms,
                alone,
                now,
                schedule=schedule,
                location=HERE,
                zone=zone,
                busy=alone.bits(taken),
                booked=booked,
            )
            assert alone.holds(checked, tick) == expected, instant_of(tick)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), terms=terms_of_booking())
def test_booking_what_is_offered_until_nothing_is_left_never_books_twice(data: st.DataObject, terms: Terms) -> None:
    schedule = data.draw(schedules(MONDAY))
    window = terms.reach(dates_window(BERLIN, MONDAY, 2))
    now = instant_of(window.first) - DAY
    claims: set[int] = set()
    booked: dict[date, int] = {}
    for _ in range(200):
        bits = offered(
            terms,
            window,
            now,
            schedule=schedule,
            location=HERE,
            zone=BERLIN,
            busy=window.bits(claims),
            booked=booked,
        )
        choice = list(window.set_ticks(bits))
        if not choice:
            break
        tick = data.draw(st.sampled_from(choice)) if len(claims) < 60 else choice[0]
        before = tick - terms.buffer_before // TICK_MINUTES
        own = range(before, tick + (terms.length + terms.buffer_after) // TICK_MINUTES)
        assert claims.isdisjoint(own)
        claims.update(own)
        day = instant_of(tick).astimezone(BERLIN).date()
        booked[day] = booked.get(day, 0) + 1
    else:
        pytest.fail("two days can't hold 200 visits of five minutes that start at least five minutes apart")
    assert not terms.daily_cap or max(booked.values(), default=0) <= terms.daily_cap


def test_the_whole_visit_lies_in_open_time() -> None:
    assert slots(Terms(50, step=30)) == ["Mon 09:00", "Mon 09:30", "Mon 10:00", "Mon 10:30", "Mon 11:00"]
    assert slots(Terms(180)) == ["Mon 09:00"]
    assert slots(Terms(185)) == []


def test_buffers_may_lie_in_closed_time() -> None:
    assert slots(Terms(180, buffer_before=30, buffer_after=30)) == ["Mon 09:00"]


def test_two_buffers_add_up() -> None:
    """A visit from 10:00 to 10:30 with ten minutes after it claims them; ours wants five before."""
    terms = Terms(30, buffer_before=5, buffer_after=15, step=5)
    free = slots(terms, busy=(("10:00", "10:40"),))
    assert free[:4] == ["Mon 09:00", "Mon 09:05", "Mon 09:10", "Mon 09:15"]
    assert free[4:6] == ["Mon 10:45", "Mon 10:50"]


def test_bookings_never_shift_the_grid() -> None:
    assert slots(Terms(30, step=30), busy=(("09:00", "09:40"),)) == [
        "Mon 10:00",
        "Mon 10:30",
        "Mon 11:00",
        "Mon 11:30",
    ]


def test_overlapping_rules_offer_the_starts_of_both_grids() -> None:
    schedule = Schedule(rules=(weekly("09:00", "10:30"), weekly("10:10", "11:10")))
    assert slots(Terms(40, step=30), schedule=schedule) == [
        "Mon 09:00",
        "Mon 09:30",
        "Mon 10:00",
        "Mon 10:10",
    ]


def test_a_start_of_one_rule_may_last_into_the_next() -> None:
    schedule = Schedule(rules=(weekly("09:00", "10:00"), weekly("10:00", "10:40")))
    assert slots(Terms(60, step=20), schedule=schedule) == ["Mon 09:00", "Mon 09:20", "Mon 09:40"]


@pytest.mark.parametrize(("now", "first"), [("06:00", "Mon 10:00"), ("06:01", "Mon 10:15"), ("07:59", "Mon 12:00")])
def test_the_notice_counts_from_now(now: str, first: str) -> None:
    schedule = Schedule(rules=(weekly("09:00", "18:00"),))
    assert slots(Terms(30, notice_minutes=240), schedule=schedule, now=at(now))[0] == first
    assert instant_of(earliest_start(at(now), 0)) >= at(now)


@pytest.mark.parametrize(("now", "last"), [("00:00", "Wed"), ("23:59", "Wed")])
def test_the_horizon_counts_local_dates(now: str, last: str) -> None:
    found = slots(Terms(60, horizon_days=2), now=at(now), days=7)
    assert found[-1] == f"{last} 11:00"
    assert last_date(at(now), BERLIN, 2) == MONDAY + 2 * DAY


def test_today_is_the_date_where_the_location_is() -> None:
    evening_in_honolulu = datetime(2026, 6, 2, 5, tzinfo=UTC)
    assert last_date(evening_in_honolulu, ZoneInfo("Pacific/Honolulu"), 0) == date(2026, 6, 1)
    assert last_date(evening_in_honolulu, BERLIN, 0) == date(2026, 6, 2)


def test_a_day_at_its_cap_is_full_and_the_next_is_not() -> None:
    terms = Terms(180, daily_cap=2)
    booked = {MONDAY: 2, MONDAY + DAY: 1, MONDAY + 2 * DAY: 3}
    assert slots(terms, booked=booked, days=4) == ["Tue 09:00", "Thu 09:00"]
    assert slots(Terms(180), booked=booked, days=2) == ["Mon 09:00", "Tue 09:00"]


def test_too_narrow_a_window_hides_starts_and_never_invents_one() -> None:
    window = Window(tick_at(at("09:00")), 12)
    inside = starts(window.full, window.full, 0, window, length=30, buffer_before=5, buffer_after=10)
    assert list(window.set_ticks(inside)) == [window.first + 1, window.first + 2, window.first + 3, window.first + 4]


@given(
    opened=st.sets(st.integers(0, 99)),
    busy=st.sets(st.integers(0, 99)),
    length=lengths,
    buffer_before=buffers,
    buffer_after=buffers,
)
def test_starts_are_what_sets_of_ticks_say(
    opened: set[int], busy: set[int], length: int, buffer_before: int, buffer_after: int
) -> None:
    window = Window(0, 100)
    visit, before, after = (minutes // TICK_MINUTES for minutes in (length, buffer_before, buffer_after))
    expected = [
        tick
        for tick in range(before, 100 - visit - after + 1)
        if opened.issuperset(range(tick, tick + visit)) and busy.isdisjoint(range(tick - before, tick + visit + after))
    ]
    bits = starts(
        window.bits(opened),
        window.full,
        window.bits(busy),
        window,
        length=length,
        buffer_before=buffer_before,
        buffer_after=buffer_after,
    )
    assert list(window.set_ticks(bits)) == expected


@given(st.dictionaries(st.sampled_from(["ana", "ben", "chloe", "dana"]), st.sets(st.integers(10, 59))))
def test_any_practitioner_is_the_union_and_says_who(free: dict[str, set[int]]) -> None:
    window = Window(10, 50)
    offers = {practitioner: window.bits(ticks) for practitioner, ticks in free.items()}
    assert list(by_start(window, offers)) == [
        (tick, tuple(practitioner for practitioner, ticks in free.items() if tick in ticks))
        for tick in sorted(set().union(*free.values()))
    ]
