"""Two practices in one database never see each other: not by the schema's keys, nor by any use case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import ForeignKeyConstraint, UniqueConstraint, inspect
from sqlmodel import Session, SQLModel

from pencilin import agenda, availability, catalogue, clients, review
from pencilin.agenda import Wanted
from pencilin.availability import Wish
from pencilin.catalogue import Catalogue, read_catalogue
from pencilin.clients import ClientForm
from pencilin.database import Database
from pencilin.errors import Invalid, NotFound
from pencilin.mail import recipients
from pencilin.models import Appointment, Staff
from pencilin.review import Change, ConfirmTo, DeclineReason
from tests.cast import KIM, NINE, NOW, Willow, ask, willow

# Accounts are one per server, and so is what belongs to an account or to nobody in particular.
OF_ACCOUNTS = {"account", "session", "remembered_device", "sign_in_code", "bucket", "recovery_code", "set_up_token"}
TABLES = sorted(set(SQLModel.metadata.tables) - OF_ACCOUNTS - {"practice"})


@dataclass(frozen=True)
class Neighbours:
    """*Willow* and *Birch* with the same cast; each has a request of Kim's for the same time."""

    willow: Willow
    birch: Willow
    willows: Appointment
    birchs: Appointment


@pytest.fixture
def neighbours(database: Database) -> Neighbours:
    def work(session: Session, _: object) -> Neighbours:
        one, other = willow(session), willow(session, slug="birch")
        return Neighbours(one, other, ask(session, one), ask(session, other))

    return database.write(work)


# The schema


def test_a_table_is_of_a_practice_or_of_accounts() -> None:
    assert set(SQLModel.metadata.tables) >= OF_ACCOUNTS
    for name in OF_ACCOUNTS - {"session"}:
        assert "practice_id" not in SQLModel.metadata.tables[name].columns
    assert len(TABLES) > 20


@pytest.mark.parametrize("name", TABLES)
def test_every_key_begins_with_the_practice(name: str) -> None:
    table = SQLModel.metadata.tables[name]
    keys = [list(table.primary_key.columns)]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint | ForeignKeyConstraint):
            keys.append(list(constraint.columns))
    keys += [list(index.columns) for index in table.indexes if index.unique]
    for columns in keys:
        # An account, which is of no practice, is referred to by its own id.
        if [column.name for column in columns] != ["account_id"]:
            assert columns[0].name == "practice_id", columns


@pytest.mark.parametrize("name", TABLES)
def test_the_database_has_these_keys(database: Database, name: str) -> None:
    found = inspect(database.engine)
    keys = [found.get_pk_constraint(name)["constrained_columns"]]
    keys += [key["constrained_columns"] for key in found.get_foreign_keys(name)]
    keys += [key["column_names"] for key in found.get_unique_constraints(name)]
    assert all(key[0] == "practice_id" for key in keys if key != ["account_id"]), keys


# What is listed


def test_staff_see_their_practice_s_requests_only(database: Database, neighbours: Neighbours) -> None:
    with database.read() as session:
        for cast, own in ((neighbours.willow, neighbours.willows), (neighbours.birch, neighbours.birchs)):
            for staff in (cast.mona, cast.dana, cast.ana_signs_in):
                assert [row.appointment_id for row in review.requests(session, staff, NOW)] == [own.id]
                assert review.count_waiting(session, staff) == 1


def test_the_calendar_shows_one_practice(database: Database, neighbours: Neighbours) -> None:
    with database.read() as session:
        for cast, own in ((neighbours.willow, neighbours.willows), (neighbours.birch, neighbours.birchs)):
            found = agenda.entries(session, cast.practice, cast.mona, NINE.date(), 1)
            assert [entry.id for entry in found] == [own.id]


def test_another_practice_s_practitioner_has_no_calendar_here(database: Database, neighbours: Neighbours) -> None:
    one, other = neighbours.willow, neighbours.birch
    with database.read() as session:
        assert agenda.entries(session, one.practice, one.mona, NINE.date(), 1, Wanted(other.ana.id)) == []


def test_clients_are_found_in_one_practice(database: Database, neighbours: Neighbours) -> None:
    with database.read() as session:
        for cast in (neighbours.willow, neighbours.birch):
            assert [client.id for client in clients.search(session, cast.mona, "Kim Lee")] == [cast.kim.id]
            assert [client.id for client in clients.listing(session, cast.mona).clients] == [cast.kim.id]


