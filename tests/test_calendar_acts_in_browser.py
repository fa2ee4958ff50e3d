"""What staff do in the calendar itself: a click books, a drag moves with Undo, and keys alone do it too."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from pencilin.models import Appointment
from tests.cast import ZOE
from tests.live_dashboard import LiveDashboard, Serve, open_dashboard


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    return open_dashboard(page, near_server, sqlite_url)


def starts(live: LiveDashboard) -> list[datetime]:
    with live.database.read() as session:
        return sorted(session.exec(select(Appointment.local_start)))


def drawn(live: LiveDashboard, name: str) -> Locator:
    """An event of the calendar, in sight; not the list's, which was there before."""
    event = live.page.locator(".ec-main a.event-tentative", has_text=name)
    expect(event).to_be_visible()
    event.hover()
    return event


def top(what: Locator) -> float:
    box = what.bounding_box()
    assert box
    return box["y"]


def is_back(live: LiveDashboard, name: str, top: float) -> None:
    """Waits until the event is drawn there, in pixels from above."""
    live.page.wait_for_function(
        """([name, top]) => [...document.querySelectorAll(".ec-main a.event-tentative")].some(
             (one) => one.textContent.includes(name) && Math.abs(one.getBoundingClientRect().top - top) < 1)""",
        arg=[name, top],
    )


def drag(live: LiveDashboard, what: Locator, down: float) -> None:
    """Takes the middle of an event and moves it so many pixels down."""
    box = what.bounding_box()
    assert box
    mouse, x, y = live.page.mouse, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y + down / 2, steps=4)
    mouse.move(x, y + down, steps=4)
    mouse.up()


def test_a_click_on_free_time_begins_an_appointment_there(live: LiveDashboard) -> None:
    request = live.asked()
    live.open(f"/calendar?view=day&date={request.local_start.date()}")
    event = drawn(live, "Kim")
    box = event.bounding_box()
    assert box
    # An hour is two slots of 42 pixels: this is in the half hour after it.
    live.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] + 20)
    expect(live.page.get_by_role("heading", name="New Appointment")).to_be_visible()
    after = request.local_start + timedelta(hours=1)
    expect(live.page.get_by_label("Date", exact=True)).to_have_value(str(after.date()))
    expect(live.page.get_by_label("Time", exact=True)).to_have_value(f"{after:%H:%M}")
    expect(live.page.locator("#visit-conflicts")).to_contain_text("Nothing speaks against it")


def test_a_drag_moves_and_undo_moves_back(live: LiveDashboard) -> None:
    first = live.asked()
    second = live.asked(ZOE)
    live.open(f"/calendar?view=week&date={first.local_start.date()}")
    event = drawn(live, "Kim")
    hour = (second.local_start - first.local_start).total_seconds() / 3600
    before = top(event)
    # Onto the other one: that is asked about, and put back.
    drag(live, event, 84 * hour)
    asks = live.page.get_by_role("dialog", name="Overbook")
    expect(asks).to_contain_text("This overlaps the appointment")
    asks.get_by_role("button", name="Put it back").click()
    is_back(live, "Kim", before)
    assert starts(live) == [first.local_start, second.local_start]
    # Behind it: moved, told, undone.
    drag(live, event, 84 * (hour + 1))
    told = live.page.locator("#calendar-told")
    expect(told).to_contain_text("Moved to")
    moved = first.local_start + timedelta(hours=hour + 1)
    assert starts(live) == [second.local_start, moved]
    expect(event).to_contain_text(f"{moved:%I:%M}".lstrip("0"))
    told.get_by_role("button", name="Undo").click()
    expect(event).to_contain_text(f"{first.local_start:%I:%M}".lstrip("0"))
    assert starts(live) == [first.local_start, second.local_start]
    expect(live.page).to_have_url(re.compile(f"{first.local_start.date()}$"))


def test_keys_alone_book_an_appointment(live: LiveDashboard, axe: str) -> None:
    request = live.asked(ZOE)
    live.open(f"/calendar?view=week&date={request.local_start.date()}")
    page = live.page
    drawn(live, "Zoë")
    page.keyboard.press("c")
    expect(page.get_by_label("Search clients")).to_be_focused()
    page.keyboard.type("kim")
    expect(page.locator("#client-options [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#chosen-name")).to_have_text("Kim Lee")
    expect(page.get_by_role("button", name="Choose another")).to_be_focused()
    page.get_by_label("Date", exact=True).fill(str(request.local_start.date()))
    page.get_by_label("Time", exact=True).fill(f"{request.local_start + timedelta(hours=2):%H:%M}")
    expect(page.locator("#visit-conflicts")).to_contain_text("Nothing speaks against it")
    assert live.findings(axe) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert live.findings(axe) == []
    assert live.fits()
    page.get_by_label("Time", exact=True).press("Enter")
    expect(page.get_by_role("status").filter(has_text="Kim Lee is booked for")).to_be_visible()
    expect(page).to_have_url(re.compile("/calendar"))
    assert len(starts(live)) == 2
    assert live.complaints == []
