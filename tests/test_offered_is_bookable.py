"""Every slot that is offered can be booked, and no other can (pitfalls 4 and 18), down to the stored rows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from pencilin import availability
from pencilin.catalogue import Catalogue, find_practice, read_catalogue
from pencilin.database import Database
from pencilin.models import Closure, Override, TimeOff
from tests.cast import NOW, willow
from tests.rig.rush import Attempt, attempt

TUESDAY = date(2026, 11, 24)
NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # 9:00 in New York


@pytest.fixture
def practice(database: Database) -> Database:
    """A day with a booking, a buffer, an absence, other hours and a cap that is nearly reached."""
    database.clock = lambda: NOW

    def write(session: Session, _: datetime) -> None:
        cast = willow(session)
        cast.practice.daily_cap = 3
        of = cast.practice.id
        session.add(
            TimeOff(
                practice_id=of,
                practitioner_id=cast.ana.id,
                start=datetime(2026, 11, 24, 12, 10),
                end=datetime(2026, 11, 24, 13, 0),
            )
        )
        session.add(Override(practice_id=of, practitioner_id=cast.ben.id, date=TUESDAY, hours=[[600, 720], [725, 800]]))
        session.add(Closure(practice_id=of, date=date(2026, 11, 26), name="Thanksgiving"))

    database.write(write)
    assert attempt(database, Attempt("first-visit", NINE, "ana")) == "booked"
    assert attempt(database, Attempt("follow-up", NINE + timedelta(hours=5), "ana")) == "booked"
    return database


def known(session: Session) -> Catalogue:
    return read_catalogue(session, find_practice(session, "willow"))


def test_what_is_offered_and_only_that_may_be_booked(practice: Database) -> None:
    with practice.read() as session:
        catalogue = known(session)
        for service in catalogue.services:
            wish = availability.wish(catalogue, service)
            offers = {
                (slot.start, slot.location.id, practitioner.id)
                for slot in availability.slots(session, catalogue, wish, TUESDAY, 1, NOW)
                for practitioner in slot.practitioners
            }
            starts = [NINE + timedelta(minutes=5 * tick) for tick in range(-12, 9 * 12)]
            bookable = {
                (start, location.id, practitioner.id)
                for start in starts
                for practitioner, location in availability.bookable_by(session, catalogue, wish, start, NOW)
            }
            assert offers == bookable


def test_a_start_between_the_ticks_is_never_bookable(practice: Database) -> None:
    with practice.read() as session:
        catalogue = known(session)
        wish = availability.wish(catalogue, catalogue.services[0])
        free = availability.slots(session, catalogue, wish, TUESDAY, 1, NOW)[0].start
        for slip in (timedelta(seconds=1), timedelta(minutes=1), -timedelta(microseconds=1)):
            assert availability.bookable_by(session, catalogue, wish, free + slip, NOW) == []


def test_a_full_day_is_full(practice: Database) -> None:
    """Ana has two of three; after the third she has no start left, and Ben still has."""
    assert attempt(practice, Attempt("first-visit", NINE + timedelta(hours=2), "ana")) == "booked"
    with practice.read() as session:
        catalogue = known(session)
        wish = availability.wish(catalogue, catalogue.services[0])
        left = {
            practitioner.slug
            for slot in availability.slots(session, catalogue, wish, TUESDAY, 1, NOW)
            for practitioner in slot.practitioners
        }
    assert left == {"ben"}
    assert attempt(practice, Attempt("first-visit", NINE + timedelta(hours=6), "ana")) == "slot_taken"


def test_a_closure_shuts_the_whole_practice(practice: Database) -> None:
    with practice.read() as session:
        catalogue = known(session)
        wish = availability.wish(catalogue, catalogue.services[0])
        assert availability.slots(session, catalogue, wish, date(2026, 11, 26), 1, NOW) == []
        later = availability.next_slot(session, catalogue, wish, date(2026, 11, 26), NOW)
    assert later is not None
    assert later.start == datetime(2026, 11, 27, 14, tzinfo=UTC)


def test_availability_takes_few_statements_however_much_is_booked(practice: Database) -> None:
    """Pitfall 19: no query per slot or per appointment."""
    counts = []
    for hours in (0, 24, 48, 72):
        attempt(practice, Attempt("follow-up", NINE + timedelta(hours=hours + 1), "ben"))
        statements: list[str] = []

        def note(
            _connection: object, _cursor: object, statement: str, *_: object, into: list[str] = statements
        ) -> None:
            into.append(statement)

        event.listen(practice.engine, "before_cursor_execute", note)
        with practice.read() as session:
            catalogue = known(session)
            wish = availability.wish(catalogue, catalogue.services[0])
            availability.slots(session, catalogue, wish, TUESDAY, 62, NOW)
        event.remove(practice.engine, "before_cursor_execute", note)
        counts.append(len([one for one in statements if one.startswith("SELECT")]))
    assert len(set(counts)) == 1
    assert counts[0] < 20
