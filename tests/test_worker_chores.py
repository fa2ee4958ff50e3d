"""What the worker does by itself, beside sending mail."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from pencilin.database import Database
from pencilin.mail.messages import Kind
from pencilin.models import Appointment
from pencilin.rules.states import Status
from tests.cast import NOW, Willow, willow
from tests.post_office import post_office
from tests.postbox import KIM, request
from tests.work import at_work, chores, hurry, queue, serving

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def cast(database: Database) -> Willow:
    database.clock = lambda: NOW
    return database.write(lambda session, _: willow(session))


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def test_requests_that_nobody_answered_end_without_anybody_asking(database: Database, cast: Willow) -> None:
    appointment_id = database.write(lambda session, _: request(session, cast).id)
    database.clock = lambda: NOW + timedelta(hours=11)
    with post_office() as office:
        at_work([serving(database, office.address)], lambda: bool(office.mails))
    with database.read() as session:
        appointment = session.get_one(Appointment, (cast.practice.id, appointment_id))
    assert appointment.status == Status.EXPIRED
    assert [(row.kind, row.recipient) for row in queue(database)] == [(Kind.EXPIRED, KIM)]


def test_a_chore_that_fails_keeps_nobody_from_the_others(database: Database, cast: Willow) -> None:
    done: list[datetime] = []

    def fail(session: Session, now: datetime) -> None:
        raise RuntimeError("no such thing")

    def succeed(session: Session, now: datetime) -> None:
        done.append(now)

    with chores(fail, succeed):
        at_work([serving(database, None)], lambda: len(done) >= 2)


def test_a_bounded_chore_goes_on_until_nothing_is_left(database: Database, cast: Willow) -> None:
    left = [3, 2, 1, 0]
    with chores(lambda session, now: left.pop(0) if left else 0):
        at_work([serving(database, None)], lambda: not left)
