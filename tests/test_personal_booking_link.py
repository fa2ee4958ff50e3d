"""A client's personal booking link: it settles who books, tells nobody whose it is, and ends when it is revoked."""

import re

import pytest
from httpx2 import Response
from sqlmodel import Session, col, select

from pencilin.database import Database
from pencilin.models import Appointment, Approval, AuditEntry, Outbox, Service
from pencilin.rules.states import Status
from tests.screens import press, row, signed_in
from tests.staff_site import Browser, Site, site, tells
from tests.test_public_reads_no_clients import KIM, PRIVATE, traced

START = "2026-11-24T09:00:00-05:00"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


@pytest.fixture
def dana(here: Site) -> Browser:
    return signed_in(here, "dana")


def made(here: Site, dana: Browser) -> str:
    """The path of Kim's link, as Dana copies it."""
    file = f"/clients/{here.cast.kim.id}"
    page = dana.follow(dana.submit(dana.get(file), f"{file}/booking-link"))
    found = re.search(r'value="http://[^/]+(/book/willow/personal/[^"]+)"', page.text)
    assert found
    return found[1]


def approving(here: Site) -> None:
    def work(session: Session, _: object) -> None:
        service = session.get_one(Service, (here.cast.practice.id, here.cast.first_visit.id))
        service.approval = Approval.PERSONAL_LINK

    here.database.write(work)


def booked(here: Site, link: str, **typed: str) -> tuple[Response, Appointment]:
    """Books by the pages without scripts; the last page, and what is stored."""
    browser = here.browser()
    times = browser.get(f"{link}?service=first-visit&day=2026-11-24")
    form = browser.follow(browser.submit(times, f"{link}/holds", start=START, practitioner="ana"))
    last = browser.follow(browser.submit(form, f"{link}/bookings", **KIM | typed))
    with here.database.read() as session:
        newest = session.exec(select(Appointment).order_by(col(Appointment.created_at).desc())).first()
    assert newest
    return last, newest


def mails(here: Site, appointment: Appointment) -> list[str]:
    """The kinds of what will be sent to the client."""
    with here.database.read() as session:
        found = select(Outbox).where(
            Outbox.subject_id == appointment.id, col(Outbox.cancelled_at).is_(None), col(Outbox.staff_id).is_(None)
        )
        return sorted(one.kind for one in session.exec(found))


def test_what_is_booked_by_it_is_linked_and_waits_for_review(here: Site, dana: Browser) -> None:
    _, appointment = booked(here, made(here, dana))
    assert (appointment.status, appointment.client_id) == (Status.TENTATIVE, here.cast.kim.id)
    assert mails(here, appointment) == ["request_received"]
    assert "personal booking link" in dana.get(f"/clients/{here.cast.kim.id}").text
    press(dana, appointment.id, "approval")
    assert row(here, appointment.id).status == Status.APPROVED


def test_a_service_may_approve_it_at_once(here: Site, dana: Browser) -> None:
    approving(here)
    _, appointment = booked(here, made(here, dana))
    assert (appointment.status, appointment.client_id) == (Status.APPROVED, here.cast.kim.id)
    assert mails(here, appointment) == ["confirmed"]
    with here.database.read() as session:
        actions = session.exec(
            select(AuditEntry.action).where(AuditEntry.subject_id == appointment.id).order_by(col(AuditEntry.at))
        ).all()
    assert set(actions) == {"appointment.requested", "appointment.linked", "appointment.approved"}


@pytest.mark.parametrize(
    ("typed", "linked"),
    [
        ({"client.last_name": "Leigh"}, False),
        ({"client.email": "kim@new.example"}, True),
        ({"birth_day": "1", "birth_month": "2", "birth_year": "1990"}, False),
        (
            {
                "who": "other",
                "booked_by.first_name": "Sam",
                "booked_by.last_name": "Lee",
                "booked_by.relationship": "Brother",
            },
            False,
        ),
    ],
)
def test_somebody_else_with_the_link_is_reviewed_and_learns_nothing(
    here: Site, dana: Browser, typed: dict[str, str], linked: bool
) -> None:
    approving(here)
    last, appointment = booked(here, made(here, dana), **typed)
    assert appointment.status == Status.TENTATIVE and mails(here, appointment) == ["request_received"]
    assert appointment.client_id == (here.cast.kim.id if linked else None)
    assert last.status_code == 200 and "Request received" in last.text


