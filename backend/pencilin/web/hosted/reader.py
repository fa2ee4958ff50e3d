"""Who reads a public page: in which language, with the formats of which country, and from which side."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names, get_timezone_location, get_timezone_name

from pencilin import i18n, wording
from pencilin.models import Practice
from pencilin.web.http import Call
from pencilin.web.languages import locale_for


class Weekday(NamedTuple):
    """A day's name, short and in full."""

    short: str
    full: str


@dataclass(frozen=True)
class Reader:
    """Whoever reads a language that Pencilin speaks, with the formats of a country: ``es``, ``es-MX``."""

    locale: str

    @property
    def language(self) -> str:
        """``es``."""
        return self.locale[:2]

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``, as HTML has it."""
        return i18n.direction(self.locale)

    def words(self, section: str) -> Any:
        """A section of the words in this language; whoever asks knows its shape."""
        return wording.words(self.language, section)

    def day(self, day: date) -> str:
        """*Tuesday, November 24, 2026*."""
        return i18n.full_date(day, self.locale)

    def brief(self, instant: datetime, zone: str) -> str:
        """*Tue, Nov 24, 9:00 AM*."""
        return i18n.brief_time(instant, zone, self.locale)

    def month(self, day: date) -> str:
        """*November 2026*."""
        return str(format_skeleton("yMMMM", datetime(day.year, day.month, 1), locale=self._babel))

    def clock(self, instant: datetime, zone: str) -> str:
        """*9:00 AM*, or *1:30 AM EDT* where the clock shows a time twice."""
        return i18n.clock(instant, zone, self.locale)

    def in_full(self, instant: datetime, zone: str) -> str:
        """*Tuesday 24 November 2026, 9:00 AM, New York time*, as the widget says it."""
        local = instant.astimezone(ZoneInfo(zone))
        text: str = self.words("picker")["timeInFull"]
        return text.format(
            weekday=format_date(local.date(), "EEEE", self._babel),
            day=local.day,
            month=format_date(local.date(), "MMMM", self._babel),
            year=local.year,
            time=self.clock(instant, zone),
            city=self.city(zone),
        )

    def city(self, zone: str) -> str:
        """*New York*, of ``America/New_York``."""
        return get_timezone_location(zone, locale=self._babel, return_city=True).rpartition("/")[2]

    def zone_named(self, instant: datetime, zone: str) -> str:
        """*Times are in New York time (EST, UTC−5).*: as the zone's clock is called at an instant."""
        local = instant.astimezone(ZoneInfo(zone))
        short, long = (get_timezone_name(local, width=width, locale=self._babel) for width in ("short", "long"))
        if self.language == "en":
            short = local.tzname() or ""  # CLDR has none where a zone's clock isn't usual in the reader's country
        text: str = self.words("picker")["zone"]
        return text.format(
            city=self.city(zone),
            name=short if short.isascii() and short.isalpha() else long,
            offset=i18n.utc_offset(local.utcoffset() or timedelta(0)),
        )

    def weekdays(self, practice: Practice) -> list[Weekday]:
        """The days in the order in which weeks go where the reader is at home, or else the practice."""
        # Arabic has no short names but letters.
        width: Literal["narrow", "abbreviated"] = "narrow" if self.language == "ar" else "abbreviated"
        short = get_day_names(width, "stand-alone", self._babel)
        full = get_day_names("wide", "stand-alone", self._babel)
        first = self.first_weekday(practice)
        return [Weekday(short[number % 7].rstrip("."), full[number % 7]) for number in range(first, first + 7)]

    def first_weekday(self, practice: Practice) -> int:
        """The day that weeks begin with; 0 is Monday."""
        region = self._babel.territory or practice.country
        return int(Locale.parse(f"und_{region}").first_week_day)

    @property
    def _babel(self) -> Locale:
        return i18n.spoken(self.locale)


def reader_of(call: Call, practice: Practice) -> Reader:
    """By the form that was sent, else by what the address asks for, the browser prefers, or the practice speaks."""
    sent = call.field("lang")
    if sent:
        return Reader(i18n.language_tag(i18n.locale_of([sent], practice.locale)))
    return Reader(i18n.language_tag(locale_for(call.request, practice.locale)))
