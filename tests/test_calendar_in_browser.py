"""The calendar as it is drawn: what is tentative is outlined in red and says so in every view, by mouse and by key."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from pencilin.models import Appointment, TentativeClient, new_id
from tests.cast import ZOE
from tests.live_dashboard import LiveDashboard, Serve, open_dashboard

VIEWS = ("day", "week", "month", "list")

# How bright a colour is, by WCAG 2.2's definition of relative luminance, and the contrast of two.
CONTRAST = """([one, other]) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number)
      .map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(one), light(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    return open_dashboard(page, near_server, sqlite_url)


def at(live: LiveDashboard, view: str) -> str:
    """The address of a view that shows the request."""
    appointment = live.asked()
    return f"/calendar?view={view}&date={appointment.local_start.date()}"


def style(live: LiveDashboard, selector: str, name: str) -> str:
    value: str = live.page.locator(selector).first.evaluate("(e, name) => getComputedStyle(e)[name]", name)
    return value


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_what_is_tentative_is_outlined_in_red_and_says_so(live: LiveDashboard, view: str, scheme: str) -> None:
    live.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    live.open(at(live, view))
    event = live.page.get_by_role("link", name=re.compile(r"Tentative.*Kim Lee.*First visit", re.DOTALL))
    expect(event).to_be_visible()
    assert re.search(r"\d:\d\d [AP]M", event.inner_text())
    word = event.get_by_text("Tentative", exact=True)
    expect(word).to_be_visible()
    assert word.evaluate("e => getComputedStyle(e).textTransform") == "none"
    box, frame = word.bounding_box(), event.bounding_box()
    assert box and frame and box["width"] < frame["width"] and box["y"] + box["height"] <= frame["y"] + frame["height"]
    token = live.page.evaluate(
        """() => {
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.color = "var(--tentative)";
          return getComputedStyle(probe).color;
        }"""
    )
    assert style(live, "a.event-tentative", "outlineColor") == token
    assert style(live, "a.event-tentative", "outlineStyle") == "solid"
    assert style(live, "a.event-tentative", "borderTopColor") == token
    around = style(live, ".ec-main", "backgroundColor")
    assert live.page.evaluate(CONTRAST, [token, around]) >= 3
    assert live.complaints == []


@pytest.mark.parametrize("view", VIEWS)
def test_an_appointment_is_reached_and_opened_by_keys_alone(live: LiveDashboard, view: str) -> None:
    live.open(at(live, view))
    expect(live.page.locator("a.event-tentative")).to_be_visible()
    for _ in range(30):
        live.page.keyboard.press("Tab")
        if live.page.evaluate("document.activeElement.matches('a.event-tentative')"):
            break
    live.page.keyboard.press("Enter")
    expect(live.page.get_by_role("heading", name="Edit Appointment")).to_be_visible()


def test_turning_pages_keeps_the_focus_and_fills_the_address(live: LiveDashboard) -> None:
    live.open("/calendar?view=week&date=2026-11-24")
    page = live.page
    page.get_by_role("link", name="Next week").press("Enter")
    expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("^Nov 30"))
    expect(page).to_have_url(re.compile(r"view=week&date=2026-12-01"))
    expect(page.get_by_role("link", name="Next week")).to_be_focused()
    page.get_by_role("link", name="Month").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("December 2026")
    page.go_back()
    expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("^Nov 30"))


def test_the_filter_leaves_one_practitioner(live: LiveDashboard) -> None:
    live.asked(ZOE, live.cast.ben)
    live.open(at(live, "list"))
    events = live.page.locator("a.event")
    expect(events).to_have_count(2)
    live.page.get_by_label("Practitioner").select_option("Ben Osei")
    expect(events).to_have_count(1)
    expect(events).to_contain_text("Zoë Ångström")
    expect(live.page).to_have_url(re.compile("practitioner=ben"))


def test_a_new_request_appears_by_itself(live: LiveDashboard) -> None:
    live.open(at(live, "list"))
    notice = live.page.get_by_role("status")
    expect(notice).to_contain_text("1 tentative appointment to review")
    live.asked(ZOE, live.cast.ben)
    expect(notice).to_contain_text("2 tentative appointments to review", timeout=6_000)
    expect(live.page.locator("a.event", has_text="Zoë Ångström")).to_be_visible()
    notice.get_by_role("link").click()
    expect(live.page.get_by_role("heading", name="Requests")).to_be_visible()


def test_the_word_has_room_where_three_happen_side_by_side(live: LiveDashboard) -> None:
    request = live.asked()
    day = request.local_start.date()

    def crowd(session: Session, now: datetime) -> None:
        for number in range(2):
            fields = request.model_dump() | {"id": new_id(), "reference": f"CROWD{number:03}"}
            session.add(Appointment(**fields))
            typed = session.get_one(TentativeClient, (request.practice_id, request.id))
            session.add(TentativeClient(**typed.model_dump() | {"appointment_id": fields["id"]}))

    live.database.write(crowd)
    live.page.set_viewport_size({"width": 1280, "height": 900})
    for view in ("week", "day"):
        live.open(f"/calendar?view={view}&date={day}")
        words = live.page.locator("a.event-tentative .event-label")
        expect(words).to_have_count(3)
        for word in words.all():
            clipped = "(e) => e.getBoundingClientRect().width > 0 && e.scrollWidth > e.clientWidth"
            assert not word.evaluate(clipped)


def test_a_week_leaves_out_a_weekend_on_which_nobody_works(live: LiveDashboard) -> None:
    live.open(at(live, "week"))
    days = live.page.locator(".ec-header .ec-col-head")
    expect(days).to_have_count(5)
    live.open("/calendar?view=day&date=2026-11-29")
    expect(days).to_have_text(["Sunday"])
    live.open("/calendar?view=month&date=2026-11-29")
    expect(days).to_have_count(7)


def test_a_phone_begins_with_the_day(live: LiveDashboard) -> None:
    live.page.set_viewport_size({"width": 390, "height": 844})
    live.open("/calendar")
    expect(live.page.locator(".ec-day-view")).to_be_visible()
    expect(live.page).to_have_url(re.compile("view=day"))
    assert live.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_when_the_calendars_script_is_lost_the_list_stays(live: LiveDashboard) -> None:
    address = at(live, "week")
    live.page.route(re.compile("calendar.js"), lambda route: route.abort())
    live.open(address)
    expect(live.page.locator("a.event-tentative")).to_be_visible()
