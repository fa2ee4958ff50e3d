"""The outbox: a fact is reported once, by one sender at a time, until it arrives or visibly fails (pitfalls 21–23)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from pencilin.database import Database
from pencilin.errors import Conflict, NotFound
from pencilin.mail import outbox
from pencilin.mail.outbox import Leased
from pencilin.models import AuditEntry, Outbox, Role, Staff
from tests.cast import NOW, Willow, staff, willow
from tests.postbox import KIM, request, rows
from tests.rig.machine import PATIENT

MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(database: Database) -> Willow:
    return database.write(lambda session, _: willow(session))


def put(session: Session, cast: Willow, subject: str = "a", recipient: str = KIM, **options: object) -> None:
    """One mail in the queue."""
    given: dict = {"revision": 1, "payload": {"word": "secret"}, "now": NOW} | options
    outbox.enqueue(session, cast.practice.id, "confirmed", subject, recipient=recipient, **given)


def put_some(database: Database, cast: Willow, count: int) -> None:
    """``count`` mails about different subjects."""

    def fill(session: Session, _: datetime) -> None:
        for number in range(count):
            put(session, cast, f"subject {number}")

    database.write(fill)


def lease(database: Database, at: datetime = NOW) -> Leased | None:
    return database.write(lambda session, _: outbox.lease(session, at))


def put_about_a_request(database: Database, cast: Willow) -> str:
    """One mail about a request; returns the request's id."""

    def fill(session: Session, _: datetime) -> str:
        appointment = request(session, cast)
        put(session, cast, appointment.id)
        return appointment.id

    return database.write(fill)


def must_lease(database: Database, at: datetime = NOW) -> Leased:
    leased = lease(database, at)
    assert leased is not None
    return leased


def only(database: Database) -> Outbox:
    with database.read() as session:
        (row,) = rows(session)
        return row


def fail(database: Database, leased: Leased, at: datetime, **options: object) -> bool:
    given: dict = dict(options)
    return database.write(lambda session, _: outbox.mark_failed(session, leased, "Refused (451).", at, **given))


def test_the_same_report_is_queued_once(database: Database, cast: Willow) -> None:
    for _ in range(3):
        database.write(lambda session, _: put(session, cast))
    assert only(database).recipient == KIM


@pytest.mark.parametrize("other", [{"revision": 2}, {"recipient": "other@mail.example"}, {"subject": "b"}])
def test_another_revision_recipient_or_subject_is_another_report(
    database: Database, cast: Willow, other: dict[str, object]
) -> None:
    def both(session: Session, _: datetime) -> None:
        put(session, cast)
        put(session, cast, **{"revision": 1, **other})  # type: ignore[arg-type]

    database.write(both)
    with database.read() as session:
        assert len(rows(session)) == 2


def test_a_report_goes_with_the_transaction_that_failed(database: Database, cast: Willow) -> None:
    def half(session: Session, _: datetime) -> None:
        put(session, cast)
        raise RuntimeError("the rest of it failed")

    with pytest.raises(RuntimeError):
        database.write(half)
    with database.read() as session:
        assert rows(session) == []


def test_sign_in_codes_go_first_then_whatever_has_waited_longest(database: Database, cast: Willow) -> None:
    def fill(session: Session, _: datetime) -> None:
        put(session, cast, "late", due_at=NOW - MINUTE)
        put(session, cast, "early", due_at=NOW - 2 * MINUTE)
        put(session, cast, "code", priority=outbox.FIRST)
        put(session, cast, "not yet", due_at=NOW + MINUTE)

    database.write(fill)
    leased = [must_lease(database) for _ in range(3)]
    with database.read() as session:
        subjects = [session.get_one(Outbox, (one.practice_id, one.id)).subject_id for one in leased]
    assert subjects == ["code", "early", "late"]
    assert lease(database) is None


def test_nobody_leases_what_somebody_else_has_until_the_lease_ends(database: Database, cast: Willow) -> None:
    database.write(lambda session, _: put(session, cast))
    first = must_lease(database)
    assert lease(database, NOW + outbox.LEASE - MINUTE) is None
    second = must_lease(database, NOW + outbox.LEASE)
    assert second.id == first.id
    assert not database.write(lambda session, now: outbox.mark_sent(session, first, now))
    assert not fail(database, first, NOW)
    assert database.write(lambda session, now: outbox.mark_sent(session, second, now))


def test_many_senders_at_once_never_lease_the_same_mail(database: Database, database_url: str, cast: Willow) -> None:
    count = 40
    put_some(database, cast, count)

    def drain(_: int) -> list[str]:
        mine = Database(database_url, patience=PATIENT)
        taken = []
        while leased := lease(mine):
            taken.append(leased.id)
        mine.close()
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = Counter(one for some in pool.map(drain, range(8)) for one in some)
    assert len(taken) == count
    assert set(taken.values()) == {1}


def test_what_it_said_is_erased_once_sent(database: Database, cast: Willow) -> None:
    database.write(lambda session, _: put(session, cast))
    assert only(database).payload == {"word": "secret"}
    leased = must_lease(database)
    database.write(lambda session, _: outbox.mark_sent(session, leased, NOW))
    sent = only(database)
    assert sent.payload is None
    assert sent.sent_at == NOW
    assert lease(database, NOW + timedelta(days=9)) is None


def test_each_try_waits_about_twice_as_long_as_the_one_before(database: Database, cast: Willow) -> None:
    database.write(lambda session, _: put(session, cast))
    at = NOW
    for minutes in (1, 2, 4, 8, 16, 32, 64, 128, 240, 240):
        fail(database, must_lease(database, at), at)
        wait = only(database).due_at - at
        assert timedelta(minutes=0.8 * minutes) <= wait <= timedelta(minutes=1.2 * minutes)
        at += wait
    assert only(database).last_error == "Refused (451)."


