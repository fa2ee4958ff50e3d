"""When the database can't be had: callers are told after a while, nothing is half-written, and it heals by itself."""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, select

from pencilin.database import Database
from pencilin.database_locks import FairQueue
from pencilin.errors import Unavailable
from pencilin.models import Practice
from tests.cast import willow
from tests.rig.machine import PATIENT
from tests.rig.postgresql import Cluster
from tests.rig.rush import together

SOON = 0.3  # seconds that these tests wait for what never comes


@pytest.fixture
def hasty(database_url: str) -> Iterator[Database]:
    with closing(Database(database_url, patience=SOON)) as opened:
        yield opened


@contextmanager
def lock_file_held(database: Database) -> Iterator[None]:
    """As another process holds it."""
    handle = os.open(f"{database.url.database}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


def add_practice(database: Database) -> None:
    database.write(lambda session, _: willow(session))


def practices(database: Database) -> int:
    with database.read() as session:
        return len(session.exec(select(Practice.id)).all())


def test_writers_wait_no_longer_than_their_patience(hasty: Database) -> None:
    busy, done = threading.Event(), threading.Event()

    def stay(session: Session, _: object) -> None:
        session.execute(text("UPDATE practice SET name = name"))
        busy.set()
        done.wait(PATIENT)

    add_practice(hasty)
    slow = threading.Thread(target=hasty.write, args=(stay,))
    slow.start()
    assert busy.wait(PATIENT)
    # On SQLite the turn doesn't come, on PostgreSQL the row's lock.
    outcomes = together([lambda: hasty.write(lambda session, _: session.execute(text("DELETE FROM practice")))] * 5)
    assert practices(hasty) == 1
    done.set()
    slow.join()
    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 5
    hasty.write(lambda session, _: session.execute(text("UPDATE practice SET name = 'Elm'")))


def test_a_queue_forgets_those_who_gave_up() -> None:
    queue = FairQueue(1)

    def try_for(seconds: float) -> str:
        with queue.turn(time.monotonic() + seconds):
            return "had a turn"

    with queue.turn(time.monotonic()), pytest.raises(Unavailable):
        try_for(0.01)
    assert try_for(0) == "had a turn"


def test_no_turn_is_lost_between_giving_up_and_handing_over() -> None:
    """Many threads whose patience ends while turns are handed over; afterwards all turns must be there."""
    queue = FairQueue(2)

    def try_often() -> None:
        for _ in range(200):
            try:
                with queue.turn(time.monotonic() + 0.0005):
                    time.sleep(0.0002)
            except Unavailable:
                pass

    assert together([try_often] * 8) == [None] * 8
    with queue.turn(time.monotonic()), queue.turn(time.monotonic()), pytest.raises(Unavailable):
        queue.turn(time.monotonic()).__enter__()


def test_another_process_may_hold_the_lock_file_for_a_while_only(sqlite_url: str) -> None:
    with closing(Database(sqlite_url, patience=SOON)) as database:
        with lock_file_held(database):
            outcomes = together([lambda: add_practice(database)] * 5)
            assert practices(database) == 0
        assert [type(outcome) for outcome in outcomes] == [Unavailable] * 5
        add_practice(database)
        assert practices(database) == 1


def test_whoever_needs_no_more_than_a_try_can_say_so(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database, lock_file_held(database), pytest.raises(Unavailable):
        database.write(lambda session, _: willow(session), patience=0)


def test_a_lock_file_that_cannot_be_made_is_told(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        Path(f"{database.url.database}.lock").mkdir()
        with pytest.raises(Unavailable) as raised:
            add_practice(database)
        assert isinstance(raised.value.__cause__, OSError)
        assert practices(database) == 0


def test_a_read_only_database_takes_no_writes_and_answers_reads(hasty: Database) -> None:
    def forbid(session: Session, _: object) -> None:
        if hasty.is_sqlite:
            session.execute(text("PRAGMA query_only = ON"))
        else:
            session.execute(text("SET TRANSACTION READ ONLY"))
        session.execute(text("DELETE FROM practice"))

    with pytest.raises(Unavailable):
        hasty.write(forbid)
    assert practices(hasty) == 0


def test_reads_of_a_database_that_went_away_are_told(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        Path(database.url.database or "").unlink()
        Path(database.url.database or "").mkdir()
        with pytest.raises(Unavailable), database.read() as session:
            session.exec(select(Practice)).all()
        with pytest.raises(Unavailable):
            database.is_current()


@pytest.mark.postgresql
def test_reads_survive_a_postgresql_that_stops_and_starts(postgresql_cluster: Cluster) -> None:
    cluster = Cluster(postgresql_cluster.programs, durable=True)  # of its own: others need theirs to go on
    try:
        with closing(Database(cluster.create("falls"))) as database:
            database.migrate()
            with pytest.raises(Unavailable), database.read() as session:
                session.exec(select(Practice)).all()
                cluster.stop("immediate")
                session.exec(select(Practice)).all()
            with pytest.raises(Unavailable):
                practices(database)
            with pytest.raises(Unavailable):
                add_practice(database)
            cluster.start()
            add_practice(database)
            assert practices(database) == 1
    finally:
        cluster.remove()


def test_readers_wait_for_a_connection_no_longer_than_their_patience(hasty: Database) -> None:
    taken = [hasty.engine.connect() for _ in range(40 if hasty.is_sqlite else 24)]
    with pytest.raises(Unavailable):
        practices(hasty)
    for connection in taken:
        connection.close()
    assert practices(hasty) == 0


def test_closing_ends_a_connection_that_is_in_use_once_it_no_longer_is(database_url: str) -> None:
    database = Database(database_url)
    with database.read() as session:
        connection = session.connection().connection.dbapi_connection
        assert connection is not None
        database.close()
        assert session.exec(select(Practice)).all() == []
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
        connection.cursor().execute("SELECT 1")


def test_our_own_mistakes_are_not_excused(hasty: Database) -> None:
    with pytest.raises(ZeroDivisionError), hasty.read():
        1 / 0  # noqa: B018
    if not hasty.is_sqlite:  # which calls a wrong statement operational, too
        with pytest.raises(ProgrammingError), hasty.read() as session:
            session.execute(text("SELECT nothing FROM nowhere"))


@pytest.mark.postgresql
def test_the_operators_own_connection_options_count(postgresql_url: str) -> None:
    with closing(Database(f"{postgresql_url}&options=-c%20lock_timeout%3D7s%20-c%20work_mem%3D5MB")) as database:
        with database.read() as session:
            assert session.execute(text("SHOW lock_timeout")).scalar() == "7s"
            assert session.execute(text("SHOW work_mem")).scalar() == "5MB"
        database.migrate()
        with database.read() as session:
            assert session.execute(text("SHOW lock_timeout")).scalar() == "7s"


def test_what_sqlite_writes_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with closing(Database(f"sqlite:///{tmp_path / 'fresh.db'}")) as database:
            database.migrate()
            add_practice(database)
            modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(["fresh.db", "fresh.db-shm", "fresh.db-wal", "fresh.db.lock"], 0o600)


def test_a_database_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    sqlite3.connect(path).close()
    path.touch()
    path.chmod(0o660)
    with closing(Database(f"sqlite:///{path}")) as database:
        database.migrate()
    assert path.stat().st_mode & 0o777 == 0o660
