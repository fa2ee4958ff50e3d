"""Signing in by password: one answer for whatever is wrong, and on to where somebody was going."""

from datetime import datetime

import pytest
from argon2 import PasswordHasher
from sqlmodel import Session, select

from pencilin.accounts import passwords
from pencilin.accounts.staff import add_staff
from pencilin.database import Database
from pencilin.links import Purpose
from pencilin.models import Account, AuditEntry, Role, SignedIn
from tests.cast import NOW
from tests.staff_site import PASSWORD, Forms, Site, site

DANA = "dana@willow.example"


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


def sessions(here: Site) -> list[SignedIn]:
    with here.database.read() as session:
        return list(session.exec(select(SignedIn)).all())


def test_the_right_password_opens_the_calendar(here: Site) -> None:
    browser = here.browser()
    answer = browser.sign_in(DANA)
    assert (answer.status_code, answer.headers["location"]) == (303, "/calendar")
    assert browser.get("/calendar").status_code == 200
    assert browser.signed_in_as() == "Dana"


@pytest.mark.parametrize("typed", ["DANA@Willow.Example", "  dana@willow.example "])
def test_an_address_is_known_however_it_is_typed(here: Site, typed: str) -> None:
    assert here.browser().sign_in(typed).status_code == 303


def test_signing_in_is_recorded(here: Site) -> None:
    here.browser().sign_in(DANA)
    with here.database.read() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "staff.signed_in")).one()
    assert (entry.staff_id, entry.fields) == (here.cast.dana.id, ["password"])


def test_whatever_is_wrong_the_answer_is_the_same(here: Site) -> None:
    here.disable(here.cast.mona)
    tries = {
        "wrong password": (DANA, "not the password"),
        "unknown": ("nobody@willow.example", PASSWORD),
        "no address": ("dana", PASSWORD),
        "disabled": ("mona@willow.example", PASSWORD),
        "no password": (DANA, ""),
    }
    answers = set()
    for email, password in tries.values():
        browser = here.browser()
        page = browser.sign_in(email, password)
        answers.add(
            (page.status_code, page.text.replace(email, "").replace(Forms(page.text).forms["/login"]["form"], ""))
        )
        assert browser.get("/calendar").headers["location"] == "/login"
    assert len(answers) == 1
    assert answers.pop()[0] == 401
    assert not sessions(here)


