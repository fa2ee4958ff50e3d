"""``clients import``."""

import argparse
from pathlib import Path

from sqlmodel import Session

from pencilin.catalogue import find_practice
from pencilin.cli.surroundings import Commands, Environment, opened_database, read_config, say
from pencilin.clients import import_csv
from pencilin.errors import BadSetting, NotFound
from pencilin.models import Practice


def add_commands(commands: Commands) -> None:
    """Adds it."""
    group = commands.add_parser("clients", help="client files")
    kinds = group.add_subparsers(dest="what", required=True, metavar="WHAT")
    command = kinds.add_parser(
        "import",
        help="file clients from a CSV file",
        description=(
            "Reads a CSV file with the header first_name,last_name,email,phone,birth_date[,external_id,notes], "
            "dates as YYYY-MM-DD. All of it is filed or nothing. The same external_id again updates."
        ),
    )
    command.add_argument("file", type=Path, metavar="FILE.csv")
    command.add_argument("--practice", required=True, metavar="SLUG")
    command.set_defaults(run=_import)


def _import(chosen: argparse.Namespace, environ: Environment) -> int:
    # Line ends as they are: one inside quotes belongs to the text.
    with chosen.file.open(encoding="utf-8", newline="") as file:
        lines = list(file)
    with opened_database(read_config(environ), existing=True) as database:
        counts = database.write(
            lambda session, now: import_csv(session, _practice(session, chosen.practice), lines, now)
        )
    say(f"{counts.created} created, {counts.updated} updated, {counts.unchanged} unchanged.")
    return 0


def _practice(session: Session, slug: str) -> Practice:
    try:
        return find_practice(session, slug)
    except NotFound:
        raise BadSetting(f"--practice: there is no practice {slug!r}.") from None
