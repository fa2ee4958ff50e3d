"""``pencilin serve``: what it checks before it listens, and how it answers."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest

from tests.rig.machine import PATIENT, ROOT, free_port
from tests.rig.server import Server, serving, settings_for


def refused(folder: Path, *options: str, **settings: str) -> str:
    """The one line that a server gives up with."""
    done = subprocess.run(
        [sys.executable, "-m", "pencilin.cli", "serve", "--port", str(free_port()), *options],
        cwd=folder,
        env=settings_for("sqlite:///pencilin.db", **settings),
        capture_output=True,
        text=True,
        timeout=PATIENT,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def test_it_does_not_start_without_a_key(tmp_path: Path) -> None:
    line = refused(tmp_path, PENCILIN_SECRET_KEYS="")
    assert line == "pencilin: PENCILIN_SECRET_KEYS is not set: make a key with `pencilin keys new` and set it."
    assert list(tmp_path.iterdir()) == []


def test_it_does_not_start_where_somebody_else_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = refused(tmp_path, "--port", str(port))
    assert line == f"pencilin: --host 127.0.0.1 --port {port}: Address already in use; choose another one."


def test_it_does_not_serve_a_public_address_without_https(tmp_path: Path) -> None:
    line = refused(tmp_path, "--host", "0.0.0.0")
    assert line == "pencilin: PENCILIN_BASE_URL: a public address must begin with https://"


def test_it_migrates_and_answers(sqlite_url: str, tmp_path: Path, server: Callable[..., Server]) -> None:
    fresh = tmp_path / "fresh.db"
    running = server(f"sqlite:///{fresh}", PENCILIN_SMPT_URL="x")
    with urlopen(f"{running.url}/health") as answer:
        assert answer.status == 200
        assert "Server" not in answer.headers
        assert "Date" in answer.headers
    printed = running.log.read_text()
    assert "did you mean PENCILIN_SMTP_URL?" in printed
    # Nobody has set up a practice yet: the printed address leads to where that is done.
    found = re.search(r"^Set up your practice \(works once\): (\S+)$", printed, re.MULTILINE)
    assert found
    with build_opener(HTTPCookieProcessor()).open(found[1]) as answer:
        assert answer.url == f"{running.url}/set-up" and b"Step 1 of 4" in answer.read()


def test_it_believes_no_forwarded_headers_on_its_own(sqlite_url: str, server: Callable[..., Server]) -> None:
    running = server(sqlite_url)
    connection = HTTPConnection(urlsplit(running.url).netloc)
    connection.request("GET", "/login", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    assert "Strict-Transport-Security" not in answer.headers
    assert b"evil.example" not in answer.read()
    connection.close()


def test_several_workers_serve_one_database(sqlite_url: str) -> None:
    with serving(sqlite_url, "--workers", "2") as running:
        for _ in range(8):
            with urlopen(f"{running.url}/ready") as answer:
                assert answer.status == 200
        # One answers while the other still gets ready.
        until = time.monotonic() + PATIENT
        while (started := running.log.read_text().count("Application startup complete")) < 2:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert started == 2


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_ends_when_it_is_told_to(sqlite_url: str, workers: str) -> None:
    with serving(sqlite_url, "--workers", workers) as running:
        os.kill(running.process.pid, signal.SIGTERM)
        assert running.process.wait(timeout=PATIENT) in (0, -signal.SIGTERM)
        assert "Traceback" not in running.log.read_text()


def test_the_installed_command_is_the_same() -> None:
    assert 'pencilin = "pencilin.cli:main"' in (ROOT / "pyproject.toml").read_text()
