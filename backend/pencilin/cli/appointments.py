"""``appointments import``."""

import argparse
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from pencilin.catalogue import find_practice
from pencilin.cli.surroundings import Commands, Environment, opened_database, read_config, say
from pencilin.database import Database
from pencilin.errors import BadSetting, NotFound
from pencilin.models import Practice
from pencilin.scheduling.import_files import HEADER, Line, lines_of_csv, lines_of_ics
from pencilin.scheduling.importing import import_appointments, zone_of

# How far events are entered that repeat without an end.
AHEAD = timedelta(days=365)


def add_commands(commands: Commands) -> None:
    """Adds it."""
    group = commands.add_parser("appointments", help="appointments of a practice that moves here")
    kinds = group.add_subparsers(dest="what", required=True, metavar="WHAT")
    command = kinds.add_parser(
        "import",
        help="enter approved appointments from a CSV or calendar file",
        description=(
            f"Reads a CSV file in UTF-8 with the header {HEADER}, starts as 2026-11-24T09:00 in the location's time; "
            "or the events of a calendar file (.ics), which needs --service, --practitioner and --location. All of it "
            "is entered or nothing; nobody gets a mail; what was imported before stays as it is. Events that repeat "
            "are entered one by one, for a year ahead."
        ),
    )
    command.add_argument("file", type=Path, metavar="FILE.csv|.ics")
    command.add_argument("--practice", required=True, metavar="SLUG")
    for name in ("service", "practitioner", "location"):
        command.add_argument(f"--{name}", default="", metavar="SLUG", help="of the events of a calendar file")
    command.set_defaults(run=_import)


def _import(chosen: argparse.Namespace, environ: Environment) -> int:
    with opened_database(read_config(environ), existing=True) as database:
        lines = _lines(chosen, database)
        counts = database.write(
            lambda session, now: import_appointments(session, _practice(session, chosen.practice), lines, now)
        )
    say(f"{counts.appointments} entered, {counts.unchanged} there already; {counts.clients} new clients.")
    return 0


def _lines(chosen: argparse.Namespace, database: Database) -> list[Line]:
    if chosen.file.suffix.lower() != ".ics":
        return lines_of_csv(chosen.file.read_bytes())
    if not (chosen.service and chosen.practitioner and chosen.location):
        raise BadSetting("A calendar file needs --service, --practitioner and --location: its events don't say them.")
    with database.read() as session:
        zone = zone_of(session, _practice(session, chosen.practice), chosen.location)
    until = database.clock() + AHEAD
    return lines_of_ics(chosen.file.read_bytes(), chosen.service, chosen.practitioner, chosen.location, zone, until)


def _practice(session: Session, slug: str) -> Practice:
    try:
        return find_practice(session, slug)
    except NotFound:
        raise BadSetting(f"--practice: there is no practice {slug!r}.") from None
