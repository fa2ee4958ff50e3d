"""The pages of sign-in in a real browser: without scripts, by their names, and free of what axe finds."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlmodel import Session, select

from pencilin.accounts.staff import add_staff
from pencilin.addresses import invitation_url
from pencilin.database import Database, utc_now
from pencilin.links import Links
from pencilin.models import Account, Outbox, Practice, Role, Staff
from tests.cast import Willow, willow
from tests.live_dashboard import Serve
from tests.rig.server import KEY
from tests.staff_site import PASSWORD, PASSWORD_HASH

Scheme = Literal["light", "dark"]
DANA = "dana@willow.example"
LOOKS = [
    pytest.param({"width": 390, "height": 844}, "light", id="phone"),
    pytest.param({"width": 1280, "height": 900}, "dark", id="desk"),
]


@pytest.fixture
def database(sqlite_url: str) -> Database:
    opened = Database(sqlite_url)

    def fill(session: Session, now: datetime) -> Willow:
        cast = willow(session)
        for account in session.exec(select(Account)).all():
            account.password_hash = PASSWORD_HASH
        return cast

    opened.write(fill)
    return opened


@pytest.fixture
def url(database: Database, near_server: Serve) -> str:
    return near_server(database)


def test_signing_in_and_out_needs_no_scripts(url: str, browser: Browser) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{url}/requests")
    page.get_by_label("Email").fill(DANA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{url}/requests")
    page.goto(f"{url}/logout")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{url}/login")
    page.goto(f"{url}/requests")
    expect(page).to_have_url(f"{url}/login")


def test_a_mailed_code_needs_no_scripts(url: str, browser: Browser, database: Database) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{url}/login")
    page.get_by_label("Email").fill(DANA)
    page.get_by_role("button", name="Email me a code").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    with database.read() as session:
        row = session.exec(select(Outbox)).one()
    page.get_by_label("Code").fill((row.payload or {})["code"] or "")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{url}/calendar")


def looked_at(page: Page, url: str, invitation: str) -> Iterator[str]:
    """Each page in turn, by a name."""
    page.goto(f"{url}/login")
    yield "login"
    page.get_by_label("Email").fill(DANA)
    page.get_by_label("Password").fill("a guess")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("don’t belong together")
    yield "login-wrong"
    page.get_by_role("button", name="Email me a code").click()
    expect(page.get_by_label("Code")).to_be_focused()
    yield "code"
    page.goto(f"{url}/view-appointment/altered")
    yield "link-problem"
    page.goto(invitation)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Nina")
    yield "invitation"
    page.goto(f"{url}/nothing")
    yield "error"
    page.goto(f"{url}/login")
    page.get_by_label("Email").fill(DANA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Remember this device").check()
    page.get_by_role("button", name="Sign in").click()
    # a phone shows a day: the script says so in the address, once it is there
    expect(page).to_have_url(re.compile(rf"{url}/calendar(\?|$)"))
    page.goto(f"{url}/account")
    expect(page.get_by_role("button", name="Forget Chrome on Linux")).to_be_visible()
    yield "devices"
    page.goto(f"{url}/logout")
    yield "logout"


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_pages_fit_and_axe_finds_nothing(
    url: str, browser: Browser, database: Database, axe: str, screenshots: Path, size: ViewportSize, scheme: Scheme
) -> None:
    def invite(session: Session, now: datetime) -> Staff:
        practice = session.exec(select(Practice)).one()
        return add_staff(session, practice, "nina@willow.example", "Nina", Role.FRONT_DESK, None, None, now)

    member = database.write(invite)
    expires = utc_now() + timedelta(days=1)
    invitation = invitation_url(url, Links([KEY]), member.practice_id, member.id, expires)
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    for name in looked_at(page, url, invitation):
        page.wait_for_load_state()
        page.screenshot(path=screenshots / f"sign-in-{name}-{size['width']}-{scheme}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
        page.evaluate(axe)
        found = page.evaluate("axe.run().then(result => result.violations.map(each => each.id))")
        assert found == [], name
