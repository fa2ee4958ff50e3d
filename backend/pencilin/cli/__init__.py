"""The command ``pencilin``: which commands there are, and what becomes of their errors.

Exit status: 0 it worked, 1 it didn't, 2 it was called wrongly. Errors are single lines on standard error.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from pencilin import __version__
from pencilin.cli import appointments, clients, demo, doctor, operation, practice, serving, staff
from pencilin.cli.surroundings import complain, read_environment
from pencilin.errors import Invalid, PencilinError, Unavailable


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit status."""
    chosen = parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen, read_environment()))
    except Invalid as error:
        for line in lines_of(error):
            complain(line)
    except Unavailable as error:
        complain(f"PENCILIN_DATABASE_URL: the database can't be used: {why(error)}")
    except PencilinError as error:
        complain(str(error))
    except DBAPIError as error:
        complain(f"PENCILIN_DATABASE_URL: the database can't be used: {why(error)}")
    except CommandError as error:
        complain(f"The database has a schema that this Pencilin doesn't know; install a newer one ({error}).")
    except UnicodeDecodeError:
        complain("The file isn't text in UTF-8. Save it as UTF-8 and try again; nothing was changed.")
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter must not try to write the rest.
        sys.stdout = None
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else first_line(error))
    except KeyboardInterrupt:
        complain("Stopped.")
    return 1


class OneLineParser(argparse.ArgumentParser):
    """Tells in one line what is wrong with a call, instead of printing the whole usage before it."""

    def error(self, message: str) -> NoReturn:
        complain(f"{' '.join(message.split())} (see `{self.prog} --help`)")
        sys.exit(2)


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
    top: argparse.ArgumentParser = OneLineParser(
        prog="pencilin",
        description="Appointment requests from a practice's website, decided by people.",
        epilog="Settings are read from the environment and from a file .env in the working directory.",
    )
    top.add_argument("--version", action="version", version=f"pencilin {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in (serving, demo, practice, staff, clients, appointments, operation, doctor):
        group.add_commands(commands)
    return top


def lines_of(error: Invalid) -> list[str]:
    """One line for each thing that is wrong, and if there are several, what that means as a whole."""
    found = [f"{where}: {reason}" for where, reason in error.fields.items()]
    if len(found) == 1 or (found and str(error) == Invalid.default):
        return found
    return [*found, str(error)]


def why(error: Unavailable | DBAPIError) -> str:
    """What the database, or the system under it, said."""
    cause = error.__cause__ if isinstance(error, Unavailable) else error
    if cause is None:
        return "others have been writing to it for too long. Try again in a minute."
    return first_line(getattr(cause, "orig", None) or cause)


def first_line(error: BaseException) -> str:
    """The first line of what a library says."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
