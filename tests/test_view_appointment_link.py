"""*View appointment*: the link finds the appointment, whoever may see it gets there, and opening it changes nothing."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from pencilin.accounts.staff import add_staff, check_sees_appointment
from pencilin.addresses import manage_url, view_appointment_url
from pencilin.database import Database
from pencilin.errors import NotFound
from pencilin.links import Links, Purpose
from pencilin.models import Appointment, Role, Staff
from pencilin.rules.states import Status
from tests.staff_site import Site, path_of, site

DANA = "dana@willow.example"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def link(here: Site, appointment: Appointment, member: Staff | None = None, *, days: float = 14) -> str:
    expires = here.now + timedelta(days=days)
    staff_id = (member or here.cast.dana).id
    return path_of(view_appointment_url(here.config.base_url, here.links, appointment, staff_id, expires))


def test_it_leads_through_sign_in_to_the_appointment(here: Site) -> None:
    appointment = here.appointment()
    browser = here.browser()
    answer = browser.get(link(here, appointment))
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert browser.sign_in(DANA).headers["location"] == f"/appointments/{appointment.id}"


def test_signed_in_it_leads_straight_there(here: Site) -> None:
    appointment = here.appointment()
    browser = here.browser()
    browser.sign_in(DANA)
    answer = browser.get(link(here, appointment))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/appointments/{appointment.id}")


def test_it_leads_there_by_a_mailed_code_too(here: Site) -> None:
    appointment = here.appointment()
    browser = here.browser()
    page = browser.follow(browser.get(link(here, appointment)))
    page = browser.follow(browser.submit(page, "/login/code", email=DANA))
    answer = browser.submit(page, "/login/code/check", code=here.codes()[0])
    assert answer.headers["location"] == f"/appointments/{appointment.id}"


@pytest.mark.parametrize("status", list(Status))
def test_it_leads_there_whatever_became_of_the_appointment(here: Site, status: Status) -> None:
    appointment = here.appointment()

    def decide(session: Session, _: datetime) -> None:
        session.get_one(Appointment, (appointment.practice_id, appointment.id)).status = status

    here.database.write(decide)
    browser = here.browser()
    browser.get(link(here, appointment))
    assert browser.sign_in(DANA).headers["location"] == f"/appointments/{appointment.id}"


@pytest.mark.parametrize("signed_in", [True, False])
def test_an_expired_link_still_leads_there(here: Site, signed_in: bool) -> None:
    appointment = here.appointment()
    path = link(here, appointment, days=1)
    here.later(days=30)
    browser = here.browser()
    if signed_in:
        browser.sign_in(DANA)
    answer = browser.get(path)
    assert answer.status_code == 303
    if not signed_in:
        answer = browser.sign_in(DANA)
    assert answer.headers["location"] == f"/appointments/{appointment.id}"


@pytest.mark.parametrize("email", ["mona@willow.example", "ana@willow.example"])
def test_a_colleague_who_may_see_it_gets_there(here: Site, email: str) -> None:
    appointment = here.appointment()
    browser = here.browser()
    browser.get(link(here, appointment))
    assert browser.sign_in(email).headers["location"] == f"/appointments/{appointment.id}"
    assert browser.get(link(here, appointment)).headers["location"] == f"/appointments/{appointment.id}"


def test_a_practitioner_does_not_get_to_a_colleagues_appointment(here: Site) -> None:
    appointment = here.appointment(here.cast.ben)
    browser = here.browser()
    browser.sign_in("ana@willow.example")
    answer = browser.get(link(here, appointment, here.cast.ana_signs_in))
    assert answer.status_code == 404
    assert appointment.id not in answer.text


@pytest.mark.parametrize("email", ["dana@birch.example", "mona@birch.example"])
def test_nobody_of_another_practice_gets_there(here: Site, email: str) -> None:
    browser = here.browser()
    browser.sign_in(email)
    assert browser.get(link(here, here.appointment())).status_code == 404


def test_who_sees_an_appointment(here: Site) -> None:
    anas, bens = here.appointment(), here.appointment(here.cast.ben)
    may = {
        (who.name, who.practice_id == here.cast.practice.id, appointment is anas)
        for who in (here.cast.dana, here.cast.mona, here.cast.ana_signs_in, here.other.dana, here.other.ana_signs_in)
        for appointment in (anas, bens)
        if sees(here, who, appointment)
    }
    assert may == {("Dana", True, True), ("Dana", True, False), ("Mona", True, True), ("Mona", True, False)} | {
        ("Ana", True, True)
    }


def sees(here: Site, member: Staff, appointment: Appointment) -> bool:
    with here.database.read() as session:
        try:
            check_sees_appointment(session, member, appointment.practice_id, appointment.id)
        except NotFound:
            return False
    return True


def test_who_works_in_both_practices_gets_there_by_choosing(here: Site) -> None:
    def also_in_birch(session: Session, now: datetime) -> None:
        add_staff(session, here.other.practice, DANA, "Dana", Role.FRONT_DESK, None, None, now)

    here.database.write(also_in_birch)
    in_birch = here.appointment(of=here.other)
    browser = here.browser()
    browser.get(link(here, in_birch))
    assert browser.sign_in(DANA).headers["location"] == f"/appointments/{in_birch.id}"
    in_willow = here.appointment()
    answer = browser.get(link(here, in_willow))
    assert answer.headers["location"] == "/login/practice"
    answer = browser.submit(browser.follow(answer), "/login/practice", practice=here.cast.practice.id)
    assert answer.headers["location"] == f"/appointments/{in_willow.id}"


def unusable(here: Site) -> list[str]:
    """Links that were altered, made with another key, or made for something else."""
    appointment = here.appointment()
    good = link(here, appointment)
    claims = {"practice": appointment.practice_id, "appointment": appointment.id, "staff": here.cast.dana.id}
    expires = here.now + timedelta(days=1)
    forged = Links(["another key that is long enough, too"]).make(Purpose.VIEW_APPOINTMENT, claims, expires)
    manage = path_of(manage_url(here.config.base_url, here.links, appointment)).replace(
        "/manage/", "/view-appointment/"
    )
    invitation = here.links.make(Purpose.INVITATION, claims, expires)
    lacking = here.links.make(Purpose.VIEW_APPOINTMENT, {"practice": appointment.practice_id}, expires)
    other = ["/view-appointment/" + token for token in (forged, invitation, lacking, "x", "a.b.c")]
    return [good[:-1], good + "A", good.replace("/view-appointment/", "/view-appointment/A"), manage, *other]


def test_a_link_that_is_not_ours_gets_a_kind_page_with_a_way_on(here: Site) -> None:
    for path in unusable(here):
        browser = here.browser()
        told = browser.get(path)
        assert told.status_code == 404, path
        assert "doesn’t work" in told.text and 'href="/login"' in told.text
        assert "pencilin_next" not in browser.cookies
        browser.sign_in(DANA)
        told = browser.get(path)
        assert told.status_code == 404 and 'href="/requests"' in told.text


def test_without_a_session_nothing_is_told_and_the_token_leaves_the_address(here: Site) -> None:
    appointment = here.appointment()
    path = link(here, appointment)
    claims = {"practice": appointment.practice_id, "appointment": "0" * 32, "staff": here.cast.dana.id}
    gone = here.links.make(Purpose.VIEW_APPOINTMENT, claims, here.now + timedelta(days=1))
    for followed in (path, f"/view-appointment/{gone}"):
        browser = here.browser()
        answer = browser.get(followed)
        page = browser.follow(answer)
        assert (answer.status_code, answer.headers["location"], answer.text) == (303, "/login", "")
        assert page.status_code == 200
        for personal in ("Dana", "Ana Ruiz", "Willow", "First visit", appointment.id, path.rsplit("/", 1)[1]):
            assert personal not in page.text


def test_the_token_waits_in_a_cookie_for_ten_minutes(here: Site) -> None:
    answer = here.browser().get(link(here, here.appointment()))
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("pencilin_next="))
    assert "Max-Age=600" in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_opening_it_changes_nothing(here: Site, method: str, signed_in: bool) -> None:
    appointment = here.appointment()
    paths = [link(here, appointment), link(here, appointment, days=-10), *unusable(here)]
    browser = here.browser()
    if signed_in:
        browser.sign_in(DANA)
    written: list[str] = []

    def watch(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN")):
            written.append(statement)

    event.listen(here.database.engine, "before_cursor_execute", watch)
    try:
        for path in paths:
            answer = browser.client.request(method, path)
            if answer.status_code == 303 and not signed_in:
                browser.client.request(method, answer.headers["location"])
    finally:
        event.remove(here.database.engine, "before_cursor_execute", watch)
    assert not written


def test_a_post_to_it_does_nothing(here: Site) -> None:
    assert here.browser().post(link(here, here.appointment()), {}).status_code == 405
