"""Clients are reminded of what takes place, when the practice wishes: whenever it changes, of what it is then."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from pencilin import review
from pencilin.database import Database
from pencilin.mail.messages import Kind
from pencilin.mail.overtaken import still_news
from pencilin.models import Outbox, Practice
from pencilin.review import Change
from tests.cast import NINE, NOW, willow
from tests.desk import Desk

REMINDER = Kind.VISIT_REMINDER


@pytest.fixture
def desk(sqlite_url: str) -> Desk:
    """At a practice that reminds a day and two hours ahead."""
    database = Database(sqlite_url, clock=lambda: NOW)
    desk = Desk(database, database.write(lambda session, _: willow(session)))

    def remind(session: Session) -> None:
        session.get_one(Practice, desk.cast.practice.id).reminder_hours = [24, 2]

    desk.do(remind)
    return desk


def waiting(desk: Desk) -> list[Outbox]:
    rows = [row for row in desk.mails(REMINDER) if row.cancelled_at is None]
    return sorted(rows, key=lambda row: row.due_at)


def test_an_approved_appointment_reminds_of_itself(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    assert waiting(desk) == []
    desk.approve(asked)
    assert [row.due_at for row in waiting(desk)] == [NINE - timedelta(hours=24), NINE - timedelta(hours=2)]
    assert {row.recipient for row in waiting(desk)} == {"kim.lee@mail.example"}


def test_what_is_due_already_is_left_out(desk: Desk) -> None:
    desk.now = NINE - timedelta(hours=24, minutes=-5)
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    assert [row.due_at for row in waiting(desk)] == [NINE - timedelta(hours=2)]


def test_undo_takes_them_back_and_approving_again_brings_them_again(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    desk.undo(asked)
    assert waiting(desk) == []
    desk.approve(asked)
    assert len(waiting(desk)) == 2


def test_a_moved_appointment_is_reminded_of_at_its_new_time(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    at = desk.look(asked)
    later = Change(at.service_id, at.practitioner_id, at.location_id, NINE + timedelta(hours=3))
    desk.do(lambda session: review.change(session, desk.cast.dana, asked, later, at.revision, desk.now))
    assert [row.due_at for row in waiting(desk)] == [
        later.start - timedelta(hours=24),
        later.start - timedelta(hours=2),
    ]


def test_nobody_is_reminded_of_what_does_not_take_place_or_has_begun(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    row = waiting(desk)[-1]
    with desk.database.read() as session:
        assert still_news(session, row, row.due_at)
        assert not still_news(session, row, NINE)
    desk.undo(asked)
    with desk.database.read() as session:
        assert not still_news(session, row, row.due_at)
