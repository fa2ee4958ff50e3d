"""A hold protects a time while the form is filled in, for as long as it lives and no longer."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from pencilin import availability, holds
from pencilin.catalogue import Catalogue, find_practice, read_catalogue
from pencilin.database import Database
from pencilin.errors import HoldExpired, SlotTaken
from pencilin.models import Appointment, Practice, Reservation
from pencilin.rules.states import Purpose
from tests.cast import NOW, willow
from tests.rig.rush import Attempt, attempt, together

NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # 9:00 in New York


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(database: Database) -> Clock:
    database.clock = clock = Clock()
    database.write(lambda session, _: willow(session))
    return clock


def catalogue(database: Database) -> Catalogue:
    with database.read() as session:
        return read_catalogue(session, find_practice(session, "willow"))


def hold(database: Database, practitioner: str | None = "ana", start: datetime = NINE) -> holds.Held:
    known = catalogue(database)
    service = known.service("first-visit")
    assert service
    who = known.practitioner(practitioner) if practitioner else None
    wish = availability.wish(known, service, who, known.location("main-street"))
    return database.write(lambda session, now: holds.hold(session, known.practice, wish, start, now))


def test_a_held_time_is_nobody_elses(database: Database, clock: Clock) -> None:
    hold(database)
    with pytest.raises(SlotTaken):
        hold(database)
    assert attempt(database, Attempt("first-visit", NINE, "ana")) == "slot_taken"
    assert attempt(database, Attempt("first-visit", NINE, "ben")) == "booked"


def test_the_owner_books_what_is_held(database: Database, clock: Clock) -> None:
    held = hold(database)
    assert attempt(database, Attempt("first-visit", NINE, hold=held.id)) == "booked"
    with database.read() as session:
        reservation = session.exec(select(Reservation)).one()
        appointment = session.exec(select(Appointment)).one()
    assert (reservation.id, reservation.purpose, reservation.expires_at) == (held.id, Purpose.CURRENT, None)
    assert reservation.appointment_id == appointment.id
    assert appointment.practitioner_id == held.practitioner.id


def test_an_ended_hold_is_no_error_while_the_time_is_free(database: Database, clock: Clock) -> None:
    held = hold(database)
    clock.now = held.expires_at + timedelta(minutes=1)
    assert attempt(database, Attempt("first-visit", NINE, "ana", hold=held.id)) == "booked"


def test_notice_that_passes_while_the_form_is_filled_in_does_not_count(database: Database, clock: Clock) -> None:
    clock.now = NINE - timedelta(minutes=240)
    held = hold(database)
    clock.now += timedelta(minutes=9)
    assert attempt(database, Attempt("first-visit", NINE, "ana", hold=held.id)) == "booked"


def test_what_has_ended_since_does_not_count_against_a_live_hold(database: Database, clock: Clock) -> None:
    """With a cap of two: another hold ended meanwhile, somebody took its place, and mine is still mine."""

    def cap(session: Session, _: datetime) -> None:
        session.exec(select(Practice)).one().daily_cap = 2

    database.write(cap)
    ended = hold(database, start=NINE + timedelta(hours=2))
    clock.now = ended.expires_at - timedelta(minutes=1)
    mine = hold(database)
    clock.now = ended.expires_at
    hold(database, start=NINE + timedelta(hours=4))
    assert attempt(database, Attempt("first-visit", NINE, "ana", hold=mine.id)) == "booked"


def test_a_start_that_has_passed_is_booked_by_nobody(database: Database, clock: Clock) -> None:
    def no_notice(session: Session, _: datetime) -> None:
        session.exec(select(Practice)).one().notice_minutes = 0

    database.write(no_notice)
    clock.now = NINE - timedelta(minutes=5)
    held = hold(database)
    clock.now = NINE
    assert attempt(database, Attempt("first-visit", NINE, "ana", hold=held.id)) == "slot_taken"


@pytest.mark.parametrize("stranger", ["0" * 32, ""])
def test_an_unknown_hold_is_as_none(database: Database, clock: Clock, stranger: str) -> None:
    assert attempt(database, Attempt("first-visit", NINE, "ana", hold=stranger)) == "booked"


def test_a_hold_for_another_slot_is_as_none(database: Database, clock: Clock) -> None:
    held = hold(database)
    later = NINE + timedelta(hours=2)
    assert attempt(database, Attempt("first-visit", later, "ana", hold=held.id)) == "booked"
    with database.read() as session:
        kept = session.get_one(Reservation, (held.practitioner.practice_id, held.id))
    assert kept.purpose is Purpose.HOLD


def test_a_hold_is_extended_twice_and_no_more(database: Database, clock: Clock) -> None:
    held, known = hold(database), catalogue(database)

    def extend() -> datetime:
        clock.now += timedelta(minutes=5)
        return database.write(lambda session, now: holds.extend(session, known.practice, held.id, now))

    assert extend() == clock.now + timedelta(minutes=10)
    assert extend() == clock.now + timedelta(minutes=10)
    with pytest.raises(HoldExpired):
        extend()


def test_an_ended_hold_is_not_revived(database: Database, clock: Clock) -> None:
    held, known = hold(database), catalogue(database)
    clock.now = held.expires_at
    with pytest.raises(HoldExpired):
        database.write(lambda session, now: holds.extend(session, known.practice, held.id, now))


def test_letting_go_frees_the_time_at_once_and_can_be_repeated(database: Database, clock: Clock) -> None:
    held, known = hold(database), catalogue(database)
    for _ in range(2):
        database.write(lambda session, _: holds.let_go(session, known.practice, held.id))
    assert hold(database).id != held.id


def test_a_booked_time_is_not_let_go_by_its_old_hold(database: Database, clock: Clock) -> None:
    held, known = hold(database), catalogue(database)
    assert attempt(database, Attempt("first-visit", NINE, hold=held.id)) == "booked"
    database.write(lambda session, _: holds.let_go(session, known.practice, held.id))
    with pytest.raises(SlotTaken):
        hold(database)


@pytest.mark.parametrize("late", [timedelta(seconds=-1), timedelta(0), timedelta(minutes=1)])
def test_of_an_ending_hold_its_owner_or_another_has_it(database: Database, clock: Clock, late: timedelta) -> None:
    """Fought over at the moment it ends: one wins, whoever it is."""
    held = hold(database)
    clock.now = held.expires_at + late
    owner = Attempt("first-visit", NINE, "ana", hold=held.id)
    others = [Attempt("first-visit", NINE, "ana")] * 7
    outcomes = Counter(
        together([lambda one=one: attempt(database, one) for one in (owner, *others)])  # type: ignore[misc]
    )
    assert outcomes == Counter(booked=1, slot_taken=7)


def test_any_practitioner_is_the_least_booked_that_day(database: Database, clock: Clock) -> None:
    assert attempt(database, Attempt("first-visit", NINE, "ana")) == "booked"
    assert hold(database, None, NINE + timedelta(hours=2)).practitioner.slug == "ben"
