"""Edit Appointment in a browser: searching while typing, what is missing, conflicts, declining and taking it back."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from pencilin.database import utc_now
from tests.live_dashboard import LiveDashboard, Serve, open_dashboard


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    return open_dashboard(page, near_server, sqlite_url)


def button(live: LiveDashboard, name: str) -> Locator:
    return live.page.get_by_role("button", name=name, exact=True)


def test_the_suggestion_is_linked_and_approved_and_undone(live: LiveDashboard) -> None:
    live.open(f"/appointments/{live.asked().id}")
    live.hold_clock()
    page = live.page
    region = page.get_by_role("region", name="Tentative appointment")
    expect(region).to_contain_text("Same date of birth")
    button(live, "Link Existing Client").click()
    expect(region).to_contain_text("Linked to this existing client")
    button(live, "Approve").click()
    expect(page.get_by_text("Kim will be emailed in")).to_be_visible()
    button(live, "Undo").click()
    expect(page.get_by_text("New Appointment · Tentative")).to_be_visible()
    assert live.complaints == []


def test_the_cross_and_the_search_by_keys_alone(live: LiveDashboard) -> None:
    live.open(f"/appointments/{live.asked().id}")
    page = live.page
    button(live, "Unlink Kim Lee").press("Enter")
    search = page.get_by_role("combobox", name="Search clients")
    expect(search).to_be_focused()
    expect(search).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("kym lee", delay=10)
    options = page.get_by_role("listbox", name="Clients found").get_by_role("option")
    expect(options).to_have_count(1)
    expect(search).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    page.keyboard.press("ArrowDown")
    active = search.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(button(live, "Link Existing Client")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Tentative appointment")).to_contain_text("Linked to this existing client")
    button(live, "Unlink Kim Lee").press("Enter")
    search.fill("nobody at all")
    expect(page.locator("[aria-live]", has_text="No client found")).to_be_attached()
    search.press("Enter")
    expect(page.get_by_role("heading", name="No client found for “nobody at all”")).to_be_visible()
    assert live.complaints == []


def test_approve_says_what_is_missing_and_can_be_focused(live: LiveDashboard) -> None:
    live.open(f"/appointments/{live.asked().id}")
    approve = button(live, "Approve")
    approve.focus()
    expect(approve).to_be_focused()
    expect(approve).to_have_attribute("aria-disabled", "true")
    expect(approve).to_have_accessible_description(re.compile("Link an existing client or save a new one"))
    approve.press("Enter")
    expect(live.page.locator("#missing")).to_have_class(re.compile("decide-told"))
    expect(live.page.get_by_text("New Appointment · Tentative")).to_be_visible()


def test_declining_asks_in_a_dialog_that_escape_closes(live: LiveDashboard) -> None:
    live.open(f"/appointments/{live.asked().id}")
    live.hold_clock()
    page = live.page
    button(live, "Decline").click()
    dialog = page.get_by_role("dialog", name="Decline this request?")
    expect(dialog.get_by_label("Reason")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button(live, "Decline")).to_be_focused()
    button(live, "Decline").click()
    dialog.get_by_label("Reason").select_option("No new clients at present")
    dialog.get_by_label("Message to the client").fill("We are sorry.")
    button(live, "Decline").click()
    expect(page.get_by_text("Appointment · Declined")).to_be_visible()
    expect(button(live, "Undo")).to_be_visible()


def test_conflicts_show_as_soon_as_another_time_is_chosen(live: LiveDashboard) -> None:
    live.open(f"/appointments/{live.asked().id}")
    said = live.page.locator("#visit-conflicts")
    live.page.get_by_label("Time", exact=True).fill("22:00")
    live.page.get_by_label("Date", exact=True).press("Tab")
    expect(said).to_contain_text("Ana Ruiz doesn't work at Main Street at that time.")
    expect(said).to_contain_text("10:00 PM")


def test_a_new_client_is_warned_about_and_saved_all_the_same(live: LiveDashboard) -> None:
    live.open(f"/appointments/{live.asked().id}")
    button(live, "Save As New Client").click()
    expect(live.page.get_by_role("alert")).to_contain_text("very likely")
    insist = live.page.get_by_role("checkbox", name=re.compile("another person"))
    expect(insist).to_be_focused()
    insist.check()
    button(live, "Save As New Client").click()
    expect(live.page.get_by_role("region", name="Tentative appointment")).to_contain_text("Saved as a new client")


def test_once_mail_leaves_the_notice_offers_to_reopen(live: LiveDashboard) -> None:
    live.page.clock.install()
    live.open(f"/appointments/{live.asked().id}")
    live.hold_clock()
    decided = live.database.clock()
    button(live, "Link Existing Client").click()
    # Neither clock goes on by itself from here on.
    live.page.clock.pause_at(utc_now() + timedelta(minutes=10))
    button(live, "Approve").click()
    expect(button(live, "Undo")).to_be_visible()
    live.page.wait_for_load_state()  # its script counts the seconds
    live.database.clock = lambda: decided + timedelta(seconds=21)
    live.page.clock.run_for(22_000)
    expect(button(live, "Reopen")).to_be_visible()


def test_nothing_that_has_the_focus_is_hidden_behind_the_footer(live: LiveDashboard) -> None:
    live.page.set_viewport_size({"width": 390, "height": 844})
    live.open(f"/appointments/{live.asked().id}")
    page = live.page
    for _ in range(40):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """() => {
              const active = document.activeElement, footer = document.querySelector(".decide");
              if (!active.closest(".edit")) return null;
              const [one, other] = [active.getBoundingClientRect(), footer.getBoundingClientRect()];
              return one.bottom > other.top ? active.outerHTML : null;
            }"""
        )
        assert hidden is None
    scrolled = page.evaluate("scrollY")
    button(live, "Approve").focus()
    assert page.evaluate("scrollY") == scrolled
