"""The demo in a process of its own, as its command starts it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.rig.machine import PATIENT, ROOT, free_port
from tests.rig.server import stop


@dataclass(frozen=True)
class Demo:
    """What the demo printed, and where it keeps its data."""

    dashboard: str
    website: str
    mailbox: str
    email: str
    password: str
    data: Path

    @property
    def database_url(self) -> str:
        """The demo's SQLite database."""
        (file,) = self.data.glob("*.db")
        return f"sqlite:///{file}"


@contextmanager
def demo(data: Path, **settings: str) -> Iterator[Demo]:
    """Runs ``pencilin demo`` on a free port until the block ends; ``settings`` are environment variables.

    Raises ``RuntimeError`` with all that it printed when it isn't ready within four minutes.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PENCILIN_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "pencilin.cli", "demo", "--port", str(free_port()), "--data", str(data)],
        env=inherited | {"PYTHONPATH": str(ROOT / "backend"), "PYTHONUNBUFFERED": "1"} | settings,
        cwd=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    drain = threading.Thread(target=_drain, args=[process])
    given_up = threading.Timer(PATIENT, stop, [process])
    given_up.start()
    try:
        told = dict(_lines(process))
        given_up.cancel()
        email, _, password = told["Sign-in"].partition(" ")
        # What it goes on to print must not fill the pipe.
        drain.start()
        yield Demo(told["Dashboard"], told["Website"], told["Mailbox"], email, password, data)
    finally:
        given_up.cancel()
        stop(process)
        if drain.is_alive():
            drain.join()
        assert process.stdout
        process.stdout.close()


def _lines(process: subprocess.Popen[str]) -> Iterator[tuple[str, str]]:
    assert process.stdout
    printed = []
    for line in process.stdout:
        printed.append(line)
        name, _, value = line.strip().partition(": ")
        yield name, value
        if name == "Ready":
            return
    raise RuntimeError(f"the demo didn't get ready; it printed:\n{''.join(printed)}")


def _drain(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    for _ in process.stdout:
        pass
