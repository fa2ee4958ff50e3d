"""The widget without a pointer and without sight: the keys, where the focus goes, and what is said aloud."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.host_site import choose_service, show, visit
from tests.widget_site import LINK, SCRIPT, Booking, booking, held_back

MOST_KEYS = 60


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


class Keys:
    """A visitor without a pointer, who counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def tab_to(self, where: Page | FrameLocator, role: Any, name: str) -> None:
        """Presses Tab until the focus is there."""
        wanted = where.get_by_role(role, name=name, exact=True)
        while not wanted.evaluate("e => e === e.getRootNode().activeElement"):
            self.press("Tab")
            assert self.pressed < MOST_KEYS, f"{name} can't be reached"


def test_a_booking_by_keyboard_alone(here: Booking, page: Page) -> None:
    here.open(page, LINK)
    page.get_by_role("heading", name="Choose a service").wait_for()
    keys = Keys(page)
    keys.tab_to(page, "button", "Follow-up")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Choose a time")).to_be_focused()
    here.slot(page).wait_for()
    keys.tab_to(page, "button", "Monday, November 23, 2026")
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_have_text("31 times on Tuesday, November 24, 2026")
    keys.tab_to(page, "button", "9:30 AM")
    keys.press("Enter")
    form = here.form(page)
    expect(form.get_by_role("heading", name="Your details")).to_be_focused()
    keys.tab_to(form, "textbox", "First name")
    for text in ("Kim", "Lee", "kim.lee@mail.example", "212 555 0147"):
        page.keyboard.insert_text(text)
        keys.press("Tab")
    keys.tab_to(form, "checkbox", "I agree that Willow Nutrition uses these details to arrange this appointment.")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Enter")
    expect(form.get_by_role("heading", name="Request received")).to_be_focused()
    assert keys.pressed <= MOST_KEYS


def test_the_grid_moves_as_grids_do(here: Booking, page: Page) -> None:
    here.open(page)
    here.choose_service(page)
    here.slot(page).wait_for()
    page.get_by_role("button", name="Monday, November 23, 2026").focus()
    for key, day in (
        ("ArrowLeft", "Monday, November 23, 2026"),  # today is the first
        ("End", "Saturday, November 28, 2026"),
        ("Home", "Monday, November 23, 2026"),
        ("ArrowDown", "Monday, November 30, 2026"),
        ("ArrowDown", "Monday, December 7, 2026"),
        ("ArrowUp", "Monday, November 30, 2026"),
        ("PageDown", "Wednesday, December 30, 2026"),
        ("PageDown", "Friday, January 22, 2027"),  # the last that can be booked
        ("PageUp", "Tuesday, December 22, 2026"),
        ("ArrowRight", "Wednesday, December 23, 2026"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=day)).to_be_focused()
    assert page.locator("td [tabindex='0']").count() == 1
    expect(page.get_by_role("button", name="Saturday, December 26, 2026")).to_have_accessible_description(
        "No free times"
    )


def test_from_right_to_left_the_arrows_go_where_they_point(here: Booking, context: BrowserContext) -> None:
    show(here, "rtl")
    seen = visit(here, context, {"width": 390, "height": 844})
    choose_service(seen.widget())
    days = seen.widget().locator("[part=day]")
    first = seen.widget().locator("[part=day][tabindex='0']")
    at = days.evaluate_all("all => all.findIndex(one => one.tabIndex === 0)")
    first.focus()
    seen.page.keyboard.press("ArrowLeft")
    expect(days.nth(at + 1)).to_be_focused()
    now, was = (days.nth(at + step).bounding_box() for step in (1, 0))
    assert now and was and now["x"] < was["x"]


