"""Edit Appointment as a panel over the page, and requests worked through by keys: what a front desk does all day."""

import re

import pytest
from playwright.sync_api import Page, expect

from pencilin.accounts import sessions
from tests.cast import KIM, SAM, ZOE
from tests.live_dashboard import LiveDashboard, Serve, open_dashboard


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    return open_dashboard(page, near_server, sqlite_url)


def test_an_event_opens_over_the_calendar_is_decided_there_and_back_closes_it(live: LiveDashboard) -> None:
    first, second = live.asked(KIM), live.asked(ZOE)
    live.hold_clock()
    page, panel = live.page, live.page.get_by_role("dialog", name="Edit Appointment")
    calendar = f"/calendar?view=week&date={first.local_start.date()}"
    live.open(calendar)
    event = page.get_by_role("link", name=re.compile("Tentative Kim Lee"))
    event.click()
    expect(panel.get_by_role("heading", name="Edit Appointment")).to_be_focused()
    expect(page).to_have_url(f"{live.url}/appointments/{first.id}")
    panel.get_by_role("button", name="Link Existing Client").click()
    expect(panel.get_by_role("region", name="Tentative appointment")).to_contain_text("Linked to this existing client")
    panel.get_by_role("button", name="Approve").click()
    # The next request opens, and says what became of this one.
    expect(page).to_have_url(f"{live.url}/appointments/{second.id}")
    expect(panel.get_by_role("status").filter(has_text="Approved. Kim will be emailed in")).to_be_focused()
    expect(page.locator("#waiting")).to_have_text("1")
    panel.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(f"{live.url}/appointments/{first.id}")
    expect(panel).to_contain_text("New Appointment · Tentative")
    panel.get_by_label("Time", exact=True).fill("22:00")
    page.once("dialog", lambda asks: asks.dismiss())
    page.keyboard.press("Escape")
    expect(panel.get_by_label("Time", exact=True)).to_have_value("22:00")
    page.once("dialog", lambda asks: asks.accept())
    page.go_back()
    expect(panel).to_be_hidden()
    expect(page).to_have_url(f"{live.url}{calendar}")
    expect(event).to_be_focused()
    page.go_forward()
    expect(panel).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Edit Appointment")).to_be_visible()
    expect(page.locator("#panel[open]")).to_have_count(0)
    page.go_back()
    expect(page.locator("#calendar")).to_be_visible()
    assert live.complaints == []


def test_requests_are_reviewed_by_keys_alone(live: LiveDashboard) -> None:
    live.asked(KIM), live.asked(ZOE), live.asked(SAM)
    live.hold_clock()
    page = live.page
    live.open("/requests")
    kim, zoe, sam = (page.get_by_role("link", name=name, exact=True) for name in ("Kim Lee", "Zoë Ångström", "Sam Lee"))
    page.keyboard.press("j")
    expect(kim).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_role("status").filter(has_text="Link an existing client or save a new one")).to_be_visible()
    page.keyboard.press("l")
    expect(page.get_by_role("status").filter(has_text="Kim Lee: linked.")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("status").filter(has_text="Approved. Kim will be emailed")).to_be_visible()
    # Decided, it leaves the list, and the one in its place is chosen.
    expect(zoe).to_be_focused()
    page.keyboard.press("j")
    expect(sam).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Edit Appointment")
    expect(panel).to_contain_text("Who is Zoë Ångström?")
    page.keyboard.press("n")
    expect(panel).to_contain_text("Saved as a new client")
    page.keyboard.press("a")
    expect(panel.get_by_role("status").filter(has_text="Approved. Zoë will be emailed")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_text("1 tentative appointment to review")).to_be_visible()
    page.keyboard.press("/")
    find = page.get_by_role("searchbox", name="Find a client or an appointment")
    expect(find).to_be_focused()
    page.keyboard.type("jk?")
    expect(find).to_have_value("jk?")
    find.press("Tab")
    page.keyboard.press("?")
    help_shown = page.get_by_role("dialog", name="Keyboard")
    help_shown.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(help_shown).to_be_hidden()
    assert live.complaints == []


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(live: LiveDashboard) -> None:
    asked = live.asked(KIM)
    live.hold_clock()
    live.open("/requests")
    secret = live.database.write(lambda session, now: sessions.open_session(session, live.cast.mona, now))
    other = live.page.context.browser.new_context()  # type: ignore[union-attr]
    other.add_cookies([{"name": "pencilin_session", "value": secret, "url": live.url}])
    mona = other.new_page()
    mona.goto(f"{live.url}/appointments/{asked.id}")
    mona.get_by_role("button", name="Link Existing Client").click()
    expect(mona.get_by_text("Linked to this existing client")).to_be_visible()
    dana = live.page
    dana.get_by_role("link", name="Kim Lee", exact=True).click()
    approve = dana.get_by_role("dialog").get_by_role("button", name="Approve")
    expect(approve).not_to_have_attribute("aria-disabled", "true")
    mona.get_by_role("button", name="Approve").click()
    expect(mona.get_by_text("Kim will be emailed in")).to_be_visible()
    approve.click()
    expect(dana.get_by_role("dialog").get_by_role("alert")).to_contain_text("Approved by Mona at")
    dana.keyboard.press("Escape")
    expect(dana.get_by_role("heading", name="Nothing waits for a decision")).to_be_visible()
    other.close()


def test_panel_requests_search_and_keys_shut_nobody_out(live: LiveDashboard, axe: str) -> None:
    page = live.page
    page.emulate_media(reduced_motion="reduce")
    live.asked(KIM), live.asked(ZOE)
    for width, height in ((1280, 800), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        live.open("/requests")
        page.get_by_role("checkbox", name="Tick the request of Kim Lee").check()
        page.get_by_text("Decline the ticked requests").click()
        assert live.findings(axe) == [], "requests"
        page.get_by_role("link", name="Kim Lee", exact=True).click()
        page.get_by_role("dialog", name="Edit Appointment").wait_for()
        assert live.findings(axe) == [], "panel"
        assert page.evaluate("document.querySelector('#panel').scrollWidth") <= width
        page.keyboard.press("Escape")
        page.get_by_role("dialog", name="Edit Appointment").wait_for(state="hidden")
        page.keyboard.press("?")
        page.get_by_role("dialog", name="Keyboard").wait_for()
        assert live.findings(axe) == [], "keys"
        live.open("/requests/approvals")
        assert live.findings(axe) == [], "approvals"
        live.open("/search")
        page.get_by_label("Client or appointment", exact=True).fill("kim")
        page.get_by_role("button", name="Find", exact=True).click()
        expect(page.get_by_role("heading", name="Clients")).to_be_visible()
        assert live.findings(axe) == [], "search"
        assert live.fits()
