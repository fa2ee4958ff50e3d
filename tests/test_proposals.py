"""Other times than the one that was asked for: held for the client, who takes one or none, and never two for one."""

from datetime import timedelta
from functools import partial

import pytest

from pencilin import review
from pencilin.database import Database
from pencilin.errors import Conflict, Invalid, ProposalClosed, TimeConflicts
from pencilin.mail.messages import Kind
from pencilin.mail.overtaken import still_news
from pencilin.review import Time, deadlines
from pencilin.rules.states import Status
from tests.cast import NINE, NOW, ZOE, willow
from tests.desk import Desk
from tests.proposing import accept, claimed, held, propose, refuse, withdraw

HALF = timedelta(minutes=30)


@pytest.fixture
def desk(sqlite_url: str) -> Desk:
    database = Database(sqlite_url, clock=lambda: NOW)
    return Desk(database, database.write(lambda session, _: willow(session)))


def answer_told(desk: Desk) -> list[str | None]:
    return [(mail.payload or {}).get("answer") for mail in desk.mails(Kind.CLIENT_ANSWERED)]


def test_times_are_held_and_the_client_is_asked(desk: Desk) -> None:
    asked = desk.asked()
    propose(desk, asked, 2, 0.5)
    until = NINE + HALF - timedelta(hours=2)
    assert [(one.start, one.expires_at) for one in held(desk, asked)] == [
        (NINE + HALF, until),
        (NINE + timedelta(hours=2), until),
    ]
    row = desk.look(asked)
    assert (row.status, row.start, row.proposed_until) == (Status.TENTATIVE, NINE, until)
    (mail,) = desk.mails(Kind.OTHER_TIMES)
    assert (mail.recipient, mail.due_at) == ("kim.lee@mail.example", NOW + timedelta(seconds=review.UNDO_SECONDS))
    proposal = desk.view(asked).proposal
    assert proposal and [one.practitioner for one in proposal.times] == ["Ana Ruiz", "Ana Ruiz"]
    # Nobody else gets any of them, nor the time that was asked for.
    for hours in (0, 0.5, 2):
        with pytest.raises(Conflict):
            desk.asked(ZOE, NINE + timedelta(hours=hours))


def test_the_client_has_two_days_at_most_and_half_an_hour_at_least(desk: Desk) -> None:
    week = desk.asked(start=NINE + timedelta(days=7))
    propose(desk, week, 7 * 24 + 2)
    assert desk.look(week).proposed_until == NOW + timedelta(hours=48)
    withdraw(desk, week)
    desk.now = NINE - timedelta(minutes=40)
    propose(desk, week, 0)
    assert desk.look(week).proposed_until == desk.now + HALF
    withdraw(desk, week)
    desk.now = NINE - timedelta(minutes=20)
    with pytest.raises(Invalid, match="another look"):
        propose(desk, week, 0)


def test_the_request_waits_for_the_client_and_not_beyond_its_start(desk: Desk) -> None:
    asked = desk.asked()
    desk.now += timedelta(hours=7)
    propose(desk, asked, 24 * 3)
    due = desk.look(asked).answer_due
    assert due == NINE
    desk.now = NINE + timedelta(hours=1)
    assert desk.do(lambda session: deadlines.expire_due(session, desk.now)) == 0
    assert desk.do(lambda session: deadlines.remind_due(session, desk.now)) == 0
    assert desk.look(asked).status == Status.TENTATIVE


def test_an_accepted_time_becomes_the_request_s_own(desk: Desk) -> None:
    asked = desk.asked()
    propose(desk, asked, 0.5, 2, 24)
    chosen = held(desk, asked)[0].id
    accept(desk, asked, chosen)
    row = desk.look(asked)
    assert (row.status, row.start, row.proposed_until) == (Status.TENTATIVE, NINE + HALF, None)
    assert row.answer_due is not None and row.answer_due <= row.start
    assert {one for one, _ in claimed(desk)} == {chosen}
    assert len(claimed(desk)) == 12
    assert desk.addressed(Kind.CLIENT_ANSWERED) == ["ana@willow.example", "dana@willow.example"]
    assert set(answer_told(desk)) == {"accepted"}
    assert "appointment.time_accepted" in desk.actions(asked)
    # Sent twice, done once.
    accept(desk, asked, chosen)
    assert desk.look(asked).revision == row.revision
    # What was given back can be had.
    desk.asked(ZOE, NINE + timedelta(hours=2))


