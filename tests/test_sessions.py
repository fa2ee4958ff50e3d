"""Sessions are rows: they end by signing out, by time, and at once when somebody is disabled."""

import hashlib
from datetime import timedelta

import pytest
from sqlmodel import select
from starlette.responses import Response
from starlette.routing import Route

from pencilin.database import Database
from pencilin.errors import Unavailable
from pencilin.models import SignedIn
from pencilin.web.http import answer
from pencilin.web.security import StaffCall, staff
from tests.cast import NOW
from tests.staff_site import Site, site

DANA = "dana@willow.example"


def seen(call: StaffCall) -> Response:
    return answer({"name": call.staff.name, "practice": call.practice.slug, "email": call.email})


ROUTES = (Route("/probe/page", staff(seen)), Route("/probe/poll", staff(seen, activity=False)))


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch, *ROUTES)


def rows(here: Site) -> list[SignedIn]:
    with here.database.read() as session:
        return list(session.exec(select(SignedIn)).all())


def test_a_handler_learns_who_calls(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    assert browser.get("/probe/page").json() == {"name": "Dana", "practice": "willow", "email": DANA}


def test_the_database_knows_a_hash_of_the_cookie_only(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    secret = browser.cookies["pencilin_session"]
    (row,) = rows(here)
    assert row.id == hashlib.sha256(secret.encode()).hexdigest()
    assert len(secret) == 43  # 256 bits in base64
    browser.client.cookies.set("pencilin_session", row.id, domain="127.0.0.1")
    assert browser.get("/probe/page").status_code == 303


def test_scripts_and_other_sites_cannot_use_the_cookie(here: Site) -> None:
    cookies = here.browser().sign_in(DANA).headers.get_list("set-cookie")
    (cookie,) = [value for value in cookies if value.startswith("pencilin_session=")]
    assert cookie.split("; ", 1)[1] == "HttpOnly; Path=/; SameSite=lax"


def test_on_https_every_cookie_is_bound_to_the_host(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = site(Database(sqlite_url), monkeypatch, *ROUTES, base_url="https://book.willow.example")
    browser = here.browser()
    asked = browser.get("/probe/page")
    signed_in = browser.sign_in(DANA, remember="yes")
    left = browser.submit(browser.get("/logout"), "/logout")
    set_cookies = [value for answer in (asked, signed_in, left) for value in answer.headers.get_list("set-cookie")]
    assert len(set_cookies) >= 5
    for value in set_cookies:
        assert value.startswith("__Host-pencilin_"), value
        assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(value.split("; ")), value
        assert "Domain" not in value


def test_signing_out_deletes_the_row_and_the_cookie_is_worth_nothing(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    secret = browser.cookies["pencilin_session"]
    answer = browser.submit(browser.get("/logout"), "/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert "pencilin_session" not in browser.cookies
    assert not rows(here)
    browser.client.cookies.set("pencilin_session", secret, domain="127.0.0.1")
    assert browser.get("/probe/page").status_code == 303


def test_opening_the_sign_out_address_signs_nobody_out(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    browser.get("/logout")
    assert browser.signed_in_as() == "Dana"


def test_half_an_hour_without_activity_ends_a_session(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    for _ in range(4):
        here.later(minutes=29)
        assert browser.get("/probe/page").status_code == 200
    here.later(minutes=30)
    assert browser.get("/probe/page").status_code == 303


def test_polling_does_not_keep_a_session_alive(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    for _ in range(29):
        here.later(minutes=1)
        assert browser.get("/probe/poll").status_code == 200
    here.later(minutes=1)
    assert browser.get("/probe/poll").status_code == 303


def test_twelve_hours_end_a_session_however_busy(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    for _ in range(35):
        here.later(minutes=20)
        assert browser.get("/probe/page").status_code == 200
    here.later(minutes=20)
    assert browser.get("/probe/page").status_code == 303


def test_activity_is_written_down_once_a_minute_at_most(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    here.later(seconds=59)
    browser.get("/probe/page")
    assert rows(here)[0].seen_at == NOW
    here.later(seconds=1)
    browser.get("/probe/page")
    assert rows(here)[0].seen_at == NOW + timedelta(minutes=1)


def test_reading_goes_on_when_nothing_can_be_written(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    here.later(minutes=5)

    def full(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(here.database, "write", full)
    assert browser.get("/probe/page").status_code == 200


def test_a_clock_stepped_back_signs_nobody_out(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    here.later(hours=-1)
    assert browser.get("/probe/page").status_code == 200


def test_disabling_somebody_acts_at_once(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    here.disable(here.cast.dana)
    assert browser.get("/probe/page").status_code == 303


@pytest.mark.parametrize("value", [b"", b"x", b"\x00", b"\xff\xc3", b"a" * 4000], ids=repr)
def test_a_made_up_cookie_opens_nothing(here: Site, value: bytes) -> None:
    headers = {b"Cookie": b"pencilin_session=" + value}
    assert here.browser().client.get("/probe/page", headers=headers).status_code == 303


def test_ended_sessions_are_cleared_away(here: Site) -> None:
    here.browser().sign_in(DANA)
    here.later(hours=13)
    here.browser().sign_in(DANA)
    assert len(rows(here)) == 1
