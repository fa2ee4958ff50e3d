"""Dates and times in words, in the reader's language and with their zone named.

Every function takes the IANA name of a zone and a locale as they are stored (``en``, ``en-GB``). English is the only
language that Pencilin speaks so far, in any of its regional forms; for other locales dates are written in English,
too, since half a sentence in another language helps nobody.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location

LANGUAGES = ("en",)


@lru_cache(maxsize=64)
def spoken(locale: str | None) -> Locale:
    """The nearest locale in which Pencilin has words."""
    try:
        wanted = Locale.parse((locale or "").replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale(LANGUAGES[0])
    return wanted if wanted.language in LANGUAGES else Locale(LANGUAGES[0])


def language_tag(locale: str | None) -> str:
    """What stands in ``lang`` of a page or mail (``en-GB``)."""
    return str(spoken(locale)).replace("_", "-")


def full_date(day: date, locale: str) -> str:
    """*Tuesday, November 24, 2026*."""
    return format_date(day, "full", spoken(locale))


def clock(instant: datetime, zone: str, locale: str) -> str:
    """*9:00 AM*, with a plain space."""
    # Babel puts U+202F before AM, browsers mostly a plain space; readers and searches expect the latter.
    return format_time(_local(instant, zone), "short", locale=spoken(locale)).replace("\u202f", " ")


def date_and_clock(instant: datetime, zone: str, locale: str) -> str:
    """*Tuesday, November 24, 2026, 9:00 AM*: only where the zone is named close by."""
    return f"{full_date(_local(instant, zone).date(), locale)}, {clock(instant, zone, locale)}"


def full_time(instant: datetime, zone: str, locale: str) -> str:
    """*Tuesday, November 24, 2026, 9:00 AM, New York time (EST, UTC−5)*."""
    return f"{date_and_clock(instant, zone, locale)}, {zone_name(instant, zone, locale)}"


def brief_date(day: date, locale: str) -> str:
    """*Tue, Nov 24*."""
    return format_skeleton("MMMEd", datetime(day.year, day.month, day.day), locale=spoken(locale))


def brief_time(instant: datetime, zone: str, locale: str) -> str:
    """*Tue, Nov 24, 9:00 AM*."""
    return f"{brief_date(_local(instant, zone).date(), locale)}, {clock(instant, zone, locale)}"


def zone_city(zone: str, locale: str) -> str:
    """*New York time*."""
    if _is_utc(zone):
        return "UTC"
    city = get_timezone_location(zone, locale=spoken(locale), return_city=True)
    return f"{city.rpartition('/')[2]} time"


def zone_name(instant: datetime, zone: str, locale: str) -> str:
    """*New York time (EST, UTC−5)*: the city, then what its clock is called and shows at that instant."""
    if _is_utc(zone):
        return "UTC"
    local = _local(instant, zone)
    offset = utc_offset(local.utcoffset() or timedelta(0))
    # Where a clock's name is only a number (-03), the offset says it already.
    names = [name for name in (local.tzname(),) if name and name.isalpha()]
    return f"{zone_city(zone, locale)} ({', '.join([*names, offset])})"


def utc_offset(offset: timedelta) -> str:
    """*UTC−5*, *UTC+5:30*, *UTC+0*."""
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def _local(instant: datetime, zone: str) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(ZoneInfo(zone))


def _is_utc(zone: str) -> bool:
    return zone.removeprefix("Etc/") in ("UTC", "UCT", "Universal", "Zulu", "GMT")
