"""Nothing that a person sent, and no token, is ever written to a log."""

import json
import logging
import re
import sys
import time
import urllib.request
from collections.abc import Callable
from logging.config import dictConfig
from pathlib import Path
from urllib.error import HTTPError

import pytest
from starlette.responses import Response
from starlette.routing import Route

from pencilin.database import Database
from pencilin.web.access_log import JsonLines, TextLines, logging_config
from pencilin.web.http import Call, answer, endpoint
from tests.rig.server import Server
from tests.staff_site import Site, site

CANARY = "canary-4711"


def fails(call: Call) -> Response:
    raise ValueError(f"no such client: {CANARY}")


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch, Route("/probe/{token}", endpoint(lambda call: answer({}))))


def lines(caplog: pytest.LogCaptureFixture, formatter: logging.Formatter) -> list[str]:
    return [formatter.format(record) for record in caplog.records if record.name == "pencilin.access"]


def test_a_request_is_one_line_of_method_route_status_and_time(here: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pencilin.access")
    here.browser().get(f"/probe/{CANARY}?name={CANARY}")
    (text,) = lines(caplog, TextLines())
    assert re.search(r"INFO pencilin\.access: GET /probe/\{token\} 200 \d+ ms$", text)
    (line,) = lines(caplog, JsonLines())
    logged = json.loads(line)
    assert set(logged) == {"time", "level", "logger", "message", "method", "route", "status", "ms"}
    assert (logged["method"], logged["route"], logged["status"]) == ("GET", "/probe/{token}", 200)


def test_nothing_that_was_sent_is_logged(here: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = here.browser()
    browser.client.headers["User-Agent"] = CANARY
    for path in ("/view-appointment/", "/manage/", "/invitation/", "/book/", "/appointments/", "/calendar-feed/", "/"):
        browser.get(f"{path}{CANARY}?q={CANARY}")
    browser.sign_in(f"{CANARY}@willow.example", CANARY)
    page = browser.follow(browser.submit(browser.get("/login"), "/login/code", email=f"{CANARY}@willow.example"))
    browser.submit(page, "/login/code/check", code="471147")
    browser.client.request(CANARY, "/login")
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore", "asyncio"))]
    assert len(ours) > 12
    for record in ours:
        for formatter in (TextLines(), JsonLines()):
            assert CANARY not in formatter.format(record) and "471147" not in formatter.format(record)


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()])
def test_an_error_is_logged_by_its_kind_and_place_only(formatter: logging.Formatter) -> None:
    try:
        try:
            fails(None)  # type: ignore[arg-type] # it fails before it looks
        except ValueError as error:
            raise KeyError(CANARY) from error
    except KeyError:
        raised = sys.exc_info()
    record = logging.LogRecord("pencilin", logging.ERROR, "", 1, "A request failed.", None, raised)
    text = formatter.format(record)
    assert CANARY not in text
    assert "builtins.ValueError" in text and "builtins.KeyError" in text and "in fails" in text


@pytest.mark.parametrize("kind", ["text", "json"])
def test_the_configuration_is_one_that_python_takes(kind: str) -> None:
    before = logging.root.handlers[:], logging.root.level
    try:
        dictConfig(logging_config(kind))
        (handler,) = logging.root.handlers
        assert type(handler.formatter) is (JsonLines if kind == "json" else TextLines)
        assert not logging.getLogger("uvicorn.access").propagate
    finally:
        logging.root.handlers, logging.root.level = before
        for name in ("uvicorn.access", "uvicorn", "pencilin"):
            logging.getLogger(name).setLevel(logging.NOTSET)
        logging.getLogger("uvicorn.access").propagate = True


def written(path: Path, expected: str) -> str:
    """What is in the file once ``expected`` is, which may be a moment after the answer."""
    deadline = time.monotonic() + 60
    while expected not in (text := path.read_text()):
        assert time.monotonic() < deadline, f"no {expected} in {text}"
        time.sleep(0.02)
    return text


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_running_server_names_neither_itself_nor_what_was_asked(
    sqlite_url: str, server: Callable[..., Server], kind: str
) -> None:
    running = server(sqlite_url, PENCILIN_LOG=kind)
    with urllib.request.urlopen(f"{running.url}/login?x={CANARY}") as page:
        assert page.headers["Server"] is None and page.headers["X-Content-Type-Options"] == "nosniff"
    with pytest.raises(HTTPError) as told:
        urllib.request.urlopen(f"{running.url}/view-appointment/{CANARY}")
    assert told.value.code == 404 and told.value.headers["Server"] is None
    told.value.close()
    log = written(running.log, "/view-appointment/{token}")
    assert CANARY not in log
    if kind == "json":
        assert all(json.loads(line)["level"] for line in log.splitlines() if line.startswith("{"))
