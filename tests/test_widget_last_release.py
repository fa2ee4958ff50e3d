"""A page still runs the last release's widget, from its cache, a copy or a pinned address, and books all the same."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha384
from pathlib import Path

import pytest
from packaging.version import Version
from playwright.sync_api import Page, expect
from sqlmodel import select

from pencilin.models import Appointment
from tests.rig.machine import ROOT
from tests.widget_site import LINK, SCRIPT, Booking, booking, console


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


@pytest.fixture(scope="module")
def released() -> Path:
    """The script of the newest release, as it is kept; what it fetches later is kept beside it."""
    newest = max((ROOT / "widget" / "releases").iterdir(), key=lambda folder: Version(folder.name))
    (script,) = (file for file in newest.iterdir() if "customElements" in file.read_text())
    return script


def books(here: Booking, page: Page) -> None:
    form = here.choose_slot(page)
    here.fill(form)
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    with here.site.database.read() as session:
        appointment = session.exec(select(Appointment)).one()
    expect(form.get_by_text(appointment.reference, exact=True)).to_be_visible()


def test_a_browser_that_kept_the_last_script_books_with_todays_server(
    here: Booking, page: Page, released: Path
) -> None:
    errors = console(page.context)
    page.route("**/widget.js", lambda route: route.fulfill(path=released, content_type="text/javascript"))
    here.open(page, SCRIPT)
    books(here, page)
    assert errors == []


def test_a_page_that_pinned_the_last_release_gets_exactly_that(here: Booking, page: Page, released: Path) -> None:
    errors = console(page.context)
    integrity = b64encode(sha384(released.read_bytes()).digest()).decode()
    pinned = LINK.replace("/widget.js", f"/widget/{released.parent.name}/{released.name}")
    pinned = pinned.replace("<script", f'<script crossorigin integrity="sha384-{integrity}"')
    here.open(page, pinned)
    books(here, page)
    assert errors == []


def test_another_script_in_its_place_does_not_run_and_the_link_stays(here: Booking, page: Page, released: Path) -> None:
    integrity = b64encode(sha384(b"another").digest()).decode()
    pinned = LINK.replace("/widget.js", f"/widget/{released.parent.name}/{released.name}")
    with page.expect_console_message(lambda message: "integrity" in message.text):
        here.open(page, pinned.replace("<script", f'<script crossorigin integrity="sha384-{integrity}"'))
    expect(page.get_by_role("link", name="Book an appointment")).to_be_visible()
    assert page.locator("pencilin-booking").count() == 0
