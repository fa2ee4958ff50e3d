"""Signing in by a mailed code: six digits, ten minutes, five tries, one browser, five an hour."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from httpx2 import Response
from sqlmodel import select

from pencilin.accounts import sign_in_codes
from pencilin.accounts.sessions import stored
from pencilin.database import Database
from pencilin.errors import SlowDown
from pencilin.models import Outbox, SignInCode
from tests.staff_site import Browser, Forms, Site, site

DANA = "dana@willow.example"


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


def ask(browser: Browser, email: str = DANA) -> Response:
    """Asks for a code and gives the page where it goes."""
    return browser.follow(browser.submit(browser.get("/login?other"), "/login/code", email=email))


def enter(browser: Browser, page: Response, code: str, **fields: str) -> Response:
    return browser.submit(page, "/login/code/check", code=code, **fields)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_mailed_code_signs_in(here: Site) -> None:
    browser = here.browser()
    page = ask(browser)
    assert "dana@willow.example" in page.text
    (code,) = here.codes()
    assert re.fullmatch(r"\d{6}", code)
    assert enter(browser, page, code).headers["location"] == "/calendar"
    assert browser.signed_in_as() == "Dana"


def test_a_code_may_be_typed_with_spaces(here: Site) -> None:
    browser = here.browser()
    page = ask(browser)
    (code,) = here.codes()
    assert enter(browser, page, f" {code[:3]} {code[3:]} ").status_code == 303


def test_the_code_leads_to_the_page_that_was_asked_for(here: Site) -> None:
    browser = here.browser()
    browser.get("/requests")
    page = ask(browser)
    assert enter(browser, page, here.codes()[0]).headers["location"] == "/requests"


def test_known_and_unknown_addresses_get_the_same_answers_but_only_one_gets_mail(here: Site) -> None:
    here.disable(here.cast.mona)
    seen = set()
    for email in (DANA, "nobody@willow.example", "mona@willow.example"):
        browser = here.browser()
        asked = browser.submit(browser.get("/login"), "/login/code", email=email)
        page = browser.follow(asked)
        told = enter(browser, page, "000000")
        texts = [answer.text.replace(email, "") for answer in (page, told)]
        plain = tuple(re.sub(r'name="form" value="[^"]+"', "", text) for text in texts)
        seen.add((asked.status_code, asked.headers["location"], page.status_code, told.status_code, plain))
    assert len(seen) == 1
    with here.database.read() as session:
        assert [row.recipient for row in session.exec(select(Outbox)).all()] == [DANA]


def test_another_browser_cannot_use_it(here: Site) -> None:
    browser, thief = here.browser(), here.browser()
    page = ask(browser)
    own = ask(thief, "nobody@willow.example")
    (code,) = here.codes()
    assert enter(thief, own, code).status_code == 401
    assert (
        thief.post("/login/code/check", Forms(page.text).forms["/login/code/check"] | {"code": code}).status_code == 403
    )
    assert thief.signed_in_as() is None
    assert enter(browser, page, code).status_code == 303


def test_after_five_wrong_tries_the_right_code_is_worth_nothing(here: Site) -> None:
    browser = here.browser()
    page = ask(browser)
    (code,) = here.codes()
    for _ in range(4):
        assert "That isn’t the code" in enter(browser, page, wrong(code)).text
    assert "can’t be used any more" in enter(browser, page, wrong(code)).text
    assert enter(browser, page, code).status_code == 401
    assert browser.signed_in_as() is None


def test_what_is_no_code_is_no_try_and_remembering_is_kept(here: Site) -> None:
    browser = here.browser()
    asked = browser.submit(browser.get("/login"), "/login/code", email=DANA, remember="yes")
    page = browser.follow(asked)
    assert re.search(r'name="remember"[^>]* checked', page.text)
    (code,) = here.codes()
    for incomplete in ("", code[:5], f"{code}0", "four"):
        told = enter(browser, page, incomplete)
        assert told.status_code == 422 and "Enter the six digits" in told.text
    told = browser.submit(page, "/login/code/check", code=wrong(code), remember="yes")
    assert told.status_code == 401 and re.search(r'name="remember"[^>]* checked', told.text)
    # Another code may be asked for; it leaves the tick where it is.
    assert '<input type="hidden" name="remember" value="yes">' in told.text
    assert enter(browser, page, f"{code[:3]} {code[3:]}").status_code == 303


def test_tries_are_counted_even_when_they_come_at_once(here: Site) -> None:
    browser = here.browser()
    ask(browser)
    key = stored(browser.cookies["pencilin_browser"])

    def one_try(_: int) -> str | None:
        return here.database.write(lambda session, now: sign_in_codes.count_try(session, key, now))

    with ThreadPoolExecutor(16) as threads:
        allowed = [row for row in threads.map(one_try, range(32)) if row]
    assert len(allowed) == 5


def test_a_code_lasts_ten_minutes(here: Site) -> None:
    early, late = here.browser(), here.browser()
    pages = ask(early), ask(late)
    codes = here.codes()
    here.later(minutes=9, seconds=59)
    assert enter(early, pages[0], codes[0]).status_code == 303
    here.later(seconds=2)
    assert enter(late, pages[1], codes[1]).status_code == 401
    assert late.signed_in_as() is None


def test_a_code_works_once(here: Site) -> None:
    browser = here.browser()
    page = ask(browser)
    (code,) = here.codes()
    assert enter(browser, page, code).status_code == 303
    browser.submit(browser.get("/logout"), "/logout")
    assert enter(browser, page, code).status_code == 401
    assert browser.signed_in_as() is None


def test_a_code_that_is_entered_twice_at_once_works_once(here: Site) -> None:
    browser = here.browser()
    ask(browser)
    (code,) = here.codes()
    key = stored(browser.cookies["pencilin_browser"])
    row_id = here.database.write(lambda session, now: sign_in_codes.count_try(session, key, now))
    assert row_id

    def use(_: int) -> str | None:
        return here.database.write(lambda session, now: sign_in_codes.use_code(session, here.links, row_id, code, now))

    with ThreadPoolExecutor(8) as threads:
        assert [account for account in threads.map(use, range(8)) if account] == [here.cast.dana.account_id]


def test_only_the_newest_code_works(here: Site) -> None:
    browser = here.browser()
    ask(browser)
    here.later(seconds=1)
    page = ask(browser)
    older, newer = here.codes()
    if older != newer:
        assert enter(browser, page, older).status_code == 401
    assert enter(browser, page, newer).status_code == 303


@pytest.mark.parametrize("email", [DANA, "nobody@willow.example"])
def test_five_codes_an_hour_for_an_address(here: Site, email: str) -> None:
    for number in range(5):
        browser = here.browser(f"198.51.100.{number}")
        assert browser.submit(browser.get("/login"), "/login/code", email=email).status_code == 303
        here.later(minutes=1)
    browser = here.browser("198.51.100.77")
    told = browser.submit(browser.get("/login"), "/login/code", email=email)
    assert told.status_code == 429
    assert int(told.headers["retry-after"]) == 55 * 60 + 1
    assert "Please wait 56 minutes" in told.text
    here.later(minutes=55, seconds=1)
    assert browser.submit(browser.get("/login"), "/login/code", email=email).status_code == 303


def test_codes_for_one_address_stay_five_when_they_are_asked_for_at_once(here: Site) -> None:
    def one(number: int) -> bool:
        try:
            here.database.write(
                lambda session, now: sign_in_codes.request_code(session, here.links, f"{number:064d}", DANA, now)
            )
        except SlowDown:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(one, range(16))) == 5


def test_codes_from_one_network_are_limited(here: Site) -> None:
    browser = here.browser()
    page = browser.get("/login")
    for number in range(30):
        assert browser.submit(page, "/login/code", email=f"person{number}@mail.example").status_code == 303
    assert browser.submit(page, "/login/code", email="person31@mail.example").status_code == 429


def test_the_database_holds_no_code_that_could_be_tried_out(here: Site) -> None:
    ask(here.browser())
    (code,) = here.codes()
    with here.database.read() as session:
        row = session.exec(select(SignInCode)).one()
    assert code not in row.code_hash and row.code_hash not in {stored(code), stored(f"{row.id}:{code}")}


def test_an_address_is_needed(here: Site) -> None:
    browser = here.browser()
    told = browser.submit(browser.get("/login"), "/login/code", email="dana")
    assert told.status_code == 422
    assert "Enter your email address" in told.text and 'value="dana"' in told.text


def test_without_a_code_the_page_leads_back(here: Site) -> None:
    page = here.browser().get("/login/code")
    assert "Email me a code" in page.text
