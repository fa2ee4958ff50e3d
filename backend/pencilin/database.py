"""The database: the only place that knows which one it is.

``read()`` gives a session that changes nothing. ``write(work)`` runs ``work(session, now)`` in one transaction that
holds the right to write from its first statement; ``now`` is read after that, so that it can be compared with
expiry times. Writers queue in order of arrival (measured: without the queue, waiting was unfair and four times as
long at the 99th percentile), SQLite's writers also between processes by a lock file. Whoever waits, for a turn, a
lock or a connection, gives up after a while: :class:`Unavailable`.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import cache
from math import inf
from pathlib import Path
from typing import Any, TypeVar, cast

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, CursorResult, Executable, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, col, select

from pencilin.database_locks import PRIVATE_FILE, FairQueue, locked_file
from pencilin.errors import BadSetting, Unavailable
from pencilin.models import Practitioner

T = TypeVar("T")

# Serialisation failure and deadlock on PostgreSQL: the transaction was undone whole and may be run again.
RETRYABLE = {"40001", "40P01"}
ATTEMPTS = 4
# The beginnings of PostgreSQL's codes for: read-only, out of disk or connections, lock not had in time, shut down.
AWAY = ("25006", "53", "55P03", "57P0")
POSTGRES_WRITERS = 16
# Seconds that one waits for what others hold, and for PostgreSQL to take a connection.
PATIENCE = 20.0
TO_CONNECT = 10

CANT_READ = "We can't look anything up at the moment. Please try again in a minute."


def utc_now() -> datetime:
    """The one clock of the running program."""
    return datetime.now(UTC)


class Database:
    """An engine with our way of reading and writing. ``url`` is ``sqlite:///FILE`` or ``postgresql://…``.

    ``patience``: the seconds after which waiting for others ends.
    """

    def __init__(self, url: str, clock: Callable[[], datetime] = utc_now, patience: float = PATIENCE) -> None:
        self.url = make_url(url)
        self.clock = clock
        self.patience = patience
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if not self.url.database or self.url.database == ":memory:":
                raise BadSetting("PENCILIN_DATABASE_URL: name a file, like sqlite:///pencilin.db")
            self.engine = create_engine(
                self.url,
                pool_size=40,
                max_overflow=0,
                pool_timeout=patience,
                hide_parameters=True,  # errors end up in logs, and what people typed must not
                connect_args={"check_same_thread": False, "timeout": 30},
            )
            event.listen(self.engine, "do_connect", _make_private_file)
            event.listen(self.engine, "connect", _open_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            self._queue = FairQueue(1)
        else:
            self.url = self.url.set(drivername="postgresql+psycopg")
            given = self.url.query  # the operator's own come last, and so win
            self.engine = create_engine(
                self.url,
                pool_size=POSTGRES_WRITERS + 8,
                max_overflow=0,
                pool_timeout=patience,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={
                    "connect_timeout": given.get("connect_timeout", TO_CONNECT),
                    "options": f"-c lock_timeout={patience * 1000:.0f} {given.get('options', '')}",
                },
            )
            self._queue = FairQueue(POSTGRES_WRITERS)
        self._write_engine = self.engine.execution_options(pencilin_write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking; whatever it might have changed is thrown away.

        Raises :class:`Unavailable` when the database doesn't answer, also in the midst of the block.
        """
        # Closing undoes what might have been changed, and leaves what was read usable.
        with _as_unavailable(CANT_READ), Session(self.engine, expire_on_commit=False) as session:
            yield session

    def write(self, work: Callable[[Session, datetime], T], patience: float | None = None) -> T:
        """Runs ``work`` in one transaction and commits it.

        Runs it again, up to three times, when the database undid it because of another one. Raises
        :class:`Unavailable` when the database can't take it (full disk, read-only, away) or when the turn to write
        didn't come within ``patience`` seconds (the database's own if None); nothing is then written.
        """
        until = time.monotonic() + (self.patience if patience is None else patience)
        with _as_unavailable():
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    return self._write_once(work, until)
                except DBAPIError as error:
                    if attempt == ATTEMPTS or _code(error) not in RETRYABLE:
                        raise
                    time.sleep(0.01 * 2**attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _write_once(self, work: Callable[[Session, datetime], T], until: float) -> T:
        with (
            self._queue.turn(until),
            self._between_processes(until),
            Session(self._write_engine, expire_on_commit=False) as session,
        ):
            session.connection()
            result = work(session, self.clock())
            session.commit()
            return result

    def _between_processes(self, until: float) -> AbstractContextManager[None]:
        """SQLite's own waiting is a lottery of sleeps of up to a tenth of a second; a lock file comes round quickly."""
        return locked_file(f"{self.url.database}.lock", until) if self.is_sqlite else nullcontext()

    def migrate(self) -> None:
        """Brings the schema up to date. Any number of processes may call it at once: one does the work.

        The others wait for as long as it takes.
        """
        config = _alembic()
        with self._between_processes(inf), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execute(text("SET lock_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_lock(7356421)"))
                connection.commit()
            try:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()
            finally:
                if not self.is_sqlite:
                    connection.rollback()
                    connection.execute(text("SELECT pg_advisory_unlock(7356421)"))
                    connection.execute(text("RESET lock_timeout"))
                    connection.commit()

    def is_current(self) -> bool:
        """Whether the schema is the one that this program knows. Raises :class:`Unavailable` when nobody answers."""
        with _as_unavailable(CANT_READ), self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() == _newest_revision()

    def check(self) -> None:
        """Proves that connections are opened as promised; raises :class:`BadSetting` naming what is off."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                found = {name: _pragma(connection, name) for name in SQLITE_PRAGMAS}
                for name, (_, expected) in SQLITE_PRAGMAS.items():
                    if found[name] != expected:
                        raise BadSetting(f"SQLite's {name} is {found[name]}, it must be {expected}.")
                triggers = select_triggers(connection)
                if missing := AUDIT_TRIGGERS - triggers:
                    raise BadSetting(f"The audit trail is not protected: trigger {min(missing)} is missing.")
            else:
                connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Ends all connections; one that is in use ends once its user is done with it."""
        # A thread may still be at work whose task was cancelled.
        event.listen(self.engine.pool, "checkin", _end_connection)
        self.engine.dispose()


# name → (value to set, value read back). FULL, because of 300 simulated power cuts NORMAL lost commits in 268.
SQLITE_PRAGMAS: dict[str, tuple[str, object]] = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "foreign_keys": ("ON", 1),
    "busy_timeout": ("30000", 30000),
}
AUDIT_TRIGGERS = {"audit_no_update", "audit_no_delete"}


