"""The fields of an absence, as the calendar's *Block time off* and Settings both have them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from pencilin import i18n
from pencilin.errors import Invalid
from pencilin.models import TimeOff
from pencilin.practices import hours
from pencilin.web.dashboard import editing

FIELDS = ("from_date", "from_time", "until_date", "until_time", "note")
# Keys of the practice file, by the field that shows what is wrong with them.
_SHOWN_AT = {"start": "from_date", "end": "until_date"}
_MIDNIGHT = time()


def read(values: Mapping[str, str]) -> dict[str, object]:
    """What was typed as the practice file has it: without times it is whole days, without a second date one day.

    Raises :class:`Invalid` for what is no date or time.
    """
    start = _wall_clock(values["from_date"], values["from_time"] or "00:00")
    end = _wall_clock(values["until_date"] or values["from_date"], values["until_time"] or "24:00")
    wrong = {
        name: "Enter a date, and a time like 9:00 if it isn’t the whole day."
        for name, found in (("from_date", start), ("until_date", end))
        if found is None
    }
    if wrong:
        raise Invalid(wrong)
    return {"start": start, "end": end, "note": values["note"]}


def at_its_field(error: Invalid) -> Invalid:
    """The refusal, by the names of the fields that show it."""
    if isinstance(error, editing.Changed):
        return error
    return Invalid({_SHOWN_AT.get(key, key): reason for key, reason in error.fields.items()})


def as_text(row: TimeOff) -> dict[str, str]:
    """The fields that :func:`read` gives the absence for."""
    return {
        "from_date": row.start.date().isoformat(),
        "from_time": "" if row.start.time() == _MIDNIGHT else f"{row.start:%H:%M}",
        "until_date": _last_day(row).isoformat(),
        "until_time": "" if row.end.time() == _MIDNIGHT else f"{row.end:%H:%M}",
        "note": row.note or "",
    }


def in_words(row: TimeOff, locale: str) -> str:
    """*Thu, Dec 24, 2026 – Sat, Dec 26, 2026*, with times where it isn't whole days."""
    first, last = i18n.dated_day(row.start.date(), locale), i18n.dated_day(_last_day(row), locale)
    if row.start.time() == row.end.time() == _MIDNIGHT:
        return first if first == last else f"{first} – {last}"
    # A wall time, which any zone would say as it is.
    start, end = (i18n.clock(one.replace(tzinfo=UTC), "UTC", locale) for one in (row.start, row.end))
    end = "24:00" if row.end.time() == _MIDNIGHT else end
    until = end if first == last else i18n.listed(locale, last, end)
    return f"{i18n.listed(locale, first, start)} – {until}"


def _last_day(row: TimeOff) -> date:
    """A midnight is the end of the day before it."""
    return (row.end - timedelta(days=1) if row.end.time() == _MIDNIGHT else row.end).date()


def _wall_clock(day: str, clock_typed: str) -> datetime | None:
    read = hours.read_time(clock_typed)
    try:
        whole = datetime.fromisoformat(day) if len(day) == 10 else None
        if whole and read == "24:00":
            return whole + timedelta(days=1)
        return datetime.combine(whole.date(), time.fromisoformat(read)) if whole else None
    except (ValueError, OverflowError):
        return None
