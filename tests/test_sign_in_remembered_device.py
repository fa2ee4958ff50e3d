"""*Remember this device*: for thirty days, or until revoked, a link in a mail asks only *Continue as NAME*."""

from datetime import timedelta

import pytest
from sqlmodel import select

from pencilin.accounts.sessions import stored
from pencilin.addresses import view_appointment_url
from pencilin.database import Database
from pencilin.models import RememberedDevice, Staff
from tests.cast import NOW
from tests.staff_site import Browser, Site, path_of, site

DANA = "dana@willow.example"
ON_A_PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36"


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


def remembered(here: Site) -> Browser:
    """A browser where Dana ticked the box and signed out again."""
    browser = here.browser()
    browser.client.headers["User-Agent"] = ON_A_PHONE
    browser.sign_in(DANA, remember="yes")
    browser.submit(browser.get("/logout"), "/logout")
    return browser


def link(here: Site, member: Staff, lasts: timedelta = timedelta(days=14)) -> tuple[str, str]:
    """The path of a new link for a staff member, and of the appointment it leads to."""
    appointment = here.appointment()
    url = view_appointment_url(here.config.base_url, here.links, appointment, member.id, here.now + lasts)
    return path_of(url), f"/appointments/{appointment.id}"


def devices(here: Site) -> list[RememberedDevice]:
    with here.database.read() as session:
        return list(session.exec(select(RememberedDevice)).all())


def test_a_link_asks_only_to_continue(here: Site) -> None:
    browser = remembered(here)
    path, appointment = link(here, here.cast.dana)
    page = browser.follow(browser.get(path))
    assert "Continue as Dana" in page.text and 'type="password"' not in page.text
    answer = browser.submit(page, "/login/continue")
    assert (answer.status_code, answer.headers["location"]) == (303, appointment)
    assert browser.signed_in_as() == "Dana"


def test_looking_at_the_page_signs_nobody_in(here: Site) -> None:
    browser = remembered(here)
    browser.follow(browser.get(link(here, here.cast.dana)[0]))
    assert browser.signed_in_as() is None
    assert browser.get("/login/continue").status_code == 405


def test_without_the_box_ticked_the_password_is_asked_for(here: Site) -> None:
    browser = here.browser()
    browser.sign_in(DANA)
    browser.submit(browser.get("/logout"), "/logout")
    assert not devices(here)
    assert 'type="password"' in browser.follow(browser.get(link(here, here.cast.dana)[0])).text


def refused(here: Site, browser: Browser, path: str) -> bool:
    """Whether the link leads to the whole sign-in, and a forged press of the button to none."""
    page = browser.follow(browser.get(path))
    answer = browser.post("/login/continue", {"form": page.text.split('name="form" value="')[1].split('"')[0]})
    return (
        'type="password"' in page.text and answer.headers["location"] == "/login?other" and not browser.signed_in_as()
    )


def test_the_device_alone_opens_nothing(here: Site) -> None:
    browser = remembered(here)
    assert refused(here, browser, "/login")
    assert refused(here, browser, "/calendar")


def test_a_link_for_somebody_else_needs_a_sign_in(here: Site) -> None:
    browser = remembered(here)
    assert refused(here, browser, link(here, here.cast.mona)[0])


def test_an_expired_link_needs_a_sign_in(here: Site) -> None:
    browser = remembered(here)
    path, appointment = link(here, here.cast.dana, timedelta(days=1))
    here.later(days=2)
    assert refused(here, browser, path)
    browser.get(path)
    assert browser.sign_in(DANA).headers["location"] == appointment


def test_after_thirty_days_a_sign_in_is_needed(here: Site) -> None:
    browser = remembered(here)
    here.later(days=30)
    assert refused(here, browser, link(here, here.cast.dana)[0])


def test_a_disabled_person_cannot_continue(here: Site) -> None:
    browser = remembered(here)
    path, _ = link(here, here.cast.dana)
    page = browser.follow(browser.get(path))
    here.disable(here.cast.dana)
    assert browser.submit(page, "/login/continue").headers["location"] == "/login?other"
    assert browser.signed_in_as() is None


def test_devices_are_listed_and_revoked_one_by_one(here: Site) -> None:
    lost = remembered(here)
    browser = here.browser()
    browser.sign_in(DANA)
    page = browser.get("/account")
    assert "Chrome on Android" in page.text and "December 23, 2026" in page.text
    assert browser.submit(page, "/account/devices/removal").headers["location"] == "/account"
    assert "None." in browser.get("/account").text
    assert refused(here, lost, link(here, here.cast.dana)[0])


def test_one_browser_is_one_device(here: Site) -> None:
    browser = remembered(here)
    browser.sign_in(DANA, remember="yes")
    assert len(devices(here)) == 1


def test_nobody_lists_or_revokes_another_ones_devices(here: Site) -> None:
    remembered(here)
    (device,) = devices(here)
    browser = here.browser()
    browser.sign_in("mona@willow.example")
    page = browser.get("/account")
    assert "Chrome on Android" not in page.text
    browser.submit(page, "/account/sign-out", device=device.id)
    browser.sign_in("mona@willow.example")
    csrf = browser.get("/account").text.split('name="csrf" value="')[1].split('"')[0]
    browser.post("/account/devices/removal", {"csrf": csrf, "device": device.id})
    assert devices(here) == [device]


def test_signing_out_everywhere_ends_sessions_and_forgets_devices(here: Site) -> None:
    phone = remembered(here)
    phone.sign_in(DANA)
    browser = here.browser()
    browser.sign_in(DANA)
    browser.submit(browser.get("/account"), "/account/sign-out")
    assert phone.signed_in_as() is None and browser.signed_in_as() is None
    assert not devices(here)


def test_only_a_hash_of_the_cookie_is_stored(here: Site) -> None:
    browser = remembered(here)
    secret = browser.cookies["pencilin_device"]
    (device,) = devices(here)
    assert device.id == stored(secret) and len(secret) == 43
    assert device.expires_at == NOW + timedelta(days=30)
