"""No request goes stale: staff are reminded once, then it ends, its time is free, and the client is told."""

from datetime import timedelta

import pytest

from pencilin import review
from pencilin.database import Database
from pencilin.errors import AlreadyDecided
from pencilin.rules.states import Status
from tests.cast import NINE, NOW, ZOE, willow
from tests.desk import Desk


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, database.write(lambda session, _: willow(session)))


def remind(desk: Desk) -> int:
    return desk.do(lambda session: review.remind_due(session, desk.now))


def expire(desk: Desk) -> int:
    return desk.do(lambda session: review.expire_due(session, desk.now))


def test_an_overdue_request_ends_and_its_time_is_free(desk: Desk) -> None:
    asked = desk.asked()
    due = desk.look(asked).answer_due
    assert due is not None and NOW < due <= NINE
    desk.now = due - timedelta(seconds=1)
    assert expire(desk) == 0
    desk.now = due
    assert (expire(desk), expire(desk)) == (1, 0)
    assert desk.look(asked).status == Status.EXPIRED
    assert desk.addressed("expired") == ["kim.lee@mail.example"]
    assert "appointment.expired" in desk.actions(asked)
    with pytest.raises(AlreadyDecided, match="Expired without an answer at 5:00 PM"):
        desk.do(lambda session: review.approve(session, desk.cast.dana, asked, 1, None, desk.now))
    with desk.database.read() as session:
        assert review.count_waiting(session, desk.cast.dana) == 0


def test_time_of_an_expired_request_can_be_booked(desk: Desk) -> None:
    in_three_days = NINE + timedelta(days=2)
    asked = desk.asked(start=in_three_days)
    due = desk.look(asked).answer_due
    assert due is not None
    desk.now = due
    expire(desk)
    assert desk.asked(ZOE, in_three_days)


def test_decided_requests_do_not_end(desk: Desk) -> None:
    approved = desk.asked()
    desk.link(approved)
    desk.approve(approved)
    declined = desk.asked(ZOE, NINE + timedelta(hours=1))
    desk.decline(declined)
    desk.now = NINE + timedelta(days=9)
    assert expire(desk) == 0
    assert (desk.look(approved).status, desk.look(declined).status) == (Status.APPROVED, Status.DECLINED)


def test_staff_are_reminded_once_when_three_quarters_have_passed(desk: Desk) -> None:
    asked = desk.asked()
    due = desk.look(asked).answer_due
    assert due is not None
    reminder = due - (due - NOW) / 4
    desk.now = reminder - timedelta(seconds=1)
    assert remind(desk) == 0
    desk.now = reminder
    assert (remind(desk), remind(desk)) == (1, 0)
    assert desk.addressed("review_reminder") == ["ana@willow.example", "dana@willow.example"]
    with desk.database.read() as session:
        (row,) = review.requests(session, desk.cast.dana, desk.now)
    assert row.due_soon


def test_linking_in_between_reminds_nobody_twice(desk: Desk) -> None:
    asked = desk.asked()
    due = desk.look(asked).answer_due
    assert due is not None
    desk.now = due - timedelta(minutes=30)
    assert remind(desk) == 1
    desk.link(asked)
    assert remind(desk) == 0


def test_without_active_staff_there_is_nothing_left_to_remind(desk: Desk) -> None:
    alone = desk.asked()
    other = Desk(desk.database, desk.do(lambda session: willow(session, slug="birch")))
    cared_for = other.asked()
    due = desk.look(alone).answer_due
    assert due is not None and other.look(cared_for).answer_due == due
    for member in (desk.cast.dana, desk.cast.mona, desk.cast.ana_signs_in):
        member.disabled_at = NOW
        desk.do(lambda session, member=member: session.merge(member))  # type: ignore[misc]
    desk.now = due - timedelta(minutes=30)
    assert (remind(desk), remind(desk)) == (1, 0)
    assert desk.addressed("review_reminder") == ["ana@birch.example", "dana@birch.example"]


def test_nobody_is_reminded_of_what_is_decided(desk: Desk) -> None:
    asked = desk.asked()
    due = desk.look(asked).answer_due
    assert due is not None
    desk.decline(asked)
    desk.now = due - timedelta(minutes=30)
    assert remind(desk) == 0


def test_the_most_urgent_request_comes_first(desk: Desk) -> None:
    later = desk.asked(start=NINE + timedelta(days=7))
    desk.now += timedelta(hours=1)
    sooner = desk.asked(ZOE, NINE)
    with desk.database.read() as session:
        rows = review.requests(session, desk.cast.dana, desk.now)
        assert review.count_waiting(session, desk.cast.dana) == 2
    assert [row.answer_due for row in rows] == sorted(row.answer_due for row in rows)
    assert {row.appointment_id for row in rows} == {later, sooner}
    (zoe,) = [row for row in rows if row.appointment_id == sooner]
    assert (zoe.name, zoe.service, zoe.practitioner, zoe.location) == (
        "Zoë Ångström",
        "First visit",
        "Ana Ruiz",
        "Main Street",
    )
    assert (zoe.booked_by, zoe.linked, zoe.due_soon) == (None, False, False)
