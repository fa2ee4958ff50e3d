"""The demo as it runs: it says when it is ready, its website embeds the widget from another site, its mailbox fills."""

import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlmodel import func, select

from pencilin.accounts.passwords import is_right
from pencilin.accounts.staff import account_of
from pencilin.database import Database
from pencilin.demo import seeding
from pencilin.models import Practice
from pencilin.web.http import ASSETS
from tests.rig.machine import PATIENT, free_port
from tests.rig.server import settings_for, stop

LINES = ("Guide", "Dashboard", "Website", "Mailbox", "Sign-in", "Ready")


@dataclass
class Demo:
    """A running demo and what it printed, by the word before the colon."""

    process: subprocess.Popen[str]
    said: dict[str, str]

    def get(self, address: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of an address, whatever its name means on this machine."""
        parts = urlsplit(address)
        connection = HTTPConnection("127.0.0.1", parts.port, timeout=PATIENT)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path or "/", headers={"Host": parts.netloc})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def page(self, address: str) -> str:
        status, _, body = self.get(address)
        assert status == 200, address
        return body


@contextmanager
def demo(folder: Path, *options: str, port: int | None = None) -> Iterator[Demo]:
    """Runs ``pencilin demo`` until it is ready, and then until the block ends."""
    port = port or free_port()
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "pencilin.cli",
                "demo",
                "--port",
                str(port),
                "--data",
                str(folder / "data"),
                *options,
            ],
            cwd=folder,
            env={name: value for name, value in settings_for("").items() if not name.startswith("PENCILIN_")},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        said: dict[str, str] = {}
        try:
            for line in process.stdout:
                word, _, rest = line.rstrip("\n").partition(": ")
                said[word] = rest
                if word == "Ready":
                    break
            assert "Ready" in said, (folder / "log").read_text()
            yield Demo(process, said)
        finally:
            process.stdout.close()
            stop(process)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for one demo, used by all tests that only look."""
    if not (ASSETS / "templates").is_dir():
        pytest.fail("the assets were not built: python3 build.py test builds them", pytrace=False)
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Demo]:
    with demo(home) as started:
        yield started


def test_it_says_where_everything_is_and_ready_last(running: Demo) -> None:
    assert tuple(running.said) == LINES
    here = running.said["Ready"]
    there = here.replace("127.0.0.1", "localhost")
    assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", here)
    assert running.said["Dashboard"] == f"{here}/calendar"
    assert running.said["Website"] == f"{there}/willow/"
    assert running.said["Mailbox"] == f"{there}/mailbox"
    assert re.fullmatch(r"dana@willow\.example \S+", running.said["Sign-in"])


def test_it_is_ready_when_it_says_so(running: Demo) -> None:
    running.page(f"{running.said['Ready']}/ready")
    running.page(f"{running.said['Ready']}/book/willow")
    status, headers, _ = running.get(running.said["Dashboard"])
    assert status == 303 and "/login" in headers["location"]


def test_the_website_has_the_pasted_snippet_from_another_site(running: Demo) -> None:
    here = running.said["Ready"]
    website = running.page(running.said["Website"])
    assert f'<a href="{here}/book/willow" data-pencilin="inline">Book an appointment</a>\n' in website
    assert f'<script async src="{here}/widget.js"></script>\n' in website
    assert urlsplit(here).hostname != urlsplit(running.said["Website"]).hostname


def test_its_pages_load_nothing_from_elsewhere(running: Demo) -> None:
    own = {urlsplit(running.said[name]).netloc for name in ("Ready", "Website")}
    for name in ("Guide", "Website", "Mailbox"):
        page = running.page(running.said[name])
        sheets = [
            running.page(f"{running.said['Guide'].rstrip('/')}{path}") for path in re.findall(r'"(/\w+\.css)"', page)
        ]
        assert sheets
        loaded = re.findall(r'(?:src|href)="(https?://[^"]+)"', page) + re.findall(r"url\(([^)]+)\)", "".join(sheets))
        assert {urlsplit(address).netloc for address in loaded} <= own


def test_the_guide_leads_to_all_three(running: Demo) -> None:
    guide = running.page(running.said["Guide"])
    for link in ('href="/willow/"', 'href="/mailbox"', f'href="{running.said["Ready"]}/requests"'):
        assert link in guide
    assert running.said["Sign-in"].split(" ")[1] in guide


