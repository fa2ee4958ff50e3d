"""Times name their zone and are written as the reader's country does (pitfalls 16 and 17)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pencilin import i18n

NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("America/New_York", "Tuesday, November 24, 2026, 9:00 AM, New York time (EST, UTC−5)"),
        ("US/Eastern", "Tuesday, November 24, 2026, 9:00 AM, New York time (EST, UTC−5)"),
        ("Europe/London", "Tuesday, November 24, 2026, 2:00 PM, London time (GMT, UTC+0)"),
        ("Asia/Kolkata", "Tuesday, November 24, 2026, 7:30 PM, Kolkata time (IST, UTC+5:30)"),
        ("Asia/Kathmandu", "Tuesday, November 24, 2026, 7:45 PM, Kathmandu time (UTC+5:45)"),
        ("America/Argentina/Buenos_Aires", "Tuesday, November 24, 2026, 11:00 AM, Buenos Aires time (UTC−3)"),
        ("Pacific/Apia", "Wednesday, November 25, 2026, 3:00 AM, Apia time (UTC+13)"),
        ("UTC", "Tuesday, November 24, 2026, 2:00 PM, UTC"),
    ],
)
def test_a_time_in_full_says_date_clock_city_and_offset(zone: str, said: str) -> None:
    assert i18n.full_time(NINE, zone, "en") == said


def test_the_space_before_am_and_pm_is_plain() -> None:
    for hour in range(24):
        assert i18n.clock(NINE + timedelta(hours=hour), "America/New_York", "en-US").isascii()


def test_summer_and_winter_are_told_apart() -> None:
    assert i18n.zone_name(datetime(2026, 7, 1, tzinfo=UTC), "America/New_York", "en") == "New York time (EDT, UTC−4)"
    assert i18n.zone_name(NINE, "America/New_York", "en") == "New York time (EST, UTC−5)"


@pytest.mark.parametrize(
    ("locale", "day", "clock", "brief"),
    [
        ("en", "Tuesday, November 24, 2026", "9:00 AM", "Tue, Nov 24, 9:00 AM"),
        ("en-GB", "Tuesday, 24 November 2026", "09:00", "Tue 24 Nov, 09:00"),
        ("en_AU", "Tuesday, 24 November 2026", "9:00 am", "Tue, 24 Nov, 9:00 am"),
        ("fr-CA", "Tuesday, November 24, 2026", "9:00 AM", "Tue, Nov 24, 9:00 AM"),
        ("", "Tuesday, November 24, 2026", "9:00 AM", "Tue, Nov 24, 9:00 AM"),
        ("xx-nonsense", "Tuesday, November 24, 2026", "9:00 AM", "Tue, Nov 24, 9:00 AM"),
    ],
)
def test_english_takes_the_form_of_the_country_and_stands_in_for_other_languages(
    locale: str, day: str, clock: str, brief: str
) -> None:
    assert i18n.full_date(date(2026, 11, 24), locale) == day
    assert i18n.clock(NINE, "America/New_York", locale) == clock
    assert i18n.brief_time(NINE, "America/New_York", locale) == brief


def test_a_page_s_language_is_a_tag() -> None:
    assert [i18n.language_tag(locale) for locale in ("en", "en_GB", "de", None)] == ["en", "en-GB", "en", "en"]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        i18n.clock(datetime(2026, 11, 24, 9, 0), "America/New_York", "en")
