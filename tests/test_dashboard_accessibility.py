"""Every page of the dashboard: no finding of axe in light, dark and forced colours, none cut off at 320 pixels."""

import pytest
from playwright.sync_api import Page, expect

from pencilin.clients import lists
from tests.cast import KIM, KIM_MOVED, ZOE
from tests.live_dashboard import LiveDashboard, Serve, open_dashboard

# Without motion, so that no colour is on its way to another one when axe looks.
STILL = {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "reduce"}


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    return open_dashboard(page, near_server, sqlite_url)


def drawn(live: LiveDashboard) -> None:
    """Waits until the calendar shows what it has, or that there is nothing."""
    shown = live.page.locator(".ec-main a.event").or_(live.page.locator(".ec-main", has_text="Nothing is booked"))
    expect(shown.first).to_be_visible()


def test_no_page_shuts_anybody_out(live: LiveDashboard, axe: str) -> None:
    suggested, moved, new = live.asked(KIM), live.asked(KIM_MOVED), live.asked(ZOE, live.cast.ben)
    day = suggested.local_start.date()
    text = b"ID,Name,Born\n1,Zo\xe9 Stone,3/4/1985\n2,,24/12/1985\n"
    listed = live.database.write(lambda session, now: lists.stage(session, live.cast.dana, text, now))
    pages = [
        *(f"/calendar?view={view}&date={day}" for view in ("day", "week", "month", "list")),
        "/calendar?view=list&date=2020-01-01",
        f"/calendar/print?view=week&date={day}",
        "/requests",
        f"/appointments/{suggested.id}",
        f"/appointments/{suggested.id}?search=1",
        f"/appointments/{moved.id}?client={live.cast.kim.id}",
        f"/appointments/{new.id}",
        "/clients",
        f"/clients/{live.cast.kim.id}",
        "/insights",
        "/clients/imports",
        f"/clients/imports/{listed.id}",
    ]
    for path in pages:
        live.open(path)
        if "calendar?" in path:
            drawn(live)
        live.page.emulate_media(**STILL)  # type: ignore[arg-type]
        assert live.findings(axe) == [], path
        # Nothing but colours is another.
        for media in ({"color_scheme": "dark"}, {"forced_colors": "active"}):
            live.page.emulate_media(**STILL | media)  # type: ignore[arg-type]
            assert live.findings(axe, "color-contrast") == [], f"{path} {media}"
    assert live.complaints == []


def test_what_a_search_finds_shuts_nobody_out(live: LiveDashboard, axe: str) -> None:
    for path, text, found in (
        (f"/appointments/{live.asked(ZOE).id}", "lee", "Found"),
        ("/clients", "lee", "1 client found"),
        ("/clients", "nobody", "0 clients found"),
    ):
        live.open(path)
        live.page.get_by_label("Search clients").fill(text)
        live.page.get_by_role("button", name="Search", exact=True).click()
        expect(live.page.get_by_role("heading", name=found)).to_be_visible()
        assert live.findings(axe) == [], (path, text)


def test_a_decided_appointment_and_the_open_dialog_shut_nobody_out(live: LiveDashboard, axe: str) -> None:
    page = live.page
    page.emulate_media(reduced_motion="reduce")
    live.open(f"/appointments/{live.asked(KIM_MOVED).id}?client={live.cast.kim.id}")
    live.hold_clock()
    page.get_by_role("button", name="Decline", exact=True).click()
    expect(page.get_by_role("dialog", name="Decline this request?")).to_be_visible()
    assert live.findings(axe) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Link Existing Client").click()
    page.get_by_role("radio", name="Both").check()
    assert live.findings(axe) == []
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Undo").wait_for()
    assert live.findings(axe) == []


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_cut_off_on_a_small_screen(live: LiveDashboard, width: int) -> None:
    live.page.set_viewport_size({"width": width, "height": 700})
    appointment = live.asked(KIM_MOVED)
    day = appointment.local_start.date()
    paths = [f"/calendar?view={view}&date={day}" for view in ("day", "week", "month", "list")]
    paths += ["/requests", f"/appointments/{appointment.id}?client={live.cast.kim.id}", "/clients", "/insights"]
    for path in paths:
        live.open(path)
        if "calendar?" in path:
            drawn(live)
        assert live.fits(), path
