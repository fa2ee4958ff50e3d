"""The hosted page where scripts don't run: a visitor books with mouse or keys, and loses nothing on the way."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select

from pencilin.models import Appointment, BookedBy, Service
from pencilin.rules.questions import Question
from tests.axe import findings
from tests.cast import NOW
from tests.public_api import book, wanted
from tests.staff_site import tells
from tests.widget_site import Booking, booking, held_back

DAY = "Tuesday, November 24, 2026"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page in a browser without scripts, on a phone."""
    context = browser.new_context(java_script_enabled=False, locale="en-US", viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def appointments(here: Booking) -> list[Appointment]:
    with here.site.database.read() as session:
        return list(session.exec(select(Appointment)))


def ask(here: Booking) -> None:
    """From now on *Follow-up* has questions of its own."""

    def work(session: Session, now: object) -> None:
        for service in session.exec(select(Service).where(Service.slug == "follow-up")):
            service.questions = [
                Question(id="diet", label="Do you follow a diet?", kind="yes_no", choices=[], required=True),
                Question(id="goal", label="Your goal", kind="choice", choices=["Health", "Sport"], required=False),
            ]

    here.site.database.write(work)


def to_the_form(page: Page, time: str = "10:00 AM") -> None:
    page.get_by_role("button", name="Follow-up").click()
    page.get_by_role("button", name=DAY).click()
    page.get_by_role("group", name=DAY).get_by_role("button", name=time, exact=True).click()
    page.get_by_role("heading", name="Your details").wait_for()


def fill(page: Page) -> None:
    page.get_by_label("First name", exact=True).fill("Kim")
    page.get_by_label("Last name", exact=True).fill("Lee")
    page.get_by_label("Email").fill("kim.lee@mail.example")
    page.get_by_label("Phone").fill("212 555 0147")
    page.get_by_label("I agree").check()


def test_a_parent_books_for_somebody_else(here: Booking, plain: Page) -> None:
    ask(here)
    plain.goto(f"{here.base}/book/willow")
    plain.get_by_role("button", name="Follow-up").click()
    plain.get_by_label("With", exact=True).select_option("Ben Osei")
    plain.get_by_role("button", name="Show", exact=True).click()
    expect(plain).to_have_url(re.compile("practitioner=ben"))
    plain.get_by_role("button", name=DAY).click()
    plain.get_by_role("group", name=DAY).get_by_role("button", name="10:00 AM", exact=True).click()
    expect(plain.get_by_text("with Ben Osei")).to_be_visible()
    expect(plain.get_by_text("Held for you until 7:10 AM")).to_be_visible()
    expect(plain.get_by_label("Your first name")).to_be_hidden()
    plain.get_by_role("radio", name="Someone else").check()
    plain.get_by_label("First name", exact=True).fill("Sam")
    plain.get_by_label("Last name", exact=True).fill("Lee")
    plain.get_by_label("Your first name").fill("Kim")
    plain.get_by_label("Your relationship to them").fill("sister")
    plain.get_by_role("button", name="Request appointment").click()
    summary = plain.get_by_role("alert")
    expect(summary.get_by_role("heading", name="Please check these fields")).to_be_visible()
    expect(summary.get_by_role("link")).to_have_text(
        ["Email", "Phone", "Your last name", "Do you follow a diet?", "Agreement"]
    )
    expect(plain.get_by_label("Email")).to_have_attribute("aria-invalid", "true")
    expect(plain.get_by_label("First name", exact=True)).to_have_value("Sam")
    summary.get_by_role("link", name="Email").click()
    plain.keyboard.press("Tab")
    expect(plain.get_by_label("Phone")).to_be_focused()
    fill(plain)
    plain.get_by_label("First name", exact=True).fill("Sam")
    plain.get_by_label("Your last name").fill("Lee")
    plain.get_by_role("radiogroup", name="Do you follow a diet?").get_by_label("No").check()
    plain.get_by_label("Your goal").select_option("Sport")
    plain.get_by_role("button", name="Request appointment").dblclick()
    expect(plain.get_by_role("heading", name="Request received")).to_be_visible()
    expect(plain.get_by_text("Tuesday 24 November 2026, 10:00 AM, New York time").first).to_be_visible()
    plain.reload()
    plain.get_by_text("Not right?").click()
    plain.get_by_label("Email").fill("kim@new.example")
    plain.get_by_role("button", name="Write to this address").click()
    expect(plain.get_by_text("We have now written to k…@new.example")).to_be_visible()
    (made,) = appointments(here)
    assert made.answers == {"diet": False, "goal": "Sport"}
    with here.site.database.read() as session:
        assert session.get_one(BookedBy, (made.practice_id, made.id)).relationship == "sister"
    # Another visit starts afresh: the last screen knows nobody.
    plain.get_by_role("button", name="Book another visit").click()
    to_the_form(plain, "1:00 PM")
    expect(plain.get_by_label("First name", exact=True)).to_have_value("")


def test_keys_are_enough(here: Booking, plain: Page) -> None:
    def tab_to(name: str) -> None:
        target = plain.get_by_role("button", name=name, exact=True)
        for _ in range(40):
            plain.keyboard.press("Tab")
            if target.evaluate("e => e === document.activeElement"):
                return
        raise AssertionError(f"{name} can't be reached")

    plain.goto(f"{here.base}/book/willow?service=follow-up&day=2026-11-24")
    tab_to("9:00 AM")
    plain.keyboard.press("Enter")
    first = plain.get_by_label("First name", exact=True)
    first.wait_for()
    plain.get_by_role("radio", name="Me", exact=True).focus()
    for text in ("Kim", "Lee", "kim.lee@mail.example", "212 555 0147"):
        plain.keyboard.press("Tab")
        plain.keyboard.type(text)
    # In a field, Enter sends the form; what is missing comes back, and the rest is still there.
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("alert").get_by_role("link")).to_have_text(["Agreement"])
    expect(first).to_have_value("Kim")
    plain.get_by_label("I agree").focus()
    plain.keyboard.press("Space")
    plain.keyboard.press("Tab")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("heading", name="Request received")).to_be_visible()


