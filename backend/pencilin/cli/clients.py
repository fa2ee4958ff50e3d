"""``clients import``."""

import argparse
from pathlib import Path

from pencilin.catalogue import find_practice
from pencilin.cli.surroundings import Commands, Environment, open_database, read_config, say
from pencilin.clients import import_csv
from pencilin.errors import BadSetting, NotFound


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
    database = open_database(read_config(environ))
    with database.read() as session:
        try:
            practice = find_practice(session, chosen.practice)
        except NotFound:
            raise BadSetting(f"--practice: there is no practice {chosen.practice!r}.") from None
    counts = database.write(lambda session, now: import_csv(session, practice, lines, now))
    say(f"{counts.created} created, {counts.updated} updated, {counts.unchanged} unchanged.")
    return 0
