"""Tables for spreadsheets: CSV that they read as text, whatever it begins with."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

# What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Tells spreadsheets that what follows is UTF-8.
MARK = "\ufeff"


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table with CR LF at the end of each line (RFC 4180); None is an empty cell.

    A text that would be taken for a formula gets an apostrophe before it. Numbers stay as they are.
    """
    return "".join(csv_lines(header, rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The same line by line, for tables that are sent while they are read."""
    yield MARK + _line(header)
    for row in rows:
        yield _line([_cell(value) for value in row])


def _line(cells: Sequence[object]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def unescaped(cell: str) -> str:
    """What a cell said before :func:`as_csv` kept spreadsheets from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
