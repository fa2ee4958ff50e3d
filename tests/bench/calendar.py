"""A calendar with five hundred appointments in its week: the feed, the first paint, and scrolling in a real browser."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, sync_playwright
from sqlmodel import Session, col, select

from pencilin.accounts import sessions
from pencilin.database import Database
from pencilin.models import Appointment, Practitioner, TentativeClient
from pencilin.rules.states import Status
from tests.bench.availability import Client, fill
from tests.bench.figures import Figure, p50, p95, times
from tests.cast import Willow
from tests.rig.browser import find
from tests.rig.server import serving

APPOINTMENTS, DAYS, REQUESTS, VISITS = 500, 5, 200, 7

# When the first appointment is on the screen, in milliseconds since the visit began.
DRAWN = """() => new Promise((seen) => {
  const look = () => document.querySelector(".ec a.event")
    ? requestAnimationFrame(() => seen(performance.now())) : requestAnimationFrame(look);
  look();
})"""
# Frames a second while the page is scrolled up and down for a second.
SCROLLED = """() => new Promise((done) => {
  const start = performance.now();
  let frames = 0;
  const step = (now) => {
    scrollTo(0, 300 + 300 * Math.sin((now - start) / 150));
    document.querySelector(".ec-main").scrollLeft = 300 + 300 * Math.sin((now - start) / 200);
    frames++;
    now - start < 1000 ? requestAnimationFrame(step) : done(frames * 1000 / (now - start));
  };
  requestAnimationFrame(step);
})"""


def measure() -> Iterator[Figure]:
    """Medians of the feed and of visits by a browser that has the scripts already."""
    with tempfile.TemporaryDirectory(prefix="pencilin-bench-") as folder, ExitStack() as running:
        url = f"sqlite:///{folder}/bench.db"
        monday = datetime.now(UTC).date() + timedelta(days=7 - datetime.now(UTC).weekday())
        secret = prepare(url, monday)
        base = running.enter_context(serving(url, PENCILIN_LIMITS="off")).url
        client = Client(base, {"Cookie": f"pencilin_session={secret}"})
        week = f"/calendar/events?view=week&start={monday}&end={monday + timedelta(days=7)}"
        for what, path in (
            ("its JSON", week),
            ("the page, which lists them", f"/calendar?view=week&date={monday}"),
            ("/changes", "/changes"),
        ):
            took = times(partial(client.get, path), REQUESTS)
            yield Figure(f"calendar, 500 in a week: {what}, p50", p50(took), "ms", 15, f"p95 {p95(took):.1f} ms")
        found = find()
        if found is None:
            print("calendar: no browser was found; python3 build.py test installs one", file=sys.stderr)
            return
        play = running.enter_context(sync_playwright())
        browser = play.chromium.launch(executable_path=found)
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": "pencilin_session", "value": secret, "url": base}])
        yield from drawn(context.new_page(), f"{base}/calendar?view=week&date={monday}")
        browser.close()


def drawn(page: Page, address: str) -> Iterator[Figure]:
    """What somebody sees who opens the week again and again; the first visit fetches the scripts."""
    paints, appointments, rates = [], [], []
    for number in range(VISITS + 1):
        page.goto(address)
        there = page.evaluate(DRAWN)
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        if number:
            paints.append(paint)
            appointments.append(there)
            rates.append(page.evaluate(SCROLLED))
    yield Figure("calendar, 500 in a week: first paint", p50(paints), "ms", 1000)
    yield Figure("calendar, 500 in a week: appointments drawn", p50(appointments), "ms", 1000)
    yield Figure("calendar, 500 in a week: a frame while scrolling", 1000 / p50(rates), "ms", 1000 / 60 * 1.1)


def prepare(url: str, monday: date) -> str:
    """Twenty practitioners and a full week; returns what signs somebody in."""
    database = Database(url)
    database.migrate()
    cast = database.write(fill)
    database.write(lambda session, now: crowd(session, now, cast, monday))
    secret = database.write(lambda session, now: sessions.open_session(session, cast.dana, now))
    database.close()
    return secret


def crowd(session: Session, now: datetime, cast: Willow, monday: date) -> None:
    """Half-hours of all practitioners; every tenth is a request."""
    practice = cast.practice.id
    people = session.exec(select(col(Practitioner.id)).where(Practitioner.practice_id == practice)).all()
    zone = ZoneInfo(cast.practice.timezone)
    for number in range(APPOINTMENTS):
        turn, who = divmod(number, len(people))
        hour, day = divmod(turn, DAYS)
        local = datetime.combine(monday + timedelta(days=day), time(9 + hour))
        start = local.replace(tzinfo=zone)
        row = Appointment(
            practice_id=practice,
            reference=f"B{number:07}",
            status=Status.APPROVED if number % 10 else Status.TENTATIVE,
            service_id=cast.follow_up.id,
            practitioner_id=people[who],
            location_id=cast.main_street.id,
            client_id=cast.kim.id if number % 10 else None,
            start=start,
            end=start + timedelta(minutes=30),
            local_start=local,
            timezone=cast.practice.timezone,
            created_at=now,
            answer_due=start,
        )
        session.add(row)
        session.flush()
        session.add(
            TentativeClient(
                practice_id=practice,
                appointment_id=row.id,
                first_name="Kim",
                last_name=f"Lee {number}",
                email="kim.lee@mail.example",
                phone="+1 212 555 0147",
            )
        )
