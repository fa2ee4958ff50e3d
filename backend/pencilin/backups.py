"""Copies of the whole database: taken while it is in use, and put back.

SQLite's own online backup for SQLite, ``pg_dump`` and ``pg_restore`` for PostgreSQL.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect

from pencilin.database import Database
from pencilin.errors import BadSetting

TABLES_OF_OURS = {"practice", "appointment", "alembic_version"}
PRIVATE = 0o600


def back_up(database: Database, file: Path) -> None:
    """Writes a copy of the database, as of one moment, to ``file``, readable by its owner only.

    Raises :class:`BadSetting` when the file exists already or the database can't be copied; no part of one is left.
    """
    _check_is_ours(database)
    try:
        file.touch(PRIVATE, exist_ok=False)
    except FileExistsError:
        raise BadSetting(f"{file} exists already; name another file.") from None
    try:
        if database.is_sqlite:
            _copy_sqlite(_sqlite_path(database), file)
            with closing(sqlite3.connect(file)) as copy:
                # One plain file, which can be moved without others beside it.
                copy.execute("PRAGMA journal_mode=DELETE")
        else:
            _run_postgresql(database, "pg_dump", "--format=custom", "--no-owner", f"--file={file}")
    except BaseException:
        file.unlink()
        raise


def restore(database: Database, file: Path, *, force: bool) -> None:
    """Puts a copy back, whole or not at all. Raises :class:`BadSetting` for a file that isn't one.

    Data that is there already is replaced only with ``force``.
    """
    if not file.is_file():
        raise BadSetting(f"{file}: there is no such file.")
    if not force and _is_ours(database):
        raise BadSetting("The database holds data already; --force replaces it by what is in the file.")
    if database.is_sqlite:
        _check_sqlite_copy(file)
        path = _sqlite_path(database)
        if not path.exists():
            path.touch(PRIVATE)
        _copy_sqlite(file, path)
    else:
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
        _run_postgresql(database, "pg_restore", *options, str(file))


def _sqlite_path(database: Database) -> Path:
    return Path(database.url.database or "")


def _is_ours(database: Database) -> bool:
    if database.is_sqlite and not _sqlite_path(database).exists():
        return False
    return inspect(database.engine).get_table_names() != []


def _check_is_ours(database: Database) -> None:
    if not _is_ours(database):
        raise BadSetting("PENCILIN_DATABASE_URL: there is no data to back up in this database.")


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target, timeout=30)) as writing:
        reading.backup(writing)


def _check_sqlite_copy(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError:
        sound, tables = False, set()
    if not sound or not tables >= TABLES_OF_OURS:
        raise BadSetting(f"{file} is no whole backup of Pencilin's; nothing was changed.")


def _run_postgresql(database: Database, program: str, *options: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise BadSetting(f"{program} is needed for this; install PostgreSQL's client programs.")
    # The password goes by the environment: arguments can be read by everybody on the machine.
    address = database.url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    secret = {"PGPASSWORD": str(database.url.password)} if database.url.password else {}
    done = subprocess.run(
        [found, f"--dbname={address}", *options], env=os.environ | secret, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip() or f"exit status {done.returncode}").splitlines()[0]
        raise BadSetting(f"{program} could not do it: {reason}")