@pytest.mark.parametrize("email", [DANA, "nobody@willow.example", "mona@willow.example"])
def test_every_try_costs_one_hash_outside_any_transaction(
    here: Site, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    def forget_mona(session: Session, _: datetime) -> None:
        session.exec(select(Account).where(Account.email == "mona@willow.example")).one().password_hash = None

    here.database.write(forget_mona)
    passwords.is_right(None, "x")  # makes nobody's hash, once per process
    verified: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, password_hash: str, password: str) -> bool:
        verified.append(password_hash.rpartition("$")[0].rpartition("$")[0])
        assert here.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        return verify(self, password_hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    here.browser().sign_in(email, "not the password")
    assert verified == ["$argon2id$v=19$m=8,t=1,p=1"]


def test_passwords_are_hashed_as_rfc_9106_recommends() -> None:
    hashed = passwords.hash_password(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.is_right(hashed, PASSWORD)
    assert not passwords.is_right(hashed, PASSWORD + " ")


def test_an_old_hash_is_made_anew(here: Site) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)

    def weaken(session: Session, _: datetime) -> None:
        session.exec(select(Account).where(Account.email == DANA)).one().password_hash = weak

    here.database.write(weaken)
    assert here.browser().sign_in(DANA).status_code == 303
    with here.database.read() as session:
        kept = session.exec(select(Account).where(Account.email == DANA)).one().password_hash
    assert kept and kept != weak and not passwords.is_outdated(kept)
    assert here.browser().sign_in(DANA).status_code == 303


def test_guessing_at_one_account_is_stopped_and_the_right_password_waits_too(here: Site) -> None:
    for number in range(10):
        assert here.browser(f"198.51.100.{number}").sign_in(DANA, "a guess").status_code == 401
    told = here.browser("198.51.100.99").sign_in(DANA)
    assert told.status_code == 429
    assert 0 < int(told.headers["retry-after"]) <= 90
    assert "Please wait 2 minutes" in told.text
    assert here.browser().sign_in("ana@willow.example").status_code == 303
    here.later(minutes=2)
    assert here.browser().sign_in(DANA).status_code == 303


def test_guessing_from_one_network_is_stopped(here: Site) -> None:
    for number in range(50):
        assert here.browser("203.0.113.9").sign_in(f"person{number}@willow.example", "a guess").status_code == 401
    assert here.browser("203.0.113.9").sign_in(DANA).status_code == 429
    assert here.browser("203.0.113.10").sign_in(DANA).status_code == 303


def test_guessing_stops_for_addresses_that_nobody_has(here: Site) -> None:
    statuses = [here.browser().sign_in("nobody@willow.example", "a guess").status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


def test_signing_in_often_is_no_guessing(here: Site) -> None:
    assert [here.browser().sign_in(DANA).status_code for _ in range(12)] == [303] * 12


def test_sign_in_leads_to_the_page_that_was_asked_for(here: Site) -> None:
    browser = here.browser()
    asked = browser.get("/requests?who=ana")
    assert (asked.status_code, asked.headers["location"]) == (303, "/login")
    assert browser.sign_in(DANA).headers["location"] == "/requests?who=ana"
    assert "pencilin_next" not in browser.cookies


def test_a_form_that_came_too_late_leads_back_to_its_page(here: Site) -> None:
    browser = here.browser()
    told = browser.post("/account/devices/removal", {}, Referer="http://127.0.0.1:8000/devices?x=1")
    assert told.headers["location"] == "/login"
    assert browser.sign_in(DANA).headers["location"] == "/devices?x=1"


@pytest.mark.parametrize("page", ["https://evil.example/requests", "http://127.0.0.1:8001/requests", "http://[", ""])
def test_only_our_own_pages_are_led_back_to(here: Site, page: str) -> None:
    browser = here.browser()
    browser.post("/account/devices/removal", {}, Referer=page)
    assert browser.sign_in(DANA).headers["location"] == "/calendar"


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example", "https://evil.example", ""])
def test_sign_in_never_leads_to_another_site(here: Site, path: str) -> None:
    browser = here.browser()
    browser.client.cookies.set("pencilin_next", here.links.make(Purpose.RETURN_TO, {"path": path}, NOW))
    assert browser.sign_in(DANA).headers["location"] == "/calendar"


def test_a_script_that_asks_without_a_session_is_told_so(here: Site) -> None:
    asked = here.browser().get("/requests", Accept="application/json")
    assert (asked.status_code, asked.json()["code"]) == (401, "sign_in_needed")


def test_somebody_signed_in_needs_no_sign_in(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    assert browser.get("/login").headers["location"] == "/calendar"
    assert browser.get("/login/code").headers["location"] == "/calendar"


def test_signing_in_anew_ends_the_earlier_session(here: Site) -> None:
    browser = here.browser()
    page = browser.get("/login")
    browser.sign_in(DANA)
    earlier = browser.cookies["pencilin_session"]
    browser.submit(page, "/login", email="ana@willow.example", password=PASSWORD)
    assert browser.signed_in_as() == "Ana"
    browser.client.cookies.set("pencilin_session", earlier, domain="127.0.0.1")
    assert len(sessions(here)) == 1


def test_who_works_in_two_practices_chooses_one(here: Site) -> None:
    def invite(session: Session, now: datetime) -> None:
        add_staff(session, here.other.practice, DANA, "Dana in Birch", Role.MANAGER, None, None, now)

    here.database.write(invite)
    browser = here.browser()
    browser.get("/requests")
    answer = browser.sign_in(DANA)
    assert answer.headers["location"] == "/login/practice"
    page = browser.get("/login/practice")
    assert "Willow Nutrition" in page.text and "Birch" in page.text
    assert browser.submit(page, "/login/practice", practice=here.cast.practice.id).headers["location"] == "/requests"
    assert browser.signed_in_as() == "Dana"
    browser.submit(page, "/login/practice", practice=here.other.practice.id)
    assert browser.signed_in_as() == "Dana in Birch"


def test_nobody_goes_on_in_a_practice_where_they_have_no_place(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    page = browser.get("/login/practice")
    answer = browser.submit(page, "/login/practice", practice=here.other.practice.id)
    assert answer.headers["location"] == "/login/practice"
    assert browser.signed_in_as() == "Dana"
