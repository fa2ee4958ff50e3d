"""A new server leads whoever started it, from one printed address, to a practice that can be booked."""

import re
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete
from sqlmodel import Session, SQLModel, select

from pencilin import availability
from pencilin.catalogue import read_catalogue
from pencilin.database import Database
from pencilin.models import Appointment, Practice, Sighting, Staff
from pencilin.practices import checks, first_run
from tests.live_dashboard import Serve
from tests.staff_site import Browser, Site, site

TYPED = {
    "name": "Cedar Physio",
    "country": "GB",
    "timezone": "Europe/London",
    "email": "hello@cedar.example",
    "phone": "020 7946 0018",
    "manager_name": "Mo Ali",
    "manager_email": "mo@cedar.example",
    "password": "four words without sense",
    "again": "four words without sense",
}
SERVICE = {"name": "First visit", "minutes": "45", "practitioner": "Mo Ali", "kind": "place", "location": "High Street"}
HOURS = {"days": "mon", "from": "09:00", "to": "12:30"}


@pytest.fixture
def empty(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A server whose database holds nobody."""
    here = site(database, monkeypatch)

    def forget(session: Session, _: datetime) -> None:
        for table in reversed(SQLModel.metadata.sorted_tables):
            session.execute(delete(table))

    database.write(forget)
    return here


def token(here: Site) -> str:
    return here.database.write(first_run.make_token)


def opened(here: Site, secret: str) -> Browser:
    browser = here.browser()
    answer = browser.get(f"/set-up/begin/{secret}")
    assert answer.headers["location"] == "/set-up"
    return browser


def set_up(browser: Browser, **changes: str) -> tuple[int, str]:
    answer = browser.submit(browser.get("/set-up"), "/set-up", **TYPED | changes)
    return answer.status_code, answer.headers.get("location", "")


def test_four_steps_lead_to_a_practice_that_can_be_booked(empty: Site) -> None:
    mo = opened(empty, token(empty))
    assert set_up(mo) == (303, "/set-up/service")
    page = mo.get("/set-up/service")
    assert mo.submit(page, "/set-up/service", **SERVICE).headers["location"] == "/set-up/hours"
    page = mo.follow(mo.submit(mo.get("/set-up/hours"), "/set-up/hours", **HOURS))
    assert "/book/cedar-physio" in page.text and "data-pencilin" in page.text
    with empty.database.read() as session:
        practice = session.exec(select(Practice)).one()
        assert (practice.slug, practice.phone, practice.country) == ("cedar-physio", "020 7946 0018", "GB")
        # Dates are written as its country does, and its manager hears of the bookings that are theirs.
        assert practice.locale == "en-GB" and session.exec(select(Staff.practitioner_id)).one() is not None
        catalogue = read_catalogue(session, practice)
        (service,) = catalogue.services
        slots = availability.slots(
            session, catalogue, availability.wish(catalogue, service), empty.now.date(), 14, empty.now
        )
    assert slots and all(slot.start.weekday() == 0 for slot in slots)
    # Whoever comes back to a step that is done is led on.
    assert "Clients can book now" in page.text and "Clients can book now" in mo.follow(mo.get("/set-up/service")).text
    assert empty.browser().sign_in("mo@cedar.example", TYPED["password"]).status_code == 303


def test_the_address_works_once_and_only_the_last_one_printed(empty: Site) -> None:
    earlier, last = token(empty), token(empty)
    assert opened(empty, earlier).get("/set-up").status_code == 404
    assert opened(empty, "guessed").get("/set-up").status_code == 404
    browser, other = opened(empty, last), opened(empty, last)
    late = other.get("/set-up")
    assert set_up(browser)[0] == 303
    assert opened(empty, last).get("/set-up").status_code == 404
    answer = other.submit(late, "/set-up", **TYPED)
    assert answer.status_code == 404 and "was used" in answer.text
    with empty.database.read() as session:
        assert len(session.exec(select(Practice)).all()) == len(session.exec(select(Staff)).all()) == 1
    # Nor does a new address of an old server make a second practice.
    assert opened(empty, token(empty)).get("/set-up").status_code == 404


def test_every_wrong_field_is_told_and_nothing_is_made(empty: Site) -> None:
    browser = opened(empty, token(empty))
    wrong = {"name": " ", "timezone": "Mars/Base", "manager_email": "mo", "password": "tiny", "phone": "call me"}
    answer = browser.submit(browser.get("/set-up"), "/set-up", **TYPED | wrong)
    assert answer.status_code == 422
    for field in wrong:
        assert f'id="{field}-error"' in answer.text, field
    assert 'value="Mars/Base"' in answer.text and "tiny" not in answer.text
    with empty.database.read() as session:
        assert session.exec(select(Practice)).all() == []
    assert set_up(browser)[0] == 303
    page = browser.get("/set-up/service")
    answer = browser.submit(page, "/set-up/service", **SERVICE | {"minutes": "7", "location": "", "kind": "moon"})
    assert answer.status_code == 422 and all(f"{name}-error" in answer.text for name in ("minutes", "location", "kind"))
    browser.submit(answer, "/set-up/service", **SERVICE)
    answer = browser.submit(browser.get("/set-up/hours"), "/set-up/hours", **HOURS | {"from": "12:30"})
    assert answer.status_code == 422 and "This should be later than the start." in answer.text


def test_what_is_typed_is_read_as_in_the_settings(empty: Site) -> None:
    """A city is a time zone, *9 am* a time; a phone is not blamed for a country that wasn't chosen."""
    browser = opened(empty, token(empty))
    answer = browser.submit(browser.get("/set-up"), "/set-up", **TYPED | {"country": ""})
    assert answer.status_code == 422 and "country-error" in answer.text and "phone-error" not in answer.text
    german = {"country": "DE", "timezone": "berlin", "phone": "030 901820"}
    assert set_up(browser, **german)[0] == 303
    browser.submit(browser.get("/set-up/service"), "/set-up/service", **SERVICE | {"practitioner": "Ana Ruiz"})
    answer = browser.submit(browser.get("/set-up/hours"), "/set-up/hours", **HOURS | {"to": "late"})
    assert answer.status_code == 422 and "Enter a time, like 9:00 or 17:30." in answer.text
    answer = browser.submit(answer, "/set-up/hours", **HOURS | {"from": "9 am", "to": "17.30"})
    assert answer.status_code == 303
    with empty.database.read() as session:
        practice = session.exec(select(Practice)).one()
        assert (practice.timezone, practice.locale, practice.staff_locale) == ("Europe/Berlin", "de-DE", "en-DE")
        assert session.exec(select(Staff.practitioner_id)).one() is None


@pytest.mark.parametrize(
    ("country", "clients", "staff"),
    [
        ("US", "en", "en"),
        ("NL", "en-NL", "en-NL"),
        ("MX", "es-MX", "en-001"),  # English has no way of its own there
        ("JP", "en-001", "en-001"),
    ],
)
def test_dates_begin_as_the_country_writes_them(empty: Site, country: str, clients: str, staff: str) -> None:
    assert set_up(opened(empty, token(empty)), country=country, phone="")[0] == 303
    with empty.database.read() as session:
        practice = session.exec(select(Practice)).one()
        assert (practice.locale, practice.staff_locale) == (clients, staff)
        assert checks.locale(practice.locale) == clients


def test_first_steps_stay_on_the_calendar_until_the_widget_was_seen(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site(Database(sqlite_url), monkeypatch)
    mona, dana = here.browser(), here.browser()
    mona.sign_in("mona@willow.example")
    dana.sign_in("dana@willow.example")
    page = mona.get("/calendar").text
    assert "First steps" in page and page.count("(done)") == 2
    assert "First steps" not in dana.get("/calendar").text and "First steps" not in mona.get("/requests").text

    def see(session: Session, now: datetime) -> None:
        session.add(Sighting(practice_id=here.cast.practice.id, site="https://willow.example", script_seen_at=now))

    here.database.write(see)
    assert "First steps" not in mona.get("/calendar").text


def test_they_can_be_hidden(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = site(Database(sqlite_url), monkeypatch)
    mona = here.browser()
    mona.sign_in("mona@willow.example")
    page = mona.follow(mona.submit(mona.get("/calendar"), "/set-up/hiding"))
    assert "First steps" not in page.text and "Hidden." in page.text


def test_from_the_printed_address_to_a_tentative_appointment(
    page: Page, near_server: Serve, sqlite_url: str, axe: str
) -> None:
    database = Database(sqlite_url)
    url = near_server(database)

    page.emulate_media(reduced_motion="reduce")  # no colour is on its way to another one

    def fine() -> None:
        page.wait_for_load_state()
        page.evaluate(axe)
        assert page.evaluate("axe.run().then(result => result.violations.map(each => each.id))") == []

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{url}/set-up/begin/{database.write(first_run.make_token)}")
    assert urlsplit(page.url).path == "/set-up"
    expect(page.get_by_label("Time zone")).to_have_value("America/New_York")
    for label, field in (
        ("Name of the practice", "name"),
        ("Your name", "manager_name"),
        ("Your email", "manager_email"),
    ):
        page.get_by_label(label).fill(TYPED[field])
    page.get_by_label("Password", exact=True).fill(TYPED["password"])
    page.get_by_label("Password again").fill(TYPED["again"])
    fine()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Service", exact=True).fill("First visit")
    expect(page.get_by_label("Given by")).to_have_value("Mo Ali")
    page.get_by_label("Name of the place").fill("Main Street")
    fine()
    page.get_by_role("button", name="Continue").click()
    for day in ("Saturday", "Sunday"):
        page.get_by_label(day).check()
    fine()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Clients can book now")).to_be_visible()
    fine()
    with page.expect_popup() as popup:
        page.get_by_role("link", name="make a test booking").click()
    booking = popup.value
    booking.get_by_role("button", name=re.compile(r"^\d+:\d\d [AP]M$")).first.click()
    form = booking.frame_locator('iframe[title="Your details"]')
    for label, text in (
        ("First name", "Test"),
        ("Last name", "Person"),
        ("Email", "me@cedar.example"),
        ("Phone", "2125550147"),
    ):
        form.get_by_label(label, exact=True).fill(text)
    form.get_by_label("I agree").check()
    form.get_by_role("button", name="Request appointment").click()
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    page.get_by_role("link", name="Go to the calendar").click()
    expect(page.get_by_text("1 tentative appointment to review")).to_be_visible()
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()
    with database.read() as session:
        assert session.exec(select(Appointment)).one().source == "hosted"
