"""Who waits for a file decides by what is true once it is theirs, not by what was before. On PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session

from pencilin import clients, review
from pencilin.clients import ClientForm, personal_links
from pencilin.database import Database
from pencilin.errors import Conflict
from pencilin.models import Client, PersonalLink
from pencilin.review import by_link
from tests.cast import KIM, NINE, NOW, ZOE, ask, willow
from tests.desk import Desk
from tests.rig.machine import PATIENT

ZOE_FORM = ClientForm("Zoë", "Ångström", "zoe@far.example")
OTHER_FORM = ClientForm("Mo", "Berg", "mo@far.example")
WAITED_FOR = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")

Work = Callable[[Session, datetime], object]


@pytest.fixture
def desk(postgresql_url: str) -> Iterator[Desk]:
    database = Database(postgresql_url, lambda: NOW, PATIENT)
    yield Desk(database, database.write(lambda session, _: willow(session)))
    database.close()


def behind(desk: Desk, first: Work, second: Work) -> None:
    """Does both: ``first`` is committed as soon as ``second`` waits for a row that it holds. Raises the second's."""
    with ThreadPoolExecutor(1) as pool:

        def work(session: Session, now: datetime) -> Future[object]:
            first(session, now)
            session.flush()
            waits = pool.submit(desk.database.write, second)
            while not session.execute(WAITED_FOR).scalar():
                assert not waits.done(), "it didn't wait"
            return waits

        desk.database.write(work).result()


def saved(desk: Desk, asked: str) -> Client:
    revision = desk.look(asked).revision
    return desk.do(lambda session: review.save_as_new(session, desk.cast.dana, asked, ZOE_FORM, revision, NOW))


def test_what_was_typed_goes_into_no_file_that_is_linked_no_more(desk: Desk) -> None:
    asked = desk.asked(replace(KIM, phone="(646) 555-0188"))
    desk.link(asked)
    sam = desk.do(lambda session: clients.create(session, desk.cast.dana, ClientForm("Sam", "Lee"), NOW))
    revision = desk.look(asked).revision

    def link_sam(session: Session, now: datetime) -> None:
        clients.lock(session, desk.cast.dana, desk.cast.kim.id)
        review.link_existing(session, desk.cast.dana, asked, sam.id, revision, now)

    with pytest.raises(Conflict, match="changed the link meanwhile"):
        behind(desk, link_sam, lambda session, now: review.update_file(session, desk.cast.dana, asked, ["phone"], now))
    assert [desk.client(one).phone for one in (desk.cast.kim.id, sam.id)] == ["+1 212 555 0147", None]


def test_a_personal_link_that_is_revoked_while_its_booking_waits_links_nothing(desk: Desk) -> None:
    kim = desk.cast.kim

    def make(session: Session) -> PersonalLink | None:
        personal_links.create(session, desk.cast.dana, kim.id, NOW)
        return personal_links.current(session, kim)

    personal = desk.do(make)
    assert personal
    booked = []

    def book(session: Session, now: datetime) -> None:
        appointment = ask(session, desk.cast)
        by_link.settle(session, appointment, personal.id, now)
        booked.append(appointment.id)

    behind(desk, lambda session, now: personal_links.revoke(session, desk.cast.dana, kim.id, now), book)
    assert [desk.look(one).client_id for one in booked] == [None]


def test_a_saved_file_that_is_worked_on_meanwhile_is_not_put_away(desk: Desk) -> None:
    asked = desk.asked(ZOE)
    file, revision = saved(desk, asked), desk.look(asked).revision
    form = replace(clients.form_of(file), notes="Called back.")
    behind(
        desk,
        lambda session, now: clients.update(session, desk.cast.dana, file.id, form, now + timedelta(minutes=1)),
        lambda session, now: review.unlink(session, desk.cast.dana, asked, revision, now),
    )
    assert (desk.client(file.id).notes, desk.client(file.id).archived_at) == ("Called back.", None)


def test_a_saved_file_that_another_appointment_gets_meanwhile_is_not_saved_over(desk: Desk) -> None:
    asked, other = desk.asked(ZOE), desk.asked(ZOE, NINE + timedelta(hours=2))
    file, revision = saved(desk, asked), desk.look(asked).revision
    behind(
        desk,
        lambda session, now: review.link_existing(session, desk.cast.dana, other, file.id, 1, now),
        lambda session, now: review.save_as_new(session, desk.cast.dana, asked, OTHER_FORM, revision, now),
    )
    assert desk.client(file.id).first_name == "Zoë"
    assert desk.look(other).client_id == file.id != desk.look(asked).client_id
