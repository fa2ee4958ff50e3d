"""``pencilin serve``: the program that runs day and night."""

import argparse
import os
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from pencilin import config as settings
from pencilin.app import create_app
from pencilin.cli.surroundings import Commands, Environment, add_address, opened_database, read_config
from pencilin.database import Database
from pencilin.listening import listen, url_host, uvicorn_config
from pencilin.practices import first_run


def add_commands(commands: Commands) -> None:
    """Adds ``serve``."""
    command = commands.add_parser(
        "serve",
        help="serve practices and send due mail",
        description="Migrates the database if needed, then serves and sends due mail until it is stopped.",
    )
    add_address(command)
    command.add_argument("--workers", type=_workers, default=1, metavar="N", help="processes (default: 1)")
    command.set_defaults(run=serve)


def serve(chosen: argparse.Namespace, environ: Environment) -> int:
    """Checks everything that can be checked before the first request, then serves."""
    listener = listen(chosen.host, chosen.port)
    served_at = f"http://{url_host(chosen.host)}:{listener.getsockname()[1]}"
    config = read_config(environ, served_at, needs_keys=True)
    with opened_database(config) as database:
        _tell_first_address(database, config.base_url)
    # Each process reads its settings anew, and these must be what was checked here.
    os.environ.update({name: value for name, value in environ.items() if name.startswith(settings.PREFIX)})
    os.environ[settings.BASE_URL.name] = config.base_url
    options = uvicorn_config("pencilin.cli.serving:application", config, workers=chosen.workers)
    if chosen.workers > 1:
        Multiprocess(options, sockets=[listener]).run()
        return 0
    server = uvicorn.Server(options)
    # Pressing Ctrl-C is how it ends at a terminal.
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    return 0 if server.started else 1


def _tell_first_address(database: Database, base_url: str) -> None:
    """Prints where a practice is set up, on a server that has none."""
    with database.read() as session:
        needed = first_run.is_needed(session)
    if needed:
        token = database.write(first_run.make_token)
        print(f"Set up your practice (works once): {base_url}/set-up/begin/{token}", flush=True)


def application() -> Starlette:
    """The application as the environment sets it up; each process calls this once."""
    config, _ = settings.load(os.environ, served_at=os.environ[settings.BASE_URL.name])
    return create_app(config, Database(config.database_url))


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} should be a number from 1 to 64")
    return int(text)
