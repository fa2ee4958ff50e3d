"""Approve, decline and taking either back: what changes, what is said, and what is mailed to whom."""

from datetime import timedelta

import pytest
from sqlmodel import select

from pencilin import review
from pencilin.booking import Person
from pencilin.database import Database
from pencilin.errors import AlreadyDecided, Conflict, Invalid, SlotTaken
from pencilin.models import Client, Reservation, TentativeClient
from pencilin.review import ConfirmTo, DeclineReason
from pencilin.rules.states import Status
from tests.cast import KIM, KIM_MOVED, NINE, NOW, ZOE, willow
from tests.desk import Desk

SOON = NOW + timedelta(seconds=19)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, database.write(lambda session, _: willow(session)))


def test_approve_says_what_is_missing_until_a_client_is_linked(desk: Desk) -> None:
    asked = desk.asked()
    with pytest.raises(Invalid, match="Link an existing client or save a new one") as refused:
        desk.approve(asked)
    assert set(refused.value.fields) == {"client"}
    assert desk.look(asked).status == Status.TENTATIVE
    assert desk.mails("confirmed") == []


def test_approving_confirms_after_the_time_to_undo(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    appointment = desk.look(asked)
    assert (appointment.status, appointment.decided_by) == (Status.APPROVED, desk.cast.dana.id)
    assert appointment.undo_until == NOW + timedelta(seconds=20)
    (mail,) = desk.mails("confirmed")
    assert (mail.recipient, mail.due_at) == (KIM.email, NOW + timedelta(seconds=20))
    assert "appointment.approved" in desk.actions(asked)


@pytest.mark.parametrize(
    ("confirm_to", "recipients"),
    [
        (ConfirmTo.FILED, ["kim.lee@mail.example"]),
        (ConfirmTo.TYPED, ["kim@new.example"]),
        (ConfirmTo.BOTH, ["kim.lee@mail.example", "kim@new.example"]),
    ],
)
def test_where_addresses_differ_staff_choose(desk: Desk, confirm_to: ConfirmTo, recipients: list[str]) -> None:
    asked = desk.asked(KIM_MOVED)
    desk.link(asked)
    with pytest.raises(Invalid, match="Choose where the confirmation goes") as refused:
        desk.approve(asked)
    assert set(refused.value.fields) == {"confirm_to"}
    assert desk.mails("confirmed") == []
    desk.approve(asked, confirm_to)
    assert [mail.recipient for mail in desk.mails("confirmed")] == recipients


def test_one_address_in_two_notations_needs_no_choice(desk: Desk) -> None:
    asked = desk.asked(Person("Kim", "Lee", "Kim.Lee@MAIL.example", "(212) 555-0147", KIM.birth_date))
    desk.link(asked)
    desk.approve(asked)
    assert len(desk.mails("confirmed")) == 1


def test_the_second_to_decide_is_told_who_was_first_and_when(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    seen = desk.look(asked).revision
    desk.now = SOON
    desk.approve(asked)
    mona = desk.cast.mona
    for late in (
        lambda session: review.approve(session, mona, asked, seen, None, LATER),
        lambda session: review.approve(session, desk.cast.dana, asked, seen, None, LATER),
        lambda session: review.decline(session, mona, asked, seen, DeclineReason.FULL, "", LATER),
        lambda session: review.link_existing(session, mona, asked, desk.cast.kim.id, seen, LATER),
    ):
        with pytest.raises(AlreadyDecided) as told:
            desk.do(late)
        assert str(told.value) == "Approved by Dana at 7:00 AM"
    assert len(desk.mails("confirmed")) == 1
    assert desk.look(asked).status == Status.APPROVED


def test_the_next_day_the_winner_comes_with_a_date(desk: Desk) -> None:
    asked = desk.asked()
    desk.decline(asked)
    with pytest.raises(AlreadyDecided, match="Declined by Dana on Mon, Nov 23 at 7:00 AM"):
        desk.do(lambda session: review.approve(session, desk.cast.mona, asked, 1, None, NOW + timedelta(days=1)))


def test_undone_at_once_nobody_hears_of_an_approval(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    desk.now = SOON
    desk.undo(asked)
    appointment = desk.look(asked)
    assert (appointment.status, appointment.decided_at, appointment.undo_until) == (Status.TENTATIVE, None, None)
    assert appointment.client_id == desk.cast.kim.id
    desk.now = LATER
    desk.send_all()
    assert [mail.sent_at for mail in desk.mails("confirmed", "correction")] == [None]


def test_reopened_later_whoever_was_told_is_told_again(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED)
    desk.link(asked)
    desk.approve(asked, ConfirmTo.BOTH)
    desk.now = LATER
    desk.send_all()
    desk.undo(asked)
    assert [mail.recipient for mail in desk.mails("correction")] == ["kim.lee@mail.example", "kim@new.example"]
    assert "appointment.reopened" in desk.actions(asked)
    assert desk.look(asked).status == Status.TENTATIVE


@pytest.mark.parametrize("end", ["declined", "expired"])
def test_whoever_was_told_that_it_waits_again_hears_how_it_ends(desk: Desk, end: str) -> None:
    asked = desk.asked(KIM_MOVED)
    desk.link(asked)
    desk.approve(asked, ConfirmTo.BOTH)
    desk.now = LATER
    desk.send_all()
    desk.undo(asked)
    if end == "declined":
        desk.decline(asked)
    else:
        desk.now = NINE
        desk.do(lambda session: review.expire_due(session, desk.now))
    assert desk.addressed(end) == ["kim.lee@mail.example", "kim@new.example"]


def test_an_address_that_heard_nothing_is_not_refused(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED)
    desk.link(asked)
    desk.approve(asked, ConfirmTo.BOTH)
    desk.now = SOON
    desk.undo(asked)
    desk.decline(asked)
    assert desk.addressed("declined") == ["kim@new.example"]


def test_reopening_gives_a_deadline_ahead(desk: Desk) -> None:
    asked = desk.asked(start=NINE + timedelta(days=3))
    desk.link(asked)
    desk.approve(asked)
    desk.now = NOW + timedelta(days=2)
    desk.undo(asked)
    due = desk.look(asked).answer_due
    assert due is not None and desk.now < due <= NINE + timedelta(days=3)


def test_what_has_begun_is_not_reopened(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    desk.now = NINE
    with pytest.raises(Conflict, match="time has come"):
        desk.undo(asked)


def test_a_declined_time_stays_taken_until_it_cannot_be_undone(desk: Desk) -> None:
    asked = desk.asked()
    desk.decline(asked, "Ana is away that day. Please call us.")
    (mail,) = desk.mails("declined")
    assert (mail.recipient, mail.due_at) == (KIM.email, NOW + timedelta(seconds=20))
    desk.now = SOON
    with pytest.raises(SlotTaken):
        desk.asked(ZOE)
    desk.now = NOW + timedelta(seconds=21)
    assert desk.asked(ZOE)


def test_declining_keeps_the_reason_in_the_practice(desk: Desk) -> None:
    asked = desk.asked()
    desk.decline(asked, "Sorry.\r\nPlease call.")
    appointment = desk.look(asked)
    assert (appointment.decline_reason, appointment.decline_message) == ("time", "Sorry.\nPlease call.")
    (mail,) = desk.mails("declined")
    assert mail.payload is not None and "time" not in mail.payload.values()


@pytest.mark.parametrize("message", ["a\x00b", "x" * 2001])
def test_a_message_that_cannot_be_sent_declines_nothing(desk: Desk, message: str) -> None:
    asked = desk.asked()
    with pytest.raises(Invalid) as refused:
        desk.decline(asked, message)
    assert set(refused.value.fields) == {"message"}
    assert desk.look(asked).status == Status.TENTATIVE


def test_undoing_a_refusal_at_once_keeps_the_time(desk: Desk) -> None:
    asked = desk.asked()
    desk.decline(asked)
    desk.now = SOON
    desk.undo(asked)
    desk.now = LATER
    with pytest.raises(SlotTaken):
        desk.asked(ZOE)
    appointment = desk.look(asked)
    assert (appointment.status, appointment.decline_reason) == (Status.TENTATIVE, None)
    desk.send_all()
    assert desk.mails("correction") == []


def test_undoing_a_refusal_later_takes_the_time_again(desk: Desk) -> None:
    asked = desk.asked()
    desk.decline(asked)
    desk.now = LATER
    desk.send_all()
    desk.undo(asked)
    with pytest.raises(SlotTaken):
        desk.asked(ZOE)
    assert [mail.recipient for mail in desk.mails("correction")] == [KIM.email]
    with desk.database.read() as session:
        (reservation,) = session.exec(select(Reservation).where(Reservation.appointment_id == asked))
    assert reservation.expires_at is None


def test_a_refusal_whose_time_is_gone_stays(desk: Desk) -> None:
    asked = desk.asked()
    desk.decline(asked)
    desk.now = LATER
    desk.asked(ZOE)
    with pytest.raises(Conflict, match="Somebody else has this time"):
        desk.undo(asked)
    assert desk.look(asked).status == Status.DECLINED


def test_undo_pressed_twice_undoes_once(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    seen = desk.look(asked).revision
    desk.now = SOON
    desk.undo(asked)
    with pytest.raises(AlreadyDecided, match="Decision undone by Dana at 7:00 AM"):
        desk.do(lambda session: review.undo(session, desk.cast.dana, asked, seen, LATER))


def test_what_was_typed_stays_through_every_decision(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED)
    desk.link(asked)
    desk.approve(asked, ConfirmTo.TYPED)
    desk.undo(asked)
    desk.decline(asked)
    with desk.database.read() as session:
        typed = session.get_one(TentativeClient, (desk.cast.practice.id, asked))
        kim = session.get_one(Client, (desk.cast.practice.id, desk.cast.kim.id))
    assert (typed.email, typed.phone) == (KIM_MOVED.email, KIM_MOVED.phone)
    assert kim.email == "kim.lee@mail.example"
