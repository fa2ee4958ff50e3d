"""The dashboard on a phone, held in one hand: one's own menu, and a request decided with little scrolling."""

import pytest
from playwright.sync_api import Page, expect

from tests.cast import KIM
from tests.live_dashboard import LiveDashboard, Serve, open_dashboard


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return open_dashboard(page, near_server, sqlite_url)


def test_colours_and_ones_own_pages_are_behind_one_button(live: LiveDashboard, axe: str) -> None:
    page, menu = live.page, live.page.get_by_role("button", name="Account and colours")
    live.open("/requests")
    expect(page.get_by_role("link", name="My account")).to_be_hidden()
    menu.click()
    page.get_by_label("Colours").select_option("Dark")
    expect(page.get_by_role("link", name="My account")).to_be_visible()
    assert live.findings(axe) == []
    page.set_viewport_size({"width": 844, "height": 390})  # turned, it stands at the side and covers nothing
    expect(page.locator("#who")).to_have_css("position", "static")
    page.get_by_role("link", name="Clients").click()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    menu.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_client_is_linked_and_the_request_approved_without_scrolling(live: LiveDashboard) -> None:
    page, request = live.page, live.asked(KIM)
    live.open(f"/appointments/{request.id}")
    link = page.get_by_role("button", name="Link Existing Client")
    expect(link).to_be_in_viewport(ratio=1)
    link.click()
    approve = page.get_by_role("button", name="Approve")
    expect(approve).not_to_have_attribute("aria-disabled", "true")
    expect(approve).to_be_in_viewport(ratio=1)
    approve.click()
    expect(page.get_by_role("button", name="Undo")).to_be_in_viewport()
