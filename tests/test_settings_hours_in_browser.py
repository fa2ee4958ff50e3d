"""A practitioner's week by keyboard, and closures with holidays, in a browser."""

from importlib import import_module

import pytest
from playwright.sync_api import Page, expect

from tests.live_dashboard import LiveDashboard, Serve, open_dashboard

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    return open_dashboard(page, near_server, sqlite_url, manager=True)


def test_a_week_is_edited_by_keyboard(live: LiveDashboard, axe: str) -> None:
    page, press = live.page, live.page.keyboard.press
    live.open(f"/settings/practitioners/{live.cast.ben.id}/hours")
    page.get_by_role("button", name="Add hours").press("Enter")
    second = page.get_by_role("group", name="Hours 2")
    expect(second.get_by_role("checkbox", name="Mon")).to_be_focused()
    page.wait_for_load_state()  # all that Tab leads through is there
    for _ in range(5):
        press("Tab")
    press("Space")
    press("Tab")
    press("Tab")
    page.keyboard.type("10")
    press("Tab")
    page.keyboard.type("9")
    # Where it is is what the rule above has.
    expect(second.get_by_role("checkbox", name="Main Street")).to_be_checked()
    press("Enter")
    end = second.get_by_label("To", exact=True)
    expect(end).to_have_accessible_description("This should be later than the start. The end of the day is 24:00.")
    assert live.findings(axe) == []
    end.fill("2 pm")
    end.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved the hours of Ben Osei.")).to_be_visible()
    expect(page.get_by_text("10:00–14:00")).to_be_visible()
    page.get_by_role("link", name="Time off and other dates").click()
    time_off = page.get_by_role("region", name="Time off")
    time_off.get_by_label("From", exact=True).fill("2030-12-24")
    time_off.get_by_label("Until", exact=True).fill("2030-12-26")
    time_off.get_by_role("button", name="Add time off").click()
    expect(page.get_by_text("Tue, Dec 24, 2030 – Thu, Dec 26, 2030")).to_be_visible()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert live.findings(axe) == []
    for path in (f"{live.cast.ben.id}/hours", f"{live.cast.ben.id}/hours/copy", live.cast.ben.id, ""):
        live.open(f"/settings/practitioners/{path}".rstrip("/"))
        assert live.findings(axe) == [], path
        assert live.fits(), path
    assert [one for one in live.complaints if "422" not in one] == []


def test_holidays_become_closures(live: LiveDashboard, axe: str) -> None:
    page = live.page
    import_module("holidays")  # which the first look at the page would wait for
    live.open("/settings/closures")
    next_year = page.get_by_role("navigation", name="Years").get_by_role("link").nth(1)
    next_year.click()
    expect(next_year).to_have_attribute("aria-current", "page")
    page.get_by_label("State or region").select_option("MA")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("checkbox", name="Patriots' Day").check()
    page.get_by_role("button", name="Close on the ticked days").click()
    expect(page.get_by_role("status").filter(has_text="Patriots' Day")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Patriots' Day Closed already")).to_be_disabled()
    assert live.findings(axe) == []
    page.get_by_role("button", name="Remove Patriots' Day").click()
    said = page.get_by_role("status").filter(has_text="Open again: Patriots' Day")
    said.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Remove Patriots' Day")).to_be_visible()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for path in ("closures", "rules"):
        live.open(f"/settings/{path}")
        assert live.findings(axe) == [], path
    assert live.complaints == []
