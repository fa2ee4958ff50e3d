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

# Whether the word has its place within the event; measured anew, since a month moves its events once it has its size.
INSIDE = """() => {
  const word = document.querySelector("a.event-tentative .event-label");
  const [box, frame] = [word, word?.closest("a")].map((one) => one?.getBoundingClientRect());
  return box && frame && box.width > 0 && box.width < frame.width && box.bottom <= frame.bottom;
}"""

TOKEN = """() => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = "var(--tentative)";
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}"""


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    return open_dashboard(page, near_server, sqlite_url)


def style(live: LiveDashboard, selector: str, name: str) -> str:
    value: str = live.page.locator(selector).first.evaluate("(e, name) => getComputedStyle(e)[name]", name)
    return value


def test_in_every_view_what_is_tentative_is_outlined_in_red_says_so_and_opens_by_keys(live: LiveDashboard) -> None:
    appointment = live.asked()
    page = live.page
    event = page.get_by_role("link", name=re.compile(r"Tentative.*Kim Lee.*\d:\d\d [AP]M.*First visit", re.DOTALL))
    word = event.get_by_text("Tentative", exact=True)
    page.emulate_media(reduced_motion="reduce")  # no colour is on its way to another one
    for view in VIEWS:
        live.open(f"/calendar?view={view}&date={appointment.local_start.date()}")
        expect(event).to_be_visible()
        expect(word).to_be_visible()
        assert re.search(r"\d:\d\d [AP]M", event.inner_text())
        assert word.evaluate("e => getComputedStyle(e).textTransform") == "none"
        page.wait_for_function(INSIDE)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            token = page.evaluate(TOKEN)
            for name in ("outlineColor", "borderTopColor"):
                assert style(live, "a.event-tentative", name) == token, (view, scheme)
            assert style(live, "a.event-tentative", "outlineStyle") == "solid"
            assert page.evaluate(CONTRAST, [token, style(live, ".ec-main", "backgroundColor")]) >= 3
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.matches('a.event-tentative')"):
                break
        expect(event).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Edit Appointment")).to_be_visible()
    assert live.complaints == []


def test_turning_pages_and_filtering_keep_the_focus_and_fill_the_address(live: LiveDashboard) -> None:
    appointment = live.asked()
    live.asked(ZOE, live.cast.ben)
    page, title = live.page, live.page.locator(".calendar-title")
    live.open("/calendar?view=week&date=2026-11-24")
    page.get_by_role("link", name="Next week").press("Enter")
    expect(title).to_have_text(re.compile("^Nov 30"))
    expect(page).to_have_url(re.compile(r"view=week&date=2026-12-01"))
    expect(page.get_by_role("link", name="Next week")).to_be_focused()
    page.get_by_role("link", name="Month").click()
    expect(title).to_have_text("December 2026")
    page.go_back()
    expect(title).to_have_text(re.compile("^Nov 30"))

    events = page.locator("a.event")
    live.open(f"/calendar?view=day&date={appointment.local_start.date()}")
    expect(events).to_have_count(2)
    expect(page.locator(".ec-header .ec-col-head")).to_have_text(["Ana Ruiz", "Ben Osei"])
    page.get_by_label("Practitioner").focus()
    page.get_by_label("Practitioner").select_option("Ben Osei")
    expect(events).to_have_count(1)
    expect(events).to_contain_text("Zoë Ångström")
    expect(page.locator(".ec-header .ec-col-head")).to_have_text(["Ben Osei"])
    expect(page).to_have_url(re.compile("practitioner=ben"))
    expect(page.get_by_label("Practitioner")).to_be_focused()
    page.get_by_role("link", name="Show everything").click()
    expect(events).to_have_count(2)
    assert live.complaints == []


