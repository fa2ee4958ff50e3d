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
        ("de-AT", "Dienstag, 24. November 2026", "09:00", "Di., 24. Nov., 09:00 Uhr"),
        ("es-MX", "martes, 24 de noviembre de 2026", "9:00 a.m.", "mar 24 de nov, 9:00 a.m."),
        ("fr", "mardi 24 novembre 2026", "09:00", "mar. 24 nov., 09:00"),
        ("pt-BR", "terça-feira, 24 de novembro de 2026", "09:00", "ter., 24 de nov., 09:00"),
        ("ar-SA", "الثلاثاء، 24 نوفمبر 2026", "9:00 ص", "الثلاثاء، 24 نوفمبر، 9:00 ص"),
        ("de-US", "Dienstag, 24. November 2026", "09:00", "Di., 24. Nov., 09:00 Uhr"),
        ("", "Tuesday, November 24, 2026", "9:00 AM", "Tue, Nov 24, 9:00 AM"),
        ("xx-nonsense", "Tuesday, November 24, 2026", "9:00 AM", "Tue, Nov 24, 9:00 AM"),
    ],
)
def test_dates_take_the_form_of_language_and_country_and_english_stands_in_for_the_rest(
    locale: str, day: str, clock: str, brief: str
) -> None:
    assert i18n.full_date(date(2026, 11, 24), locale) == day
    assert i18n.clock(NINE, "America/New_York", locale) == clock
    assert i18n.brief_time(NINE, "America/New_York", locale) == brief


def test_a_page_s_language_is_a_tag() -> None:
    assert [i18n.language_tag(locale) for locale in ("en", "en_GB", "de-AT", "nl", None)] == [
        "en",
        "en-GB",
        "de-AT",
        "en",
        "en",
    ]
    assert [i18n.direction(locale) for locale in ("en", "ar-SA")] == ["ltr", "rtl"]


@pytest.mark.parametrize(
    ("locale", "zone", "instant", "clock", "brief"),
    [
        ("en", "America/New_York", "2026-11-01T05:30Z", "1:30 AM EDT", "Sun, Nov 1, 1:30 AM EDT"),
        ("en", "America/New_York", "2026-11-01T06:30Z", "1:30 AM EST", "Sun, Nov 1, 1:30 AM EST"),
        ("de", "Europe/Vienna", "2026-10-25T00:30Z", "02:30 MESZ", "So., 25. Okt., 02:30 Uhr MESZ"),
        ("es", "America/New_York", "2026-11-01T06:30Z", "1:30 UTC−5", "dom, 1 nov, 1:30 UTC−5"),
        ("en", "Australia/Lord_Howe", "2026-04-04T15:00Z", "1:30 AM UTC+10:30", "Sun, Apr 5, 1:30 AM UTC+10:30"),
        ("en", "America/New_York", "2026-11-01T04:59Z", "12:59 AM", "Sun, Nov 1, 12:59 AM"),
        ("en", "America/New_York", "2026-11-01T07:00Z", "2:00 AM", "Sun, Nov 1, 2:00 AM"),
        ("en", "America/New_York", "2026-03-08T07:00Z", "3:00 AM", "Sun, Mar 8, 3:00 AM"),
    ],
)
def test_a_time_that_comes_twice_says_which_it_is(locale: str, zone: str, instant: str, clock: str, brief: str) -> None:
    at = datetime.fromisoformat(instant)
    assert i18n.clock(at, zone, locale) == clock
    assert i18n.brief_time(at, zone, locale) == brief


def test_where_the_zone_s_clock_is_named_anyway_it_is_named_once() -> None:
    early, late = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    said = "Sunday, November 1, 2026, 1:30 AM"
    assert i18n.full_time(late, "America/New_York", "en") == f"{said}, New York time (EST, UTC−5)"
    assert [i18n.date_and_clock(at, "America/New_York", "en") for at in (early, late)] == [f"{said} EDT", f"{said} EST"]


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        i18n.clock(datetime(2026, 11, 24, 9, 0), "America/New_York", "en")


@pytest.mark.parametrize(
    ("locale", "zone", "said"),
    [
        ("de", "Europe/Vienna", "Dienstag, 24. November 2026, 15:00 Uhr, Ortszeit Wien (MEZ, UTC+1)"),
        ("es", "America/Mexico_City", "martes, 24 de noviembre de 2026, 8:00, hora de Ciudad de México (UTC−6)"),
        ("fr", "America/New_York", "mardi 24 novembre 2026, 09:00, heure locale à New York (HNE, UTC−5)"),
        ("pt", "America/Sao_Paulo", "terça-feira, 24 de novembro de 2026, 11:00, horário de São Paulo (BRT, UTC−3)"),
        ("ar", "Asia/Riyadh", "الثلاثاء، 24 نوفمبر 2026، 5:00 م، بتوقيت الرياض (UTC+3)"),
    ],
)
def test_a_time_in_full_is_said_as_the_language_says_it(locale: str, zone: str, said: str) -> None:
    assert i18n.full_time(NINE, zone, locale) == said


@pytest.mark.parametrize(
    ("wishes", "practice", "chosen"),
    [
        (["de"], "en-US", "de"),
        (["pt-BR", "en"], "pt-PT", "pt-BR"),
        (["pt"], "pt-PT", "pt-PT"),
        (["nl", None, "", "fr-CA"], "en", "fr-CA"),
        (["zh-Hant-TW"], "es", "es"),
        (["de-Latn-CH"], "en", "de-CH"),
        (["es-419"], "en", "es-419"),
        (["EN_gb"], "en", "en-GB"),
        (["nl"], "", "en"),
    ],
)
def test_the_first_wish_in_a_language_that_is_spoken_counts(
    wishes: list[str | None], practice: str, chosen: str
) -> None:
    assert i18n.locale_of(wishes, practice) == chosen
