"""Who is written to about what, and who isn't."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, col, delete

from pencilin.database import Database
from pencilin.mail import messages, outbox
from pencilin.mail.messages import Kind
from pencilin.models import Appointment, Role, Staff
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


def test_a_request_is_told_to_whoever_asked_to_its_practitioner_and_to_the_front_desk(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    staff(session, cast.practice, "Ben", Role.PRACTITIONER, cast.ben)
    willow(session, slug="birch")
    messages.booked(session, appointment, NOW)
    assert to(session, Kind.REQUEST_RECEIVED) == [KIM]
    assert to(session, Kind.NEW_BOOKING) == ["ana@willow.example", "dana@willow.example"]
    assert len(rows(session)) == 3


def test_a_manager_is_told_where_nobody_else_is(session: Session, cast: Willow, appointment: Appointment) -> None:
    for who in (cast.dana, cast.ana_signs_in):
        who.disabled_at = NOW
    session.flush()
    messages.booked(session, appointment, NOW)
    assert to(session, Kind.NEW_BOOKING) == ["mona@willow.example"]


def test_a_manager_who_is_booked_is_told_as_practitioner(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    session.exec(delete(Staff).where(col(Staff.id) == cast.ana_signs_in.id))
    cast.mona.practitioner_id = cast.ana.id
    session.flush()
    messages.booked(session, appointment, NOW)
    assert to(session, Kind.NEW_BOOKING) == ["dana@willow.example", "mona@willow.example"]


def test_two_spellings_of_one_address_get_one_confirmation(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    addresses = ["Kim.Lee@mail.example", KIM, "home@mail.example"]
    messages.confirmed(session, appointment, addresses, NOW, due_at=SOON)
    assert {address.casefold() for address in to(session, Kind.CONFIRMED)} == {KIM, "home@mail.example"}
    assert len(to(session, Kind.CONFIRMED)) == 2
    assert {row.due_at for row in rows(session)} == {SOON}


def test_a_decision_undone_in_time_was_never_made(session: Session, cast: Willow, appointment: Appointment) -> None:
    messages.confirmed(session, appointment, [KIM], NOW, due_at=SOON)
    outbox.cancel(session, cast.practice.id, appointment.id, messages.DECISIONS, NOW)
    next_revision(session, appointment)
    messages.correction(session, appointment, [KIM], NOW)
    assert to(session, Kind.CORRECTION) == []


@pytest.mark.parametrize("decision", [Kind.CONFIRMED, Kind.DECLINED])
def test_a_decision_undone_after_its_mail_had_left_is_corrected(
    session: Session, cast: Willow, appointment: Appointment, decision: Kind
) -> None:
    tell = messages.confirmed if decision == Kind.CONFIRMED else messages.declined
    tell(session, appointment, [KIM], NOW, due_at=SOON)
    sent(session, decision)
    outbox.cancel(session, cast.practice.id, appointment.id, messages.DECISIONS, NOW)
    next_revision(session, appointment)
    messages.correction(session, appointment, [KIM, "nobody.told@mail.example"], NOW)
    (correction,) = rows(session, Kind.CORRECTION)
    assert correction.recipient == KIM
    assert correction.payload is not None
    assert correction.payload["undone"] == decision


def test_a_mail_that_may_have_left_is_corrected_too(session: Session, cast: Willow, appointment: Appointment) -> None:
    messages.confirmed(session, appointment, [KIM], NOW, due_at=NOW)
    assert outbox.lease(session, NOW)
    outbox.cancel(session, cast.practice.id, appointment.id, messages.DECISIONS, NOW)
    next_revision(session, appointment)
    messages.correction(session, appointment, [KIM], NOW)
    assert to(session, Kind.CORRECTION) == [KIM]


def test_a_mail_that_broke_off_and_so_may_have_arrived_is_corrected_too(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    messages.confirmed(session, appointment, [KIM], NOW, due_at=NOW)
    leased = outbox.lease(session, NOW)
    assert leased and outbox.mark_failed(session, leased, "The mail server took too long.", NOW)
    outbox.cancel(session, cast.practice.id, appointment.id, messages.DECISIONS, NOW)
    next_revision(session, appointment)
    messages.correction(session, appointment, [KIM], NOW)
    assert to(session, Kind.CORRECTION) == [KIM]


def test_who_was_corrected_and_has_heard_nothing_since_is_not_corrected_again(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    messages.confirmed(session, appointment, [KIM], NOW, due_at=SOON)
    sent(session, Kind.CONFIRMED)
    for _ in range(2):
        next_revision(session, appointment)
        messages.correction(session, appointment, [KIM], NOW)
        next_revision(session, appointment)
        messages.confirmed(session, appointment, [KIM], NOW, due_at=SOON)
        outbox.cancel(session, cast.practice.id, appointment.id, messages.DECISIONS, NOW)
    assert to(session, Kind.CORRECTION) == [KIM]


def test_staff_are_reminded_once_per_deadline(session: Session, cast: Willow, appointment: Appointment) -> None:
    for _ in range(3):
        messages.reminder(session, appointment, NOW)
        next_revision(session, appointment)
    assert to(session, Kind.REVIEW_REMINDER) == ["ana@willow.example", "dana@willow.example"]
    assert appointment.answer_due is not None
    appointment.answer_due += timedelta(days=1)
    messages.reminder(session, appointment, NOW)
    assert len(to(session, Kind.REVIEW_REMINDER)) == 4


def test_an_expiry_is_told_to_whoever_asked(session: Session, cast: Willow, appointment: Appointment) -> None:
    messages.expired(session, appointment, NOW)
    assert [(row.kind, row.recipient) for row in rows(session)] == [(Kind.EXPIRED, KIM)]


def test_a_mail_keeps_the_facts_that_it_was_queued_with(
    session: Session, cast: Willow, appointment: Appointment
) -> None:
    messages.confirmed(session, appointment, [KIM], NOW, due_at=SOON)
    before = dict(rows(session)[0].payload or {})
    appointment.start += timedelta(days=1)
    cast.main_street.name = "High Street"
    session.flush()
    session.expire_all()
    assert rows(session)[0].payload == before
