"""What was just done is said on the next page: once, to whoever did it, with *Undo* where there is one."""

import pytest
from starlette.responses import Response
from starlette.routing import Route

from pencilin.database import Database
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall, staff
from tests.screens import signed_in
from tests.staff_site import Browser, Site, site


def do(call: StaffCall) -> Response:
    return say(call, see_other("/clients"), "Kim <Lee> was archived.", Undo("/undone", {"revision": "3"}))


def undone(call: StaffCall) -> Response:
    return say(call, see_other("/clients"), f"Back at {call.field('revision')}.")


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    routes = (Route("/do", staff(do)), Route("/undone", staff(undone), methods=["POST"]))
    return site(Database(sqlite_url), monkeypatch, *routes)


def hearing(browser: Browser, told: str) -> str:
    """A page for a browser that brings this along."""
    browser.client.cookies.set("pencilin_said", told)
    return browser.get("/clients").text


def test_it_is_said_once_and_can_be_undone(here: Site) -> None:
    dana = signed_in(here, "dana")
    page = dana.follow(dana.get("/do"))
    assert "Kim &lt;Lee&gt; was archived." in page.text
    assert "was archived" not in dana.get("/clients").text
    page = dana.follow(dana.submit(page, "/undone"))
    assert "Back at 3." in page.text and "Undo" not in page.text


def test_nobody_else_hears_it(here: Site) -> None:
    told = signed_in(here, "dana").get("/do").cookies["pencilin_said"]
    assert "was archived" not in hearing(signed_in(here, "mona"), told)
    assert "was archived" in hearing(signed_in(here, "dana"), told)


def test_an_altered_one_says_nothing(here: Site) -> None:
    told = signed_in(here, "dana").get("/do").cookies["pencilin_said"]
    assert "was archived" not in hearing(signed_in(here, "dana"), "x" + told)
