"""Other times and another client in a browser, on a desk and on a phone: nothing is cut off, nobody shut out."""

import pytest
from playwright.sync_api import Page, expect

from pencilin import review
from pencilin.review import ConfirmTo
from tests.cast import KIM_MOVED, ZOE
from tests.live_dashboard import LiveDashboard, Serve, open_dashboard


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    return open_dashboard(page, near_server, sqlite_url)


def checked(live: LiveDashboard, axe: str) -> None:
    for width in (1280, 320):
        live.page.set_viewport_size({"width": width, "height": 800})
        assert live.findings(axe) == [], live.page.url
        assert live.fits(), live.page.url


def test_other_times_and_another_client(live: LiveDashboard, axe: str) -> None:
    page, cast = live.page, live.cast
    page.emulate_media(reduced_motion="reduce")
    asked, mixed_up = live.asked(ZOE), live.asked(KIM_MOVED)
    live.database.write(
        lambda s, now: review.link_existing(s, cast.dana, mixed_up.id, cast.kim.id, mixed_up.revision, now)
    )
    live.database.write(
        lambda s, now: review.approve(s, cast.dana, mixed_up.id, mixed_up.revision + 1, ConfirmTo.FILED, now)
    )
    live.open(f"/appointments/{asked.id}")
    page.get_by_role("link", name="Propose another time…").click()
    expect(page.get_by_role("heading", name="Propose another time")).to_be_visible()
    checked(live, axe)
    page.get_by_role("group", name="Free times nearby").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Ask the client").click()
    expect(page.get_by_role("heading", name="Waiting for the client until")).to_be_visible()
    checked(live, axe)

    live.open(f"/appointments/{mixed_up.id}")
    page.get_by_role("link", name="Change client…").click()
    expect(page.get_by_role("heading", name="Who is it really?")).to_be_visible()
    checked(live, axe)
    page.get_by_role("link", name="Save As New Client").click()
    expect(page.get_by_role("heading", name="A new client")).to_be_visible()
    page.get_by_label("Last name").fill("Berg")
    page.get_by_label("Phone").fill("")
    page.get_by_label("Date of birth").fill("")
    page.get_by_role("radio", name="Typed when booking").check()
    checked(live, axe)
    page.get_by_role("button", name="Change client").click()
    expect(page.get_by_text("The client is changed.")).to_be_visible()
    expect(page.get_by_role("link", name="Kim Berg")).to_be_visible()
    assert live.complaints == []
