"""A set of ticks kept as bits is the same set."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pencilin.rules.timeline import Window, comb, instant_of, runs, tick_at, tick_from, ticks_between, ticks_in

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
places = st.sets(st.integers(0, 199))


def bits_of(members: set[int]) -> int:
    return sum(1 << place for place in members)


def test_ticks_count_five_minutes_since_1970() -> None:
    assert tick_at(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    assert tick_at(datetime(1970, 1, 2, 0, 4, 59, tzinfo=UTC)) == 288
    assert instant_of(tick_at(NOON)) == NOON
    assert instant_of(tick_at(NOON)).tzinfo is UTC


def test_an_instant_inside_a_tick_rounds_down_as_a_start_and_up_as_an_end() -> None:
    inside = NOON + timedelta(minutes=3)
    assert instant_of(tick_at(inside)) == NOON
    assert instant_of(tick_from(inside)) == NOON + timedelta(minutes=5)
    assert ticks_between(inside, inside + timedelta(minutes=3)) == range(tick_at(NOON), tick_at(NOON) + 2)
    assert ticks_between(NOON, NOON + timedelta(minutes=5)) == range(tick_at(NOON), tick_at(NOON) + 1)


def test_the_zone_in_which_an_instant_is_written_makes_no_difference() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert tick_at(elsewhere) == tick_at(NOON)


def test_a_local_time_without_a_zone_is_no_instant() -> None:
    with pytest.raises(TypeError):
        tick_at(datetime(2026, 11, 24, 12))
    with pytest.raises(TypeError):
        tick_from(datetime(2026, 11, 24, 12))


@pytest.mark.parametrize("minutes", [-5, 1, 7, 44])
def test_lengths_off_the_grid_are_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match="multiple of 5"):
        ticks_in(minutes)


@given(places, st.integers(1, 40))
def test_runs_are_the_places_from_which_enough_follow(members: set[int], n: int) -> None:
    expected = {place for place in range(200) if all(place + further in members for further in range(n))}
    assert runs(bits_of(members), n) == bits_of(expected)


def test_a_run_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        runs(0b1011, 0)


@given(st.integers(1, 50), st.integers(1, 50))
def test_a_comb_has_a_tooth_every_so_often(period: int, count: int) -> None:
    assert comb(period, count) == bits_of({period * tooth for tooth in range(count)})


@given(places, st.integers(-50, 50), st.integers(0, 150))
def test_a_window_keeps_the_ticks_inside_it(members: set[int], first: int, length: int) -> None:
    window = Window(first, length)
    inside = sorted(members & set(range(first, first + length)))
    bits = window.bits(members)
    assert list(window.set_ticks(bits)) == inside
    assert [tick for tick in range(-60, 210) if window.holds(bits, tick)] == inside
    assert [first + place for place, flag in enumerate(window.flags(bits)) if flag] == inside


@given(st.integers(-50, 50), st.integers(0, 100), st.integers(-60, 160), st.integers(-60, 160))
def test_a_mask_is_a_range_cut_to_the_window(first: int, length: int, start: int, end: int) -> None:
    window = Window(first, length)
    assert list(window.set_ticks(window.mask(start, end))) == sorted(
        set(range(start, end)) & set(range(first, first + length))
    )
    assert window.mask(window.first, window.end) == window.full


def test_a_window_between_instants_holds_every_tick_they_touch() -> None:
    window = Window.between(NOON + timedelta(minutes=4), NOON + timedelta(minutes=11))
    assert window == Window(tick_at(NOON), 3)
    assert window.padded(2, 1) == Window(tick_at(NOON) - 2, 6)