def test_the_focus_goes_with_the_steps(here: Booking, page: Page) -> None:
    here.open(page)
    here.choose_service(page)
    expect(page.get_by_role("heading", name="Choose a time")).to_be_focused()
    page.get_by_role("button", name="Change service").press("Enter")
    expect(page.get_by_role("heading", name="Choose a service")).to_be_focused()
    here.choose_service(page)
    here.slot(page).press("Enter")
    form = here.form(page)
    expect(form.get_by_role("heading", name="Your details")).to_be_focused()
    page.get_by_role("button", name="Change time").press("Enter")
    expect(page.get_by_role("heading", name="Choose a time")).to_be_focused()
    here.slot(page, "2:00 PM").press("Enter")
    expect(form.get_by_role("heading", name="Your details")).to_be_focused()
    here.fill(form)
    page.route("**/bookings", lambda route: route.fulfill(status=409, json={"code": "slot_taken"}), times=1)
    form.get_by_role("button", name="Request appointment").press("Enter")
    expect(page.get_by_role("heading", name="That time has just been taken")).to_be_focused()
    page.get_by_role("alert").get_by_role("button").first.press("Enter")
    expect(form.get_by_role("heading", name="Your details")).to_be_focused()
    form.get_by_role("button", name="Request appointment").press("Enter")
    expect(form.get_by_role("heading", name="Request received")).to_be_focused()
    form.get_by_role("button", name="Book another visit").press("Enter")
    expect(page.get_by_role("heading", name="Choose a service")).to_be_focused()


def test_a_focus_that_comes_late_into_the_frame_finds_the_heading(here: Booking, page: Page) -> None:
    """The frame has the chosen time over a port of its own, and the focus from the browser: neither waits."""
    page.add_init_script(
        "const { focus } = HTMLElement.prototype;"
        "HTMLIFrameElement.prototype.focus = function () { setTimeout(() => focus.call(this), 400) }"
    )
    here.open(page)
    expect(here.choose_slot(page).get_by_role("heading", name="Your details")).to_be_focused()


def test_trying_again_does_not_lose_the_focus(here: Booking, page: Page) -> None:
    failure = {"status": 503, "json": {"code": "unavailable"}}
    page.route("**/api/v1/practices/willow", lambda route: route.fulfill(**failure), times=1)
    here.open(page)
    page.get_by_role("button", name="Try again").press("Enter")
    expect(page.get_by_role("heading", name="Choose a service")).to_be_focused()
    page.route("**/availability?*", lambda route: route.fulfill(**failure), times=1)
    page.get_by_role("button", name="Follow-up").press("Enter")
    page.get_by_role("button", name="Try again").press("Enter")
    here.slot(page).wait_for()
    expect(page.get_by_role("heading", name="Choose a time")).to_be_focused()


def test_a_hold_is_said_aloud_and_its_button_keeps_the_focus(here: Booking, page: Page) -> None:
    here.open(page)
    here.choose_slot(page)
    said, longer = page.get_by_role("status"), page.get_by_role("button", name="Keep it longer")
    expect(said).to_have_text("The time is now held until 7:10 AM.")
    longer.focus()
    page.clock.fast_forward("09:10")
    # Fifty seconds before it ends: twenty are the least.
    expect(said).to_have_text("Your time is held for one more minute.")
    expect(longer).to_be_focused()
    for _ in range(2):
        page.keyboard.press("Enter")
        expect(said).to_contain_text("The time is now held until")
    expect(longer).to_have_count(0)
    expect(page.locator(".hold")).to_be_focused()
    page.clock.fast_forward("25:00")
    expect(said).to_have_text("The hold has ended. You can still book this time while it is free.")
    page.get_by_role("button", name="Hold it again").focus()


def test_sending_is_said_aloud_and_so_is_what_came_of_it(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    sent = held_back(page, "**/bookings")
    here.send(form)
    expect(form.get_by_role("status").filter(has_text="Sending…")).to_be_attached()
    sent().fulfill(status=503, body=json.dumps({"code": "unavailable"}))
    expect(form.get_by_role("alert").filter(has_text="Something went wrong on our side")).to_be_visible()
    expect(form.get_by_role("status").filter(has_text="Sending…")).to_have_count(0)
    expect(form.get_by_role("button", name="Request appointment")).to_be_focused()
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_focused()


def test_the_widget_says_nothing_before_it_is_asked(here: Booking, page: Page) -> None:
    """Whoever reads the page is neither moved nor interrupted by a widget that has just loaded."""
    here.open(page, SCRIPT.replace("data-practice", 'data-service="follow-up" data-practice'))
    here.slot(page).wait_for()
    expect(page.get_by_role("status")).to_have_text("")
    expect(page.locator("body")).to_be_focused()
