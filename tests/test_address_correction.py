"""*Not right?*: whoever has just booked corrects the address that they typed, and nobody else does."""

from collections.abc import Iterator

import pytest
from httpx2 import Response
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from pencilin import review
from pencilin.database import Database
from pencilin.errors import AlreadyDecided
from pencilin.mail import outbox
from pencilin.models import Appointment, AuditEntry, Outbox, TentativeClient
from pencilin.rules.states import Status
from tests.public_api import API, NINE, book, fields, problem, wanted
from tests.staff_site import Site, site

WRONG, RIGHT = "kim.lee@mail.example", "kim.lea@mail.example"


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    yield site(database, monkeypatch)


@pytest.fixture
def client(here: Site) -> TestClient:
    return TestClient(here.app, base_url=here.config.base_url)


def booked(client: TestClient, key: str = "one", start: str = NINE) -> str:
    """The link to the appointment that was booked."""
    url: str = book(client, wanted(start=start), key).json()["manage_url"]
    return url


def correct(client: TestClient, manage_url: str, email: str = RIGHT, key: str = "one", api: str = API) -> Response:
    body = {"manage_url": manage_url, "email": email}
    return client.post(f"{api}/bookings/correction", json=body, headers={"Idempotency-Key": key})


def mails(here: Site) -> list[tuple[str, str]]:
    """Address and state of every *request received*, the oldest first."""
    with here.database.read() as session:
        rows = session.exec(
            select(Outbox).where(Outbox.kind == "request_received").order_by(col(Outbox.revision))
        ).all()
    return [(row.recipient, "sent" if row.sent_at else "cancelled" if row.cancelled_at else "due") for row in rows]


def appointment(here: Site) -> Appointment:
    with here.database.read() as session:
        return session.exec(select(Appointment)).one()


def typed(here: Site) -> str:
    with here.database.read() as session:
        return session.exec(select(TentativeClient.email)).one()


def test_the_mail_goes_to_the_right_address_and_no_longer_to_the_wrong_one(here: Site, client: TestClient) -> None:
    link = booked(client)
    assert mails(here) == [(WRONG, "due")]
    here.later(minutes=1)
    assert correct(client, link).status_code == 204
    assert mails(here) == [(WRONG, "cancelled"), (RIGHT, "due")]
    assert typed(here) == RIGHT
    with here.database.read() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "appointment.email_corrected")).one()
        view = review.view(session, here.cast.dana, appointment(here).id, here.database.clock())
    assert (entry.actor, entry.fields) == ("client", [])
    assert view.history[0].what == "Email address corrected" and view.history[0].who == "The client"
    assert view.typed_email == RIGHT


def test_a_mail_that_has_left_is_followed_by_another(here: Site, client: TestClient) -> None:
    link = booked(client)

    def send(session: Session, now: object) -> None:
        while leased := outbox.lease(session, here.database.clock()):
            outbox.mark_sent(session, leased, here.database.clock())

    here.database.write(send)
    assert correct(client, link).status_code == 204
    assert mails(here) == [(WRONG, "sent"), (RIGHT, "due")]


def test_the_same_correction_again_sends_nothing_more_and_back_again_does(here: Site, client: TestClient) -> None:
    link = booked(client)
    assert [correct(client, link).status_code for _ in range(3)] == [204, 204, 204]
    assert correct(client, link, WRONG).status_code == 204
    assert mails(here) == [(WRONG, "cancelled"), (RIGHT, "cancelled"), (WRONG, "due")]


def test_a_third_correction_is_for_the_practice(here: Site, client: TestClient) -> None:
    link = booked(client)
    assert [correct(client, link, f"kim{n}@mail.example").status_code for n in range(2)] == [204, 204]
    told = problem(correct(client, link), 409, "correction_closed")
    assert "tell the practice" in told["detail"]
    assert typed(here) == "kim1@mail.example"


def test_after_half_an_hour_it_is_for_the_practice(here: Site, client: TestClient) -> None:
    link = booked(client)
    here.later(minutes=29)
    assert correct(client, link, "kim1@mail.example").status_code == 204
    here.later(minutes=1)
    for email in (RIGHT, "kim1@mail.example"):
        problem(correct(client, link, email), 409, "correction_closed")


@pytest.mark.parametrize("status", [Status.APPROVED, Status.CANCELLED])
def test_a_decided_request_keeps_its_address(here: Site, client: TestClient, status: Status) -> None:
    link = booked(client)

    def decide(session: Session, now: object) -> None:
        session.exec(select(Appointment)).one().status = status

    here.database.write(decide)
    problem(correct(client, link), 409, "correction_closed")
    assert typed(here) == WRONG


def test_the_link_alone_which_the_wrong_person_got_changes_nothing(here: Site, client: TestClient) -> None:
    link = booked(client)
    other = booked(client, "two", NINE.replace("T09", "T13"))
    for manage_url, key in ((link, "two"), (link, "three"), (other, "one"), (link + "x", "one"), ("", "one")):
        problem(correct(client, manage_url, key=key), 404, "link_unusable")
    problem(correct(client, link, key=""), 422, "idempotency_key_missing")
    problem(correct(client, link, api="/api/v1/practices/nobody"), 404, "not_found")
    problem(correct(client, link, api=API.replace("willow", here.other.practice.slug)), 404, "link_unusable")
    assert {recipient for recipient, _ in mails(here)} == {WRONG}
    assert correct(client, link).status_code == 204


def test_whoever_decides_on_the_wrong_address_is_told(here: Site, client: TestClient) -> None:
    link = booked(client)
    before = appointment(here)
    here.later(minutes=1)
    assert correct(client, link).status_code == 204

    def decline(session: Session, now: object) -> None:
        review.decline(session, here.cast.dana, before.id, before.revision, review.DeclineReason.TIME, "", before.start)

    with pytest.raises(AlreadyDecided, match="Email address corrected by the client"):
        here.database.write(decline)


def test_an_address_that_is_none_stands_at_its_field(client: TestClient) -> None:
    link = booked(client)
    assert fields(correct(client, link, "kim.lee")) == {"email"}
    assert client.post(f"{API}/bookings/correction", content=b"{}").status_code == 415


def test_many_corrections_from_one_network_are_told_to_slow_down(here: Site, client: TestClient) -> None:
    answers = [correct(client, "x") for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {404}
    problem(answers[30], 429, "slow_down")
