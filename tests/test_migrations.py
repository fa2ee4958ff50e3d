"""Every step of the schema's history works on both databases, with rows in it, and leads to what the models say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import SQLModel, select

from pencilin.database import Database, _alembic
from pencilin.models import Practice

STEPS = [script.revision for script in reversed(list(ScriptDirectory.from_config(_alembic()).walk_revisions()))]
PRACTICE = """
    INSERT INTO practice (id, slug, name, timezone, locale, country, sites, notice_minutes, horizon_days, daily_cap,
        hold_minutes, cancel_notice_minutes, review_open_hours, step, created_at)
    VALUES ('1', 'willow', 'Willow', 'America/New_York', 'en', 'US', '[]', 240, 60, 0, 10, 1440, 8, 15,
        '2026-11-23 12:00:00')
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
        database = Database(url)
        yield database
        database.close()
    else:
        cluster = request.getfixturevalue("postgresql_cluster")
        database = Database(cluster.create("from_the_start"))
        yield database
        database.close()
        cluster.drop("from_the_start")


def upgrade(database: Database, step: str) -> None:
    config = _alembic()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, step)
        connection.commit()


def test_the_history_leads_to_the_models(empty: Database) -> None:
    for step in STEPS:
        upgrade(empty, step)
    assert empty.is_current()
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, SQLModel.metadata) == []
    empty.check()


def test_what_the_first_release_stored_is_still_there(empty: Database) -> None:
    upgrade(empty, STEPS[0])
    with empty.engine.begin() as connection:
        connection.execute(text(PRACTICE))
    assert not empty.is_current()
    empty.migrate()
    assert empty.is_current()
    with empty.read() as session:
        assert [practice.slug for practice in session.exec(select(Practice))] == ["willow"]
    empty.check()
