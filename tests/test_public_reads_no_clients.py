"""No public answer tells who is a client: public code never reads a client file (pitfalls 10 and 12)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlmodel import Session, select
from starlette.testclient import TestClient

from pencilin import review
from pencilin.database import Database
from pencilin.models import Appointment, Client, Outbox
from tests.cast import NOW
from tests.staff_site import Site, site

API = "/api/v1/practices/willow"
KIM = {
    "client.first_name": "Kim",
    "client.last_name": "Lee",
    "client.email": "kim.lee@mail.example",
    "client.phone": "212 555 0147",
    "consent": "yes",
}
# The tables of client files, their keys and the links to them; ``tentative_client`` is another word.
PRIVATE = re.compile(r"\b(from|join|into|update)\s+\"?(client|client_key|link)\b", re.IGNORECASE)


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


@contextmanager
def traced(database: Database) -> Iterator[list[str]]:
    """Every statement that reaches the database in the block."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def body(first_name: str, email: str, phone: str, start: str) -> dict[str, object]:
    person = {"first_name": first_name, "last_name": "Lee", "email": email, "phone": phone, "birth_date": "1985-03-24"}
    return {"service": "first-visit", "practitioner": "ana", "start": start, "client": person, "consent": True}


def test_public_requests_touch_no_client_file(here: Site) -> None:
    client = TestClient(here.app, base_url=here.config.base_url)
    start, browser = "2026-11-24T09:00:00-05:00", here.browser()
    with traced(here.database) as statements:
        hold = client.post(f"{API}/holds", json={"service": "first-visit", "start": start}).json()["hold"]
        made = client.post(
            f"{API}/bookings",
            json=body("Kim", "kim.lee@mail.example", "212 555 0147", start) | {"hold": hold},
            headers={"Idempotency-Key": "one"},
        ).json()
        answers = [
            client.get(API, headers={"Origin": "http://localhost:8001"}),
            client.get(f"{API}/availability?service=first-visit&from=2026-11-24&days=31"),
            client.post(f"{API}/holds/{hold}/extension"),
            client.delete(f"{API}/holds/{hold}"),
            client.get("/book/willow"),
            client.get("/embed/willow/details", headers={"Referer": "http://localhost:8001/"}),
            client.get("/widget.js"),
            client.get(made["manage_url"].removeprefix(here.config.base_url)),
            client.get(made["calendar_url"].removeprefix(here.config.base_url)),
            client.post(
                f"{API}/bookings/correction",
                json={"manage_url": made["manage_url"], "email": "kim@mail.example"},
                headers={"Idempotency-Key": "one"},
            ),
        ]
        pages = [browser.get("/book/willow?service=first-visit&day=2026-11-24")]
        pages.append(browser.submit(pages[0], "/book/willow/holds", start="2026-11-24T13:00:00-05:00"))
        pages.append(browser.follow(pages[1]))
        pages.append(browser.submit(pages[2], "/book/willow/bookings", **KIM))
        pages.append(browser.follow(pages[3]))
    assert [page.status_code for page in pages] == [200, 303, 200, 303, 200]
    assert [answer.status_code for answer in answers] == [200, 200, 409, 204, 200, 200, 200, 200, 200, 204]
    assert len(statements) > 30
    assert [statement for statement in statements if PRIVATE.search(statement)] == []


def test_the_trace_would_show_it(here: Site) -> None:
    """The control: what staff see does read client files."""
    appointment = here.appointment()
    with traced(here.database) as statements, here.database.read() as session:
        review.view(session, here.cast.dana, appointment.id, NOW)
        session.exec(select(Client)).all()
    assert any(PRIVATE.search(statement) for statement in statements)


def test_known_and_unknown_people_get_the_same_answers_and_mails(here: Site) -> None:
    client = TestClient(here.app, base_url=here.config.base_url)

    def booked(first_name: str, email: str, phone: str, hour: int) -> tuple[set[str], list[str]]:
        start = f"2026-11-24T{hour:02}:00:00-05:00"
        answer = client.post(
            f"{API}/bookings", json=body(first_name, email, phone, start), headers={"Idempotency-Key": email}
        )
        assert answer.status_code == 201
        with here.database.read() as session:
            kinds = _mails_of(session, answer.json()["reference"])
        return set(answer.json()), kinds

    known = booked("Kim", "kim.lee@mail.example", "212 555 0147", 9)
    unknown = booked("Nobody", "stranger@mail.example", "212 555 0199", 11)
    assert known == unknown


def _mails_of(session: Session, reference: str) -> list[str]:
    appointment = session.exec(select(Appointment).where(Appointment.reference == reference)).one()
    return sorted(session.exec(select(Outbox.kind).where(Outbox.subject_id == appointment.id)))
