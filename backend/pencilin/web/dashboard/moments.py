"""Lengths of time in words, and times of day as a span; dates and zones are told by ``i18n``."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pencilin import i18n


def day_in(instant: datetime, zone: str) -> date:
    """The date of ``instant`` in ``zone``."""
    return instant.astimezone(ZoneInfo(zone)).date()


def span(start: datetime, end: datetime, zone: str, locale: str) -> str:
    """*9:00 AM – 10:00 AM*."""
    return f"{i18n.clock(start, zone, locale)} – {i18n.clock(end, zone, locale)}"


def elsewhere(start: datetime, zone: str, here: str, locale: str) -> str:
    """*9:00 AM, Chicago time*, where the clocks of ``zone`` show another time than those of ``here``; else nothing."""
    there = i18n.clock(start, zone, locale)
    return "" if there == i18n.clock(start, here, locale) else f"{there}, {i18n.zone_city(zone, locale)}"


def length(span: timedelta) -> str:
    """*25 min*, *5 h* or *3 days*, rounded down."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "less than 1 min"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def gap(span: timedelta) -> str:
    """*45 min*, *2 h* or *1 h 45 min*: to the minute, since somebody may have to come from elsewhere in it."""
    hours, minutes = divmod(int(span.total_seconds() // 60), 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)


def due(until: datetime, now: datetime) -> str:
    """*in 5 h*, or *5 h ago*."""
    return f"in {length(until - now)}" if until > now else f"{length(now - until)} ago"
