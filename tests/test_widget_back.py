"""Back steps inside the widget first, and the page's own router hears nothing of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from pencilin.models import Reservation
from tests.widget_site import LINK, SCRIPT, Booking, becomes, booking

# What a single-page site does: it keeps something in each entry, and listens.
ROUTER = """<script>window.heard = [];
history.replaceState({route: "/", position: 0}, "");
const push = history.pushState;
history.pushState = function (...all) { heard.push("push"); return push.apply(this, all) };
addEventListener("popstate", event => heard.push(location.hash || "home"));
</script>"""


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def back(page: Page) -> None:
    """The browser's own button; playwright's waits for a page, which an entry of a frame isn't."""
    page.evaluate("void setTimeout(() => history.back())")


def stepped(within: Page | Locator, depth: int = 1) -> None:
    """Waits until the frame has an entry for each step."""
    frame = within.locator("iframe").element_handle().content_frame()
    assert frame
    becomes(frame, "depth => (history.state?.depth || 0) === depth", depth)


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_each_step_back_is_one_and_then_the_page_is_left(here: Booking, page: Page) -> None:
    here.open(page, ROUTER + SCRIPT)
    form = here.choose_slot(page)
    here.fill(form)
    stepped(page, 2)
    assert page.evaluate("history.state.route + history.state.position") == "/0"
    back(page)
    heading(page, "Choose a time")
    expect(page.get_by_role("heading", name="Choose a time")).to_be_focused()
    expect(here.slot(page)).to_be_visible()
    with here.site.database.read() as session:
        assert session.exec(select(Reservation)).all() == []
    here.slot(page).click()
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    stepped(page, 2)
    # By the widget's own button it is a step back, too, and leaves no entry behind.
    page.get_by_role("button", name="Change time").click()
    heading(page, "Choose a time")
    stepped(page)
    back(page)
    heading(page, "Choose a service")
    assert page.evaluate("[heard, history.state]") == [[], {"route": "/", "position": 0}]
    back(page)
    expect(page).to_have_url("about:blank")


def test_once_it_is_booked_back_leaves_the_page(here: Booking, page: Page) -> None:
    here.open(page, ROUTER + SCRIPT)
    form = here.choose_slot(page)
    here.fill(form)
    stepped(page, 2)
    frame = page.locator("iframe")
    frame.evaluate("frame => frame.addEventListener('load', () => window.loaded = true)")
    here.send(form)
    received = form.get_by_role("heading", name="Request received")
    expect(received).to_be_visible()
    # The steps' entries are left behind, which the page takes for a frame that has loaded.
    page.wait_for_function("window.loaded")
    port_is_quiet = "() => new Promise(done => setTimeout(done, 200))"
    page.evaluate(port_is_quiet)
    expect(received).to_be_visible()
    assert page.evaluate("heard") == []
    back(page)
    expect(page).to_have_url("about:blank")


def test_out_of_a_dialog_back_leads_last_and_a_closed_one_leaves_nothing_behind(here: Booking, page: Page) -> None:
    here.open(page, ROUTER + LINK.replace("inline", "floating"))
    button = page.get_by_role("button", name="Book an appointment")
    button.click()
    stepped(page)
    form = here.choose_slot(page)
    here.fill(form)
    stepped(page, 3)
    form.get_by_label("Email").press("Escape")
    expect(button).to_be_focused()
    stepped(page, 0)
    button.click()
    stepped(page, 3)
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    # Which no draft keeps: the frame hasn't been loaded anew.
    expect(form.get_by_label("I agree")).to_be_checked()
    back(page)
    heading(page, "Choose a time")
    stepped(page, 2)
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    stepped(page, 0)
    button.click()
    # Phones that ask the dialog itself, before they go through the history; the Escape of before was another's.
    page.get_by_role("dialog").evaluate("dialog => dialog.requestClose()")
    heading(page, "Choose a service")
    stepped(page)
    back(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()
    assert page.evaluate("[heard, history.state]") == [[], {"route": "/", "position": 0}]
    back(page)
    expect(page).to_have_url("about:blank")


def test_a_dialog_that_is_opened_again_while_it_goes_back_has_its_steps(here: Booking, page: Page) -> None:
    here.open(page, LINK.replace("inline", "floating"))
    button = page.get_by_role("button", name="Book an appointment")
    opener = button.element_handle()
    button.click()
    here.choose_service(page)
    stepped(page, 2)
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame
    frame.evaluate("() => addEventListener('popstate', () => window.returned = true)")
    cross = page.get_by_role("button", name="Close").element_handle()
    entries = page.evaluate("history.length")
    opener.evaluate("(opener, cross) => { cross.click(); opener.click() }", cross)
    becomes(frame, "() => window.returned && history.state?.depth === 2")
    assert page.evaluate("history.length") == entries
    back(page)
    heading(page, "Choose a service")
    stepped(page)
    back(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    back(page)
    expect(page).to_have_url("about:blank")


def test_nobody_goes_back_while_the_request_is_on_its_way(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    stepped(page, 2)
    page.route("**/bookings", lambda route: None)
    here.send(form)
    expect(form.get_by_role("button", name="Sending…")).to_be_visible()
    back(page)
    stepped(page, 2)
    page.get_by_role("button", name="Change time").click()
    expect(form.get_by_role("button", name="Sending…")).to_be_visible()


def test_the_pages_own_entries_stay_its_own(here: Booking, page: Page) -> None:
    here.open(page, ROUTER + '<a href="#faq">Questions</a>' + SCRIPT)
    form = here.choose_slot(page)
    here.fill(form)
    stepped(page, 2)
    page.get_by_role("link", name="Questions").click()
    page.evaluate("history.pushState({route: '/', position: 1}, '', '#more')")
    for left in ("#faq", ""):
        back(page)
        page.wait_for_function("left => location.hash === left", arg=left)
    expect(form.get_by_label("Email")).to_be_visible()
    page.wait_for_function("heard.includes('home')")
    assert page.evaluate("heard") == ["#faq", "push", "#faq", "home"]
    back(page)
    heading(page, "Choose a time")


def test_entries_from_before_a_reload_are_passed_over(here: Booking, page: Page) -> None:
    here.open(page)
    here.choose_slot(page)
    stepped(page, 2)
    page.reload()
    here.choose_service(page)
    here.slot(page).wait_for()
    stepped(page)
    back(page)
    heading(page, "Choose a service")


def test_two_widgets_go_back_in_the_order_of_their_steps(here: Booking, page: Page) -> None:
    here.open(page, f'<div id="one">{SCRIPT}</div><div id="two">{SCRIPT}</div>')
    one, two = page.locator("#one"), page.locator("#two")
    for widget in (one, two):
        widget.get_by_role("button", name="Follow-up").click()
        stepped(widget)
    back(page)
    expect(two.get_by_role("heading", name="Choose a service")).to_be_visible()
    expect(one.get_by_role("heading", name="Choose a time")).to_be_visible()
    back(page)
    expect(one.get_by_role("heading", name="Choose a service")).to_be_visible()
