"""The databases that tests run on: fresh, migrated, and apart from each other."""

import pytest
from sqlalchemy import inspect, text
from sqlmodel import select

from pencilin.database import Database
from pencilin.models import Client, Practice
from tests.cast import willow


def test_each_test_gets_a_migrated_database(database: Database) -> None:
    tables = set(inspect(database.engine).get_table_names())
    assert {"practice", "appointment", "claim", "outbox"} <= tables


@pytest.mark.parametrize("turn", ["first", "second"])
def test_no_test_sees_how_another_one_changed_the_schema(database: Database, turn: str) -> None:
    with database.engine.begin() as connection:
        assert "leftover" not in inspect(connection).get_table_names()
        connection.execute(text("CREATE TABLE leftover (turn text)"))


@pytest.mark.parametrize("turn", ["first", "second"])
def test_no_test_sees_which_schema_another_one_claimed(database: Database, turn: str) -> None:
    assert database.is_current()
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


@pytest.mark.parametrize("turn", ["first", "second"])
def test_no_test_sees_what_another_one_wrote(database: Database, turn: str) -> None:
    database.write(lambda session, now: willow(session))
    with database.read() as session:
        assert len(session.exec(select(Practice)).all()) == 1
        assert session.exec(select(Client)).one().first_name == "Kim"
