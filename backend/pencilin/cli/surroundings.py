"""What every command starts from: the environment with ``.env``, the settings, the database."""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from dotenv.parser import parse_stream

from pencilin import config as settings
from pencilin.config import Config
from pencilin.database import Database
from pencilin.errors import BadSetting

Environment: TypeAlias = Mapping[str, str]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

ENV_FILE = ".env"
USUAL_HOST = "127.0.0.1"
USUAL_PORT = 8000


def say(line: str) -> None:
    """Tells what was done, at once even when a pipe reads it."""
    print(line, flush=True)


def complain(line: str) -> None:
    """Tells what is wrong, in one line on standard error."""
    print(f"pencilin: {line}", file=sys.stderr, flush=True)


def read_environment(folder: Path | None = None) -> dict[str, str]:
    """The process's environment, and what ``.env`` in ``folder`` (default: the working directory) adds to it.

    Raises :class:`BadSetting` naming the line of ``.env`` that can't be read.
    """
    path = (folder or Path.cwd()) / ENV_FILE
    found: dict[str, str] = {}
    if path.is_file():
        with path.open(encoding="utf-8") as lines:
            for binding in parse_stream(lines):
                if binding.error or (binding.key and binding.value is None):
                    raise BadSetting(f"{ENV_FILE}, line {binding.original.line}: should be NAME=VALUE")
                if binding.key:
                    found[binding.key] = binding.value or ""
    return found | dict(os.environ)


def read_config(
    environ: Environment, served_at: str = f"http://{USUAL_HOST}:{USUAL_PORT}", *, needs_keys: bool = False
) -> Config:
    """The settings; unknown names are warned about. Raises :class:`BadSetting`."""
    config, warnings = settings.load(environ, served_at=served_at, needs_keys=needs_keys)
    for warning in warnings:
        complain(warning)
    return config


@contextmanager
def opened_database(config: Config, *, existing: bool = False) -> Iterator[Database]:
    """The database with its schema brought up to date, proven to be opened as it must be; closed afterwards.

    One that isn't there yet is made, unless the command can do nothing without ``existing`` data.
    """
    database = Database(config.database_url)
    file = Path(database.url.database or "")
    if database.is_sqlite and not file.parent.is_dir():
        raise BadSetting(f"PENCILIN_DATABASE_URL: there is no folder {file.parent}; make it, or name another one.")
    if database.is_sqlite and existing and not file.exists():
        raise BadSetting(f"PENCILIN_DATABASE_URL: there is no database {file} yet; `pencilin practice load` makes it.")
    try:
        database.migrate()
        database.check()
        yield database
    finally:
        database.close()


def add_address(command: argparse.ArgumentParser) -> None:
    """The options ``--host`` and ``--port``."""
    command.add_argument("--host", default=USUAL_HOST, help="address to listen at (default: %(default)s)")
    command.add_argument("--port", default=USUAL_PORT, type=port, help="port to listen at (default: %(default)s)")


def port(text: str) -> int:
    """A TCP port from an argument; 0 lets the system choose one."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} should be a number from 0 to 65535")
    return int(text)
