"""What is exported opens in a spreadsheet as what it is, and never as a formula."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from pencilin.rules.spreadsheet import FORMULA, MARK, as_csv

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))


@given(st.lists(st.tuples(texts, st.integers() | st.none())))
def test_nothing_is_a_formula_and_nothing_is_lost(rows: list[tuple[str, int | None]]) -> None:
    written = as_csv(("Name", "Number"), rows)
    assert written.startswith(MARK)
    header, *read = csv.reader(io.StringIO(written.removeprefix(MARK), newline=""))
    assert header == ["Name", "Number"]
    for (name, number), (text, digits) in zip(rows, read, strict=True):
        assert not text.startswith(FORMULA)
        assert text.removeprefix("'") == name.removeprefix("'") and digits == ("" if number is None else str(number))


def test_a_formula_becomes_text() -> None:
    assert as_csv(["Name"], [['=HYPERLINK("http://evil.example")']]).splitlines()[1].startswith("\"'=")
