"""Overbooking on purpose: each takes a lane of its own, and the public sees the time as taken while any lane is."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from pencilin import reservations, scheduling
from pencilin.availability import slots, wish
from pencilin.catalogue import read_catalogue
from pencilin.conflicts import Insist
from pencilin.database import Database
from pencilin.errors import SlotTaken, TimeConflicts
from pencilin.holds import hold
from pencilin.models import Claim, Reservation
from pencilin.rules.states import Purpose
from pencilin.scheduling import NewAppointment, Occurrence
from tests.cast import KIM, NINE, NOW, Willow, willow
from tests.desk import Desk
from tests.rig.rush import together


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, database.write(lambda session, _: willow(session)))


def enter(session: Session, cast: Willow, insist: Insist, minutes: float = 0) -> str:
    occurrence = Occurrence(NINE + timedelta(minutes=minutes), insist)
    ids = (cast.first_visit.id, cast.ana.id, cast.main_street.id)
    return scheduling.enter(session, cast.dana, NewAppointment(*ids, (occurrence,), client_id=cast.kim.id), NOW)[0].id


def offered(desk: Desk) -> bool:
    """Whether visitors are offered nine o'clock with Ana."""
    with desk.database.read() as session:
        catalogue = read_catalogue(session, desk.cast.practice)
        wanted = wish(catalogue, desk.cast.first_visit, desk.cast.ana, desk.cast.main_street)
        return any(slot.start == NINE for slot in slots(session, catalogue, wanted, NINE.date(), 1, NOW))


def lanes(desk: Desk) -> list[int]:
    with desk.database.read() as session:
        return sorted(row.lane for row in session.exec(select(Reservation)))


def test_sixteen_at_once_get_sixteen_lanes(desk: Desk) -> None:
    works = [
        lambda: desk.database.write(lambda session, _: enter(session, desk.cast, Insist.OVERBOOK)) for _ in range(16)
    ]
    results = together(works)
    assert all(isinstance(one, str) for one in results), results
    assert lanes(desk) == list(range(16))
    with desk.database.read() as session:
        claims = Counter((claim.tick, claim.lane) for claim in session.exec(select(Claim)))
    assert set(claims.values()) == {1} and len(claims) == 16 * 12


def test_any_lane_keeps_visitors_away(desk: Desk) -> None:
    first = desk.do(lambda session: enter(session, desk.cast, Insist.NO))
    second = desk.do(lambda session: enter(session, desk.cast, Insist.OVERBOOK, 30))
    assert desk.view(first).overbooked and desk.view(second).overbooked
    for one in (first, second):
        with pytest.raises(SlotTaken):
            desk.asked(KIM)
        assert not offered(desk)
        desk.do(lambda session, one=one: reservations.release(session, desk.look(one)))  # type: ignore[misc]
    assert not desk.view(second).overbooked
    assert offered(desk)


def test_nothing_is_overbooked_unasked(desk: Desk) -> None:
    desk.do(lambda session: enter(session, desk.cast, Insist.NO))
    for insist in (Insist.NO, Insist.REASONS):
        with pytest.raises(TimeConflicts) as told:
            desk.do(lambda session, insist=insist: enter(session, desk.cast, insist, 30))  # type: ignore[misc]
        assert told.value.overlap
    assert lanes(desk) == [0]


def test_a_visitor_who_fills_in_the_form_is_said_to_be_there_and_loses_to_staff_who_insist(desk: Desk) -> None:
    cast = desk.cast

    def held(session: Session) -> str:
        wanted = wish(read_catalogue(session, cast.practice), cast.first_visit, cast.ana, cast.main_street)
        return hold(session, cast.practice, wanted, NINE, NOW).id

    desk.do(held)
    with pytest.raises(TimeConflicts, match="filling in the booking form") as told:
        desk.do(lambda session: enter(session, cast, Insist.REASONS))
    assert told.value.overlap
    desk.do(lambda session: enter(session, cast, Insist.OVERBOOK))
    with pytest.raises(SlotTaken):
        desk.asked(KIM)
    with desk.database.read() as session:
        rows = {row.purpose: row.lane for row in session.exec(select(Reservation))}
    assert rows == {Purpose.HOLD: 0, Purpose.CURRENT: 1}
