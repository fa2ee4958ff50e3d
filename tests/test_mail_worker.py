"""The worker: mail arrives once the server is there, whatever happens in between (pitfalls 21 and 22)."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from pencilin import worker
from pencilin.config import SmtpServer
from pencilin.database import Database
from pencilin.mail import messages, outbox
from pencilin.models import Outbox
from tests.cast import NOW, Willow, willow
from tests.post_office import PostOffice, post_office, silence
from tests.postbox import KIM, request
from tests.rig.machine import PATIENT, free_port
from tests.work import Clock, at_work, chores, hurry, once, queue, serving, until

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(database_url: str, clock: Clock) -> Iterator[Database]:
    """Each kind of database, by the test's clock."""
    opened = Database(database_url, clock, PATIENT)
    yield opened
    opened.close()


@pytest.fixture
def cast(database: Database) -> Willow:
    return database.write(lambda session, _: willow(session))


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def confirm(database: Database, cast: Willow, *addresses: str) -> str:
    """Queues a confirmation to each address; returns the appointment's id."""

    def write(session: Session, now: datetime) -> str:
        appointment = request(session, cast)
        messages.confirmed(session, appointment, addresses, now, due_at=now)
        return appointment.id

    return database.write(write)


def only(database: Database) -> Outbox:
    (row,) = queue(database)
    return row


def test_what_is_queued_arrives_and_is_marked(database: Database, cast: Willow, office: PostOffice) -> None:
    confirm(database, cast, KIM)
    server = serving(database, office.address)
    assert once(server)
    assert not once(server)
    assert office.recipients() == [KIM]
    assert (only(database).sent_at, only(database).payload, only(database).attempts) == (NOW, None, 1)


def test_mail_waits_until_it_is_due(database: Database, cast: Willow, office: PostOffice, clock: Clock) -> None:
    def write(session: Session, now: datetime) -> None:
        due = now + timedelta(seconds=20)
        messages.confirmed(session, request(session, cast), [KIM], now, due_at=due)

    database.write(write)
    server = serving(database, office.address)
    assert not once(server)
    clock.now += timedelta(seconds=20)
    assert once(server)


def test_without_a_server_mail_waits_untouched(database: Database, cast: Willow) -> None:
    confirm(database, cast, KIM)
    server = serving(database, None)
    assert not once(server)
    done = []
    with chores(lambda session, now: done.append(now)):
        at_work([server], lambda: bool(done))
    assert (only(database).attempts, only(database).last_error) == (0, None)


def test_it_tries_again_later(database: Database, cast: Willow, office: PostOffice, clock: Clock) -> None:
    confirm(database, cast, KIM)
    server = serving(database, office.address)
    office.on_mail = lambda recipient: "451 4.3.0 later"
    assert once(server)
    row = only(database)
    assert (row.sent_at, row.failed_at, row.last_error) == (
        None,
        None,
        "The mail server refused this mail (451 4.3.0).",
    )
    assert not once(server)
    clock.now = row.due_at
    office.on_mail = lambda recipient: "250 taken"
    assert once(server)
    assert office.tries == [KIM, KIM]
    assert only(database).sent_at == clock.now
    assert only(database).last_error is None


def test_an_unknown_address_fails_for_staff_to_see(database: Database, cast: Willow, office: PostOffice) -> None:
    confirm(database, cast, KIM)
    office.on_recipient = lambda recipient: f"550 5.1.1 <{recipient}> unknown"
    once(serving(database, office.address))
    assert only(database).failed_at == NOW
    assert only(database).last_error == "The mail server refused this address (550 5.1.1)."


def test_one_poisoned_address_delays_nobody(database: Database, cast: Willow, office: PostOffice) -> None:
    poisoned = "poison@mail.example"
    others = [f"client{number}@mail.example" for number in range(6)]
    confirm(database, cast, poisoned, *others)
    office.on_recipient = lambda recipient: "451 4.2.0 never" if recipient == poisoned else "250 ok"
    at_work([serving(database, office.address)], lambda: len(office.mails) == len(others))
    assert office.recipients() == others


def test_a_mail_that_cannot_be_written_delays_nobody(database: Database, cast: Willow, office: PostOffice) -> None:
    confirm(database, cast, "a@mail.example")
    broken = only(database)

    def break_it(session: Session, _: datetime) -> None:
        session.get_one(Outbox, (broken.practice_id, broken.id)).payload = {"start": "Kim Lee, not a time"}

    database.write(break_it)
    database.write(
        lambda session, now: messages.invitation(session, cast.practice, cast.dana, "dana@willow.example", now)
    )
    server = serving(database, office.address)

    def now_broken() -> Outbox:
        return next(row for row in queue(database) if row.id == broken.id)

    at_work([server], lambda: len(office.mails) == 1 and now_broken().last_error is not None)
    row = now_broken()
    assert row.last_error == "It couldn't be made (KeyError)."
    assert row.failed_at is None


