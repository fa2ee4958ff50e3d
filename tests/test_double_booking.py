"""Two visitors never get one practitioner's time, however many ask at once (pitfalls 1 and 2)."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from pencilin.database import Database
from pencilin.models import Appointment, Claim, Reservation
from tests.cast import NOW, willow
from tests.rig.rush import Attempt, rush

NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # 9:00 in New York


@pytest.fixture
def practice(database: Database) -> Database:
    database.write(lambda session, _: willow(session))
    return database


def overlaps(database: Database) -> list[tuple[str, str]]:
    """Pairs of appointments of one practitioner whose times, buffers included, overlap."""
    with database.read() as session:
        rows = session.exec(select(Reservation).order_by(col(Reservation.practitioner_id), col(Reservation.start)))
        by_practitioner = defaultdict(list)
        for row in rows:
            by_practitioner[row.practitioner_id].append(row)
    return [
        (first.id, second.id)
        for reservations in by_practitioner.values()
        for place, first in enumerate(reservations)
        for second in reservations[place + 1 :]
        if first.first_tick < second.end_tick and second.first_tick < first.end_tick
    ]


def test_of_fifty_at_one_time_one_wins(practice: Database, database_url: str) -> None:
    outcomes = rush(database_url, NOW, [Attempt("first-visit", NINE, "ana")] * 50)
    assert outcomes == Counter(booked=1, slot_taken=49)
    assert overlaps(practice) == []


def test_overlapping_starts_of_different_services_never_both_win(practice: Database, database_url: str) -> None:
    starts = [NINE + timedelta(minutes=15 * quarter) for quarter in range(12)]
    attempts = [
        Attempt("follow-up" if place % 2 else "first-visit", starts[place % 12], "ana" if place % 3 else None)
        for place in range(50)
    ]
    outcomes = rush(database_url, NOW, attempts)
    assert set(outcomes) == {"booked", "slot_taken"}
    assert overlaps(practice) == []
    with practice.read() as session:
        assert len(session.exec(select(Appointment.id)).all()) == outcomes["booked"]


def test_the_key_alone_suffices(practice: Database, database_url: str) -> None:
    """Also without the application's own check and without its locks."""
    outcomes = rush(database_url, NOW, [Attempt("first-visit", NINE, "ana")] * 50, unchecked=True)
    assert outcomes == Counter(booked=1, slot_taken=49)
    assert overlaps(practice) == []


def test_without_the_key_these_tests_would_fail(practice: Database, database_url: str) -> None:
    """The control: the key is what the others prove."""
    _remove_the_key(practice)
    outcomes = rush(database_url, NOW, [Attempt("first-visit", NINE, "ana")] * 10, unchecked=True)
    assert outcomes["booked"] > 1
    assert overlaps(practice) != []


def _remove_the_key(database: Database) -> None:
    with database.engine.begin() as connection:
        if database.is_sqlite:
            connection.execute(text("DROP TABLE claim"))
            connection.execute(
                text("CREATE TABLE claim (practice_id, practitioner_id, tick INTEGER, lane INTEGER, reservation_id)")
            )
        else:
            connection.execute(text("ALTER TABLE claim DROP CONSTRAINT pk_claim"))


def test_every_tick_is_claimed_once(practice: Database, database_url: str) -> None:
    """A booked hour claims its twelve ticks; a half hour with ten minutes after it, eight."""
    rush(database_url, NOW, [Attempt("first-visit", NINE, "ana"), Attempt("follow-up", NINE, "ben")], processes=1)
    with practice.read() as session:
        claims = Counter(session.exec(select(Claim.reservation_id)).all())
    assert sorted(claims.values()) == [8, 12]
