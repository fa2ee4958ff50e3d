"""The day around an appointment says what is free, and whether there is time to get from one place to the next."""

from datetime import UTC, datetime, timedelta

import pytest

from pencilin.review import DayEntry
from pencilin.rules.states import Status
from pencilin.web.dashboard.day_around import around

NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
ZONE = "America/New_York"
CHICAGO = "America/Chicago"


def entry(minutes: int, location: str, *, is_place: bool = True, zone: str = ZONE) -> DayEntry:
    start = NINE + timedelta(minutes=minutes)
    end = start + timedelta(hours=1)
    return DayEntry("a", False, "Kim Lee", "First visit", location, is_place, Status.APPROVED, start, end, zone)


@pytest.mark.parametrize(
    ("minutes", "location", "is_place", "gap", "tight"),
    [
        (60, "Lakeside", True, "No time to get from Main Street to Lakeside", True),
        (70, "Lakeside", True, "10 min to get from Main Street to Lakeside", True),
        (75, "Lakeside", True, "15 min to get from Main Street to Lakeside", False),
        (60, "Video visit", False, "", False),
        (70, "Main Street", True, "", False),
        (90, "Main Street", True, "30 min free", False),
        (165, "Main Street", True, "1 h 45 min free", False),
    ],
)
def test_what_lies_between_two_appointments(minutes: int, location: str, is_place: bool, gap: str, tight: bool) -> None:
    first, second = around([entry(0, "Main Street"), entry(minutes, location, is_place=is_place)], ZONE, "en-US")
    assert (first.gap, first.tight) == ("", False)
    assert (second.gap, second.tight) == (gap, tight)


def test_a_place_with_other_clocks_says_what_they_show() -> None:
    (one,) = around([entry(0, "Lakeside", zone=CHICAGO)], ZONE, "en-US")
    assert one.time.startswith("9:00 AM") and one.there.startswith("8:00 AM")