@pytest.mark.parametrize(
    "address", ["kim@mail.example, evil@mail.example", "=?utf-8?q?x=0D=0ABcc=3A_evil?=@mail.example"]
)
def test_an_address_that_no_header_can_bear_fails_at_once(
    database: Database, cast: Willow, office: PostOffice, address: str
) -> None:
    confirm(database, cast, address)
    once(serving(database, office.address))
    assert office.tries == []
    assert only(database).failed_at == NOW


def turn(clock: Clock, database: Database) -> bool:
    """Lets ten seconds pass, unless somebody is sending: on a slow machine that would outlast every lease."""
    if not any(row.lease_token for row in queue(database)):
        clock.now += timedelta(seconds=10)
    return True


def test_mail_waits_while_the_server_is_away_and_arrives_once_it_is_back(
    database: Database, cast: Willow, clock: Clock
) -> None:
    addresses = [f"client{number}@mail.example" for number in range(4)]
    confirm(database, cast, *addresses)
    server = serving(database, SmtpServer("127.0.0.1", port := free_port(), "plain"))

    async def play() -> list[str]:
        stop = asyncio.Event()
        task = asyncio.create_task(worker.run(server, stop))
        await until(lambda: any(row.last_error for row in queue(database)))
        assert [row.sent_at for row in queue(database)] == [None] * 4
        with post_office(port=port) as office:
            # A try that was under way may have failed just now, so that time has to go on.
            await until(lambda: turn(clock, database) and all(row.sent_at for row in queue(database)))
            stop.set()
            await task
            return office.recipients()

    assert asyncio.run(play()) == addresses


def test_a_server_that_never_answers_keeps_nobody_from_writing(
    database: Database, cast: Willow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GRACE", 0.1)
    confirm(database, cast, KIM)
    with silence() as address:

        async def play() -> None:
            stop = asyncio.Event()
            task = asyncio.create_task(worker.run(serving(database, address), stop))
            await until(lambda: only(database).lease_token is not None)
            confirmed = await asyncio.to_thread(confirm_another, database, cast)
            assert confirmed
            stop.set()
            await task

        asyncio.run(play())
    assert {row.sent_at for row in queue(database)} == {None}


def confirm_another(database: Database, cast: Willow) -> str:
    def write(session: Session, now: datetime) -> str:
        appointment = request(session, cast, reference="ANOTHER2")
        messages.booked(session, appointment, now)
        return appointment.id

    return database.write(write)


def test_a_sender_that_dies_after_sending_sends_the_same_mail_again(
    database: Database, cast: Willow, office: PostOffice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(database, cast, KIM)
    server = serving(database, office.address)

    def die(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as killed:
        killed.setattr(outbox, "mark_sent", die)
        with pytest.raises(asyncio.CancelledError):
            once(server)
    assert not once(server)
    clock.now += outbox.LEASE
    assert once(server)
    first, second = office.mails
    assert first["Message-ID"] == second["Message-ID"]
    bodies = [mail.get_body(("plain",)) for mail in office.mails]
    assert bodies[0] is not None and bodies[1] is not None
    assert bodies[0].as_bytes() == bodies[1].as_bytes()
    assert only(database).sent_at == clock.now


def test_several_workers_send_each_mail_once(
    database: Database, database_url: str, cast: Willow, office: PostOffice, clock: Clock
) -> None:
    addresses = [f"client{number:02}@mail.example" for number in range(24)]
    confirm(database, cast, *addresses)
    others = [Database(database_url, clock, PATIENT) for _ in range(2)]
    servers = [serving(one, office.address) for one in (database, *others)]
    at_work(servers, lambda: all(row.sent_at for row in queue(database)))
    for one in others:
        one.close()
    assert Counter(office.recipients()) == Counter(addresses)


def test_a_code_that_ran_out_while_mail_was_down_is_never_sent(
    database: Database, cast: Willow, office: PostOffice, clock: Clock
) -> None:
    database.write(
        lambda session, now: messages.sign_in_code(
            session, cast.practice.id, cast.dana.account_id, "dana@willow.example", "402913", 1, now
        )
    )
    clock.now += timedelta(minutes=11)
    assert once(serving(database, office.address))
    assert office.tries == []
    assert (only(database).cancelled_at, only(database).payload) == (clock.now, None)


def test_logs_tell_no_addresses(
    database: Database, cast: Willow, office: PostOffice, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    confirm(database, cast, KIM, "broken address")
    office.on_recipient = lambda recipient: f"550 5.1.1 <{recipient}> unknown"
    server = serving(database, office.address)
    while once(server):
        pass
    ours = [record for record in caplog.records if record.name.startswith("pencilin")]
    assert len(ours) == 2
    assert "mail.example" not in caplog.text
    assert "broken address" not in "".join(record.getMessage() for record in ours)
