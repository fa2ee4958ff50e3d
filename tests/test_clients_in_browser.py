"""The clients' pages in a browser: nobody shut out, a merge by keys alone, and nothing left once one is signed out."""

import re

import pytest
from playwright.sync_api import Page, expect

from pencilin import clients
from pencilin.clients import ClientForm
from tests.live_dashboard import LiveDashboard, Serve, open_dashboard

KIMBERLY = ClientForm("Kimberly", "Lee", "kim.lee@mail.example", "", "1985-03-24", "Likes mornings.")
SIZES = ((1280, 800), (320, 700))


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    return open_dashboard(page, near_server, sqlite_url, manager=True)


def doubled(live: LiveDashboard) -> str:
    """The id of a second file of Kim's."""
    return live.database.write(lambda session, now: clients.create(session, live.cast.mona, KIMBERLY, now).id)


def test_no_page_shuts_anybody_out(live: LiveDashboard, axe: str) -> None:
    kim, other = live.cast.kim.id, doubled(live)
    nouns = ("", "/edit", "/merge", f"/merge/{other}", "/erasure")
    pages = ["/clients?seen=365", "/clients/new", "/clients/duplicates", *(f"/clients/{kim}{noun}" for noun in nouns)]
    live.page.emulate_media(reduced_motion="reduce")
    for width, height in SIZES:
        live.page.set_viewport_size({"width": width, "height": height})
        for path in pages:
            live.open(path)
            assert live.findings(axe) == [], (path, width)
            assert live.fits(), (path, width)
    assert live.complaints == []


def test_a_merge_by_keys_alone(live: LiveDashboard) -> None:
    doubled(live)
    live.open("/clients/duplicates")
    page = live.page
    page.get_by_role("link", name=re.compile("Compare and merge")).press("Enter")
    chosen = page.get_by_role("radio", name=re.compile("First name")).and_(page.locator(":checked"))
    chosen.press("ArrowRight")
    page.get_by_role("button", name="Merge files").press("Enter")
    said = page.get_by_role("status").filter(has_text="is part of this one now")
    expect(said).to_be_visible()
    said.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("status").filter(has_text="apart again")).to_be_visible()
    assert live.complaints == []


def test_nobody_s_data_stays_once_the_session_is_over(live: LiveDashboard) -> None:
    page, context = live.page, live.page.context
    session = context.cookies()
    live.open("/clients/new")
    page.get_by_label("First name").fill("Zora")
    context.clear_cookies()
    # As typed words can't be had again, they stay, and so does the page around them.
    expect(page.get_by_text("What you typed is still here")).to_be_visible()
    expect(page.get_by_label("First name")).to_have_value("Zora")

    context.add_cookies(session)  # type: ignore[arg-type]
    live.open("/clients")
    expect(page.get_by_role("link", name="Lee, Kim")).to_be_visible()
    context.clear_cookies()
    expect(page).to_have_url(re.compile("/login"))