def test_two_mails_that_failed_together_are_not_tried_together(database: Database, cast: Willow) -> None:
    put_some(database, cast, 5)
    for leased in [must_lease(database) for _ in range(5)]:
        fail(database, leased, NOW)
    with database.read() as session:
        assert len({row.due_at for row in rows(session)}) == 5


def test_a_mail_fails_for_all_to_see_after_72_hours(database: Database, cast: Willow) -> None:
    database.write(lambda session, _: put(session, cast))
    at = NOW
    while (row := only(database)).failed_at is None:
        at = max(at, row.due_at)
        fail(database, must_lease(database, at), at)
    assert timedelta(hours=72) <= at - NOW < timedelta(hours=78)
    assert lease(database, at + timedelta(days=30)) is None


def test_a_queue_that_nobody_served_for_a_week_still_gets_its_tries(database: Database, cast: Willow) -> None:
    database.write(lambda session, _: put(session, cast))
    at = NOW + timedelta(days=7)
    for _ in range(outbox.MIN_ATTEMPTS - 1):
        fail(database, must_lease(database, at), at)
        at = only(database).due_at
        assert only(database).failed_at is None
    fail(database, must_lease(database, at), at)
    assert only(database).failed_at == at


def test_a_mail_that_waits_for_the_server_is_tried_when_the_server_is(database: Database, cast: Willow) -> None:
    database.write(lambda session, _: put(session, cast))
    at = NOW
    for _ in range(6):
        fail(database, must_lease(database, at), at, wait=timedelta(seconds=60))
        assert only(database).due_at - at <= timedelta(seconds=72)
        at = only(database).due_at


def test_an_address_that_is_refused_for_good_fails_at_once(database: Database, cast: Willow) -> None:
    database.write(lambda session, _: put(session, cast))
    fail(database, must_lease(database), NOW, for_good=True)
    assert only(database).failed_at == NOW
    assert lease(database, NOW + timedelta(days=1)) is None


def test_what_is_cancelled_is_never_sent_and_says_nothing(database: Database, cast: Willow) -> None:
    def fill(session: Session, _: datetime) -> None:
        put(session, cast, "a")
        put(session, cast, "b")

    database.write(fill)
    database.write(lambda session, now: outbox.cancel(session, cast.practice.id, "a", ["confirmed"], NOW))
    leased = must_lease(database)
    assert lease(database) is None
    with database.read() as session:
        cancelled, left = sorted(rows(session), key=lambda row: row.subject_id)
    assert (cancelled.cancelled_at, cancelled.payload) == (NOW, None)
    assert left.id == leased.id


def test_what_is_cancelled_while_it_is_being_sent_is_not_tried_again(database: Database, cast: Willow) -> None:
    database.write(lambda session, _: put(session, cast))
    leased = must_lease(database)
    database.write(lambda session, _: outbox.cancel(session, cast.practice.id, "a", ["confirmed"], NOW))
    fail(database, leased, NOW)
    assert lease(database, NOW + timedelta(days=1)) is None


def test_a_failed_mail_is_sent_again_when_staff_say_so(database: Database, cast: Willow) -> None:
    subject = put_about_a_request(database, cast)
    fail(database, must_lease(database), NOW, for_good=True)
    later = NOW + timedelta(days=4)
    row = only(database)
    database.write(lambda session, _: outbox.retry(session, cast.dana, subject, row.id, later))
    again = must_lease(database, later)
    assert again.id == row.id
    fail(database, again, later)
    assert only(database).failed_at is None
    with database.read() as session:
        (entry,) = session.exec(select(AuditEntry)).all()
    assert (entry.action, entry.staff_id, entry.subject_id) == ("mail.sent_again", cast.dana.id, subject)


def test_a_mail_that_has_not_failed_is_not_sent_twice(database: Database, cast: Willow) -> None:
    subject = put_about_a_request(database, cast)
    row = only(database)
    with pytest.raises(Conflict):
        database.write(lambda session, now: outbox.retry(session, cast.dana, subject, row.id, now))


@pytest.mark.parametrize("named", ["another request", "the account", "a NUL"])
def test_only_a_mail_about_the_appointment_itself_is_sent_again(database: Database, cast: Willow, named: str) -> None:
    account = cast.dana.account_id

    def fill(session: Session, _: datetime) -> tuple[str, str]:
        other = request(session, cast)
        put(session, cast, account)
        (row,) = rows(session)
        row.failed_at = NOW
        return other.id, row.id

    other, failed = database.write(fill)
    appointment = {"another request": other, "the account": account, "a NUL": "\0"}[named]
    with pytest.raises(NotFound):
        database.write(lambda session, now: outbox.retry(session, cast.dana, appointment, failed, now))


def test_nobody_sends_again_what_they_may_not_see(database: Database, cast: Willow) -> None:
    def others(session: Session, _: datetime) -> tuple[str, str, Willow]:
        appointment = request(session, cast)
        put(session, cast, appointment.id)
        (row,) = rows(session)
        row.failed_at = NOW
        return appointment.id, row.id, willow(session, slug="birch")

    subject, failed, birch = database.write(others)
    ben = database.write(lambda session, _: staff(session, cast.practice, "Ben", Role.PRACTITIONER, cast.ben))

    def retry(who: Staff) -> None:
        database.write(lambda session, now: outbox.retry(session, who, subject, failed, now))

    for stranger in (birch.mona, ben):
        with pytest.raises(NotFound):
            retry(stranger)
    retry(cast.ana_signs_in)
