"""``practice load`` and ``practice export``."""

import argparse
from pathlib import Path

from pencilin import practices
from pencilin.catalogue import find_practice
from pencilin.cli.surroundings import Commands, Environment, opened_database, read_config, say
from pencilin.errors import BadSetting, NotFound


def add_commands(commands: Commands) -> None:
    """Adds both."""
    group = commands.add_parser("practice", help="practices as files")
    kinds = group.add_subparsers(dest="what", required=True, metavar="WHAT")

    command = kinds.add_parser(
        "load",
        help="create or update a practice from a file",
        description="Creates or updates the practice that FILE describes. What it doesn't mention stays as it is.",
    )
    command.add_argument("file", type=Path, metavar="FILE.toml")
    command.set_defaults(run=_load)

    command = kinds.add_parser("export", help="print a practice as a file that `practice load` reads")
    command.add_argument("slug", metavar="SLUG")
    command.set_defaults(run=_export)


def _load(chosen: argparse.Namespace, environ: Environment) -> int:
    text = chosen.file.read_text(encoding="utf-8-sig")
    with opened_database(read_config(environ)) as database:
        loaded = database.write(lambda session, now: practices.load(session, text, now))
    slug = loaded.practice.slug
    if loaded.created:
        say(f"Created {slug}.")
    elif loaded.changed:
        say(f"Updated {slug}: {', '.join(loaded.changed)}.")
    else:
        say(f"{slug} is as the file says; nothing changed.")
    return 0


def _export(chosen: argparse.Namespace, environ: Environment) -> int:
    with opened_database(read_config(environ), existing=True) as database, database.read() as session:
        try:
            practice = find_practice(session, chosen.slug)
        except NotFound:
            raise BadSetting(f"There is no practice {chosen.slug!r}.") from None
        say(practices.export(session, practice).rstrip("\n"))
    return 0
