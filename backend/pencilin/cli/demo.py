"""``pencilin demo``: a practice to play with."""

import argparse
from pathlib import Path

from pencilin.cli.surroundings import Commands, Environment, add_address, complain, say
from pencilin.demo import running
from pencilin.errors import BadSetting
from pencilin.web.http import ASSETS


def add_commands(commands: Commands) -> None:
    """Adds it."""
    command = commands.add_parser(
        "demo",
        help="serve a practice to play with",
        description="Makes the practice Willow Nutrition if DIR is empty; serves it with a website and a mailbox.",
    )
    add_address(command)
    command.add_argument("--data", type=Path, default=Path(".demo"), metavar="DIR", help="default: %(default)s")
    command.set_defaults(run=_demo)


def _demo(chosen: argparse.Namespace, environ: Environment) -> int:
    if not (ASSETS / "templates").is_dir():
        raise BadSetting("The widget and the dashboard were not built: run `python3 build.py build`.")
    if running.run(chosen.host, chosen.port, chosen.data, environ, say):
        return 0
    complain("The demo didn't answer; what it printed above may say why.")
    return 1
