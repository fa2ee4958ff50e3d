"""Dates and times in words, in the reader's language and with their zone named.

Every function takes the IANA name of a zone and a locale as they are stored (``en``, ``pt-BR``). The widget chooses and
says the same in ``words.ts`` and ``dates.ts``: digits are Latin and the calendar is Gregorian in every language.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    get_day_names,
    get_timezone_location,
    get_timezone_name,
)

from pencilin import wording

# Each in its own words, as people look for it who can't read the page in the language that it has.
NAMES: Final = {"en": "English", "es": "Español", "fr": "Français", "de": "Deutsch", "pt": "Português", "ar": "العربية"}
LANGUAGES = tuple(NAMES)

_WISH = re.compile(r"([a-z]{2})(?![a-z])(?:.*?[-_]([a-z]{2}|\d{3})\b)?", re.ASCII | re.IGNORECASE)


def locale_of(wishes: Iterable[str | None], practice: str = "") -> str:
    """The locale of the first wish in a language that Pencilin speaks, else of ``practice``, else ``en``.

    A wish without a region takes the practice's, where that is of the same language.
    """
    for wish in (*wishes, practice):
        found = _WISH.match(wish or "")
        language = found[1].lower() if found else ""
        if found is None or language not in LANGUAGES:
            continue
        if found[2]:
            return f"{language}-{found[2].upper()}"
        return locale_of([practice]) if practice != wish and practice[:2].lower() == language else language
    return "en"


@lru_cache(maxsize=64)
def spoken(locale: str | None) -> Locale:
    """The nearest locale in which Pencilin has words."""
    language, _, region = locale_of([locale]).partition("-")
    try:
        return Locale.parse(f"{language}_{region}" if region else language)
    except UnknownLocaleError:
        return Locale(language)


@lru_cache(maxsize=512)
def english_in(country: str) -> str:
    """The locale of English as a country writes it (``en-GB``), or as the world does where it has no way of its own.

    ``country`` is two letters; only the United States have ``en`` alone.
    """
    if country == "US":
        return "en"
    try:
        Locale.parse(f"en_{country}")
    except UnknownLocaleError:
        return "en-001"
    return f"en-{country}"


def language_tag(locale: str | None) -> str:
    """What stands in ``lang`` of a page or mail (``en-GB``)."""
    return str(spoken(locale)).replace("_", "-")


def direction(locale: str | None) -> str:
    """What stands in ``dir`` of a page or mail: ``ltr`` or ``rtl``."""
    return spoken(locale).text_direction


# Lists and calendars say the same few dates and times over and over.
@lru_cache(maxsize=1024)
def full_date(day: date, locale: str) -> str:
    """*Tuesday, November 24, 2026*."""
    return format_date(day, "full", spoken(locale))


def clock(instant: datetime, zone: str, locale: str) -> str:
    """*9:00 AM*, with plain spaces; where the clock is set back and shows a time twice, *1:30 AM EDT*."""
    local = _local(instant, zone)
    return _clock(local, locale) + _told_apart(local, locale)


def spoken_clock(instant: datetime, zone: str, locale: str) -> str:
    """*9:00 AM* as it stands in a sentence: German says *09:00 Uhr*. Only where :func:`zone_name` stands close by."""
    return _text(locale, "clock").format(time=_clock(_local(instant, zone), locale))


def date_and_clock(instant: datetime, zone: str, locale: str) -> str:
    """*Tuesday, November 24, 2026, 9:00 AM*: only where the zone's city is named close by."""
    local = _local(instant, zone)
    said = spoken_clock(instant, zone, locale) + _told_apart(local, locale)
    return listed(locale, full_date(local.date(), locale), said)


def full_time(instant: datetime, zone: str, locale: str) -> str:
    """*Tuesday, November 24, 2026, 9:00 AM, New York time (EST, UTC−5)*."""
    day = full_date(_local(instant, zone).date(), locale)
    return listed(locale, day, spoken_clock(instant, zone, locale), zone_name(instant, zone, locale))