def test_its_pages_tell_nothing_of_the_client_and_read_no_file(here: Site, dana: Browser) -> None:
    approving(here)
    link = made(here, dana)
    browser = here.browser()
    with traced(here.database) as statements:
        pages = [browser.get(link), browser.get(f"{link}?service=first-visit&day=2026-11-24")]
        pages.append(browser.submit(pages[1], f"{link}/holds", start=START, practitioner="ana"))
        pages.append(browser.follow(pages[2]))
    assert [page.status_code for page in pages] == [200, 200, 303, 200]
    assert [statement for statement in statements if PRIVATE.search(statement)] == []
    assert [tells(page.text, "Kim", "Lee", here.cast.kim.id) for page in pages] == [[]] * 4
    assert here.cast.kim.id not in link
    # The same last page, whether or not it was approved: what became of it is said by mail alone.
    assert "Request received" in browser.follow(browser.submit(pages[3], f"{link}/bookings", **KIM)).text


def test_a_revoked_or_foreign_link_leads_to_booking_like_everybody(here: Site, dana: Browser) -> None:
    link = made(here, dana)
    file = f"/clients/{here.cast.kim.id}"
    browser = here.browser()
    times = browser.get(f"{link}?service=first-visit&day=2026-11-24")
    form = browser.follow(browser.submit(times, f"{link}/holds", start=START, practitioner="ana"))
    dana.submit(dana.get(file), f"{file}/booking-link/revocation")
    for useless in (link, link[:-2], link.replace("willow", "birch")):
        answer = here.browser().get(useless)
        assert answer.status_code == 404 and "This link doesn’t work" in answer.text
        assert f'href="{re.sub("/personal.*", "", useless)}"' in answer.text
    last = browser.follow(browser.submit(form, f"{link}/bookings", **KIM))
    assert "Request received" in last.text
    with here.database.read() as session:
        assert session.exec(select(Appointment.client_id)).all() == [None]


def test_a_revocation_is_taken_back_unless_there_is_another_link_by_now(here: Site, dana: Browser) -> None:
    link, file = made(here, dana), f"/clients/{here.cast.kim.id}"
    told = dana.follow(dana.submit(dana.get(file), f"{file}/booking-link/revocation"))
    assert here.browser().get(link).status_code == 404
    assert "The link works again." in dana.follow(dana.submit(told, f"{file}/booking-link/return")).text
    assert here.browser().get(link).status_code == 200
    told = dana.follow(dana.submit(dana.get(file), f"{file}/booking-link/revocation"))
    other = made(here, dana)
    assert "has another link by now" in dana.follow(dana.submit(told, f"{file}/booking-link/return")).text
    assert [here.browser().get(one).status_code for one in (link, other)] == [404, 200]
    told = dana.follow(dana.submit(told, f"{file}/booking-link/return", link="none"))
    assert "no such link of this client" in told.text


def test_a_link_rests_while_the_file_is_archived_and_looks_like_one_that_never_was(here: Site, dana: Browser) -> None:
    link, file = made(here, dana), f"/clients/{here.cast.kim.id}"
    dana.submit(dana.get(file), f"{file}/archival")
    assert "while the file is archived" in dana.get(file).text
    rests, never = (here.browser().get(address) for address in (link, f"{link[:-2]}AA"))
    assert (rests.status_code, nonceless(rests)) == (404, nonceless(never))
    assert here.browser().get(link, **{"Accept-Language": "de"}).text.count("Dieser Link funktioniert nicht") == 2
    dana.submit(dana.get(file), f"{file}/restoration")
    assert here.browser().get(link).status_code == 200


def nonceless(page: Response) -> str:
    return re.sub(r'nonce="[^"]*"', "", page.text)


def test_a_practitioner_makes_links_for_own_clients_alone(here: Site) -> None:
    ana = signed_in(here, "ana")
    page = ana.get("/calendar").text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    assert ana.post(f"/clients/{here.cast.kim.id}/booking-link", {"csrf": token}).status_code == 404
