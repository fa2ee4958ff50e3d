"""From the text of a practice file to its checked contents, or to errors that name line and key."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pencilin.errors import Invalid
from pencilin.practices import shapes
from pencilin.practices.lines import Lines, Path
from pencilin.practices.shapes import NamedTable, PracticeFile

REFUSED = "The file was refused whole; nothing was changed."


@dataclass
class Refusals:
    """What is wrong with a file, each with its line and key."""

    lines: Lines
    fields: dict[str, str] = field(default_factory=dict)

    def add(self, path: Path, reason: str) -> None:
        """Notes the first thing that is wrong with a key; ``path`` is as :class:`Lines` has it."""
        key = ".".join(part for part in path if isinstance(part, str))
        self.fields.setdefault(f"line {self.lines.of(path)}, {key}" if key else f"line {self.lines.of(path)}", reason)

    def check(self) -> None:
        """Raises :class:`Invalid` with everything noted, if anything was."""
        if self.fields:
            raise Invalid(self.fields, REFUSED)


def parse(text: str) -> dict[str, object]:
    """The TOML in ``text``. Raises :class:`Invalid` naming the line where it can't be read."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).rpartition(" (at ")
        line = place.removesuffix(")").partition(",")[0] if place.startswith("line") else "the last line"
        raise Invalid({line: f"isn't TOML: {reason}"}, REFUSED) from None


def slug_in(content: Mapping[str, object]) -> str:
    """The practice's slug in an unchecked file, empty when there is none."""
    practice = content.get("practice")
    slug = practice.get("slug") if isinstance(practice, Mapping) else None
    return slug if isinstance(slug, str) else ""


def read(content: Mapping[str, object], refusals: Refusals, country: str) -> PracticeFile:
    """The checked contents. ``country`` reads the practice's phone when the file names none.

    Raises :class:`Invalid` with every wrong value, unknown key and missing one.
    """
    try:
        file = PracticeFile.model_validate(content, context=country)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            refusals.add(one["loc"], in_words(one))
        refusals.check()
        raise AssertionError("unreachable: there was an error") from error
    for path, value, first in _repeated(file):
        refusals.add(path, f"{value} stands in line {refusals.lines.of(first)} already")
    refusals.check()
    return file


def _repeated(file: PracticeFile) -> Iterator[tuple[Path, object, Path]]:
    """Ids and dates that occur twice where each may stand once, with where they stand first."""
    seen: dict[tuple[object, ...], Path] = {}

    def again(path: Path, *what: object) -> Iterator[tuple[Path, object, Path]]:
        first = seen.setdefault(what, path)
        if first != path:
            yield path, what[-1], first

    named: dict[str, Sequence[NamedTable]] = {
        "location": file.location,
        "practitioner": file.practitioner,
        "service": file.service,
    }
    for kind, tables in named.items():
        for number, table in enumerate(tables):
            yield from again((kind, number, "slug"), kind, table.slug)
    for number, closure in enumerate(file.closure):
        yield from again(("closure", number, "date"), "closure", closure.date)
    for owner, practitioner in enumerate(file.practitioner):
        for number, override in enumerate(practitioner.override or ()):
            yield from again(("practitioner", owner, "override", number, "date"), owner, override.date)
    for owner, service in enumerate(file.service):
        for number, question in enumerate(service.question or ()):
            yield from again(("service", owner, "question", number, "id"), "question", owner, question.id)


# What to say for what pydantic found. The messages of our own checks are said as they are.
_WORDS = {
    "missing": "is missing",
    "string_type": "should be text in quotes",
    "string_too_short": "should not be empty",
    "int_type": "should be a whole number",
    "bool_type": "should be true or false",
    "list_type": "should be a list in brackets, or tables with two brackets each",
    "model_type": "should be a table",
    "model_attributes_type": "should be a table",
    "too_short": "should not be empty",
    "too_long": "is too long",
}
_KEYS = sorted(
    {
        info.alias or name
        for table in vars(shapes).values()
        if isinstance(table, type) and issubclass(table, shapes.Table)
        for name, info in table.model_fields.items()
    }
)


def in_words(error: ErrorDetails) -> str:
    """What to say for what pydantic found."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"should be {context['expected']}"
    if kind == "greater_than_equal":
        return f"should be {context['ge']} or more"
    if kind == "less_than_equal":
        return f"should be {context['le']} or less"
    if kind == "extra_forbidden":
        key = str(error["loc"][-1])
        nearest = [name for name in difflib.get_close_matches(key, _KEYS, n=1) if name != key]
        return "is no key that belongs here" + (f"; did you mean {nearest[0]}?" if nearest else "")
    return _WORDS.get(kind, "isn't written as it should be")
