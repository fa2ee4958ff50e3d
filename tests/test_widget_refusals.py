"""What doesn't work is said calmly to the visitor, with a way on, and in one line to the webmaster."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from pencilin.models import Practice
from tests.test_widget_ways_in import lines
from tests.widget_site import LINK, SCRIPT, Booking, booking


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def test_an_unknown_practice_is_named(here: Booking, page: Page) -> None:
    said = lines(page)
    here.open(page, SCRIPT.replace("willow", "wilow"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Online booking isn’t available here")
    expect(alert.get_by_role("button")).to_have_count(0)
    expect(alert.get_by_role("link")).to_have_count(0)
    assert said == [f"Pencilin: no practice “wilow” at {here.base}"]


def test_a_server_that_is_away_leaves_the_hosted_page_and_the_pages_own_link(here: Booking, page: Page) -> None:
    said = lines(page)
    page.route("**/api/v1/practices/willow", lambda route: route.abort(), times=2)
    here.open(page, f'{SCRIPT}<div id="link">{LINK}</div>')
    alone, linked = page.get_by_role("alert").first, page.locator("#link")
    own = alone.get_by_role("link", name="Open our booking page")
    expect(own).to_have_attribute("href", f"{here.base}/book/willow")
    expect(linked.get_by_role("link", name="Book an appointment")).to_be_visible()
    expect(linked.get_by_role("alert")).to_be_visible()
    expect(linked.get_by_role("link", name="Open our booking page")).to_be_hidden()
    assert said == [f"Pencilin: no answer from {here.base}; if it is up, allow it in connect-src"] * 2


def test_times_that_do_not_load_leave_the_phone(here: Booking, page: Page) -> None:
    page.route("**/availability?*", lambda route: route.abort())
    here.open(page)
    page.get_by_role("button", name="Follow-up").click()
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("link", name="+1 212 555 0100")).to_be_visible()
    expect(alert.get_by_role("link", name="Open our booking page")).to_be_visible()


def test_a_policy_without_the_server_leaves_the_hosted_page(here: Booking, page: Page) -> None:
    said = lines(page)
    here.open(page, Content_Security_Policy=f"default-src 'none'; script-src {here.base}")
    expect(page.get_by_role("alert").get_by_role("link", name="Open our booking page")).to_be_visible()
    assert len(said) == 1
    assert said[0].endswith("allow it in connect-src")


def test_a_policy_without_the_second_part_leaves_the_hosted_page(here: Booking, page: Page) -> None:
    said = lines(page)
    policy = f"default-src 'none'; script-src {here.base}/widget.js; connect-src {here.base}"
    here.open(page, Content_Security_Policy=policy)
    here.choose_service(page)
    here.slot(page).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This is our fault")
    expect(alert.get_by_role("link", name="Open our booking page")).to_have_attribute("href", re.compile("start=2026"))
    assert set(said) == {f"Pencilin: no answer from {here.base}; if it is up, allow it in script-src"}


def test_a_site_that_is_not_allowed_is_named(here: Booking, page: Page) -> None:
    def only_another(session: Session, now: datetime) -> None:
        practice = session.exec(select(Practice).where(Practice.slug == "willow")).one()
        practice.sites = ["https://www.example.com"]

    here.site.database.write(only_another)
    said = lines(page)
    here.open(page, patient=False)
    here.choose_service(page)
    here.slot(page).click()
    expect(page.get_by_role("link", name="Continue with your details")).to_be_visible()
    site = here.website.url.rstrip("/")
    assert said == [
        f"Pencilin: no form on {site}: add this site under Settings → Website widget, and {here.base} to frame-src"
    ]
