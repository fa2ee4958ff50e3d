"""A lost answer, a retry, a double click: one booking per key."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from pencilin import availability, booking
from pencilin.booking import Attempt, BookingRequest, Person
from pencilin.catalogue import find_practice, read_catalogue
from pencilin.database import Database
from pencilin.errors import IdempotencyKeyReused, SlotTaken
from pencilin.models import Appointment, Outbox
from tests.cast import NOW, willow
from tests.rig.rush import together

NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.fixture
def practice(database: Database) -> Database:
    database.clock = lambda: NOW
    database.write(lambda session, _: willow(session))
    return database


def wanted(database: Database, key: str = "one", body: str = "body") -> BookingRequest:
    with database.read() as session:
        catalogue = read_catalogue(session, find_practice(session, "willow"))
    service = catalogue.service("first-visit")
    assert service
    return BookingRequest(
        wish=availability.wish(catalogue, service, None, catalogue.location("main-street")),
        start=NINE,
        person=Person("Kim", "Lee", "kim.lee@mail.example", "+1 212 555 0147"),
        attempt=Attempt(key, body),
    )


def book(database: Database, request: BookingRequest) -> Appointment:
    def work(session: Session, now: datetime) -> Appointment:
        return booking.request(session, find_practice(session, "willow"), request, now)

    return database.write(work)


def appointments(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.exec(select(Appointment.id)))


def test_the_same_key_and_body_is_the_same_booking(practice: Database) -> None:
    request = wanted(practice)
    first, again = book(practice, request), book(practice, request)
    assert first.id == again.id
    assert appointments(practice) == [first.id]


def test_sixteen_repeats_at_once_are_one_booking_with_one_set_of_mails(practice: Database) -> None:
    request = wanted(practice)
    results = together([lambda: book(practice, request).id] * 16)
    assert len(set(map(str, results))) == 1
    assert appointments(practice) == [results[0]]
    with practice.read() as session:
        mails = Counter(session.exec(select(Outbox.kind, Outbox.recipient)).all())
    assert set(mails.values()) == {1}


def test_another_body_under_the_same_key_is_refused(practice: Database) -> None:
    book(practice, wanted(practice))
    with pytest.raises(IdempotencyKeyReused):
        book(practice, wanted(practice, body="another"))


def test_two_bodies_under_one_key_at_once_are_one_booking(practice: Database) -> None:
    requests = [replace(wanted(practice, body=str(place)), start=NINE + timedelta(hours=place)) for place in range(6)]
    results = together([lambda one=one: book(practice, one).id for one in requests])  # type: ignore[misc]
    assert len(appointments(practice)) == 1
    assert sum(isinstance(result, IdempotencyKeyReused) for result in results) == 5


def test_a_refusal_is_not_remembered(practice: Database) -> None:
    request = wanted(practice)
    practice.clock = lambda: NINE
    with pytest.raises(SlotTaken):
        book(practice, request)
    practice.clock = lambda: NOW
    assert book(practice, request).id in appointments(practice)


def test_after_a_day_the_key_is_forgotten(practice: Database) -> None:
    first = book(practice, replace(wanted(practice), start=NINE + timedelta(days=3)))
    practice.clock = lambda: NOW + timedelta(hours=24)
    second = book(practice, replace(wanted(practice, body="another"), start=NINE + timedelta(days=6)))
    assert first.id != second.id


def test_keys_belong_to_their_practice(practice: Database) -> None:
    practice.write(lambda session, _: willow(session, slug="birch"))
    request = wanted(practice)
    book(practice, request)
    with practice.read() as session:
        birch = read_catalogue(session, find_practice(session, "birch"))
    service = birch.service("first-visit")
    assert service
    there = replace(request, wish=availability.wish(birch, service), attempt=Attempt("one", "another"))
    practice.write(lambda session, now: booking.request(session, birch.practice, there, now))
    assert len(appointments(practice)) == 2
