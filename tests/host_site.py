"""The websites that a practice may have, from ``tests/hosts/``, and what one can see of them from outside."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, Route, expect

from tests.cast import NOW
from tests.widget_site import PATIENT, Booking, console, eventually

FOLDER = Path(__file__).parent / "hosts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.html"))
PROBE = (FOLDER / "probe.js").read_text()
_ASK = "() => window[Symbol.for('probe')]"


@dataclass
class Visit:
    """A visitor on one of the pages, and what goes wrong there."""

    page: Page
    noticed: list[str]

    def widget(self) -> Locator:
        """The first one, wherever the page has it."""
        if self.page.locator("iframe[srcdoc]").count():
            return self.page.frame_locator("iframe[srcdoc]").locator("pencilin-booking")
        return self.page.locator("pencilin-booking").first

    def differences(self) -> list[str]:
        """What is no longer as it was before the widget came, other than the space that it takes."""
        found: list[str] = self.page.evaluate(f"{_ASK}.differences()")
        return found

    def problems(self) -> list[str]:
        """Errors in the console, uncaught ones, requests to strangers, policy reports, the page's own complaints."""
        reports: list[str] = self.page.evaluate(f"{_ASK}.violations")
        complaints: list[str] = self.page.evaluate("() => window.__harm || []")
        return self.noticed + reports + complaints


def show(here: Booking, name: str, change: Callable[[str], str] = str) -> None:
    """From now on the website is this page; its file may begin with lines of headers, and an empty one."""
    text = change((FOLDER / f"{name}.html").read_text()).replace("@@BASE@@", here.base)
    headers, _, html = ("", "", text) if text.startswith("<") else text.partition("\n\n")
    here.website.headers = dict(line.split(": ", 1) for line in headers.splitlines())
    here.website.html = html


def visit(
    here: Booking, context: BrowserContext, size: dict[str, int], *, prepare: str = "", widget: str | None = None
) -> Visit:
    """Opens the page, presses what has to be pressed first, and waits until the widget has something to press.

    The widget's script is held back until the page is done, so that the page without it is known; ``prepare`` is run
    at that moment. ``widget`` is another script in its place.
    """
    page = context.new_page()
    page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict is one
    page.clock.install(time=NOW)
    page.add_init_script(PATIENT)
    page.add_init_script(PROBE)
    seen = Visit(page, console(context))
    known = (here.base, here.website.url, "data:", "blob:", "about:")
    page.on("request", lambda one: None if one.url.startswith(known) else seen.noticed.append(f"asked {one.url}"))
    held: list[Route] = []
    known_without = False

    def answer(route: Route) -> None:
        route.fulfill(body=widget, content_type="text/javascript") if widget else route.continue_()

    page.route("**/widget.js", lambda route: answer(route) if known_without else held.append(route))
    page.goto(here.website.url, wait_until="commit")
    page.wait_for_function("() => document.readyState !== 'loading'")
    if page.locator("#first").count():
        page.locator("#first").click()
    eventually(page, lambda: bool(held))
    page.evaluate(prepare)
    page.evaluate(f"{_ASK}.remember()")
    known_without = True
    for route in held:
        answer(route)
    expect(seen.widget().locator("[part=service] button, [part=slot], [part=button]").first).to_be_visible()
    return seen


def choose_service(widget: Locator) -> None:
    """The second one, where there is a choice; found by parts, in whatever language."""
    services = widget.locator("[part=service] button")
    widget.locator("[part=service] button, [part=slot]").first.wait_for()
    if services.count():
        services.nth(1).click()
    widget.locator("[part=slot]").first.wait_for()


def choose_time(widget: Locator) -> None:
    """The first one."""
    widget.locator("[part=slot]").first.click()


def fill(form: FrameLocator) -> None:
    """Types what is needed, but for the consent."""
    for name, value in (
        ("first_name", "Kimberly"),
        ("last_name", "Leehurst"),
        ("email", "kim.lee@mail.example"),
        ("phone", "212 555 0147"),
    ):
        form.locator(f'[name="client.{name}"]').fill(value)
    form.locator('[name="note"]').fill("Tired after lunch")


def fill_and_send(form: FrameLocator) -> Locator:
    """The shortest way through the form; returns the reference on the last screen."""
    fill(form)
    form.locator('[name="consent"]').check()
    form.locator("button[type=submit]").click()
    return form.locator(".receipt .reference")
