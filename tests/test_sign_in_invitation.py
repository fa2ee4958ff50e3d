"""An invitation lets a new staff member choose a password, once."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from pencilin.accounts.staff import add_staff
from pencilin.addresses import invitation_url
from pencilin.database import Database
from pencilin.errors import Invalid
from pencilin.models import Account, Role, Staff
from tests.staff_site import PASSWORD, PASSWORD_HASH, Site, path_of, site

NINA = "nina@willow.example"
NEW = "four words without sense"


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


def add(here: Site, email: str = NINA, **other: str | None) -> Staff:
    def work(session: Session, now: datetime) -> Staff:
        role = Role(other.get("role") or "front_desk")
        return add_staff(
            session,
            here.cast.practice,
            email,
            other.get("name") or "Nina",
            role,
            other.get("practitioner"),
            other.get("password_hash"),
            now,
        )

    return here.database.write(work)


def link(here: Site, member: Staff) -> str:
    expires = here.now + timedelta(days=7)
    return path_of(invitation_url(here.config.base_url, here.links, member.practice_id, member.id, expires))


def test_an_invited_person_chooses_a_password_and_is_signed_in(here: Site) -> None:
    browser = here.browser()
    answer = browser.get(link(here, add(here)))
    assert answer.headers["location"] == "/invitation"
    page = browser.follow(answer)
    assert "Nina" in page.text and "Willow Nutrition" in page.text
    assert browser.submit(page, "/invitation", password=NEW, again=NEW).headers["location"] == "/calendar"
    assert browser.signed_in_as() == "Nina"
    assert here.browser().sign_in(NINA, NEW).status_code == 303


def test_an_invitation_works_once(here: Site) -> None:
    path = link(here, add(here))
    first, second = here.browser(), here.browser()
    pages = [browser.follow(browser.get(path)) for browser in (first, second)]
    first.submit(pages[0], "/invitation", password=NEW, again=NEW)
    late = second.submit(pages[1], "/invitation", password="another long password", again="another long password")
    assert late.status_code == 404 and "used already" in late.text
    assert "used already" in second.follow(second.get(path)).text
    assert here.browser().sign_in(NINA, NEW).status_code == 303


@pytest.mark.parametrize(
    ("password", "again", "reason"),
    [
        ("short", "short", "at least 12 characters"),
        ("a" * 201, "a" * 201, "at most 200 characters"),
        ("abababababab", "abababababab", "easily guessed"),
        (NINA, NINA, "easily guessed"),
        (NEW, NEW + "!", "The two passwords differ"),
    ],
)
def test_a_weak_choice_is_refused_with_the_reason(here: Site, password: str, again: str, reason: str) -> None:
    browser = here.browser()
    page = browser.follow(browser.get(link(here, add(here))))
    told = browser.submit(page, "/invitation", password=password, again=again)
    assert told.status_code == 422 and reason in told.text
    assert password not in told.text or password == NINA
    assert browser.signed_in_as() is None
    assert browser.submit(told, "/invitation", password=NEW, again=NEW).status_code == 303


def test_an_expired_invitation_says_what_to_do(here: Site) -> None:
    path = link(here, add(here))
    here.later(days=8)
    browser = here.browser()
    told = browser.follow(browser.get(path))
    assert told.status_code == 404 and "ask a manager" in told.text


def test_a_disabled_person_cannot_use_it(here: Site) -> None:
    member = add(here)
    path = link(here, member)
    here.disable(member)
    browser = here.browser()
    assert browser.follow(browser.get(path)).status_code == 404


@pytest.mark.parametrize("token", ["nonsense", "WyJ4Il0.signature"])
def test_a_forged_invitation_is_refused(here: Site, token: str) -> None:
    browser = here.browser()
    told = browser.follow(browser.get(f"/invitation/{token}"))
    assert told.status_code == 404 and "Sign in" in told.text


def test_whoever_has_a_password_cannot_be_given_another_one(here: Site) -> None:
    browser = here.browser()
    assert browser.follow(browser.get(link(here, here.cast.dana))).status_code == 404


def test_an_account_gets_a_second_place_and_keeps_its_password(here: Site) -> None:
    add(here, "ben@elsewhere.example", name="Ben", password_hash=PASSWORD_HASH)
    member = add(here, "DANA@birch.example", name="Dana of Birch")
    with here.database.read() as session:
        assert session.get_one(Account, member.account_id).password_hash == PASSWORD_HASH
    assert here.browser().sign_in("dana@birch.example", PASSWORD).headers["location"] == "/login/practice"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "nina"}, "email"),
        ({"email": "dana@willow.example"}, "email"),
        ({"name": "Ni\nna"}, "name"),
        ({"role": "practitioner"}, "practitioner"),
        ({"practitioner": "0" * 32}, "practitioner"),
        ({"email": "dana@birch.example", "password_hash": PASSWORD_HASH}, "password"),
    ],
)
def test_a_wrong_staff_member_is_refused_naming_the_field(here: Site, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as told:
        add(here, **wrong)
    assert list(told.value.fields) == [field]
