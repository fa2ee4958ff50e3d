"""Lists of clients as programs save them: what is read in them, and what each column is taken for."""

import codecs
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pencilin.clients import lists
from pencilin.clients.lists.guesses import date_order, guess, read_date, split_name
from pencilin.clients.lists.table import read_table
from pencilin.errors import Invalid

TODAY = date(2026, 11, 23)
PLAIN = "First name,Last name,Email,Birthday,Client ID\nZoë,Ångström,zoe@far.example,1992-12-05,7\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"),
        PLAIN.replace(",", ";").encode("windows-1252"),
        PLAIN.replace(",", "\t").replace("\n", "\r\n").encode(),
        f"\n\n{PLAIN}\n\n".encode(),
        ("sep=;\r\n" + PLAIN.replace(",", ";")).encode(),
        f"Clients of Willow\n23 Nov 2026,,,,\n\n{PLAIN}".encode(),
        ("Clients of Willow, 23 Nov 2026\n" + PLAIN.replace(",", ";")).encode(),
    ],
)
def test_a_list_is_read_however_it_was_saved(content: bytes) -> None:
    table = read_table(content)
    assert table.header == ("First name", "Last name", "Email", "Birthday", "Client ID")
    assert [cells for _, cells in table.rows] == [("Zoë", "Ångström", "zoe@far.example", "1992-12-05", "7")]
    assert list(guess(table).values()) == ["first_name", "last_name", "email", "birth_date", "external_id"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"PK\x03\x04....", "save it as CSV"),
        (b"a\0b,c\n1,2\n", "no text"),
        (b"Name,Email\n", "nobody"),
        (b"x" * (10 * 2**20 + 1), "10 MiB"),
        (b'Name,Email\n"Kim,', "quotes"),
    ],
)
def test_what_is_no_list_says_what_to_do(content: bytes, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_table(content)
    assert told in refused.value.fields["file"]


def test_names_in_one_column_are_no_title() -> None:
    table = read_table(b"Name\nLee, Kim\nOsei, Joan\n")
    assert table.header == ("Name",) and len(table.rows) == 2


def test_columns_are_known_by_their_names_or_cells() -> None:
    header, row = "Apellidos;Nombre;Fecha de nacimiento;Móvil;X", "Ruiz;Ana;24/3/1985;600 000 000;a@b.example"
    spanish = read_table(f"{header}\n{row}\n".encode())
    assert guess(spanish) == {0: "last_name", 1: "first_name", 2: "birth_date", 3: "phone", 4: "email"}
    whole = read_table(b"Patient name,Phone,Home phone\nLee Kim,1,2\n")
    assert guess(whole) == {0: "full_name", 1: "phone"}


@given(st.lists(st.dates(date(1930, 1, 1), TODAY), min_size=1), st.sampled_from(["dmy", "mdy"]), st.sampled_from("./-"))
def test_dates_are_read_as_they_were_written_or_asked_for(days: list[date], order: str, sign: str) -> None:
    parts = ("%d", "%m", "%Y") if order == "dmy" else ("%m", "%d", "%Y")
    written = [day.strftime(sign.join(parts)) for day in days]
    told = date_order(written)
    if any(day.day > 12 for day in days):
        assert told.value == order
    else:
        assert told is lists.Order.UNCLEAR
    chosen = lists.Order(order)
    assert [read_date(text, chosen, TODAY) for text in written] == [day.isoformat() for day in days]


def test_other_dates() -> None:
    assert read_date("1985-3-4 00:00:00", lists.Order.ISO, TODAY) == "1985-03-04"
    assert read_date("3/24/85", lists.Order.MONTH_FIRST, TODAY) == "1985-03-24"
    assert read_date("24.3.26", lists.Order.DAY_FIRST, TODAY) == "2026-03-24"
    assert read_date("24.12.26", lists.Order.DAY_FIRST, TODAY) == "1926-12-24"  # not tomorrow's child
    for wrong in ("31/2/1985", "soon", "1985", "24.3.19855"):
        with pytest.raises(ValueError):
            read_date(wrong, lists.Order.DAY_FIRST, TODAY)
    assert split_name("Lee, Kim Anne") == ("Kim Anne", "Lee") and split_name("Kim Anne Lee") == ("Kim Anne", "Lee")
