"""Finding a client by what staff remember of them."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import event

from pencilin import clients
from pencilin.clients import ClientForm
from pencilin.database import Database
from tests.cast import NOW, Willow, willow

FILES = [
    ClientForm("Anne-Marie", "O’Neil", "am.oneil@mail.example", "(212) 555-0111", "1979-04-30"),
    ClientForm("José", "García López", "jose@mail.example", "(212) 555-0122", "1990-11-02"),
    ClientForm("Jürgen", "Müller", "j.mueller@web.example", "+49 30 23125 123", "1966-07-15"),
    ClientForm("William", "Smith", "will@mail.example", "(212) 555-0133", "1985-03-24"),
    ClientForm("Wilma", "Smythe", "", "", ""),
    ClientForm("Ольга", "Иванова", "olga@mail.example", "", "2001-01-31"),
    ClientForm("小明", "王", "", "", ""),
]

FINDS = {
    "kim lee": "Kim Lee",
    "Lee, Kim": "Kim Lee",
    "  KIM  ": "Kim Lee",
    "oneil": "Anne-Marie O’Neil",
    "O'Neil": "Anne-Marie O’Neil",
    "anne marie": "Anne-Marie O’Neil",
    "jose garcia": "José García López",
    "lopez": "José García López",
    "muller": "Jürgen Müller",
    "mueller": "Jürgen Müller",
    "Ольга": "Ольга Иванова",
    "иванова": "Ольга Иванова",
    "王": "小明 王",
    "gar": "José García López",
    "garcai": "José García López",
    "gracia": "José García López",
    "wiliam smith": "William Smith",
    "bill smith": "William Smith",
    "2125550147": "Kim Lee",
    "+1 212 555-0147": "Kim Lee",
    "0147": "Kim Lee",
    "kim.lee@mail.example": "Kim Lee",
    "KIM.LEE@": "Kim Lee",
    "1990-11-02": "José García López",
    "11/2/1990": "José García López",
    "2 Nov 1990": "José García López",
    "smith 24.3.1985": "William Smith",
}
NOTHING = ["", "   ", "@", "%", "_", "'", "\x00", "\ud800", "zzzzzz", "9999999", "2026-02-31", "x" * 20_000]

Search = Callable[[str], list[str]]


@pytest.fixture
def cast(database: Database) -> Willow:
    cast = database.write(lambda session, _: willow(session))
    for form in FILES:
        database.write(lambda session, _, form=form: clients.create(session, cast.mona, form, NOW))  # type: ignore[misc]
    return cast


@pytest.fixture
def search(database: Database, cast: Willow) -> Search:
    def run(text: str) -> list[str]:
        with database.read() as session:
            return [f"{one.first_name} {one.last_name}" for one in clients.search(session, cast.dana, text)]

    return run


def test_it_is_found_first(search: Search) -> None:
    assert {text: next(iter(search(text)), None) for text in FINDS} == FINDS


def test_nothing_is_found_for_nothing_and_for_oddities(search: Search) -> None:
    assert {text[:9]: search(text) for text in NOTHING} == {text[:9]: [] for text in NOTHING}


def test_the_better_fit_comes_first(search: Search) -> None:
    assert search("smith")[0] == "William Smith"
    assert search("smythe")[0] == "Wilma Smythe"


def test_another_practice_has_other_clients(database: Database, cast: Willow) -> None:
    birch = database.write(lambda session, _: willow(session, slug="birch"))
    with database.read() as session:
        assert clients.search(session, birch.dana, "william smith") == []
        assert [one.id for one in clients.search(session, birch.dana, "kim")] == [birch.kim.id]


def test_archived_files_are_not_found(database: Database, cast: Willow, search: Search) -> None:
    kim = cast.kim
    database.write(
        lambda session, _: clients.rewrite(
            session, cast.practice, session.merge(kim), {"archived_at": NOW}, cast.mona, NOW
        )
    )
    assert search("kim lee") == []


def test_the_number_of_queries_is_that_of_one_file(database: Database, cast: Willow) -> None:
    details = clients.read_form(ClientForm("William", "Smith", "w@mail.example"), "US", date(2026, 11, 23))
    database.write(lambda session, _: [clients.add(session, cast.practice, details, cast.mona, NOW) for _ in range(30)])
    statements: list[str] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: statements.append(statement),
    )
    with database.read() as session:
        found = clients.search(session, cast.dana, "bill smith")
    assert len(found) == 10
    assert len([one for one in statements if one.startswith("SELECT")]) == 3
