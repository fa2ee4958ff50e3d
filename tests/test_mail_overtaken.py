"""What has been overtaken is not sent: nobody would miss it, and it might mislead."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, delete, select

from pencilin.database import Database
from pencilin.mail import messages, outbox
from pencilin.mail.messages import Kind
from pencilin.mail.overtaken import still_news
from pencilin.models import Account, Appointment, Outbox, Role
from pencilin.rules.states import Status
from tests.cast import NOW, Willow, staff, willow
from tests.postbox import KIM, next_revision, request, rows, sent, to

SOON = NOW + timedelta(seconds=20)


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    """Nothing here depends on the kind of database; the transaction is thrown away."""
    database = Database(sqlite_url)
    with database.read() as opened:
        yield opened
    database.close()


@pytest.fixture
def cast(session: Session) -> Willow:
    return willow(session)


@pytest.fixture
def appointment(session: Session, cast: Willow) -> Appointment:
    return request(session, cast)


def pointless(session: Session, at: datetime = NOW) -> list[str]:
    return [row.kind for row in session.exec(select(Outbox)) if not still_news(session, row, at)]


def test_a_code_that_has_run_out_is_not_sent(session: Session, cast: Willow) -> None:
    messages.sign_in_code(session, cast.practice.id, cast.dana.account_id, "dana@willow.example", "402913", 1, NOW)
    assert pointless(session, NOW + timedelta(minutes=9)) == []
    assert pointless(session, NOW + timedelta(minutes=10)) == [Kind.SIGN_IN_CODE]


def test_a_reminder_of_what_was_decided_meanwhile_is_not_sent(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    messages.booked(session, appointment, NOW)
    messages.reminder(session, appointment, NOW)
    assert pointless(session) == []
    appointment.status = Status.APPROVED
    session.flush()
    assert set(pointless(session)) == {Kind.NEW_BOOKING, Kind.REVIEW_REMINDER}


@pytest.mark.parametrize("status", [Status.APPROVED, Status.DECLINED, Status.EXPIRED])
def test_after_an_outage_the_news_of_a_decision_comes_without_what_came_before(
    session: Session, cast: Willow, appointment: Appointment, status: Status
) -> None:
    messages.booked(session, appointment, NOW)
    appointment.status = status
    if status == Status.EXPIRED:
        messages.expired(session, appointment, SOON)
    else:
        tell = messages.confirmed if status == Status.APPROVED else messages.declined
        tell(session, appointment, [KIM], NOW, due_at=SOON)
    assert Kind.REQUEST_RECEIVED not in pointless(session, NOW)
    assert set(pointless(session, SOON)) == {Kind.REQUEST_RECEIVED, Kind.NEW_BOOKING}


def test_a_request_whose_decision_has_left_or_is_tried_again_is_not_acknowledged_any_more(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    messages.booked(session, appointment, NOW)
    messages.confirmed(session, appointment, [KIM], NOW, due_at=SOON)
    (decision,) = rows(session, Kind.CONFIRMED)
    decision.attempts = 1
    session.flush()
    assert pointless(session) == [Kind.REQUEST_RECEIVED]
    decision.sent_at = NOW
    session.flush()
    assert Kind.REQUEST_RECEIVED in pointless(session)


def test_a_request_whose_decision_was_undone_in_time_is_acknowledged(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    messages.booked(session, appointment, NOW)
    messages.confirmed(session, appointment, [KIM], NOW, due_at=SOON)
    outbox.cancel(session, cast.practice.id, appointment.id, messages.DECISIONS, NOW)
    assert Kind.REQUEST_RECEIVED not in pointless(session, SOON)


def test_a_correction_that_a_new_decision_overtook_is_not_sent_and_counts_for_nothing(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    messages.confirmed(session, appointment, [KIM], NOW, due_at=SOON)
    sent(session, Kind.CONFIRMED)
    next_revision(session, appointment)
    messages.correction(session, appointment, [KIM], NOW)
    assert pointless(session) == []
    appointment.status = Status.DECLINED
    next_revision(session, appointment)
    assert Kind.CORRECTION in pointless(session)
    leased = outbox.lease(session, NOW)
    assert leased and outbox.mark_pointless(session, leased, [leased.id], NOW)
    appointment.status = Status.TENTATIVE
    next_revision(session, appointment)
    messages.correction(session, appointment, [KIM], NOW)
    assert to(session, Kind.CORRECTION) == [KIM, KIM]


def test_who_may_not_see_an_appointment_any_more_gets_nothing_about_it(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    messages.booked(session, appointment, NOW)
    messages.reminder(session, appointment, NOW)
    appointment.practitioner_id = cast.ben.id
    session.flush()
    dropped = [row for row in rows(session) if not still_news(session, row, NOW)]
    assert {row.recipient for row in dropped} == {"ana@willow.example"}
    assert {row.kind for row in dropped} == {Kind.NEW_BOOKING, Kind.REVIEW_REMINDER}


def test_a_request_that_moves_to_a_colleague_is_told_to_whoever_has_not_heard_of_it(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    staff(session, cast.practice, "Ben", Role.PRACTITIONER, cast.ben)
    messages.booked(session, appointment, NOW)
    appointment.practitioner_id = cast.ben.id
    next_revision(session, appointment)
    messages.reassigned(session, appointment, NOW)
    messages.reassigned(session, appointment, NOW)
    assert to(session, Kind.NEW_BOOKING) == ["ana@willow.example", "ben@willow.example", "dana@willow.example"]


def test_who_lost_a_request_before_hearing_of_it_hears_of_it_when_it_comes_back(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    messages.booked(session, appointment, NOW)
    for row in rows(session, Kind.NEW_BOOKING):
        if row.recipient == "ana@willow.example":
            row.cancelled_at = NOW
    next_revision(session, appointment)
    messages.reassigned(session, appointment, NOW)
    assert to(session, Kind.NEW_BOOKING) == ["ana@willow.example", "ana@willow.example", "dana@willow.example"]


def test_who_has_chosen_a_password_is_not_invited_any_more(session: Session, cast: Willow) -> None:
    messages.invitation(session, cast.practice, cast.dana, "dana@willow.example", NOW)
    assert pointless(session) == []
    session.get_one(Account, cast.dana.account_id).password_hash = "a hash"
    session.flush()
    assert pointless(session) == [Kind.INVITATION]


def test_who_left_the_practice_gets_nothing_more(session: Session, cast: Willow, appointment: Appointment) -> None:
    messages.booked(session, appointment, NOW)
    messages.invitation(session, cast.practice, cast.dana, "dana@willow.example", NOW)
    cast.dana.disabled_at = NOW
    session.flush()
    left = [row for row in session.exec(select(Outbox)) if not still_news(session, row, NOW)]
    assert {row.recipient for row in left} == {"dana@willow.example"}
    assert {row.kind for row in left} == {Kind.NEW_BOOKING, Kind.INVITATION}


def test_mail_about_an_erased_appointment_is_not_sent(session: Session, cast: Willow, appointment: Appointment) -> None:
    messages.booked(session, appointment, NOW)
    session.exec(delete(Appointment).where(col(Appointment.id) == appointment.id))
    session.expire_all()
    assert len(pointless(session)) == 3
