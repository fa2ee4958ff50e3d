"""The dashboard says when mail doesn't leave, and lets staff send again what was given up."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from pencilin.database import Database
from pencilin.mail import backlog, outbox
from pencilin.mail.backlog import Failed
from pencilin.models import Outbox, Role, Staff
from tests.cast import NOW, staff
from tests.screens import asked, press, signed_in
from tests.staff_site import Site, site


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


def test_mail_that_waits_for_two_minutes_is_told_about(here: Site) -> None:
    asked(here)
    dana = signed_in(here, "dana")
    assert "PENCILIN_SMTP_URL" not in dana.get("/requests").text
    here.later(minutes=2)
    page = dana.get("/requests").text
    assert "No mail server is set up, so 3 mails wait here. Set PENCILIN_SMTP_URL, and they leave." in page
    assert "wait here" not in other_practice(here)


def other_practice(here: Site) -> str:
    browser = here.browser()
    browser.sign_in("dana@birch.example")
    return browser.get("/requests").text


def test_what_failed_can_be_sent_again(here: Site) -> None:
    appointment = asked(here)

    def fail(session: Session, now: datetime) -> str:
        mail = session.exec(select(Outbox).where(Outbox.kind == "request_received")).one()
        mail.failed_at, mail.attempts, mail.last_error = now, 9, "550 no such mailbox"
        return mail.id

    mail = here.database.write(fail)
    dana = signed_in(here, "dana")
    page = dana.get(f"/appointments/{appointment}").text
    assert "Failed" in page
    assert "550 no such mailbox" in page
    assert "Send again" not in press(dana, appointment, f"mails/{mail}/sending").text
    with here.database.read() as session:
        waiting = session.exec(select(Outbox.id).where(Outbox.id == mail, col(Outbox.failed_at).is_(None))).all()
    assert waiting == [mail]


def test_a_mail_that_is_tried_again_says_when_it_failed_and_when_the_next_try_is(here: Site) -> None:
    appointment = asked(here)

    def fail(session: Session, now: datetime) -> None:
        leased = outbox.lease(session, now)
        assert leased
        outbox.mark_failed(session, leased, "The mail server is busy (450).", now, wait=timedelta(minutes=10))
        mail = session.exec(select(Outbox).where(Outbox.id == leased.id)).one()
        mail.due_at = now + timedelta(minutes=10)  # without the jitter

    here.database.write(fail)
    dana, address = signed_in(here, "dana"), f"/appointments/{appointment}"
    page = dana.get(address).text
    assert "Failed at 7:00 AM, next try 7:10 AM" in page and "The mail server is busy (450)." in page
    here.later(days=1)
    dana = signed_in(here, "dana")
    assert "Failed Mon, Nov 23, 7:00 AM, next try Mon, Nov 23, 7:10 AM" in dana.get(address).text


def test_what_failed_lately_is_pointed_out_to_whoever_may_see_it(here: Site) -> None:
    appointment = asked(here)

    def fail(session: Session, now: datetime) -> Staff:
        for mail in session.exec(select(Outbox).where(col(Outbox.kind).in_(["request_received", "new_booking"]))):
            mail.failed_at = now
        return staff(session, here.cast.practice, "Ben", Role.PRACTITIONER, here.cast.ben)

    ben = here.database.write(fail)
    for who in ("dana", "ana"):
        page = signed_in(here, who).get("/calendar").text
        assert "3 mails could not be delivered" in page
        assert f'href="/appointments/{appointment}#mails-heading"' in page
    assert "could not be delivered" not in other_practice(here)
    with here.database.read() as session:
        assert backlog.trouble(session, ben, NOW).failed is None
        assert backlog.trouble(session, here.cast.dana, NOW + timedelta(days=6)).failed == Failed(3, appointment)
        assert backlog.trouble(session, here.cast.dana, NOW + timedelta(days=7)).failed is None