@lru_cache(maxsize=1024)
def brief_date(day: date, locale: str) -> str:
    """*Tue, Nov 24*."""
    return format_skeleton("MMMEd", datetime(day.year, day.month, day.day), locale=spoken(locale))


def dated_day(day: date, locale: str) -> str:
    """*Tue, Nov 24, 2026*."""
    return format_skeleton("yMMMEd", datetime(day.year, day.month, day.day), locale=spoken(locale))


def month_day(day: date, locale: str) -> str:
    """*Nov 24*."""
    return format_skeleton("MMMd", datetime(day.year, day.month, day.day), locale=spoken(locale))


def short_days(locale: str) -> list[str]:
    """*Mon*, *Tue* and so on, from Monday."""
    names = get_day_names("abbreviated", locale=spoken(locale))
    return [names[day] for day in range(7)]


def brief_time(instant: datetime, zone: str, locale: str) -> str:
    """*Tue, Nov 24, 9:00 AM*."""
    local = _local(instant, zone)
    said = spoken_clock(instant, zone, locale) + _told_apart(local, locale)
    return listed(locale, brief_date(local.date(), locale), said)


def dated_time(instant: datetime, zone: str, locale: str) -> str:
    """*Nov 24, 2026, 9:00 AM*: for what may be years ago."""
    local = _local(instant, zone)
    said = spoken_clock(instant, zone, locale) + _told_apart(local, locale)
    return listed(locale, format_skeleton("yMMMd", local.replace(tzinfo=None), locale=spoken(locale)), said)


def comma(locale: str) -> str:
    """The language's own."""
    return _text(locale, "comma")


def listed(locale: str, *parts: str) -> str:
    """The parts behind each other, with the language's own comma."""
    return f"{comma(locale)} ".join(parts)


def zone_city(zone: str, locale: str) -> str:
    """*New York time*."""
    if _is_utc(zone):
        return "UTC"
    city = get_timezone_location(zone, locale=spoken(locale), return_city=True)
    return _text(locale, "zone").format(city=city.rpartition("/")[2])


def zone_name(instant: datetime, zone: str, locale: str) -> str:
    """*New York time (EST, UTC−5)*: the city, then what its clock is called and shows at that instant."""
    if _is_utc(zone):
        return "UTC"
    local = _local(instant, zone)
    offset = utc_offset(local.utcoffset() or timedelta(0))
    return f"{zone_city(zone, locale)} ({listed(locale, *_abbreviation(local, locale), offset)})"


def utc_offset(offset: timedelta) -> str:
    """*UTC−5*, *UTC+5:30*, *UTC+0*."""
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def _clock(local: datetime, locale: str) -> str:
    return _face(local.hour, local.minute, locale)


@lru_cache(maxsize=4096)
def _face(hour: int, minute: int, locale: str) -> str:
    # Babel puts U+202F before AM, browsers mostly a plain space; readers and searches expect the latter.
    return " ".join(format_time(time(hour, minute), "short", locale=spoken(locale)).split())


def _told_apart(local: datetime, locale: str) -> str:
    """What the clock is called, or by how much it is ahead, where it shows this time twice."""
    offsets = {local.replace(fold=fold).utcoffset() for fold in (0, 1)}
    if len(offsets) == 1:
        return ""
    return f" {''.join(_abbreviation(local, locale)) or utc_offset(local.utcoffset() or timedelta(0))}"


def _abbreviation(local: datetime, locale: str) -> list[str]:
    """*EST*, or nothing: English has names of its own for every zone, other languages for few (*MEZ*)."""
    if spoken(locale).language == "en":
        name = local.tzname() or ""
    else:
        name = get_timezone_name(local, width="short", locale=spoken(locale))
    # Where a clock's name is only a number (-03, GMT-5), the offset says it already.
    return [name] if name.isascii() and name.isalpha() else []


def _text(locale: str, name: str) -> str:
    return wording.text(spoken(locale).language, "pages", "times", name)


def _local(instant: datetime, zone: str) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(ZoneInfo(zone))


def _is_utc(zone: str) -> bool:
    return zone.removeprefix("Etc/") in ("UTC", "UCT", "Universal", "Zulu", "GMT")
