"""No other website acts in somebody's name: unsafe requests need our own origin and a token of the session."""

import pytest
from starlette.responses import Response
from starlette.routing import Route

from pencilin.database import Database
from pencilin.web.http import answer
from pencilin.web.security import StaffCall, staff
from tests.staff_site import HERE, PASSWORD, Browser, Forms, Site, site

DANA = "dana@willow.example"
METHODS = ("POST", "PUT", "PATCH", "DELETE")


def act(call: StaffCall) -> Response:
    return answer({"done": call.staff.name})


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch, Route("/probe", staff(act), methods=["GET", *METHODS]))


def signed_in(here: Site, email: str = DANA) -> tuple[Browser, str]:
    """A browser with a session, and the session's token."""
    browser = here.browser()
    browser.sign_in(email)
    return browser, Forms(browser.get("/logout").text).forms["/logout"]["csrf"]


def send(browser: Browser, method: str = "POST", **headers: str) -> int:
    return browser.client.request(method, "/probe", headers=headers).status_code


def test_our_own_form_works(here: Site) -> None:
    browser, token = signed_in(here)
    assert browser.post("/probe", {"csrf": token}).json() == {"done": "Dana"}


@pytest.mark.parametrize("method", METHODS)
def test_a_script_sends_the_token_as_a_header(here: Site, method: str) -> None:
    browser, token = signed_in(here)
    own = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
    assert send(browser, method, **own, **{"X-CSRF-Token": token}) == 200
    assert send(browser, method, **own) == 403
    assert send(browser, method, **own, **{"X-CSRF-Token": ""}) == 403


def test_reading_needs_no_token(here: Site) -> None:
    browser, _ = signed_in(here)
    assert send(browser, "GET") == send(browser, "HEAD") == 200


def test_a_wrong_token_is_refused(here: Site) -> None:
    browser, token = signed_in(here)
    _, other = signed_in(here, "mona@willow.example")
    for wrong in ("", "x", other, token[:-1], token + "x", "ä"):
        assert browser.post("/probe", {"csrf": wrong}).status_code == 403


def test_the_token_of_an_earlier_session_is_refused(here: Site) -> None:
    browser, token = signed_in(here)
    browser.submit(browser.get("/logout"), "/logout")
    browser.sign_in(DANA)
    told = browser.post("/probe", {"csrf": token})
    assert told.status_code == 403 and "reload it" in told.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "https://127.0.0.1:8000"},
        {"Origin": "http://localhost:8000"},
        {"Origin": HERE + ".evil.example"},
        {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
    ids=str,
)
def test_another_site_is_refused_even_with_the_token(here: Site, headers: dict[str, str]) -> None:
    browser, token = signed_in(here)
    assert send(browser, **headers, **{"X-CSRF-Token": token}) == 403


def test_without_a_session_nothing_is_done(here: Site) -> None:
    told = here.browser().post("/probe", {"csrf": ""})
    assert (told.status_code, told.headers["location"]) == (303, "/login")


FORMS = [
    ("/login", {"email": DANA, "password": PASSWORD}),
    ("/login/code", {"email": DANA}),
    ("/login/code/check", {"code": "123456"}),
    ("/login/continue", {}),
    ("/invitation", {"password": PASSWORD, "again": PASSWORD}),
]


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_forms_without_a_session_need_this_browsers_token(here: Site, path: str, fields: dict[str, str]) -> None:
    browser, attacker = here.browser(), here.browser()
    own = Forms(browser.get("/login").text).forms["/login"]["form"]
    stolen = Forms(attacker.get("/login").text).forms["/login"]["form"]
    for wrong in ("", "x", stolen, own[:-2]):
        assert browser.post(path, fields | {"form": wrong}).status_code == 403
    assert here.browser().post(path, fields | {"form": own}).status_code == 403
    assert browser.post(path, fields | {"form": own}).status_code != 403
    assert "pencilin_session" not in attacker.cookies and not [code for code in here.codes() if path != "/login/code"]


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_another_site_cannot_send_the_forms(here: Site, path: str, fields: dict[str, str]) -> None:
    browser = here.browser()
    own = fields | {"form": Forms(browser.get("/login").text).forms["/login"]["form"]}
    assert browser.post(path, own, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.post(path, own, Origin="https://evil.example").status_code == 403
    assert "pencilin_session" not in browser.cookies


def test_a_form_that_was_open_for_a_day_says_so(here: Site) -> None:
    browser = here.browser()
    page = browser.get("/login")
    here.later(days=1)
    told = browser.submit(page, "/login", email=DANA, password=PASSWORD)
    assert told.status_code == 403 and "too old" in told.text
