"""The last screen of the hosted page: it soon ends, is of one practice, and corrects a mistyped address."""

import pytest
from sqlmodel import Session, select

from pencilin import limits
from pencilin.database import Database
from pencilin.mail.messages import Kind
from pencilin.models import Outbox, TentativeClient
from tests.staff_site import Forms, Site, site
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
    address = send(browser, hold(browser)).headers["location"]
    assert browser.get(address.replace("willow", "birch")).status_code == 404
    assert browser.get(address.replace("/received/", "/received/x")).status_code == 404
    here.later(hours=2.1)
    gone = browser.get(address)
    assert gone.status_code == 404 and "The link in our email still leads to it" in gone.text
    assert "kim" not in gone.text.lower()


def test_a_mistyped_address_is_corrected_and_written_to(here: Site) -> None:
    browser = here.browser()
    page = browser.follow(send(browser, hold(browser)))
    action = next(address for address in Forms(page.text).forms if "/received/" in address)
    wrong = browser.submit(page, action, email="kim@right")
    assert wrong.status_code == 422 and 'value="kim@right"' in wrong.text and "Enter an email address" in wrong.text
    done = browser.submit(wrong, action, email=RIGHT)
    assert done.status_code == 303 and "right" not in done.headers["location"]
    assert f"We have now written to {RIGHT}." in browser.follow(done).text
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
