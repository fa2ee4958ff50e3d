"""The dashboard of a real server in a real browser, with somebody of the cast signed in.

The server runs in a thread of this process: that saves a second or two for each test, and tests can turn its clock.
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from playwright.sync_api import ConsoleMessage, Page
from sqlmodel import Session

from pencilin import availability
from pencilin.accounts import sessions
from pencilin.app import create_app
from pencilin.booking import Person
from pencilin.catalogue import read_catalogue
from pencilin.config import Config
from pencilin.database import Database
from pencilin.models import Appointment, Practitioner
from tests.cast import KIM, Willow, ask, willow
from tests.rig.server import KEY
from tests.widget_site import serving

Serve = Callable[[Database], str]

STILL = "Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => null)"
FITS = """async () => {
  const fits = () => document.documentElement.scrollWidth <= innerWidth;
  for (let frames = 0; frames < 60 && !fits(); frames++) await new Promise(requestAnimationFrame);
  return fits();
}"""


@dataclass
class LiveDashboard:
    """``page`` is that person's; ``complaints`` is what the browser wrote to its console: refused styles, failures."""

    page: Page
    url: str
    database: Database
    cast: Willow
    complaints: list[str]

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def asked(self, person: Person = KIM, practitioner: Practitioner | None = None) -> Appointment:
        """A new request for the first free hour from tomorrow on."""

        def work(session: Session, now: datetime) -> Appointment:
            catalogue = read_catalogue(session, self.cast.practice)
            wish = availability.wish(
                catalogue, self.cast.first_visit, practitioner or self.cast.ana, self.cast.main_street
            )
            (slot, *_) = availability.slots(session, catalogue, wish, (now + timedelta(days=1)).date(), 7, now)
            return ask(session, self.cast, person, slot.start, practitioner=practitioner, now=now)

        return self.database.write(work)

    def hold_clock(self) -> None:
        """The server's clock stands still from now on: what can be undone for seconds can be on a slow machine, too."""
        now = self.database.clock()
        self.database.clock = lambda: now

    def fits(self) -> bool:
        """Whether nothing is wider than the window. What follows the window's size may do so a few frames later."""
        fitting: bool = self.page.evaluate(FITS)
        return fitting

    def findings(self, axe: str, *rules: str) -> list[str]:
        """What axe finds wrong with the page, once it is all there and still, by ``rules`` or by all of them."""
        self.page.wait_for_load_state()
        self.page.evaluate(STILL)
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe)
        found: list[str] = self.page.evaluate(
            """async (rules) => (await axe.run(rules.length ? { runOnly: rules } : {})).violations.flatMap(
                 (one) => one.nodes.map((node) => `${one.id}: ${node.html} ${node.failureSummary}`))""",
            rules,
        )
        return found


@contextmanager
def near(database: Database) -> Iterator[str]:
    """A server of this database in this process; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = Config(
            database_url=str(database.url),
            secret_keys=(KEY,),
            base_url=url,
            smtp=None,
            mail_from=None,
            trusted_proxies=(),
            log="text",
            limits=True,
        )
        with serving(create_app(config, database), listener):
            yield url


def open_dashboard(page: Page, near_server: Serve, database_url: str, *, manager: bool = False) -> LiveDashboard:
    """Starts a server on ``database_url`` with the cast in it, and signs Dana in, or Mona who manages."""
    database = Database(database_url)
    now = database.clock()
    cast = database.write(lambda session, _: willow(session, now=now))
    secret = database.write(
        lambda session, now: sessions.open_session(session, cast.mona if manager else cast.dana, now)
    )
    url = near_server(database)
    page.context.add_cookies([{"name": "pencilin_session", "value": secret, "url": url}])
    live = LiveDashboard(page, url, database, cast, [])

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            live.complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: live.complaints.append(str(error)))
    return live
