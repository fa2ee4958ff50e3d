"""The booking server with the cast, and a practice's website on another site: `localhost` against `127.0.0.1`."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Frame, FrameLocator, Locator, Page, Route

from pencilin.database import Database
from tests.cast import NOW
from tests.rig import machine
from tests.staff_site import Site, site

SCRIPT = '<script async src="@@BASE@@/widget.js" data-practice="willow"></script>'
LINK = (
    '<a href="@@BASE@@/book/willow" data-pencilin="inline">Book an appointment</a>'
    '<script async src="@@BASE@@/widget.js"></script>'
)
# What the widget gives up after some seconds it gives up after ten times as many: a machine that is busy with other
# tests is no network that fails.
PATIENT = """(() => {
  const start = window.setTimeout;
  const longer = (after) => (after >= 4000 && after <= 15000 ? after * 10 : after);
  window.setTimeout = (act, after, ...more) => start(act, longer(after), ...more);
})()"""


@dataclass
class Website:
    """A practice's own website: every path answers with ``html``, in which @@BASE@@ is the booking server."""

    url: str
    base: str
    html: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def shows(self, body: str, *, head: str = "", **headers: str) -> None:
        """From now on the page has this body."""
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        page = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        )
        page += f"<title>Willow Nutrition</title>{head}<body><main><h1>Book a visit</h1>{body}</main>"
        self.html = page.replace("@@BASE@@", self.base)


@dataclass
class Booking:
    """The server, the website, and how a visitor gets along in the widget."""

    site: Site
    website: Website

    @property
    def base(self) -> str:
        return self.site.config.base_url

    def open(self, page: Page, body: str = SCRIPT, *, patient: bool = True, **more: str) -> None:
        """Shows ``body`` on the practice's website. The browser's clock is the cast's.

        The widget is ``PATIENT``, unless the test waits until it isn't.
        """
        page.clock.install(time=NOW)
        if patient:
            page.add_init_script(PATIENT)
        self.website.shows(body, **more)
        page.goto(self.website.url)

    def choose_service(self, page: Page, name: str = "Follow-up") -> None:
        page.get_by_role("button", name=name).click()
        page.get_by_role("heading", name="Choose a time").wait_for()

    def slot(self, page: Page, time: str = "11:30 AM") -> Locator:
        return page.get_by_role("button", name=time, exact=True)

    def choose_slot(self, page: Page, time: str = "11:30 AM", service: str = "Follow-up") -> FrameLocator:
        """Up to the form, which is returned."""
        self.choose_service(page, service)
        self.slot(page, time).click()
        return self.form(page)

    def form(self, page: Page) -> FrameLocator:
        frame = page.frame_locator('iframe[title="Your details"]')
        frame.get_by_role("heading", name="Your details").wait_for()
        return frame

    def fill(self, form: FrameLocator, first: str = "Kim", email: str = "kim.lee@mail.example") -> None:
        form.get_by_label("First name", exact=True).fill(first)
        form.get_by_label("Last name", exact=True).fill("Lee")
        form.get_by_label("Email").fill(email)
        form.get_by_label("Phone").fill("212 555 0147")
        form.get_by_label("I agree").check()

    def send(self, form: FrameLocator) -> None:
        form.get_by_role("button", name="Request appointment").click()


@contextmanager
def serving(app: object, listener: socket.socket) -> Iterator[None]:
    """Runs an application in a thread of this process, so that tests can turn its clock."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))  # type: ignore[arg-type]  # any ASGI application
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    deadline = time.monotonic() + machine.PATIENT
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def website(base: str) -> Iterator[Website]:
    """A web server for one page, on ``localhost``."""
    shown = Website("", base)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = shown.html.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            for name, value in shown.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shown.url = f"http://localhost:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield shown
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def booking(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    """Both servers, with the cast's database and clock."""
    database = Database(sqlite_url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        here = site(database, monkeypatch, base_url=base)
        with serving(here.app, listener), website(base) as page:
            yield Booking(here, page)
    database.close()


def held_back(page: Page, pattern: str) -> Callable[[], Route]:
    """Lets the next such request wait. Once the browser has made it, the function that is returned hands it over."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route), times=1)

    def route() -> Route:
        while not held:
            page.wait_for_timeout(10)
        return held[0]

    return route


def becomes(frame: Frame, function: str, arg: object = None) -> None:
    """Waits until a function of JavaScript is true in the frame, whose policy lets nobody evaluate text.

    It is asked again by a timer: a frame that is out of sight draws no pictures, between which playwright would ask.
    """
    frame.wait_for_function(function, arg=arg, polling=50)


def eventually(page: Page, is_so: Callable[[], bool]) -> None:
    """Waits for what no page shows, until the test's time is up."""
    while not is_so():
        page.wait_for_timeout(20)


def console(context: BrowserContext) -> list[str]:
    """Collects what goes wrong in any page from now on: errors in the console, and uncaught ones."""
    found: list[str] = []
    context.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: found.append(str(error.error)))
    return found
