"""The widget in a dialog: over everything, gone with Escape, and nothing is lost when it is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.widget_site import LINK, Booking, booking

BUTTON = LINK.replace("inline", "button")
OLD = "delete HTMLDialogElement.prototype.showModal"
HEARD = "window.heard = []; for (const name of ['step', 'slot', 'booked']) document.addEventListener("
HEARD += "`pencilin:${name}`, event => window.heard.push([event.target.id, event.type, event.detail]))"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def test_closed_it_keeps_the_held_time_and_what_was_typed(here: Booking, page: Page) -> None:
    page.add_init_script(HEARD)
    here.open(page, LINK.replace('data-pencilin="inline"', 'id="link" data-pencilin') + "<p style='height: 2000px'>")
    link = page.locator("#link")
    link.click()
    form = here.choose_slot(page)
    here.fill(form)
    assert page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    page.get_by_role("button", name="Close").click()
    expect(link).to_be_focused()
    assert page.evaluate("document.documentElement.style.cssText") == ""
    link.click()
    expect(page.get_by_role("button", name="Keep it longer")).to_be_visible()
    form.get_by_label("Email").press("Escape")
    expect(link).to_be_focused()
    link.click()
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    page.wait_for_function("heard.some(([, type]) => type === 'pencilin:booked')")
    heard = page.evaluate("window.heard")
    assert {target for target, _, _ in heard} == {"link"}
    assert [detail.get("step") or kind for _, kind, detail in heard] == [
        "service",
        "time",
        "pencilin:slot",
        "details",
        "received",
        "pencilin:booked",
    ]


@pytest.mark.parametrize("browser_knows", ["showModal", "nothing"])
def test_the_focus_stays_inside_until_escape(here: Booking, page: Page, browser_knows: str) -> None:
    if browser_knows == "nothing":
        page.add_init_script(OLD)
    here.open(page, BUTTON + '<p><a id="behind" href="#top">Behind</a></p>')
    page.get_by_role("button", name="Book an appointment").click()
    expect(page.get_by_role("heading", name="Choose a service")).to_be_focused()
    for _ in range(6):
        page.keyboard.press("Tab")
        expect(page.locator("#behind")).not_to_be_focused()
    page.locator("#behind").focus()
    expect(page.locator("#behind")).not_to_be_focused()
    covered = "document.elementFromPoint(700, 20).localName"
    assert page.evaluate(covered) == "pencilin-booking"
    page.get_by_role("button", name="Follow-up").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Book an appointment")).to_be_focused()
    assert page.evaluate(covered) != "pencilin-booking"


def test_escape_closes_it_wherever_the_focus_is(here: Booking, page: Page) -> None:
    here.open(page, BUTTON)
    page.get_by_role("button", name="Book an appointment").click()
    here.choose_service(page)
    times = page.get_by_role("heading", name="Choose a time")
    expect(times).to_be_focused()
    # From now on there is a step to go back to.
    page.locator("iframe").wait_for(state="attached")
    times.evaluate("one => one.blur()")
    expect(page.locator("body")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Book an appointment")).to_be_focused()


def test_on_a_phone_it_fills_the_screen(here: Booking, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    here.open(page, BUTTON)
    page.get_by_role("button", name="Book an appointment").click()
    page.get_by_role("heading", name="Choose a service").wait_for()
    panel = page.locator(".panel").bounding_box()
    assert panel and (panel["x"], panel["y"], panel["width"]) == (0, 0, 390)
    assert panel["height"] >= 844


def test_where_its_second_part_is_refused_the_button_leads_to_the_hosted_page(here: Booking, page: Page) -> None:
    page.route("**/widget/*/*.js*", lambda route: route.abort())
    here.open(page, BUTTON)
    page.get_by_role("button", name="Book an appointment").click()
    expect(page).to_have_url(f"{here.base}/book/willow")