def test_with_the_client_settled_accepting_approves(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    propose(desk, asked, 2)
    accept(desk, asked, held(desk, asked)[0].id)
    assert desk.look(asked).status == Status.APPROVED
    (mail,) = desk.mails(Kind.CONFIRMED)
    assert (mail.recipient, mail.due_at) == ("kim.lee@mail.example", NOW)
    assert (mail.payload or {})["start"] == (NINE + timedelta(hours=2)).isoformat()
    assert set(answer_told(desk)) == {"approved"}
    view = desk.view(asked)
    assert view.decided and view.decided.startswith("Approved at")
    assert view.undo == "reopen"


def test_none_suits_and_staff_decide_again(desk: Desk) -> None:
    asked = desk.asked()
    propose(desk, asked, 2)
    refuse(desk, asked)
    row = desk.look(asked)
    assert (row.status, row.start, row.proposed_until, held(desk, asked)) == (Status.TENTATIVE, NINE, None, [])
    assert set(answer_told(desk)) == {"none"}
    desk.link(asked)
    desk.approve(asked)


def test_none_suits_after_the_time_that_was_asked_for_ends_the_request(desk: Desk) -> None:
    asked = desk.asked()
    desk.now = NINE - timedelta(hours=1)
    propose(desk, asked, 48)
    desk.now = NINE + HALF
    refuse(desk, asked)
    assert desk.look(asked).status == Status.CANCELLED
    assert set(answer_told(desk)) == {"gave_up"}
    assert claimed(desk) == set()


def test_what_nobody_answers_in_time_goes_back_to_staff(desk: Desk) -> None:
    asked = desk.asked()
    propose(desk, asked, 1.5)
    desk.now = desk.look(asked).proposed_until or NOW
    assert desk.do(lambda session: review.lapse_due(session, desk.now)) == 1
    assert desk.do(lambda session: review.lapse_due(session, desk.now)) == 0
    row = desk.look(asked)
    assert (row.status, row.proposed_until, held(desk, asked)) == (Status.TENTATIVE, None, [])
    assert row.answer_due == NINE
    assert set(answer_told(desk)) == {"lapsed"}


def test_what_nobody_answers_after_the_start_expires_and_says_why(desk: Desk) -> None:
    asked = desk.asked()
    propose(desk, asked, 72)
    desk.now = NINE + timedelta(days=2)
    desk.do(lambda session: review.lapse_due(session, desk.now))
    assert desk.look(asked).status == Status.EXPIRED
    assert [(mail.payload or {})["offered"] for mail in desk.mails(Kind.EXPIRED)] == ["yes"]


@pytest.mark.parametrize("how", ["withdraw", "decline", "approve", "change"])
def test_whatever_ends_it_frees_the_times_and_closes_the_link(desk: Desk, how: str) -> None:
    asked = desk.asked()
    desk.link(asked)
    propose(desk, asked, 2, 24)
    chosen = held(desk, asked)[0].id
    (mail,) = desk.mails(Kind.OTHER_TIMES)
    if how == "withdraw":
        withdraw(desk, asked)
    elif how == "change":
        at = review.as_it_is(desk.look(asked))
        later = review.Change(at.service_id, at.practitioner_id, at.location_id, NINE + timedelta(hours=4))
        desk.do(lambda s: review.change(s, desk.cast.dana, asked, later, desk.look(asked).revision, desk.now))
    else:
        getattr(desk, how)(asked)
    assert (desk.look(asked).proposed_until, held(desk, asked)) == (None, [])
    assert desk.mails(Kind.OTHER_TIMES)[0].cancelled_at is not None
    with desk.database.read() as session:
        assert not still_news(session, mail, desk.now + timedelta(minutes=1))
    for act in (partial(accept, time_id=chosen), refuse):
        with pytest.raises(ProposalClosed):
            act(desk, asked)
    desk.asked(ZOE, NINE + timedelta(hours=2))


def test_too_late_is_too_late(desk: Desk) -> None:
    asked = desk.asked()
    propose(desk, asked, 2)
    chosen = held(desk, asked)[0].id
    desk.now = NINE
    with pytest.raises(ProposalClosed):
        accept(desk, asked, chosen)


def test_another_appointment_s_time_is_nobody_else_s(desk: Desk) -> None:
    one, other = desk.asked(), desk.asked(ZOE, NINE + timedelta(hours=4))
    propose(desk, one, 24)
    propose(desk, other, 26)
    with pytest.raises(ProposalClosed):
        accept(desk, one, held(desk, other)[0].id)


def test_what_speaks_against_a_time_is_said_for_each(desk: Desk) -> None:
    asked, other = desk.asked(), desk.asked(ZOE, NINE + timedelta(hours=2))
    with pytest.raises(TimeConflicts) as error:
        propose(desk, asked, 2, 12)
    assert error.value.blocking
    assert [one[:22] for one in error.value.reasons] == ["Tue, Nov 24, 11:00 AM:", "Tue, Nov 24, 9:00 PM: "]
    with pytest.raises(TimeConflicts):
        propose(desk, asked, 2, insist=True)
    with pytest.raises(TimeConflicts) as error:
        propose(desk, asked, 12)
    assert not error.value.blocking
    propose(desk, asked, 12, insist=True)
    assert desk.look(other).proposed_until is None


@pytest.mark.parametrize("hours", [(), (0,), (1, 2, 3, 4), (1 / 60,)])
def test_what_cannot_be_proposed(desk: Desk, hours: tuple[float, ...]) -> None:
    asked = desk.asked()
    with pytest.raises(Invalid) as error:
        propose(desk, asked, *hours)
    assert "times" in error.value.fields


def test_one_proposal_at_a_time(desk: Desk) -> None:
    asked = desk.asked()
    propose(desk, asked, 2)
    with pytest.raises(Conflict, match="Withdraw them first"):
        propose(desk, asked, 3)


def test_suggestions_are_free_and_near(desk: Desk) -> None:
    asked = desk.asked()
    desk.asked(ZOE, NINE + timedelta(hours=2))
    with desk.database.read() as session:
        found = review.suggestions(session, desk.cast.dana, asked, desk.now)
    assert 1 <= len(found) <= 9
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert {who.id for one in found for who in one.practitioners} == {desk.cast.ana.id}
    times = [Time(one.start, desk.cast.ana.id, one.location.id) for one in found[:3]]
    desk.do(lambda s: review.propose(s, desk.cast.dana, asked, times, desk.look(asked).revision, desk.now))
