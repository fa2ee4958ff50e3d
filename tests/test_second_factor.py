"""The second factor: no code works twice, tries are few, and what is required comes before anything else."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlmodel import Session, select

from pencilin.accounts import devices, second_factor
from pencilin.accounts.staff import add_staff
from pencilin.database import Database
from pencilin.links import Links
from pencilin.models import Account, AuditEntry, Outbox, Practice, RememberedDevice, Role, Staff
from tests.cast import NOW
from tests.screens import signed_in
from tests.staff_site import PASSWORD, Browser, Forms, Site, site

DANA = "dana@willow.example"
FACTOR = "/account/second-factor"
STEP = timedelta(seconds=30)


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def secret_of(here: Site, member: Staff) -> str:
    with here.database.read() as session:
        return session.get_one(Account, member.account_id).totp_secret or ""


def code(here: Site, at: datetime | None = None, member: Staff | None = None) -> str:
    return pyotp.TOTP(secret_of(here, member or here.cast.dana)).at(at or here.now)


def set_up(here: Site, member: Staff | None = None) -> list[str]:
    """Switches it on for Dana, or somebody else, with the code of this moment; gives the recovery codes."""
    member = member or here.cast.dana
    browser = here.browser()
    browser.sign_in(f"{member.name.lower()}@willow.example")
    page = browser.follow(browser.submit(browser.get(FACTOR), FACTOR))
    assert "data:image/svg+xml" in page.text and secret_of(here, member)[:4] in page.text
    done = browser.submit(page, f"{FACTOR}/confirmation", code=code(here, member=member))
    assert "Your second factor is on." in done.text
    return re.findall(r"<li>([2-9a-z]{5}-[2-9a-z]{5})</li>", done.text)


def second(browser: Browser, typed: str) -> int:
    """Enters a code after the password, and gives the status of the answer."""
    return browser.submit(browser.get("/login/second-factor"), "/login/second-factor", code=typed).status_code


def started(here: Site, email: str = DANA) -> Browser:
    """A browser in which Dana's password was right, or somebody else's."""
    browser = here.browser()
    answer = browser.sign_in(email)
    assert answer.headers["location"] == "/login/second-factor" and browser.get("/calendar").status_code == 303
    return browser


def test_signing_in_asks_for_a_code_after_the_password(here: Site) -> None:
    set_up(here)
    here.later(minutes=1)
    browser = started(here)
    assert "Code</label>" in browser.get("/login/second-factor").text
    assert second(browser, code(here)) == 303
    assert browser.get("/calendar").status_code == 200
    with here.database.read() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "staff.signed_in")).all()
    assert sorted(entry.fields for entry in entries) == [["password"], ["password", "second_factor"]]


def test_it_asks_after_a_mailed_code_too(here: Site) -> None:
    set_up(here)
    here.later(minutes=1)
    browser = here.browser()
    browser.submit(browser.get("/login"), "/login/code", email=DANA)
    answer = browser.submit(browser.get("/login/code"), "/login/code/check", code=here.codes()[-1])
    assert answer.headers["location"] == "/login/second-factor"
    assert second(browser, code(here)) == 303


def test_a_wrong_password_tells_nothing_of_it(here: Site) -> None:
    set_up(here)
    assert here.browser().sign_in(DANA, "not the password").status_code == 401


def test_the_code_of_setting_up_does_not_sign_in_and_none_works_twice(here: Site) -> None:
    set_up(here)
    assert second(started(here), code(here)) == 401
    here.later(minutes=1)
    assert second(started(here), code(here)) == 303
    assert second(started(here), code(here)) == 401
    assert second(started(here), code(here, here.now - STEP)) == 401, "nor one from before"


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_a_little_off(here: Site, steps: int, works: bool) -> None:
    set_up(here)
    here.later(minutes=5)
    assert second(started(here), code(here, here.now + steps * STEP)) == (303 if works else 401)


def test_of_two_who_enter_one_code_at_once_one_gets_in(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """On both databases, for codes of the app and for recovery codes."""
    here = site(database, monkeypatch)
    recovery = set_up(here)
    here.later(minutes=1)

    def enter(typed: str) -> list[bool]:
        def work(session: Session, now: datetime) -> bool:
            return second_factor.check(session, here.links, here.cast.dana.account_id, typed, now)

        with ThreadPoolExecutor(4) as several:
            return sorted(several.map(lambda _: database.write(work), range(4)))

    for typed in (code(here), recovery[0]):
        assert enter(typed) == [False, False, False, True]


def test_recovery_codes_work_once_however_they_are_typed_and_outlive_a_new_key(here: Site) -> None:
    codes = set_up(here)
    assert len(set(codes)) == 10
    assert second(started(here), f" {codes[0].upper().replace('-', ' ')} ") == 303
    assert second(started(here), codes[0]) == 401
    rotated = Links(["a newer key that is long enough, too", *here.config.secret_keys])
    account = here.cast.dana.account_id

    def use(session: Session, now: datetime) -> bool:
        return second_factor.check(session, rotated, account, codes[1], now)

    assert here.database.write(use) and not here.database.write(use)
    with here.database.read() as session:
        assert second_factor.codes_left(session, account) == 8
        assert codes[2] not in "".join(map(repr, session.exec(select(Account)).all()))


def test_tries_are_few_and_right_ones_are_not_counted(here: Site) -> None:
    set_up(here)
    for _ in range(6):
        here.later(seconds=30)
        assert second(started(here), code(here)) == 303
    here.later(hours=1)
    browser = started(here)
    for _ in range(5):
        assert second(browser, "000000") == 401
    late = browser.submit(browser.get("/login/second-factor"), "/login/second-factor", code=code(here))
    assert late.status_code == 429 and "Retry-After" in late.headers
    assert second(started(here), code(here)) == 429, "whichever browser asks"
    here.later(minutes=15)
    assert second(started(here), code(here)) == 303


def test_the_first_step_counts_in_its_own_browser_and_for_a_while(here: Site) -> None:
    set_up(here)
    here.later(minutes=1)
    first, other = started(here), here.browser()
    other.get("/login")
    other.client.cookies.set("pencilin_second", first.cookies["pencilin_second"], domain="127.0.0.1")
    answer = other.submit(other.get("/login/second-factor"), "/login/second-factor", code=code(here))
    assert answer.headers["location"] == "/login?other" and other.get("/calendar").status_code == 303
    here.later(hours=2)
    assert first.get("/login/second-factor").headers["location"] == "/login?other"


def test_setting_up_ends_what_never_saw_a_second_factor(here: Site) -> None:
    earlier = here.browser()
    earlier.sign_in(DANA, remember="yes")
    set_up(here)
    assert earlier.get("/calendar").status_code == 303
    with here.database.read() as session:
        assert not session.exec(select(RememberedDevice)).all()


def test_a_remembered_device_needs_the_link_and_no_code_and_no_more(here: Site) -> None:
    set_up(here)
    here.later(minutes=1)
    browser = here.browser()
    browser.sign_in(DANA, remember="yes")
    assert second(browser, code(here)) == 303 and "pencilin_device" in browser.cookies
    browser.submit(browser.get("/logout"), "/logout")
    assert browser.sign_in(DANA, PASSWORD).headers["location"] == "/login/second-factor"


def require(here: Site) -> None:
    def work(session: Session, _: datetime) -> None:
        session.get_one(Practice, here.cast.practice.id).second_factor_required = True

    here.database.write(work)


def test_where_it_is_required_it_comes_before_anything_else(here: Site) -> None:
    dana = signed_in(here, "dana")
    require(here)
    for path in ("/calendar", "/requests", "/clients", "/account"):
        assert dana.get(path).headers["location"] == FACTOR, path
    page = dana.get(FACTOR)
    assert "wants everybody to have a second factor" in page.text
    token = Forms(page.text).forms["/logout"]["csrf"]
    assert dana.post("/account/sign-out", {"csrf": token}).headers["location"] == FACTOR, "nothing is done"
    assert dana.client.get("/calendar", headers={"Accept": "application/json"}).status_code == 403
    page = dana.follow(dana.submit(page, FACTOR))
    assert dana.submit(page, f"{FACTOR}/confirmation", code="000000").status_code == 422
    assert dana.submit(page, f"{FACTOR}/confirmation", code=code(here)).status_code == 200
    assert dana.get("/calendar").status_code == 200
    assert "Switch off</button>" not in dana.get(FACTOR).text


def test_switching_off_takes_a_code_and_is_not_for_where_it_is_required(here: Site) -> None:
    set_up(here)
    here.later(minutes=1)
    dana = started(here)
    second(dana, code(here))
    here.later(minutes=1)
    page = dana.get(FACTOR)
    assert dana.submit(page, f"{FACTOR}/removal", removal_code="123456").status_code == 422
    require(here)
    assert dana.submit(page, f"{FACTOR}/removal", removal_code=code(here)).status_code == 303
    assert secret_of(here, here.cast.dana)

    def relax(session: Session, _: datetime) -> None:
        session.get_one(Practice, here.cast.practice.id).second_factor_required = False

    here.database.write(relax)
    assert (
        "The second factor is off" in dana.follow(dana.submit(page, f"{FACTOR}/removal", removal_code=code(here))).text
    )
    assert here.browser().sign_in(DANA).headers["location"] == "/calendar"


def test_new_recovery_codes_take_the_place_of_the_old(here: Site) -> None:
    old = set_up(here)
    here.later(minutes=1)
    dana = started(here)
    second(dana, code(here))
    here.later(minutes=1)
    page = dana.submit(dana.get(FACTOR), f"{FACTOR}/codes", renewal_code=code(here))
    new = re.findall(r"<li>([2-9a-z]{5}-[2-9a-z]{5})</li>", page.text)
    assert len(new) == 10 and not set(new) & set(old)
    assert (second(started(here), old[0]), second(started(here), new[0])) == (401, 303)


def test_a_manager_resets_it_which_is_mailed_and_recorded(here: Site) -> None:
    set_up(here)
    mona = signed_in(here, "mona")
    address = f"/settings/staff/{here.cast.dana.id}"
    told = mona.follow(mona.submit(mona.get(address), f"{address}/second-factor/removal"))
    assert "they were signed out everywhere" in told.text
    with here.database.read() as session:
        mails = session.exec(select(Outbox).where(Outbox.kind == "second_factor_reset")).all()
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "staff.second_factor_reset")).one()
    assert [mail.recipient for mail in mails] == [DANA] and entry.staff_id == here.cast.mona.id
    assert here.browser().sign_in(DANA).headers["location"] == "/calendar"


def test_a_manager_does_not_reset_their_own_without_a_code(here: Site) -> None:
    set_up(here, here.cast.mona)
    here.later(minutes=1)
    mona, address = started(here, "mona@willow.example"), f"/settings/staff/{here.cast.mona.id}"
    assert second(mona, code(here, member=here.cast.mona)) == 303
    forms = Forms(mona.get(address).text).forms
    assert f"{address}/second-factor/removal" not in forms
    assert mona.post(f"{address}/second-factor/removal", forms[f"{address}/sign-out"]).status_code == 409
    assert secret_of(here, here.cast.mona)


def test_no_manager_weakens_an_account_that_works_elsewhere_too(here: Site) -> None:
    set_up(here)

    def hire(session: Session, now: datetime) -> str:
        return add_staff(session, here.other.practice, DANA, "Dana", Role.FRONT_DESK, None, None, now).id

    dana_at_birch = here.database.write(hire)
    stranger = here.browser()
    stranger.sign_in("mona@birch.example")
    address = f"/settings/staff/{dana_at_birch}"
    refused = stranger.submit(stranger.get(address), f"{address}/second-factor/removal")
    assert refused.status_code == 409 and "belongs to another practice" in refused.text
    assert secret_of(here, here.cast.dana)


def test_a_device_of_before_the_second_factor_is_forgotten_by_it(here: Site) -> None:
    """The negative control of the remembered device: without being forgotten it would open links."""

    def remember(session: Session, now: datetime) -> str:
        return devices.remember_device(session, here.cast.dana.account_id, "Chrome", "", now)

    secret = here.database.write(remember)
    cast = here.cast

    def known() -> bool:
        with here.database.read() as session:
            return devices.addressee(session, secret, cast.practice.id, cast.dana.id, NOW) is not None

    assert known()
    set_up(here)
    assert not known()