def test_a_time_that_somebody_else_got_costs_no_text(here: Booking, plain: Page) -> None:
    plain.goto(f"{here.base}/book/willow?service=follow-up&practitioner=ana&day=2026-11-24")
    plain.get_by_role("button", name="10:00 AM", exact=True).dblclick()
    fill(plain)
    here.site.later(minutes=11)
    api = here.site.browser().client
    start = "2026-11-24T10:00:00-05:00"
    assert book(api, wanted(service="follow-up", practitioner="ana", start=start)).status_code == 201
    plain.get_by_role("button", name="Request appointment").click()
    taken = plain.get_by_role("alert")
    expect(taken.get_by_role("heading", name="That time has just been taken")).to_be_visible()
    taken.get_by_role("button", name="Tue, Nov 24, 10:45 AM").click()
    expect(plain.get_by_text("Held for you until 7:21 AM")).to_be_visible()
    expect(plain.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    assert not tells(plain.url, "Kim")
    # Back to the calendar, and with another day: the text comes along.
    plain.get_by_role("button", name="Change time").click()
    plain.get_by_role("button", name="Wednesday, November 25, 2026").click()
    day = plain.get_by_role("group", name="Wednesday, November 25, 2026")
    day.get_by_role("button", name="9:00 AM", exact=True).click()
    expect(plain.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    plain.get_by_role("button", name="Request appointment").click()
    expect(plain.get_by_text("Wednesday 25 November 2026, 9:00 AM").first).to_be_visible()
    assert len(appointments(here)) == 2


def test_where_the_widgets_second_part_does_not_load_the_plain_form_goes_on(here: Booking, page: Page) -> None:
    page.clock.install(time=NOW)
    page.route("**/widget/*/*.js*", lambda route: route.fulfill(status=404))
    page.goto(f"{here.base}/book/willow?lang=es")
    page.get_by_role("button", name="Follow-up").click()
    page.locator("pencilin-booking [part=slot]").first.click()
    form = page.locator("main > .plain form[action$='/bookings']")
    form.locator("[name='client.first_name']").fill("Kim")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^es"))
    expect(page.locator("pencilin-booking")).to_have_count(0)


def test_in_arabic_it_reads_from_the_right(here: Booking, plain: Page) -> None:
    plain.goto(f"{here.base}/book/willow?service=follow-up&day=2026-11-24")
    plain.get_by_role("link", name="العربية").click()
    expect(plain.locator("html")).to_have_attribute("dir", "rtl")
    expect(plain.get_by_role("group", name=re.compile("نوفمبر"))).to_be_visible()
    change, title = plain.locator(".summary button").bounding_box(), plain.locator(".summary p").bounding_box()
    assert change and title and change["x"] < title["x"]
    assert plain.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_where_the_widget_does_not_load_the_page_is_as_accessible(here: Booking, page: Page, axe: str) -> None:
    ask(here)
    page.route("**/widget.js", lambda route: route.abort())
    page.goto(f"{here.base}/book/willow")
    expect(page.get_by_role("heading", name="Choose a service")).to_be_visible()
    assert findings(page, axe) == []
    page.get_by_role("button", name="Follow-up").click()
    page.get_by_role("button", name=DAY).click()
    expect(page.get_by_role("group", name=DAY)).to_be_visible()
    assert findings(page, axe) == []
    page.get_by_role("button", name="10:00 AM", exact=True).click()
    page.get_by_role("button", name="Request appointment").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert findings(page, axe) == []
    fill(page)
    page.get_by_role("radiogroup", name="Do you follow a diet?").get_by_label("Yes").check()
    page.get_by_role("button", name="Request appointment").click()
    expect(page.get_by_role("heading", name="Request received")).to_be_visible()
    page.get_by_text("Not right?").click()
    assert findings(page, axe) == []


def test_a_late_widget_leaves_the_page_to_whoever_uses_it(here: Booking, page: Page) -> None:
    late = held_back(page, "**/widget.js")
    address = f"{here.base}/book/willow?service=follow-up&start=2026-11-24T10:00:00-05:00"
    page.goto(address, wait_until="commit")
    first = page.get_by_label("First name", exact=True)
    # It waits for the widget, and then comes by itself.
    expect(first).to_be_visible()
    first.fill("Kim")
    late().continue_()
    page.locator("pencilin-booking:defined").wait_for()
    expect(first).to_be_visible()
    expect(first).to_have_value("Kim")
    # The control: with a widget in time, the plain page is never seen.
    page.goto(address)
    expect(page.locator("pencilin-booking").get_by_text("The hold has ended").first).to_be_visible()
    expect(page.locator(".plain")).to_be_hidden()
