"""The pasted line: what it becomes, and that it still leads somewhere when it becomes nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.widget_site import LINK, SCRIPT, Booking, booking, console, held_back

ELEMENT = '<pencilin-booking practice="willow" service="first-visit"></pencilin-booking>'
ELEMENT += '<script async src="@@BASE@@/widget.js"></script>'


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def test_the_link_stays_until_there_is_something_to_press(here: Booking, page: Page) -> None:
    practice = held_back(page, "**/api/v1/practices/willow")
    here.open(page, LINK)
    link = page.get_by_role("link", name="Book an appointment")
    page.locator(".bars").wait_for()
    expect(link).to_be_visible()
    practice().continue_()
    expect(page.get_by_role("heading", name="Choose a service")).to_be_visible()
    expect(link).to_have_count(0)


def test_without_the_script_the_link_leads_to_the_hosted_page(here: Booking, page: Page) -> None:
    page.route("**/widget.js", lambda route: route.abort(), times=1)
    here.open(page, LINK)
    page.get_by_role("link", name="Book an appointment").click()
    expect(page).to_have_url(f"{here.base}/book/willow")
    here.choose_slot(page)


def test_while_the_server_is_away_the_link_stays_and_trying_again_helps(here: Booking, page: Page) -> None:
    page.route("**/api/v1/practices/willow", lambda route: route.abort(), times=1)
    here.open(page, LINK)
    expect(page.get_by_role("alert")).to_contain_text("We can’t reach the booking server")
    expect(page.get_by_role("link", name="Book an appointment")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Choose a service")).to_be_visible()


def test_times_that_did_not_load_can_be_asked_for_again(here: Booking, page: Page) -> None:
    here.open(page)
    page.route("**/availability?*", lambda route: route.fulfill(status=503, json={"code": "unavailable"}), times=1)
    page.get_by_role("button", name="Follow-up").click()
    expect(page.get_by_role("alert")).to_contain_text("The calendar didn’t load")
    page.get_by_role("button", name="Try again").click()
    expect(here.slot(page)).to_be_visible()


def test_where_there_is_one_service_the_link_stays_until_slots_can_be_pressed(here: Booking, page: Page) -> None:
    free = held_back(page, "**/availability?*")
    here.open(page, LINK.replace("data-pencilin", 'data-service="follow-up" data-pencilin'))
    expect(page.get_by_role("heading", name="Choose a time")).to_be_visible()
    link = page.get_by_role("link", name="Book an appointment")
    expect(link).to_be_visible()
    free().continue_()
    expect(here.slot(page)).to_be_visible()
    expect(link).to_have_count(0)


def test_a_practice_that_does_not_exist_is_said_kindly(here: Booking, page: Page) -> None:
    here.open(page, SCRIPT.replace("willow", "wilow"))
    expect(page.get_by_role("alert")).to_contain_text("Online booking isn’t available here")


def test_the_element_takes_its_filters(here: Booking, page: Page) -> None:
    here.open(page, ELEMENT)
    expect(page.get_by_role("heading", name="Choose a time")).to_be_visible()
    expect(page.get_by_text("First visit · 60 min")).to_be_visible()
    expect(page.get_by_role("button", name="Change service")).to_have_count(0)


def test_the_script_goes_where_it_stands_or_where_it_is_sent(here: Booking, page: Page) -> None:
    sent = SCRIPT.replace("data-practice", 'data-target="#there" data-service="follow-up" data-practice')
    here.open(page, f'{SCRIPT}<p id="after">After.</p><div id="there"></div>', head=sent)
    expect(page.locator("script + pencilin-booking + #after")).to_be_visible()
    expect(page.locator("#there > pencilin-booking").get_by_role("heading", name="Choose a time")).to_be_visible()


def test_the_script_twice_is_the_widget_once_and_leaves_no_global(here: Booking, page: Page) -> None:
    errors = console(page.context)
    here.open(page, LINK + '<script async src="@@BASE@@/widget.js?again"></script>')
    expect(page.get_by_role("heading", name="Choose a service")).to_have_count(1)
    assert page.locator("pencilin-booking").count() == 1
    assert page.evaluate("Object.keys(window).filter(name => /pencilin/i.test(name)).length") <= 1
    assert errors == []


def test_a_moved_element_goes_on_where_it_was(here: Booking, page: Page) -> None:
    here.open(page, SCRIPT + '<div id="elsewhere"></div>')
    form = here.choose_slot(page)
    here.fill(form)
    page.evaluate("document.querySelector('#elsewhere').append(document.querySelector('pencilin-booking'))")
    form = here.form(page)
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    expect(page.get_by_role("button", name="Keep it longer")).to_be_visible()


def test_two_requests_lead_to_the_first_time(here: Booking, page: Page) -> None:
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    here.open(page, ELEMENT)
    page.locator(".slot").first.wait_for()
    calls = [one.url for one in asked if "/api/" in one.url and one.frame == page.main_frame]
    assert len(calls) == 2
    assert all(one.url.startswith((here.base, here.website.url, "data:")) for one in asked)


def test_a_practice_without_free_times_shows_how_to_reach_it(here: Booking, page: Page) -> None:
    page.route(
        "**/availability?*",
        lambda route: route.fulfill(
            json={
                "timezone": "America/New_York",
                "from": "2026-11-23",
                "days": 31,
                "slots": [],
                "next_available": None,
            },
            headers={"Access-Control-Allow-Origin": "*"},
        ),
    )
    here.open(page)
    here.choose_service(page)
    expect(page.get_by_role("heading", name="No free times at the moment")).to_be_visible()
    expect(page.get_by_role("link", name="+1 212 555 0100")).to_have_attribute("href", "tel:+12125550100")


def test_an_hour_that_comes_twice_is_told_apart(here: Booking, page: Page) -> None:
    slots = [
        {
            "start": start,
            "end": start,
            "timezone": "America/New_York",
            "location": "main-street",
            "practitioners": ["ana"],
        }
        for start in ("2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "2026-11-01T09:00:00-05:00")
    ]
    found = {"timezone": "America/New_York", "from": "2026-10-26", "days": 31, "slots": slots, "next_available": None}
    page.route(
        "**/availability?*", lambda route: route.fulfill(json=found, headers={"Access-Control-Allow-Origin": "*"})
    )
    page.clock.set_fixed_time("2026-10-26T12:00:00Z")
    here.website.shows(SCRIPT)
    page.goto(here.website.url)
    here.choose_service(page)
    day = page.get_by_role("group", name="Sunday, November 1, 2026")
    expect(day.get_by_role("button")).to_have_text(["1:30 AM EDT", "1:30 AM EST", "9:00 AM"])


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Auckland", "Pacific/Honolulu"])
def test_days_and_times_are_the_locations_wherever_the_visitor_is(here: Booking, browser: Browser, zone: str) -> None:
    context = browser.new_context(timezone_id=zone, locale="en-US")
    far = context.new_page()
    here.open(far)
    here.choose_service(far)
    day = far.get_by_role("group", name="Monday, November 23, 2026")
    expect(day.get_by_role("button", name="11:30 AM", exact=True)).to_be_visible()
    expect(far.get_by_text("Times are in New York time (EST, UTC−5).")).to_be_visible()
    far.get_by_role("button", name="Show in my time too").click()
    mine = {"Europe/Berlin": "5:30 PM", "Pacific/Auckland": "Tue, Nov 24, 5:30 AM", "Pacific/Honolulu": "6:30 AM"}[zone]
    expect(day.get_by_role("button", name="11:30 AM", exact=True)).to_have_accessible_description(
        f"{mine} in {zone.partition('/')[2]}"
    )
    context.close()
