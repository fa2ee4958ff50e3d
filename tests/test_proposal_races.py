"""Client and staff press at once: one wins, and no time is lost or taken twice. On both databases."""

from datetime import datetime, timedelta
from functools import partial
from unittest import mock

import pytest
from sqlmodel import Session, select

from pencilin import reservations, review
from pencilin.database import Database
from pencilin.errors import AlreadyDecided, Conflict, ProposalClosed
from pencilin.models import Appointment, Reservation
from pencilin.review import DeclineReason, answers
from pencilin.rules.states import Purpose, Status
from tests.cast import NINE, NOW, ZOE, ask, willow
from tests.desk import Desk
from tests.proposing import claimed, held, propose, withdraw
from tests.rig.rush import together

HALF = timedelta(minutes=30)


@pytest.fixture
def both(database: Database) -> Desk:
    database.clock = lambda: NOW
    return Desk(database, database.write(lambda session, _: willow(session)))


def pressed(desk: Desk, asked: str) -> list[object]:
    """Two clicks on each of two times, *none suits*, a refusal by staff and a withdrawal, all at once."""
    one, other = (row.id for row in held(desk, asked))
    revision = desk.look(asked).revision
    dana = desk.cast.dana

    def decline(session: Session, now: datetime) -> None:
        review.decline(session, dana, asked, revision, DeclineReason.TIME, "", now)

    def by_client(act: str, *args: str) -> object:
        def work(session: Session, now: datetime) -> None:
            appointment = session.get_one(Appointment, (desk.cast.practice.id, asked))
            getattr(review, act)(session, appointment, *args, now)

        return desk.database.write(work)

    return together(
        [
            partial(by_client, "accept", one),
            partial(by_client, "accept", one),
            partial(desk.database.write, decline),
            partial(by_client, "accept", other),
            partial(by_client, "refuse"),
            partial(desk.database.write, lambda s, now: review.withdraw(s, dana, asked, revision, now)),
        ]
    )


def test_of_all_who_press_at_once_one_wins(both: Desk) -> None:
    asked = both.asked()
    propose(both, asked, 0.5, 2)
    revision = both.look(asked).revision
    told = pressed(both, asked)
    won = [one for one in told if one is None]
    assert len(won) == 1 or (len(won) == 2 and both.look(asked).start == NINE + HALF)  # the second click on one time
    assert all(one is None or isinstance(one, ProposalClosed | AlreadyDecided) for one in told)
    row = both.look(asked)
    assert row.revision == revision + 1
    assert (row.proposed_until, held(both, asked)) == (None, [])
    owners = {one for one, _ in claimed(both)}
    assert len(owners) == 1 and len(claimed(both)) == 12
    if row.status == Status.TENTATIVE:
        with both.database.read() as session:
            (own,) = session.exec(select(Reservation).where(Reservation.appointment_id == asked)).all()
        assert (own.start, own.purpose) == (row.start, Purpose.CURRENT)


def test_without_the_compare_and_set_more_than_one_would_win(both: Desk) -> None:
    asked = both.asked()
    propose(both, asked, 2)
    with both.database.read() as session:
        seen = session.get_one(Appointment, (both.cast.practice.id, asked))
    withdraw(both, asked)

    def late(session: Session) -> None:
        # What a client's click that read the request before the withdrawal would do.
        review.refuse(session, Appointment(**seen.model_dump()), NOW)

    with pytest.raises(ProposalClosed):
        both.do(late)
    with mock.patch.object(answers, "advance", lambda *_: None):
        both.do(late)
    assert "appointment.times_refused" in both.actions(asked)


def test_a_time_that_overlaps_its_own_is_guarded_all_through(both: Desk) -> None:
    """Ticks that a proposal shares with its own request aren't claimed twice, but the others are: nobody gets them."""
    asked = both.asked()
    propose(both, asked, 0.5)
    ticks = {tick for _, tick in claimed(both)}
    assert len(ticks) == len(claimed(both)) == 18
    with pytest.raises(Conflict):
        both.do(lambda session: ask(session, both.cast, ZOE, NINE + timedelta(hours=1)))
    withdraw(both, asked)
    with mock.patch.object(reservations, "_claim", lambda *_: None):
        propose(both, asked, 0.5)
    assert len(claimed(both)) == 12