@contextmanager
def _as_unavailable(told: str = Unavailable.default) -> Iterator[None]:
    """Raises :class:`Unavailable` for errors that come of the database's state, not of what was asked of it."""
    try:
        yield
    except NoConnectionFree as error:
        raise Unavailable(told) from error
    except DBAPIError as error:
        if isinstance(error, OperationalError | InterfaceError) or _code(error).startswith(AWAY):
            raise Unavailable(told) from error
        raise


def _code(error: DBAPIError) -> str:
    """PostgreSQL's code of an error; SQLite has none."""
    return getattr(error.orig, "sqlstate", None) or ""


def _alembic() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


@cache
def _newest_revision() -> str | None:
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def _make_private_file(_dialect: object, _record: object, arguments: list[Any], _named: object) -> None:
    # What is written holds health data. SQLite gives the files beside it (-wal, -shm) the same mode.
    with suppress(OSError):  # it is there already, or SQLite will say what is wrong
        os.close(os.open(arguments[0], os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))


def _open_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: reads and writes begin differently.
    connection.isolation_level = None
    for name, (value, _) in SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")


def _end_connection(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("pencilin_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def select_triggers(connection: Connection) -> set[str]:
    """The names of the triggers that SQLite has."""
    rows = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    return set(rows.scalars())


def lock_practitioners(session: Session, practice_id: str, practitioner_ids: list[str]) -> None:
    """Takes the practitioners' row locks, in one order, until the transaction ends.

    Caps and working hours are no unique keys: whoever books, moves or changes hours comes by here first. SQLite has
    one writer anyhow, and ignores the clause.
    """
    session.exec(
        select(Practitioner.id)
        .where(Practitioner.practice_id == practice_id, col(Practitioner.id).in_(practitioner_ids))
        .order_by(Practitioner.id)
        .with_for_update(key_share=True)
    ).all()


def changed(session: Session, statement: Executable) -> int:
    """Executes an UPDATE, DELETE or INSERT and says how many rows it changed: how races are won and lost."""
    # Of an INSERT, SQLAlchemy keeps the number only when asked to.
    result = session.execute(statement, execution_options={"preserve_rowcount": True})
    return cast("CursorResult[object]", result).rowcount


def conflict_free_insert(session: Session) -> Callable[..., Any]:
    """The dialect's ``insert`` that knows ``on_conflict_do_nothing``."""
    if session.get_bind().dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert
    from sqlalchemy.dialects.postgresql import insert as postgres_insert

    return postgres_insert
