"""Which fields of the booking form a practice asks: form, page and API go by the same."""

from datetime import datetime

import pytest
from httpx2 import Response
from sqlmodel import Session, select
from starlette.testclient import TestClient

from pencilin.database import Database
from pencilin.models import Appointment, Practice, TentativeClient
from tests.public_api import API, KIM, book, fields, wanted
from tests.staff_site import Browser, Site, site

TEN = "2026-11-24T10:00:00-05:00"
NO_PHONE = {name: value for name, value in KIM.items() if name != "phone"}
ALL_REQUIRED = {"birth_date": "required", "returning": "required", "note": "required"}
NONE_ASKED = {"phone": "hidden", "birth_date": "hidden", "returning": "hidden", "note": "hidden"}
FULL = {"client": KIM | {"birth_date": "1985-03-24"}, "returning": "no", "note": "My knee"}


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


@pytest.fixture
def client(here: Site) -> TestClient:
    return TestClient(here.app, base_url=here.config.base_url)


def ask_for(here: Site, asks: dict[str, str]) -> None:
    def work(session: Session, now: datetime) -> None:
        session.get_one(Practice, here.cast.practice.id).asks = asks

    here.database.write(work)


def form(browser: Browser, start: str = TEN) -> Response:
    times = browser.get("/book/willow?service=first-visit&practitioner=ana&location=main-street")
    return browser.follow(browser.submit(times, "/book/willow/holds", start=start))


def test_as_long_as_a_practice_says_nothing_only_the_phone_is_needed(client: TestClient) -> None:
    asks = client.get(API).json()["asks"]
    assert asks == {"phone": "required", "birth_date": "optional", "returning": "optional", "note": "optional"}
    assert fields(book(client, wanted(client=NO_PHONE))) == {"client.phone"}
    assert book(client, wanted()).status_code == 201


def test_what_is_required_is_missed_and_what_is_optional_is_not(here: Site, client: TestClient) -> None:
    ask_for(here, ALL_REQUIRED)
    assert fields(book(client, wanted())) == {"client.birth_date", "returning", "note"}
    assert fields(book(client, wanted(**FULL) | {"note": "  "})) == {"note"}
    assert book(client, wanted(**FULL)).status_code == 201
    ask_for(here, {"phone": "optional"})
    assert book(client, wanted(client=NO_PHONE, start=TEN), "two").status_code == 201


def test_what_is_not_asked_is_not_kept(here: Site, client: TestClient) -> None:
    ask_for(here, NONE_ASKED)
    assert book(client, wanted(**FULL)).status_code == 201
    assert book(client, wanted(start=TEN) | {"client": KIM | {"phone": "no number"}}, "two").status_code == 201
    with here.database.read() as session:
        assert {(one.phone, one.birth_date) for one in session.exec(select(TentativeClient))} == {("", None)}
        assert {(one.been_before, one.note) for one in session.exec(select(Appointment))} == {(None, None)}


def test_the_page_without_scripts_asks_the_same(here: Site) -> None:
    ask_for(here, ALL_REQUIRED)
    browser = here.browser()
    page = form(browser)
    assert 'id="birth-hint">For example: 24 11 1986' in page.text and 'id="returning-hint"' not in page.text
    typed = {f"client.{name}": value for name, value in KIM.items()} | {"consent": "yes", "returning": ""}
    told = browser.submit(page, "/book/willow/bookings", **typed)
    assert told.status_code == 422
    for name in ("birth_day", "returning", "note"):
        assert f'<a href="#{name}">' in told.text
    ask_for(here, NONE_ASKED)
    page = form(browser, "2026-11-24T13:00:00-05:00")
    for name in ("client.phone", "birth_day", "returning", "note"):
        assert f'name="{name}"' not in page.text
    del typed["client.phone"], typed["returning"]
    sent = browser.submit(page, "/book/willow/bookings", **typed)
    assert sent.status_code == 303 and "/received/" in sent.headers["location"]