def test_what_is_booked_elsewhere_appears_and_leaves_scroll_and_focus_alone(live: LiveDashboard) -> None:
    own = live.asked()
    page = live.page
    page.set_viewport_size({"width": 1000, "height": 500})
    live.open(f"/calendar?view=day&date={own.local_start.date()}")
    link = page.get_by_role("link", name=re.compile("Kim Lee"))
    link.focus()
    page.wait_for_function("() => { scrollTo(0, 120); return scrollY === 120 }")
    notice = page.get_by_role("status")
    expect(notice).to_contain_text("1 tentative appointment to review")
    other = page.context.new_page()
    other.goto(f"{live.url}/clients")
    page.bring_to_front()

    page.route(re.compile("/calendar/events"), lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed"):
        live.asked(ZOE, live.cast.ben)
    # Asked for again, though nothing else changes.
    expect(page.locator("a.event", has_text="Zoë Ångström")).to_be_visible()
    expect(notice).to_contain_text("2 tentative appointments to review")
    expect(link).to_be_focused()
    assert page.evaluate("scrollY") == 120
    for open_page in (page, other):
        expect(open_page.locator("#waiting")).to_have_text("2")
        expect(open_page.locator("#news")).to_have_text("1 new request")

    page.context.set_offline(True)
    expect(page.locator("#trouble")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#trouble")).to_be_hidden()


def test_what_cannot_be_fetched_leaves_the_calendar_and_its_history_and_says_so(live: LiveDashboard) -> None:
    appointment = live.asked()
    page, title = live.page, live.page.locator(".calendar-title")
    told = page.locator("#calendar-told")
    live.open(f"/calendar?view=day&date={appointment.local_start.date()}")
    expect(page.locator("a.event")).to_have_count(1)
    before, address = title.inner_text(), page.url
    page.context.set_offline(True)
    page.get_by_label("Practitioner").select_option("Ben Osei")
    expect(told).to_contain_text(f"That could not be fetched just now, so this is still {before}.")
    expect(page.get_by_label("Practitioner")).to_have_value("")
    assert (title.inner_text(), page.url) == (before, address)
    page.context.set_offline(False)

    page.get_by_role("link", name="Next day").click()
    expect(title).not_to_have_text(before)
    after, next_address = title.inner_text(), page.evaluate("location.href")
    page.route(re.compile(r"/calendar\?"), lambda route: route.fulfill(status=503), times=1)
    page.evaluate("history.back()")
    expect(told).to_contain_text(f"so this is still {after}.")
    page.wait_for_function("address => location.href === address", arg=next_address)
    page.evaluate("history.back()")  # the entry is still there
    expect(title).to_have_text(before)
    assert page.evaluate("location.href") == address

    page.route(re.compile("/calendar/events"), lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed"):
        page.get_by_role("link", name="Week", exact=True).click()
    expect(page.locator(".ec-week-view a.event")).to_have_count(1)  # asked for again
    expect(told).not_to_contain_text("fetched")
    expect(page.locator("#calendar")).not_to_have_attribute("aria-busy", "true")


def crowd(live: LiveDashboard, request: Appointment, more: int) -> None:
    """As many more of the same request."""

    def work(session: Session, now: datetime) -> None:
        for number in range(more):
            fields = request.model_dump() | {"id": new_id(), "reference": f"CROWD{number:03}"}
            session.add(Appointment(**fields))
            typed = session.get_one(TentativeClient, (request.practice_id, request.id))
            session.add(TentativeClient(**typed.model_dump() | {"appointment_id": fields["id"]}))

    live.database.write(work)


def test_the_word_has_room_where_three_happen_side_by_side(live: LiveDashboard) -> None:
    request = live.asked()
    day = request.local_start.date()
    crowd(live, request, 2)
    live.page.set_viewport_size({"width": 1280, "height": 900})
    for view in ("week", "day"):
        live.open(f"/calendar?view={view}&date={day}")
        words = live.page.locator("a.event-tentative .event-label")
        expect(words).to_have_count(3)
        live.page.wait_for_function(
            """() => [...document.querySelectorAll("a.event-tentative .event-label")]
                 .every((e) => e.getBoundingClientRect().width === 0 || e.scrollWidth <= e.clientWidth)"""
        )


def test_a_month_leads_to_the_day_whose_appointments_it_has_no_room_for(live: LiveDashboard) -> None:
    request = live.asked()
    crowd(live, request, 5)
    live.open(f"/calendar?view=month&date={request.local_start.date()}")
    expect(live.page.locator(".ec-header .ec-col-head")).to_have_count(7)
    live.page.get_by_role("link", name=re.compile(r"^\+\d more on ")).click()
    expect(live.page).to_have_url(re.compile(f"view=day&date={request.local_start.date()}"))
    expect(live.page.locator("a.event-tentative")).to_have_count(6)
    expect(live.page.get_by_role("dialog")).to_have_count(0)


def test_a_week_leaves_out_a_weekend_on_which_nobody_works(live: LiveDashboard) -> None:
    live.open("/calendar?view=week&date=2026-11-29")
    expect(live.page.locator(".ec-header .ec-col-head")).to_have_count(5)
    live.page.get_by_role("link", name="Day", exact=True).click()
    expect(live.page.locator(".ec-day-view .is-closed").first).to_be_visible()
    expect(live.page.locator(".calendar-title")).to_have_text("Sun, Nov 29, 2026")


def test_a_phone_begins_with_the_day_side_by_side_and_folds_the_filter_away(live: LiveDashboard) -> None:
    page = live.page
    page.set_viewport_size({"width": 390, "height": 844})
    live.open("/calendar")
    expect(page.locator(".ec-day-view .ec-header .ec-col-head")).to_have_count(2)
    expect(page).to_have_url(re.compile("view=day"))
    assert live.fits()
    expect(page.get_by_label("Practitioner")).to_be_hidden()
    page.set_viewport_size({"width": 844, "height": 390})  # held sideways, too
    expect(page.locator(".calendar-filters summary")).to_be_in_viewport()
    expect(page.get_by_label("Practitioner")).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Practitioner").select_option("Ben Osei")
    expect(page.locator(".ec-day-view .ec-header .ec-col-head")).to_have_text(["Ben Osei"])
    expect(page.get_by_text("Filter: Ben Osei")).to_be_visible()
    page.get_by_role("link", name="Month").click()
    expect(page.locator(".ec-header .ec-col-head")).to_have_count(5)  # nobody works at weekends
    page.wait_for_function(
        "document.querySelector('.ec-main').scrollWidth <= document.querySelector('.ec-main').clientWidth"
    )


def test_when_the_calendars_script_is_lost_the_list_stays(live: LiveDashboard) -> None:
    appointment = live.asked()
    live.page.route(re.compile("calendar.js"), lambda route: route.abort())
    live.open(f"/calendar?view=week&date={appointment.local_start.date()}")
    expect(live.page.locator("a.event-tentative")).to_be_visible()