def letters(running: Demo) -> dict[str, str]:
    """Ids of the mails by recipient and subject, once all of the four requests' have arrived."""
    deadline = time.monotonic() + PATIENT
    while int(running.page(f"{running.said['Mailbox']}/count")) < 10 and time.monotonic() < deadline:
        time.sleep(0.2)
    listing = running.page(running.said["Mailbox"])
    rows = re.findall(
        r'href="/mailbox/([^"]+)">\s*<span class="to">To ([^<]+)</span>\s*<span class="subject">([^<]+)', listing
    )
    return {f"{recipient}: {subject}": id for id, recipient, subject in rows}


def test_the_mailbox_shows_mails_as_they_were_sent(running: Demo, home: Path) -> None:
    found = letters(running)
    asked = [title for title in found if title.startswith("jon@meyer.example: Request received")]
    staff = [title for title in found if title.startswith("dana@willow.example: New appointment request")]
    assert len(asked) == 1
    assert staff, found
    mailbox = running.said["Mailbox"]
    page = running.page(f"{mailbox}/{found[staff[0]]}")
    assert 'sandbox="allow-popups allow-top-navigation-by-user-activation"' in page
    status, headers, html = running.get(f"{mailbox}/{found[staff[0]]}/html")
    assert status == 200
    assert headers["content-security-policy"].startswith(
        "sandbox allow-popups allow-top-navigation-by-user-activation;"
    )
    assert '<base target="_top">' in html
    (link,) = set(re.findall(rf'href="({running.said["Ready"]}/view-appointment/[^"]+)"', html))
    assert link in page, "as text, too"
    raw = (home / "data" / "mailbox" / f"{found[staff[0]]}.eml").read_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    assert str(message["From"]) == "Willow Nutrition <booking@willow.example>"


@pytest.mark.parametrize("path", ["/nothing", "/nothing/html", "/..%2fkey", "/20261122T082714248925-0/attachments/0"])
def test_mails_that_are_not_there_are_not_found(running: Demo, path: str) -> None:
    assert running.get(running.said["Mailbox"] + path)[0] == 404
    assert running.get(running.said["Guide"] + "willow.toml")[0] == 404


def test_secrets_are_its_owner_s(running: Demo, home: Path) -> None:
    assert stat.S_IMODE((home / "data").stat().st_mode) == 0o700
    for name in ("key", "password"):
        assert stat.S_IMODE((home / "data" / name).stat().st_mode) == 0o600
    password = running.said["Sign-in"].split(" ")[1]
    database = Database(f"sqlite:///{home / 'data' / 'pencilin.db'}")
    with database.read() as session:
        for email in seeding.EMAILS:
            account = account_of(session, email)
            assert account and is_right(account.password_hash, password)
    database.close()


def test_a_second_start_says_the_same_and_keeps_what_was_done(tmp_path: Path) -> None:
    port = free_port()
    with demo(tmp_path, port=port) as first:
        said = first.said
        letters(first)
        os.kill(first.process.pid, signal.SIGINT)
        assert first.process.wait(timeout=PATIENT) in (0, -signal.SIGINT)
    with demo(tmp_path, port=port) as second:
        assert second.said == said
        assert int(second.page(f"{said['Mailbox']}/count")) == 10, "no mail twice"
    database = Database(f"sqlite:///{tmp_path / 'data' / 'pencilin.db'}")
    with database.read() as session:
        assert session.exec(select(func.count()).select_from(Practice)).one() == 1
    database.close()
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_it_is_for_this_machine(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pencilin.cli", "demo", "--host", "192.0.2.1", "--data", "data"],
        cwd=tmp_path,
        env=settings_for("sqlite:///none.db"),
        capture_output=True,
        text=True,
        timeout=PATIENT,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "pencilin: --host 192.0.2.1: the demo is for this machine: use 127.0.0.1, or 0.0.0.0 in a container."
    ]
    assert list(tmp_path.iterdir()) == []


def test_it_also_answers_where_containers_publish_ports(tmp_path: Path) -> None:
    with demo(tmp_path, "--host", "0.0.0.0") as running:
        assert urlsplit(running.said["Ready"]).hostname == "127.0.0.1"
        assert "data-pencilin" in running.page(running.said["Website"])
