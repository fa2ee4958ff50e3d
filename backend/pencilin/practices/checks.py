"""What single values of a practice file must be. Each check gives the value to keep or says what it should be."""

import re
from collections.abc import Callable, Collection, Hashable
from datetime import date, datetime
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

import phonenumbers
from babel import Locale, UnknownLocaleError

from pencilin.rules import texts

T = TypeVar("T", bound=Hashable)

LONGEST_SLUG = 63
LONGEST_LINE = 200
LONGEST_TEXT = 2000
YEARS = range(1970, 2200)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00)")
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\]")
_LOCALE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")


def optional(check: Callable[[str], str]) -> Callable[[str], str]:
    """The check for a text that may be empty, which means none."""
    return lambda value: check(value) if value.strip() else ""


def slug(value: str) -> str:
    """An id that stands in addresses."""
    if not _SLUG.fullmatch(value) or len(value) > LONGEST_SLUG:
        raise ValueError(
            f"should be 1 to {LONGEST_SLUG} small letters (a to z), digits and single hyphens, like first-visit"
        )
    return value


def line(value: str) -> str:
    """One line of text; may be empty."""
    if len(value) > LONGEST_LINE or not texts.is_plain(value, one_line=True):
        raise ValueError(f"should be at most {LONGEST_LINE} characters in one line")
    return value.strip()


def text(value: str) -> str:
    """Several lines of text; may be empty."""
    if len(value) > LONGEST_TEXT or not texts.is_plain(value):
        raise ValueError(f"should be at most {LONGEST_TEXT} characters, without control characters")
    return value.strip()


def zone(known: Collection[str]) -> Callable[[str], str]:
    """The check for the name of a time zone among those ``known``."""

    def check(value: str) -> str:
        if value not in known:
            raise ValueError("should be a time zone, like America/New_York")
        return value

    return check


def locale(value: str) -> str:
    """A language, with a country where that matters."""
    try:
        if not _LOCALE.fullmatch(value):
            raise ValueError
        Locale.parse(value, sep="-")
    except (ValueError, UnknownLocaleError):
        raise ValueError("should be a language, like en or en-GB") from None
    return value


def country(value: str) -> str:
    """An ISO 3166 code, by which phone numbers are read."""
    if value.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("should be the two letters of a country by ISO 3166, like US")
    return value.upper()


def web_address(value: str) -> str:
    """An address of a page."""
    if _parts_of(value) is None:
        raise ValueError("should be a web address, like https://willow.example/privacy")
    return value


def site(value: str) -> str:
    """An origin: which website, not which of its pages."""
    parts = _parts_of(value.rstrip("/"))
    host = shown_host(parts) if parts else ""
    if parts is None or not host or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("should be the address of a website without a path, like https://www.willow.example")
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port is not None else "")


def shown_host(parts: SplitResult) -> str:
    """The host as addresses and headers have it, in small letters; empty for what can't be the name of one."""
    host = (parts.hostname or "").lower()
    shown = f"[{host}]" if ":" in host else host
    return shown if _HOST.fullmatch(shown) else ""


def _parts_of(value: str) -> SplitResult | None:
    if not value.isascii() or not value.isprintable() or " " in value:
        return None
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname else None


def colour(value: str) -> str:
    """A colour as style sheets have it."""
    if not _COLOUR.fullmatch(value):
        raise ValueError("should be a colour, like #0f766e")
    return value


def minutes(value: int) -> int:
    """A length on the grid."""
    if value % 5:
        raise ValueError("should be a multiple of 5")
    return value


def clock(value: object) -> int:
    """A time of the day, as its minute."""
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('should be a time in quotes, like "09:00"')
    hour, minute = (part for part in found.groups() if part is not None)
    return minutes(int(hour) * 60 + int(minute))


def day(value: object) -> date:
    """A date, as TOML has it or in quotes; not so far away that nobody could reckon with it."""
    try:
        if not isinstance(value, date) or isinstance(value, datetime):
            value = date.fromisoformat(value if isinstance(value, str) and len(value) == 10 else "")
        if value.year not in YEARS:
            raise ValueError
    except ValueError:
        raise ValueError("should be a date, like 2026-12-24") from None
    return value


def wall_clock(value: object) -> datetime:
    """A local date and time, as TOML has it or in quotes."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) > 10 else value
    except ValueError:
        found = None
    if not isinstance(found, datetime) or found.tzinfo is not None or found.year not in YEARS:
        raise ValueError("should be a local date and time without an offset, like 2026-12-24T13:00:00")
    return found


def distinct(values: list[T]) -> list[T]:
    """A list that names nothing twice."""
    if len(set(values)) != len(values):
        raise ValueError("names something twice")
    return values
