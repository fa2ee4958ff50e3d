"""The last screen of the hosted page: it soon ends, is of one practice, and corrects a mistyped address."""

import pytest
from sqlmodel import Session, select

from pencilin import limits, links
from pencilin.database import Database
from pencilin.mail.messages import Kind
from pencilin.models import Outbox, TentativeClient
from tests.public_api import KIM
from tests.staff_site import Forms, Site, site, tells
from tests.test_hosted_forms import hold, send

RIGHT = "kim@right.example"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def waiting_mails(session: Session) -> list[str]:
    rows = session.exec(select(Outbox).where(Outbox.kind == Kind.REQUEST_RECEIVED)).all()
    return [row.recipient for row in rows if row.cancelled_at is None]


def test_the_last_screen_ends_after_an_hour_and_is_of_one_practice(here: Site) -> None:
    browser = here.browser()
    form = hold(browser)
    address = send(browser, form).headers["location"]
    assert browser.get(address.replace("willow", "birch")).status_code == 404
    assert browser.get(address.replace("/received/", "/received/x")).status_code == 404
    here.later(minutes=59)
    assert browser.get(address).status_code == 200
    # A form that is sent again leads there again, but the page doesn't last any longer for it.
    again = send(browser, form).headers["location"]
    here.later(minutes=1, seconds=links.LEEWAY.total_seconds() + 1)
    assert browser.get(again).status_code == 404
    gone = browser.get(address)
    assert gone.status_code == 404 and "The link in our email still leads to it" in gone.text
    assert not tells(gone.text, "Kim", "Lee")


def test_the_last_screen_tells_nobody_who_booked(here: Site) -> None:
    browser = here.browser()
    typed = {"who": "other", "birth_day": "7", "birth_month": "3", "birth_year": "1987"}
    typed |= {"booked_by.first_name": "Robin", "booked_by.last_name": "Stone", "booked_by.relationship": "sister"}
    form = hold(browser)
    sent = send(browser, form, **typed)
    shown = browser.follow(sent).text
    assert "We wrote to k…@mail.example" in shown
    # The control: these are what the form itself shows when it comes back.
    secrets = ("Kim", "Lee", KIM["email"], KIM["phone"], "1987", "Robin", "Stone", "My knee")
    back = send(browser, form, **typed, start="2026-11-24T13:00:00-05:00").text
    assert [one for one in secrets if one not in back] == []
    assert [one for one in secrets if one in shown] == []


def test_a_mistyped_address_is_corrected_and_written_to(here: Site) -> None:
    browser = here.browser()
    page = browser.follow(send(browser, hold(browser)))
    action = next(address for address in Forms(page.text).forms if "/received/" in address)
    wrong = browser.submit(page, action, email="kim@right")
    assert wrong.status_code == 422 and 'value="kim@right"' in wrong.text and "Enter an email address" in wrong.text
    done = browser.submit(wrong, action, email=RIGHT)
    assert done.headers["location"] == f"{action}?lang=en&corrected", "the same token: nothing lasts any longer"
    assert "We have now written to k…@right.example." in browser.follow(done).text
    with here.database.read() as session:
        assert session.exec(select(TentativeClient.email)).one() == RIGHT
        assert waiting_mails(session) == [RIGHT]


def test_a_correction_is_refused_like_the_widgets(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = here.browser()
    page = browser.follow(send(browser, hold(browser)))
    action = next(address for address in Forms(page.text).forms if "/received/" in address)
    form = Forms(page.text).forms[action]
    assert browser.post(action, form | {"form": "x", "email": RIGHT}).status_code == 403
    # The link in the mails went to the wrong address, too: it is no proof here.
    stolen = "/book/willow/received/" + page.text.split("/manage/")[1].split('"')[0]
    assert browser.post(stolen, form | {"email": RIGHT}).status_code == 404
    monkeypatch.setattr(limits, "CORRECTIONS_NETWORK", limits.CORRECTIONS_NETWORK._replace(tries=1))
    assert browser.post(action, form | {"email": "kim@other.example"}).status_code == 303
    assert browser.post(action, form | {"email": RIGHT}).status_code == 429
    here.later(minutes=61)
    late = browser.post(action, form | {"email": RIGHT})
    assert late.status_code == 409 and "Tell Willow Nutrition the right address" in late.text
    with here.database.read() as session:
        assert session.exec(select(TentativeClient.email)).one() == "kim@other.example"
