"""What many tests share: a fresh database of either kind, a browser that is surely there, and running servers."""

import asyncio
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import BrowserContext, expect

from pencilin.database import Database
from tests.live_dashboard import Serve, near
from tests.rig import browser as browsers
from tests.rig import compiled, postgresql
from tests.rig.machine import PATIENT, ROOT, strict
from tests.rig.server import Server, serving

PATIENCE = 60_000  # milliseconds, for what a browser should show

expect.set_options(timeout=PATIENCE)

# Far from everybody's zone, and a quarter of an hour beside the hour: what relies on the machine's zone shows.
os.environ["TZ"] = "Pacific/Chatham"
time.tzset()

compiled.share()

# Machines differ in speed, so no example has a deadline; in CI the examples are always the same.
hypothesis.settings.register_profile(
    "pencilin", deadline=None, derandomize=strict(), suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("pencilin")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests by what they use, so that ``-m "not browser"`` needs nobody's care.

    In CI one in a browser that failed is tried once more: a machine that stalls is no fault of what we ship. The
    summary names it as rerun. Where somebody looks on, its first failure is one.
    """
    for item in items:
        if "browser_type" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            if strict():
                item.add_marker(pytest.mark.flaky(reruns=1))


def lacking(what: str) -> None:
    """Skips the test for want of something, except in CI, where that is a failure."""
    if strict():
        pytest.fail(f"{what} is missing, and CI skips nothing", pytrace=False)
    pytest.skip(f"{what} is missing")


# Databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[postgresql.Cluster]:
    """A PostgreSQL server for this run."""
    programs = postgresql.find()
    if programs is None:
        lacking("PostgreSQL")
    else:
        cluster = postgresql.Cluster(programs)
        yield cluster
        cluster.remove()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_cluster: postgresql.Cluster) -> str:
    """The name of a migrated database, to be copied."""
    database = Database(postgresql_cluster.create("template_pencilin"))
    database.migrate()
    database.close()
    return "template_pencilin"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite database."""
    shutil.copy(sqlite_template, tmp_path / "pencilin.db")
    return f"sqlite:///{tmp_path / 'pencilin.db'}"


@pytest.fixture(scope="session")
def reused_postgresql(postgresql_cluster: postgresql.Cluster, postgresql_template: str) -> postgresql.ReusedDatabase:
    """The database that is emptied after each test."""
    return postgresql.ReusedDatabase(postgresql_cluster, postgresql_template)


@pytest.fixture
def postgresql_url(reused_postgresql: postgresql.ReusedDatabase) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database."""
    yield reused_postgresql.take()
    reused_postgresql.give_back()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database: the test runs on SQLite, then on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database of each kind. Whoever waits for others, waits for as long as it takes."""
    opened = Database(database_url, patience=PATIENT)
    yield opened
    opened.close()


# Servers


@pytest.fixture
def server() -> Iterator[Callable[..., Server]]:
    """``server(database_url, NAME=value, …)`` starts a real one, with these settings beside it."""
    with ExitStack() as running:

        def start(database_url: str, **settings: str) -> Server:
            return running.enter_context(serving(database_url, **settings))

        yield start


@pytest.fixture
def near_server() -> Iterator[Serve]:
    """``near_server(database)`` starts one in this process and gives its address; it closes the database, too."""
    with ExitStack() as running:

        def start(database: Database) -> str:
            running.callback(database.close)
            return running.enter_context(near(database))

        yield start


# Browsers


@pytest.fixture(autouse=True)
def without_playwrights_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Once a browser test has run, Playwright's loop seems to be running; elsewhere code may start one of its own."""
    if "browser_type" in request.fixturenames:
        yield
        return
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright's, with the Chromium of this machine."""
    found = browsers.find()
    if found is None:
        lacking("a browser")
    return browser_type_launch_args | {"executable_path": str(found)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A visitor in the practice's country, whose zone is not the server's."""
    return browser_context_args | {"locale": "en-US", "timezone_id": "America/New_York"}


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """Playwright's, less patient: what takes longer than this is broken."""
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures go that somebody should look at."""
    folder = Path(os.environ.get("SCREENSHOTS", ROOT / ".build" / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, to be run in a page: ``page.evaluate(axe)``, then ``axe.run()``."""
    path = ROOT / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        lacking("axe-core (python3 build.py test installs it)")
    return path.read_text()
