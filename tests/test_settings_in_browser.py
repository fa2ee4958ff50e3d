"""Settings in a browser: an order by keyboard and by dragging, a colour and a logo that clients see, for everybody."""

import base64
import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from pencilin.practices import logos
from tests.live_dashboard import LiveDashboard, Serve, open_dashboard

SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 844})
# One pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    return open_dashboard(page, near_server, sqlite_url, manager=True)


def shuts_nobody_out(live: LiveDashboard, axe: str, *paths: str) -> None:
    for path in paths:
        live.open(path)
        for size in SIZES:
            live.page.set_viewport_size(size)  # type: ignore[arg-type]
            assert live.findings(axe) == [], (path, size)
            assert live.fits(), (path, size)
    live.page.set_viewport_size(SIZES[0])  # type: ignore[arg-type]


def test_services_are_ordered_by_keyboard_and_by_dragging(live: LiveDashboard, axe: str) -> None:
    page = live.page
    page.emulate_media(reduced_motion="reduce")
    live.open("/settings/services")
    rows, said = page.get_by_role("list", name="Services").get_by_role("listitem"), page.locator("[data-order-said]")
    page.get_by_role("button", name="Move down First visit").focus()
    page.keyboard.press("Enter")
    expect(said).to_have_text("First visit is number 2 of 2.")
    expect(rows).to_have_text([re.compile("Follow-up"), re.compile("First visit")])
    expect(page.get_by_role("button", name="Move up First visit")).to_be_focused()
    expect(page.get_by_role("button", name="Move down First visit")).to_be_disabled()

    grip, above = rows.last.locator("[data-grip]").bounding_box(), rows.first.bounding_box()
    assert grip and above
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(grip["x"] + 10, above["y"] + 4, steps=4)
    page.mouse.up()
    expect(said).to_have_text("First visit is number 1 of 2.")
    page.reload()
    expect(rows).to_have_text([re.compile("First visit"), re.compile("Follow-up")])
    service = f"/settings/services/{live.cast.first_visit.id}"
    shuts_nobody_out(live, axe, "/settings/services", service, f"{service}/questions/new")
    assert live.complaints == []


def test_what_the_practice_page_changes_is_seen_by_clients(live: LiveDashboard, axe: str) -> None:
    page = live.page
    page.emulate_media(reduced_motion="reduce")
    live.open("/settings/practice")
    page.get_by_label("Accent colour").fill("#884422")
    expect(page.get_by_role("img", name="A button in this colour")).to_have_attribute(
        "src", re.compile("colour=%23884422")
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    picture = page.get_by_label("Picture")
    picture.set_input_files({"name": "large.png", "mimeType": "image/png", "buffer": PNG + b"\0" * 512 * 1024})
    expect(picture).to_have_js_property("validationMessage", logos.TOO_LARGE)
    picture.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": PNG})
    page.get_by_role("button", name="Save the logo").click()
    expect(page.get_by_alt_text("The logo as clients see it")).to_be_visible()
    location = f"/settings/locations/{live.cast.video.id}"
    shuts_nobody_out(live, axe, "/settings/practice", "/settings/locations", location)
    live.open("/book/willow")
    expect(page.locator(".logo img")).to_have_js_property("naturalWidth", 1)
    assert live.complaints == []


def test_what_was_typed_is_left_behind_only_when_one_says_so(live: LiveDashboard) -> None:
    page, asked = live.page, list[str]()
    live.open("/settings/locations/new")

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    # What one looks for is no work.
    page.get_by_role("searchbox").press_sequentially("Kim")
    page.get_by_role("link", name="Calendar", exact=True).click()
    expect(page.locator("#calendar")).to_be_visible()
    live.open("/settings/locations/new")
    page.get_by_label("Name", exact=True).press_sequentially("Harbour Road")
    page.get_by_role("link", name="Calendar", exact=True).click(no_wait_after=True)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Harbour Road")
    # A refused form differs in nothing from how it came, and is as unsaved.
    page.get_by_label("Time zone").fill("Nowhere")
    page.get_by_role("button", name="Add the location").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    page.get_by_role("link", name="Calendar", exact=True).click(no_wait_after=True)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Harbour Road")
    page.get_by_label("Address").fill("1 Harbour Road")
    page.get_by_label("Time zone").fill("America/New_York")
    page.get_by_role("button", name="Add the location").click()
    expect(page.get_by_role("status").filter(has_text="Harbour Road")).to_be_visible()
    # A browser's picker writes this colour in small letters, which nobody typed.
    live.open("/settings/practice")
    page.get_by_label("Accent colour").fill("#1F6F5C")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    page.get_by_role("link", name="Calendar", exact=True).click()
    expect(page.locator("#calendar")).to_be_visible()
    assert asked == ["beforeunload", "beforeunload"]
