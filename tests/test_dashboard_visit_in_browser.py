"""What is said about another time before it is saved, when the server's answer is late, a refusal or none at all."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.live_dashboard import LiveDashboard, Serve, open_dashboard

CONFLICTS = re.compile("/conflicts")


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    live = open_dashboard(page, near_server, sqlite_url)
    live.open(f"/appointments/{live.asked().id}")
    return live


def said(live: LiveDashboard) -> Locator:
    return live.page.locator("#visit-conflicts")


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_refusal_is_never_taken_for_a_yes(live: LiveDashboard, status: int) -> None:
    live.page.route(CONFLICTS, lambda route: route.fulfill(status=status, json={"code": "odd"}))
    live.page.get_by_label("Time", exact=True).fill("20:00")
    expect(said(live)).to_contain_text("could not be checked just now")
    expect(said(live)).not_to_contain_text("Nothing speaks against it")


def test_without_an_answer_it_says_so_calmly(live: LiveDashboard) -> None:
    live.page.route(CONFLICTS, lambda route: route.abort())
    live.page.get_by_label("Time", exact=True).fill("20:00")
    expect(said(live)).to_contain_text("could not be checked just now")
    assert not [one for one in live.complaints if "Uncaught" in one or "TypeError" in one]


def test_a_wrong_field_is_said_in_its_own_words(live: LiveDashboard) -> None:
    live.page.get_by_label("Date", exact=True).fill("")
    expect(said(live)).to_contain_text("Enter a date.")


def test_whoever_is_signed_out_comes_to_the_sign_in_page(live: LiveDashboard) -> None:
    # The look at what has changed, every few seconds, would find it out before.
    live.page.route(re.compile("/changes$"), lambda route: route.fulfill(status=304))
    live.page.context.clear_cookies()
    live.page.get_by_label("Time", exact=True).fill("20:00")
    expect(live.page).to_have_url(re.compile("/login$"))


def test_a_late_answer_does_not_replace_a_newer_one(live: LiveDashboard) -> None:
    held: list[Route] = []

    def answer(route: Route) -> None:
        if "20%3A00" in route.request.url:
            held.append(route)
        else:
            route.fulfill(json={"time": "the newer", "conflicts": ["Speaks against the newer."]})

    live.page.route(CONFLICTS, answer)
    live.page.get_by_label("Time", exact=True).fill("20:00")
    live.page.get_by_label("Time", exact=True).fill("21:00")
    expect(said(live)).to_contain_text("the newer")
    with live.page.expect_response(re.compile("20%3A00")) as late:
        held[0].fulfill(body=json.dumps({"time": "the older", "conflicts": []}), content_type="application/json")
    late.value.finished()
    # A turn of the page's own clock, in which the late answer would be drawn.
    live.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
    expect(said(live)).to_contain_text("the newer")
