"""The fields of other hours on a date: any number of openings, each from when until when."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from pencilin import i18n
from pencilin.errors import Invalid
from pencilin.models import Override
from pencilin.practices import hours
from pencilin.practices.stored import clock

# `from` and `to` hold a line for each opening.
FIELDS = ("date", "from", "to", "locations")


def openings(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was typed for each opening; those left empty are none."""
    pairs = zip_longest(values["from"].split("\n"), values["to"].split("\n"), fillvalue="")
    return [(start.strip(), end.strip()) for start, end in pairs if start.strip() or end.strip()]


def without_gaps(values: Mapping[str, str]) -> dict[str, str]:
    """The fields without openings that were left empty, as :func:`as_text` would have them."""
    typed = openings(values)
    return dict(values) | {"from": "\n".join(start for start, _ in typed), "to": "\n".join(end for _, end in typed)}


def read(values: Mapping[str, str]) -> dict[str, object]:
    """What was typed as the practice file has it. Raises :class:`Invalid` for what is no date or time."""
    pairs = [[hours.read_time(start), hours.read_time(end)] for start, end in openings(values)]
    if not all(_is_time(one) for pair in pairs for one in pair):
        raise Invalid({"hours": "Enter times like 9:00 or 17:30. Leave both empty where there is no opening."})
    if not values["date"]:
        raise Invalid({"date": "Enter a date."})
    return {
        "date": values["date"],
        "hours": pairs,
        "locations": [one for one in values["locations"].split("\n") if one],
    }


def as_text(row: Override, where: Sequence[str], slugs: Mapping[str, str]) -> dict[str, str]:
    """The fields that :func:`read` gives these hours for; ``where`` are ids of locations, ``slugs`` theirs by id."""
    return {
        "date": row.date.isoformat(),
        "from": "\n".join(clock(start) for start, _ in row.hours),
        "to": "\n".join(clock(end) for _, end in row.hours),
        "locations": "\n".join(slugs[one] for one in where),
    }


def in_words(row: Override, where: Sequence[str], names: Mapping[str, str], locale: str) -> tuple[str, str, str]:
    """The date, the hours, and where."""
    spans = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in row.hours)
    places = ", ".join(names[one] for one in where) if row.hours else ""
    return i18n.dated_day(row.date, locale), spans or "Not there", places


def _is_time(read: str) -> bool:
    return read[:2].isdigit() and read[2:3] == ":"
