"""``migrate``, ``backup``, ``restore`` and ``keys new``: what an operator does beside serving."""

import argparse
import secrets
from contextlib import closing
from pathlib import Path

from pencilin.backups import back_up, restore
from pencilin.cli.surroundings import Commands, Environment, opened_database, read_config, say
from pencilin.database import Database


def add_commands(commands: Commands) -> None:
    """Adds the four."""
    command = commands.add_parser("migrate", help="bring the database's schema up to date")
    command.set_defaults(run=_migrate)

    command = commands.add_parser("backup", help="copy the database while it is in use")
    command.add_argument("file", type=Path, metavar="FILE", help="where to; must not exist yet")
    command.set_defaults(run=_back_up)

    command = commands.add_parser(
        "restore", help="put a backup back", description="Stop the server before, and start it again afterwards."
    )
    command.add_argument("file", type=Path, metavar="FILE", help="what `pencilin backup` wrote")
    command.add_argument("--force", action="store_true", help="replace the data that is there")
    command.set_defaults(run=_restore)

    keys = commands.add_parser("keys", help="secrets for PENCILIN_SECRET_KEYS")
    kinds = keys.add_subparsers(dest="what", required=True, metavar="WHAT")
    kinds.add_parser("new", help="print a fresh secret").set_defaults(run=_new_key)


def _migrate(chosen: argparse.Namespace, environ: Environment) -> int:
    with opened_database(read_config(environ)):
        say("The database is up to date.")
    return 0


def _back_up(chosen: argparse.Namespace, environ: Environment) -> int:
    with closing(Database(read_config(environ).database_url)) as database:
        back_up(database, chosen.file)
    say(f"Wrote {chosen.file} ({chosen.file.stat().st_size:,} bytes). It holds health data: keep it as safe as that.")
    return 0


def _restore(chosen: argparse.Namespace, environ: Environment) -> int:
    config = read_config(environ)
    with closing(Database(config.database_url)) as database:
        restore(database, chosen.file, force=chosen.force)
    # Opening migrates: a backup may be older than the program.
    with opened_database(config):
        say(f"Restored {chosen.file}. Sign-in sessions and mail that waited then are as they were, too.")
    return 0


def _new_key(chosen: argparse.Namespace, environ: Environment) -> int:
    say(secrets.token_urlsafe(32))
    return 0
