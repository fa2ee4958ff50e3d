"""Whose time it is: the place's own, the visitor's first for a call, and which of the two where the clock repeats."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.widget_site import SCRIPT, Booking, booking

READABLE = {"Access-Control-Allow-Origin": "*"}


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


@pytest.mark.parametrize(
    ("zone", "day", "time", "there", "full"),
    [
        (
            "Europe/Berlin",
            "Monday, November 23, 2026",
            "5:30 PM",
            "11:30 AM in New York",
            "Monday 23 November 2026, 5:30 PM, Berlin time (11:30 AM New York time)",
        ),
        (
            "Pacific/Auckland",
            "Tuesday, November 24, 2026",
            "5:30 AM",
            "Mon, Nov 23, 11:30 AM in New York",
            "Tuesday 24 November 2026, 5:30 AM, Auckland time (Mon 11:30 AM New York time)",
        ),
    ],
)
def test_a_call_is_shown_in_the_visitors_time_first(
    here: Booking, browser: Browser, zone: str, day: str, time: str, there: str, full: str
) -> None:
    context = browser.new_context(timezone_id=zone, locale="en-US")
    page = context.new_page()
    here.open(page)
    here.choose_service(page)
    page.get_by_label("Where").select_option("Video visit")
    slots = page.get_by_role("group", name=day)
    city = zone.partition("/")[2]
    expect(page.get_by_text(f"Times are in {city} time")).to_be_visible()
    page.get_by_role("button", name="Show in New York time too").click()
    slot = slots.get_by_role("button", name=time, exact=True)
    expect(slot).to_have_accessible_description(there)
    # The first of New York's day, which there is another day's in Auckland.
    expect(slots.get_by_role("button").first).to_have_text(time.replace(":30", ":00"))
    slot.click()
    expect(page.get_by_text(full, exact=True)).to_be_visible()
    form = here.form(page)
    here.fill(form)
    here.send(form)
    expect(form.get_by_text(full, exact=True)).to_be_visible()
    context.close()


def test_an_hour_that_comes_twice_says_which_one_it_is_at_every_step(here: Booking, page: Page) -> None:
    def slot(start: str, end: str) -> dict[str, object]:
        zone, who = "America/New_York", ["ana"]
        return {"start": start, "end": end, "timezone": zone, "location": "main-street", "practitioners": who}

    first = slot("2026-11-01T01:30:00-04:00", "2026-11-01T02:00:00-04:00")
    second = slot("2026-11-01T01:30:00-05:00", "2026-11-01T02:00:00-05:00")
    found = {"timezone": "America/New_York", "from": "2026-10-26", "days": 31, "next_available": None}

    def hold(route: Route) -> None:
        held = {"hold": "1", "expires_at": "2026-11-01T05:40:00Z", "practitioner": "ana", "location": "main-street"}
        route.fulfill(status=201, json=held, headers=READABLE)

    page.route("**/availability?*", lambda route: route.fulfill(json=found | {"slots": [second]}, headers=READABLE))
    page.route("**/holds", hold)
    page.clock.install(time="2026-11-01T05:30:00Z")
    here.website.shows(SCRIPT)
    page.goto(here.website.url)
    here.choose_service(page)
    # Also where the other one isn't free.
    page.get_by_role("group", name="Sunday, November 1, 2026").get_by_role("button", name="1:30 AM EST").click()
    expect(page.get_by_text("Sunday 1 November 2026, 1:30 AM EST, New York time")).to_be_visible()
    expect(page.get_by_text("Held for you until 1:40 AM EDT")).to_be_visible()
    form = here.form(page)
    here.fill(form)
    taken = {"code": "slot_taken", "status": 409, "alternatives": []}
    page.route("**/bookings", lambda route: route.fulfill(status=409, json=taken), times=1)
    page.route("**/availability?*", lambda route: route.fulfill(json=found | {"slots": [first]}, headers=READABLE))
    here.send(form)
    page.get_by_role("button", name="Sun, Nov 1, 1:30 AM EDT").click()
    expect(page.get_by_text("Sunday 1 November 2026, 1:30 AM EDT, New York time")).to_be_visible()
    made = {"reference": "ABCD2345", "status": "tentative", "practitioner": "ana", "answer_due": first["start"]}
    made |= {key: str(first[key]) for key in ("start", "end", "timezone", "location")}
    made |= {"manage_url": f"{here.base}/manage/x", "calendar_url": f"{here.base}/calendar-feed/x.ics"}
    page.route("**/bookings", lambda route: route.fulfill(status=201, json=made))
    here.send(form)
    expect(form.get_by_text("Sunday 1 November 2026, 1:30 AM EDT, New York time", exact=True)).to_be_visible()
