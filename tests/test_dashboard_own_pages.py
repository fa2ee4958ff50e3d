"""From every page of the dashboard to one's own: remembered devices, and the other practices where one works."""

from datetime import datetime

import pytest
from sqlmodel import Session

from pencilin.accounts.staff import add_staff
from pencilin.database import Database
from pencilin.models import BookingMail, Role, Staff
from tests.screens import signed_in
from tests.staff_site import Site, site

DANA = "dana@willow.example"


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


def test_devices_are_a_link_away(here: Site) -> None:
    dana = signed_in(here, "dana")
    page = dana.get("/requests").text
    assert '<a href="/account">My account</a>' in page
    assert 'href="/login/practice"' not in page
    assert dana.get("/account").status_code == 200


def test_who_works_in_two_practices_can_go_to_the_other(here: Site) -> None:
    def invite(session: Session, now: datetime) -> None:
        add_staff(session, here.other.practice, DANA, "Dana in Birch", Role.MANAGER, None, None, now)

    here.database.write(invite)
    dana = here.browser()
    dana.sign_in(DANA)
    page = dana.get("/login/practice")
    dana.submit(page, "/login/practice", practice=here.cast.practice.id)
    assert '<a href="/login/practice">Practices</a>' in dana.get("/calendar").text


def test_everybody_chooses_for_themselves_how_they_hear_of_bookings(here: Site) -> None:
    ana = signed_in(here, "ana")
    page = ana.get("/account")
    assert "All bookings" not in page.text, "a practitioner hears of no more than their own"
    answer = ana.submit(page, "/account/mail", hears_of="usual", booking_mail="daily")
    assert "Saved." in ana.follow(answer).text
    own = here.cast.ana_signs_in
    with here.database.read() as session:
        assert session.get_one(Staff, (own.practice_id, own.id)).booking_mail is BookingMail.DAILY
    odd = ana.submit(page, "/account/mail", hears_of="usual", booking_mail="never")
    assert odd.status_code == 422 and 'id="booking_mail-error"' in odd.text
