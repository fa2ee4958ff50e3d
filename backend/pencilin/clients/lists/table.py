"""A file as a table: in UTF-8, UTF-16 or Windows-1252, with commas, semicolons, tabs or bars between its cells."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from pencilin.errors import Invalid
from pencilin.rules.spreadsheet import unescaped

MOST_COLUMNS = 100
LARGEST = 10 * 2**20  # bytes
TOO_LARGE = "The file is larger than 10 MiB. Split it, and import one part after the other."
DELIMITERS = ",;\t|"
NOBODY = "There is nobody in this list. The first line should name the columns, and each other line be one client."
# What a spreadsheet program is told on the first line, as in ``sep=;``.
NOTE = "sep="
# Lines above the names of the columns.
MOST_ABOVE = 10
# An .xlsx or .ods file is a zip archive, an old .xls a compound file.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, and the rows with the number of the line on which each begins.

    ``broken`` is the line from which on nothing could be read, because quotes don't match; 0: everything was.
    ``guessed``: the file isn't in Unicode throughout, so some letters may be others than were meant.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    broken: int = 0
    guessed: bool = False
    _first: dict[int, dict[str, int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def column(self, number: int) -> list[str]:
        """The cells of a column that hold anything."""
        return [row[number].strip() for _, row in self.rows if number < len(row) and row[number].strip()]

    def first_with(self, number: int) -> dict[str, int]:
        """The line on which each cell of a column stands first; looked for once, for a list is read in many parts."""
        if number not in self._first:
            found = self._first[number] = {}
            for line, row in self.rows:
                if number < len(row):
                    found.setdefault(unescaped(row[number].strip()), line)
        return self._first[number]


def read_table(content: bytes, empty: str = NOBODY) -> Table:
    """The table in a file; raises :class:`Invalid` for the field ``file`` with what to do instead.

    ``empty`` tells what a file lacks that has nothing below the columns' names.
    """
    if len(content) > LARGEST:
        raise Invalid({"file": TOO_LARGE})
    if content.startswith(WORKBOOKS):
        raise Invalid({"file": "This is a workbook. Open it in your spreadsheet program and save it as CSV."})
    text, guessed = _decoded(content)
    if not text.strip():
        raise Invalid({"file": "The file is empty. Choose the list, saved as CSV."})
    if "\0" in text:
        raise Invalid({"file": "This is no text. Choose the list, saved as CSV."})
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    broken = 0
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            broken = number
            break
        if any(cell.strip() for cell in cells):
            rows.append((number, tuple(cells)))
    del rows[: _above(rows)]
    if len(rows) < 2:
        raise Invalid({"file": f"Line {broken} can’t be read: its quotes don’t match." if broken else empty})
    header = tuple(name.strip() for name in rows[0][1])
    if len(header) > MOST_COLUMNS:
        raise Invalid({"file": f"The list has {len(header)} columns. Leave at most {MOST_COLUMNS} of them."})
    return Table(header, tuple(rows[1:]), broken, guessed)


def _decoded(content: bytes) -> tuple[str, bool]:
    mark = next((mark for mark in _MARKS if content.startswith(mark)), b"")
    encoding = _MARKS.get(mark, "utf-8")
    try:
        return content.decode(encoding), False
    except UnicodeDecodeError:
        # What spreadsheets of Western Europe and America write; five of its bytes stand for nothing.
        return content.decode(encoding if mark else "windows-1252", errors="replace"), True


def _above(rows: Sequence[tuple[int, tuple[str, ...]]]) -> int:
    """How many rows stand above the columns' names: a note to the spreadsheet program, a title, a date.

    They fill one cell where the names fill at least three: of two, the second may be a first name behind a comma.
    """
    note = 1 if rows and rows[0][1][0].lower().startswith(NOTE) else 0
    for number, (_, cells) in enumerate(rows[note : note + MOST_ABOVE + 1], note):
        filled = sum(bool(cell.strip()) for cell in cells)
        if filled > 1:
            return number if filled > 2 else note
    return note


def _delimiter(text: str) -> str:
    """What stands most often between the cells of the first line that has several; a note may say it.

    A line none of whose commas, say, has a fellow in the next one is a title.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    first = ""
    for line, below in zip_longest(lines, lines[1:], fillvalue=""):
        if line.lower().startswith(NOTE) and line[len(NOTE) :][:1] in tuple(DELIMITERS):
            return line[len(NOTE)]
        outside = "".join(line.split('"')[::2])
        found = max(DELIMITERS, key=outside.count)
        if found not in outside:
            continue
        if found in below:
            return found
        first = first or found
    return first or DELIMITERS[0]