def test_a_match_is_of_the_same_practice(database: Database, neighbours: Neighbours) -> None:
    with database.read() as session:
        for cast, own in ((neighbours.willow, neighbours.willows), (neighbours.birch, neighbours.birchs)):
            seen = review.view(session, cast.mona, own.id, NOW)
            assert seen.suggestion is not None
            assert (seen.suggestion.client_id, seen.possible) == (cast.kim.id, ())
            assert [entry.appointment_id for entry in seen.day] == [own.id]
            assert {mail.to for mail in seen.mails} <= {KIM.email, *_addresses(session, cast)}


def _addresses(session: Session, cast: Willow) -> set[str]:
    told = recipients.of_booking(session, cast.practice.id, cast.ana.id)
    assert {staff.practice_id for staff, _ in told} == {cast.practice.id}
    return {email for _, email in told}


def test_a_catalogue_is_of_one_practice(database: Database, neighbours: Neighbours) -> None:
    one, other = neighbours.willow, neighbours.birch
    with database.read() as session:
        found = read_catalogue(session, one.practice)
        assert catalogue.find_practice(session, "birch").id == other.practice.id
    rows = [*found.services, *found.practitioners, *found.locations]
    assert {row.practice_id for row in rows} == {one.practice.id}
    theirs = {other.ana.id, other.ben.id, other.main_street.id, other.video.id}
    assert not theirs & {id for ids in (*found.given_by.values(), *found.given_at.values()) for id in ids}


def test_one_practice_s_bookings_take_no_time_of_another(database: Database) -> None:
    def book(session: Session, _: object) -> Willow:
        one, other = willow(session), willow(session, slug="birch")
        ask(session, one)
        return other

    other = database.write(book)

    def starts(session: Session, offered: Catalogue, wish: Wish) -> list[object]:
        return [slot.start for slot in availability.slots(session, offered, wish, NINE.date(), 1, NOW)]

    with database.read() as session:
        offered = read_catalogue(session, other.practice)
        assert NINE in starts(session, offered, availability.wish(offered, other.first_visit, other.ana))


def test_rows_of_another_practice_are_never_on_offer(database: Database, neighbours: Neighbours) -> None:
    one, other = neighbours.willow, neighbours.birch
    with database.read() as session:
        offered = read_catalogue(session, one.practice)
        for wish in (
            availability.wish(offered, one.first_visit, other.ben),
            availability.wish(offered, one.first_visit, None, other.video),
        ):
            assert availability.slots(session, offered, wish, NINE.date(), 7, NOW) == []


# What is named by its id


def change(cast: Willow) -> Change:
    return Change(cast.first_visit.id, cast.ben.id, cast.main_street.id, NINE + timedelta(hours=2))


ACTS: dict[str, Callable[[Session, Staff, Neighbours], object]] = {
    "look at": lambda session, staff, n: review.view(session, staff, n.birchs.id, NOW),
    "link in": lambda session, staff, n: review.link_existing(session, staff, n.birchs.id, n.birch.kim.id, 1, NOW),
    "link a client of": lambda session, staff, n: review.link_existing(
        session, staff, n.willows.id, n.birch.kim.id, 1, NOW
    ),
    "save as new in": lambda session, staff, n: review.save_as_new(
        session, staff, n.birchs.id, ClientForm("Kim", "Lee"), 1, NOW, despite_match=True
    ),
    "change in": lambda session, staff, n: review.change(session, staff, n.birchs.id, change(n.birch), 1, NOW),
    "move to": lambda session, staff, n: review.change(session, staff, n.willows.id, change(n.birch), 1, NOW),
    "approve in": lambda session, staff, n: review.approve(session, staff, n.birchs.id, 1, ConfirmTo.TYPED, NOW),
    "decline in": lambda session, staff, n: review.decline(
        session, staff, n.birchs.id, 1, next(iter(DeclineReason)), "", NOW
    ),
    "undo in": lambda session, staff, n: review.undo(session, staff, n.birchs.id, 1, NOW),
    "read a file of": lambda session, staff, n: clients.file(session, staff, n.birch.kim.id),
    "write a file of": lambda session, staff, n: clients.update(
        session, staff, n.birch.kim.id, ClientForm("Kim", "Li"), NOW
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_staff_cannot_reach_another_practice(
    database: Database, neighbours: Neighbours, act: Callable[[Session, Staff, Neighbours], object]
) -> None:
    for staff in (neighbours.willow.mona, neighbours.willow.dana, neighbours.willow.ana_signs_in):
        with pytest.raises((NotFound, Invalid)):
            database.write(lambda session, _, staff=staff: act(session, staff, neighbours))  # type: ignore[misc]
    with database.read() as session:
        for own in (neighbours.willows, neighbours.birchs):
            now = session.get_one(Appointment, (own.practice_id, own.id))
            assert (now.status, now.revision, now.client_id) == (own.status, own.revision, None)
