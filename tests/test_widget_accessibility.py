"""The widget by keyboard alone, and by axe in every state: on phone and desktop, light, dark and forced colours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.widget_site import LINK, SCRIPT, Booking, booking

DARK = "<style>body{background:#0b0f14;color:#e6edf3}</style>"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_KEYS = 60
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def findings(page: Page, axe: str) -> list[str]:
    """What axe finds in the page and in the frame."""
    for frame in page.frames:
        frame.evaluate(axe)
    found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)["violations"]
    return [f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']]}" for one in found]


class Keys:
    """A visitor without a pointer, who counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
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
    page.locator(".slot").first.wait_for()
    keys.tab_to(page, "button", "Monday, November 23, 2026")
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(page.get_by_role("status")).to_have_text("31 times on Tuesday, November 24, 2026")
    keys.tab_to(page, "button", "9:30 AM")
    keys.press("Enter")
    form = here.form(page)
    page.wait_for_timeout(300)
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
    page.locator(".slot").first.wait_for()
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


@pytest.mark.parametrize("look", ["light", "dark", "forced colours"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_in_any_state(
    here: Booking, browser: Browser, axe: str, screenshots: Path, size: dict[str, int], look: str
) -> None:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        locale="en-US",
        timezone_id="America/New_York",
        reduced_motion="reduce",
        forced_colors="active" if look == "forced colours" else "none",
    )
    page = context.new_page()
    here.open(page, SCRIPT, head=DARK if look == "dark" else "")
    expect(page.get_by_role("heading", name="Choose a service")).to_be_visible()
    found: dict[str, list[str]] = {}

    def look_at(state: str) -> None:
        found[state] = findings(page, axe)
        page.screenshot(path=screenshots / f"widget {size['width']} {look} {state}.png", full_page=True)

    look_at("services")
    here.choose_service(page)
    page.locator(".slot").first.wait_for()
    look_at("times")
    here.slot(page).click()
    form = here.form(page)
    form.get_by_label("Someone else").check()
    look_at("form")
    here.send(form)
    form.get_by_text("Please check these fields").wait_for()
    look_at("errors")
    form.get_by_label("Me", exact=True).check()
    here.fill(form)
    lost = {"status": 409, "json": {"code": "slot_taken"}}
    page.route("**/bookings", lambda route: route.fulfill(**lost), times=1)
    here.send(form)
    page.get_by_role("heading", name="That time has just been taken").wait_for()
    look_at("taken")
    page.get_by_role("alert").get_by_role("button").first.click()
    page.get_by_text("Held for you").wait_for()
    here.send(form)
    form.get_by_role("heading", name="Request received").wait_for()
    look_at("received")
    context.close()
    assert {state: problems for state, problems in found.items() if problems} == {}


def test_nothing_is_cut_off_on_the_narrowest_screen(here: Booking, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    here.open(page)
    wide = "() => document.documentElement.scrollWidth > innerWidth"
    here.choose_service(page)
    page.locator(".slot").first.wait_for()
    assert not page.evaluate(wide)
    assert page.locator(".day").count() == 7
    here.slot(page).click()
    here.fill(here.form(page))
    assert not page.evaluate(wide)
    frame = next(one for one in page.frames if "/embed/" in one.url)
    assert not frame.evaluate(wide)


def test_what_can_be_pressed_is_large_enough(here: Booking, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    here.open(page)
    sizes = """e => { const small = [], root = e.shadowRoot ?? e;
      for (const one of root.querySelectorAll('button, a, input, select')) {
      const { width, height } = one.getBoundingClientRect();
      if (width && (width < 24 || height < 24) && !one.closest('.radio, .tick, li')) small.push(one.outerHTML) }
      return small }"""
    here.choose_service(page)
    page.locator(".slot").first.wait_for()
    assert page.locator("pencilin-booking").evaluate(sizes) == []
    here.slot(page).click()
    assert here.form(page).locator("body").evaluate(sizes) == []
