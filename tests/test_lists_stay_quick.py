"""Lists ask the database as often for many rows as for one; people who are looked at together get the same answers."""

import sys
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from pencilin import clients
from pencilin.clients import ClientForm, filed
from pencilin.database import Database
from pencilin.models import Client, Practice
from pencilin.review.suggestions import find_matches
from pencilin.rules.matching import Typed, match
from tests.bench.matching import make_people
from tests.cast import KIM, NOW, SAM, ZOE, willow
from tests.screens import asked, signed_in
from tests.staff_site import Browser, Site, site

LISTS = (
    "/requests",
    "/requests/approvals",
    "/clients",
    "/clients?seen=not-365",
    "/clients/duplicates",
    "/settings/activity",
    "/settings/staff",
)


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch, limits=False)
    database.close()


def statements(here: Site, browser: Browser, path: str) -> int:
    """How many statements a page takes; looked at once before, so that nothing is new."""
    browser.get(path)
    counted: list[str] = []

    def count(connection: object, cursor: object, statement: str, *others: object) -> None:
        counted.append(statement)

    event.listen(here.database.engine, "before_cursor_execute", count)
    assert browser.get(path).status_code == 200
    event.remove(here.database.engine, "before_cursor_execute", count)
    return len(counted)


@pytest.mark.parametrize("name", ["mona", "ana"])
def test_no_list_asks_the_database_for_each_row(here: Site, name: str) -> None:
    def enter(session: Session, _: datetime) -> None:
        for first, last, email, phone, born in make_people(12):
            for known_as in (first, f"{first}-Jo"):
                clients.create(session, here.cast.mona, ClientForm(known_as, last, email, phone, born), NOW)

    browser = signed_in(here, name)
    lists = [path for path in LISTS if name == "mona" or "settings" not in path]
    asked(here)
    few = {path: statements(here, browser, path) for path in lists}
    here.database.write(enter)
    for number, person in enumerate((KIM, SAM, ZOE, KIM, SAM, ZOE)):
        asked(here, person, hours=1 + number)
    here.later(minutes=1)
    many = {path: statements(here, browser, path) for path in lists}
    # Where there was nothing to tell, less was asked for.
    assert all(many[path] <= few[path] + 4 for path in lists), (few, many)


def test_people_who_are_looked_at_together_get_the_answers_that_they_get_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = make_people(120)
    relatives = [(f"{first}a", last, email, phone, "") for first, last, email, phone, _ in people[:30]]
    lines = ["first_name,last_name,email,phone,birth_date", *map(",".join, people[:100] + relatives)]

    def fill(session: Session, now: datetime) -> Practice:
        practice = willow(session).practice
        clients.import_csv(session, practice, lines, now)
        return practice

    practice = database.write(fill)
    typed = [
        Typed(first, last, f"{last}@other.example", phone, date.fromisoformat(born), practice.country)
        for first, last, _, phone, born in people[::3]
    ]
    with database.read() as session:
        files = [filed(practice, client) for client in session.exec(select(Client))]
        alone = [found for one in typed for found in find_matches(session, practice, one)]
        assert find_matches(session, practice, *typed) == alone == [match(one, files) for one in typed]
        assert any(found.suggestion for found in alone) and any(found.possible for found in alone)
        monkeypatch.setattr(
            sys.modules["pencilin.clients.candidates"], "KEYS_AT_ONCE", (2, 8)
        )  # so that it takes many queries
        assert find_matches(session, practice, *typed) == alone
        assert find_matches(session, practice) == []
