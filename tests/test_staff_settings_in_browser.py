"""Staff, emails, activity and one's own account in a real browser, and a way in by two steps."""

import re
from datetime import datetime, timedelta

import pyotp
from playwright.sync_api import Page, expect
from sqlmodel import Session

from pencilin.accounts import passwords
from pencilin.models import Account
from tests.live_dashboard import LiveDashboard, Serve, open_dashboard
from tests.staff_site import PASSWORD

PAGES = ("/settings/staff", "/settings/emails", "/settings/activity", "/account", "/account/second-factor")
SIZES = ((1280, 800), (390, 844))


def test_the_pages_are_sound_at_both_sizes(page: Page, near_server: Serve, sqlite_url: str, axe: str) -> None:
    live = open_dashboard(page, near_server, sqlite_url, manager=True)
    live.asked()
    for path in (*PAGES, f"/settings/staff/{live.cast.dana.id}"):
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            live.open(path)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert live.findings(axe) == [], path
            assert live.fits(), path
    assert not live.complaints


def test_setting_up_a_second_factor_and_signing_in_with_it(
    page: Page, near_server: Serve, sqlite_url: str, axe: str
) -> None:
    live = open_dashboard(page, near_server, sqlite_url)
    give_password(live)
    live.hold_clock()  # and with it the codes, of which each lasts half a minute
    live.open("/account")
    page.get_by_role("link", name="Set it up").click()
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Scan, then enter the first code")).to_be_visible()
    assert live.findings(axe) == []
    secret = re.sub(r"\s", "", page.get_by_label("Secret to type in").inner_text())
    # The step before this one, so that the present one is left to sign in with.
    app = pyotp.TOTP(secret)
    page.get_by_label("Code", exact=True).fill(app.at(live.database.clock() - timedelta(seconds=30)))
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert live.findings(axe) == []
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Email").fill("dana@willow.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    assert live.findings(axe) == []
    page.get_by_label("Code").fill(app.at(live.database.clock()))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/calendar"))


def give_password(live: LiveDashboard) -> None:
    hashed = passwords.hash_password(PASSWORD)

    def work(session: Session, _: datetime) -> None:
        session.get_one(Account, live.cast.dana.account_id).password_hash = hashed

    live.database.write(work)
