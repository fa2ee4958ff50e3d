"""Every state of the widget by axe, for what is cut off and for what is too small to be pressed.

In light and in forced colours at 400 % zoom, where 320 pixels are left; for its colours in dark on a desktop, too.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, FrameLocator, Page, expect

from tests.axe import findings
from tests.widget_site import LINK, SCRIPT, Booking, booking, held_back

DARK = "<style>body{background:#0b0f14;color:#e6edf3}</style>"
ZOOMED, DESKTOP = {"width": 320, "height": 256}, {"width": 1280, "height": 900}
NOTHING = {"timezone": "America/New_York", "from": "2026-11-23", "days": 31, "slots": [], "next_available": None}
READABLE = {"Access-Control-Allow-Origin": "*"}

# What can't be seen whole, and what a finger can't hit, in the page and in the frame. A service is pressed by its whole
# card, a box or radio button by its row; links within a sentence may be as small as their words.
MISFITS = """() => {
  const found = [], wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) found.push(`scrolls to ${wide} pixels`);
  const root = document.querySelector("pencilin-booking")?.shadowRoot ?? document;
  for (const one of root.querySelectorAll("*")) {
    const { left, right, width, height } = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    if (!width || !height || style.visibility === "hidden" || one.closest(".unseen, .away, style, option")) continue;
    const name = `<${one.localName} class="${one.className}"> ${one.textContent.slice(0, 40)}`;
    if (left < -0.5 || right > innerWidth + 0.5) found.push(`${name} from ${left} to ${right}`);
    const cut = style.overflowX !== "visible" && !one.matches("iframe, input, textarea, select");
    if (cut && one.scrollWidth > one.clientWidth + 1) found.push(`${name} is cut off`);
    if (!one.matches("button, a, input, select, textarea, summary")) continue;
    if (one.matches("p:not(.contact) a, li > a")) continue;
    const target = (one.closest(".service, .radio, .tick") ?? one).getBoundingClientRect();
    if (target.width < 24 || target.height < 24) found.push(`${name} of ${target.width} × ${target.height}`);
  }
  return found;
}"""


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


class Walk:
    """A visitor whom everything happens to, and what is found on the way."""

    def __init__(self, here: Booking, page: Page, axe: str, pictures: Path) -> None:
        self.here, self.page, self.axe, self.pictures = here, page, axe, pictures
        self.dark = "dark" in pictures.name
        self.found: dict[str, list[str]] = {}

    def look(self, state: str) -> None:
        """At the page as it is, then in forced colours, whatever its own are."""
        self.page.screenshot(path=f"{self.pictures} {state}.png", full_page=True)
        found = [misfit for frame in self.frames() for misfit in frame.evaluate(MISFITS)]
        found += findings(self.page, self.axe, *(["color-contrast"] if self.dark else []))
        if not self.dark:
            self.page.emulate_media(forced_colors="active")
            found += findings(self.page, self.axe, "color-contrast")
            self.page.emulate_media(forced_colors="none")
        if found:
            self.found[state] = found

    def frames(self) -> list[Frame]:
        return [frame for frame in self.page.frames if frame.url.startswith("http")]

    def frame_is_there(self) -> None:
        """The form comes while one looks at the times; nothing can be asked of a frame that is on its way."""
        self.page.locator("iframe[style]").wait_for(state="attached")

    def services(self) -> None:
        practice = held_back(self.page, "**/api/v1/practices/willow")
        self.here.open(self.page, SCRIPT, head=DARK if self.dark else "")
        self.page.locator(".bars").first.wait_for()
        self.look("loading")
        practice().fulfill(status=503, json={"code": "unavailable"}, headers=READABLE)
        self.page.get_by_role("heading", name="The calendar didn’t load").wait_for()
        self.look("failure")
        self.page.get_by_role("button", name="Try again").click()
        self.page.get_by_role("heading", name="Choose a service").wait_for()
        self.look("services")

    def times(self) -> None:
        page = self.page
        free = held_back(self.page, "**/availability?*")
        self.here.choose_service(page)
        page.locator(".bars").first.wait_for()
        self.look("times loading")
        free().fulfill(json=NOTHING, headers=READABLE)
        page.get_by_role("heading", name="No free times at the moment").wait_for()
        self.frame_is_there()
        self.look("nothing free")
        page.get_by_role("button", name="Change service").click()
        self.here.choose_service(page)
        self.here.slot(page).wait_for()
        self.look("times")
        step = page.get_by_role("button", name="Next").first
        later = held_back(self.page, "**/availability?*")
        while page.get_by_role("button", name="Saturday, January 9, 2027").count() == 0:
            step.click()
        page.get_by_role("button", name="Saturday, January 9, 2027").click()
        later().continue_()
        page.get_by_text("Next available").wait_for()
        self.look("day without times")
        page.get_by_role("button", name="Change service").click()
        self.here.choose_service(page)

    def details(self) -> FrameLocator:
        page = self.page
        chosen_at = page.evaluate("Date.now()")
        self.here.slot(page).click()
        form = self.here.form(page)
        self.look("details")
        form.get_by_label("Someone else").check()
        self.here.send(form)
        form.get_by_text("Please check these fields").wait_for()
        self.look("errors")
        form.get_by_label("Me", exact=True).check()
        self.here.fill(form, email="kim@gmial.com")
        # Fifty seconds before it ends, however long it took to look.
        page.clock.fast_forward(chosen_at + 550_000 - page.evaluate("Date.now()"))
        page.locator('.hold[data-state="ending"]').wait_for()
        self.look("hold ending")
        page.clock.fast_forward("02:00")
        page.get_by_role("button", name="Hold it again").wait_for()
        self.look("hold ended")
        page.get_by_role("button", name="Hold it again").click()
        page.get_by_role("button", name="Keep it longer").wait_for()
        return form

    def end(self, form: FrameLocator) -> None:
        page = self.page
        sent = held_back(self.page, "**/bookings")
        self.here.send(form)
        form.get_by_role("button", name="Sending…").wait_for()
        self.look("sending")
        sent().fulfill(status=503, json={"code": "unavailable"})
        form.get_by_text("Something went wrong on our side").wait_for()
        self.look("not sent")
        page.route("**/bookings", lambda route: route.fulfill(status=409, json={"code": "slot_taken"}), times=1)
        self.here.send(form)
        page.get_by_role("heading", name="That time has just been taken").wait_for()
        self.look("taken")
        page.get_by_role("alert").get_by_role("button").first.click()
        page.get_by_role("button", name="Keep it longer").wait_for()
        self.here.send(form)
        form.get_by_role("heading", name="Request received").wait_for()
        form.get_by_text("We wrote to").click()
        self.look("received")

    def dialog(self) -> None:
        self.here.website.shows(LINK.replace("inline", "button"), head=DARK if self.dark else "")
        self.page.goto(self.here.website.url)
        self.page.get_by_role("button", name="Book an appointment").click()
        self.page.get_by_role("dialog").get_by_role("heading", name="Choose a service").wait_for()
        self.look("dialog")

    def blocked(self) -> None:
        self.page.route("**/embed/**", lambda route: route.abort())
        self.page.goto(self.here.website.url)
        self.here.choose_service(self.page)
        self.here.slot(self.page, "2:00 PM").click()
        self.page.locator("iframe").wait_for(state="attached")
        self.page.clock.fast_forward(50_000)
        self.page.get_by_role("link", name="Continue with your details").wait_for()
        self.look("blocked")


@pytest.mark.parametrize(("look", "size"), [("light", ZOOMED), ("dark", DESKTOP)], ids=["zoomed", "desktop"])
def test_every_state_is_accessible(
    here: Booking, browser: Browser, axe: str, screenshots: Path, size: dict[str, int], look: str
) -> None:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        locale="en-US",
        timezone_id="America/New_York",
        reduced_motion="reduce",
    )
    walk = Walk(here, context.new_page(), axe, screenshots / f"widget {size['width']} {look}")
    walk.services()
    walk.times()
    walk.end(walk.details())
    walk.blocked()
    walk.dialog()
    context.close()
    assert walk.found == {}


def test_what_does_not_fit_is_noticed(here: Booking, page: Page, axe: str, tmp_path: Path) -> None:
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]  # a plain dict is one
    walk = Walk(here, page, axe, tmp_path / "bad")
    here.open(page)
    here.choose_service(page)
    here.slot(page).wait_for()
    walk.frame_is_there()
    page.locator("pencilin-booking").evaluate(
        """e => { const sheet = new CSSStyleSheet(); e.shadowRoot.adoptedStyleSheets.push(sheet);
        sheet.replaceSync(".turn { width: 12px } .slot-row { width: 500px } .root .zone { color: #ddd }") }"""
    )
    walk.look("bad")
    found = "\n".join(walk.found["bad"])
    assert "scrolls to" in found and "of 12 × 44" in found and "color-contrast" in found
    expect(here.slot(page)).to_be_visible()
