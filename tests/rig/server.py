"""A Pencilin server in a process of its own, as an operator would run it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.rig.machine import PATIENT, ROOT, free_port

KEY = "a key that is long enough and only for tests"


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, and the file that holds what it printed."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


def settings_for(database_url: str, **settings: str) -> dict[str, str]:
    """Our environment without any settings of Pencilin's, but with these."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PENCILIN_")}
    given = {"PENCILIN_DATABASE_URL": database_url, "PENCILIN_SECRET_KEYS": KEY} | settings
    return inherited | {"PYTHONPATH": str(ROOT / "backend"), "PYTHONUNBUFFERED": "1"} | given


@contextmanager
def serving(database_url: str, *options: str, **settings: str) -> Iterator[Server]:
    """Runs ``pencilin serve`` on a free port of 127.0.0.1 until the block ends; yields it once ``/ready`` says so.

    ``options`` are the command's, ``settings`` are environment variables. Raises ``RuntimeError`` with all that the
    server printed when it isn't ready within four minutes.
    """
    port = free_port()
    command = [sys.executable, "-m", "pencilin.cli", "serve", "--host", "127.0.0.1", "--port", str(port), *options]
    with tempfile.TemporaryDirectory(prefix="pencilin-server-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,  # holds no .env
                env=settings_for(database_url, **settings),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until_ready(f"http://127.0.0.1:{port}/ready", process, log)
            yield Server(f"http://127.0.0.1:{port}", process, log)
        finally:
            stop(process)


def wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns as soon as ``address`` answers 200; raises ``RuntimeError`` if that takes too long."""
    deadline = time.monotonic() + PATIENT
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=30) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"no server at {address}; it printed:\n{log.read_text(errors='replace')}")


def stop(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """Ends the server and what it started: politely, then not."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
