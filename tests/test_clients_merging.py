"""Two files of one person become one, and two again: nothing is lost, and nobody is overtaken unawares."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from pencilin import clients, review
from pencilin.clients import ClientForm, Left, Notes
from pencilin.database import Database
from pencilin.errors import AlreadyDecided, Conflict
from pencilin.models import Appointment, Client, ClientKey, ClientMerge, Link, PersonalLink, Practice
from tests.cast import KIM, NINE, SAM, Willow, willow
from tests.desk import Desk

KIM_TOO = ClientForm("Kimberly", "Lee", "kim@new.example", "", "1985-03-24", "Likes Ben.")


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    database = Database(sqlite_url)
    yield Desk(database, database.write(lambda session, _: willow(session)))
    database.close()


def second(desk: Desk, form: ClientForm = KIM_TOO) -> str:
    """The id of Kim's second file, which has a request of hers."""
    other = desk.do(lambda session: clients.create(session, desk.cast.dana, form, desk.now).id)
    asked = desk.asked()
    desk.do(lambda session: review.link_existing(session, desk.cast.dana, asked, other, 1, desk.now))
    return other


def merge(desk: Desk, other: str, *taken: str, notes: Notes = Notes.BOTH, seen: str = "") -> ClientMerge:
    kept = desk.cast.kim.id

    def work(session: Session) -> ClientMerge:
        looked_at = seen or fingerprint(session, desk.cast, kept, other)
        return clients.merge(session, desk.cast.dana, kept, other, taken, notes, looked_at, desk.now)

    return desk.do(work)


def fingerprint(session: Session, cast: Willow, kept: str, other: str) -> str:
    return clients.seen(*(clients.find(session, cast.dana, one) for one in (kept, other)))


def undo(desk: Desk, row: ClientMerge) -> Left:
    return desk.do(lambda session: clients.undo_merge(session, desk.cast.dana, row.kept_id, row.id, desk.now))


def stored(desk: Desk) -> dict[str, Any]:
    """All that a merge could change, but for the revisions, which only grow."""
    with desk.database.read() as session:
        files = {one.id: one.model_dump(exclude={"updated_at"}) for one in session.exec(select(Client))}
        visits = {one.id: one.client_id for one in session.exec(select(Appointment))}
        links = {one.id: one.model_dump() for one in session.exec(select(Link))}
        keys = sorted((one.key, one.client_id) for one in session.exec(select(ClientKey)))
        personal = {one.id: one.client_id for one in session.exec(select(PersonalLink))}
    return {"personal": personal, "files": files, "visits": visits, "links": links, "keys": keys}


def test_the_kept_file_says_what_was_chosen_and_gets_appointments_and_links(desk: Desk) -> None:
    other = second(desk)
    done = merge(desk, other, "email")
    kim = desk.client(desk.cast.kim.id)
    assert (kim.first_name, kim.email, kim.notes) == ("Kim", "kim@new.example", "Likes Ben.")
    assert desk.client(other).archived_at == desk.now
    (asked,) = done.moved
    appointment = desk.look(asked)
    assert (appointment.client_id, appointment.revision) == (kim.id, 3)
    assert "appointment.client_merged" in desk.actions(asked)
    with desk.database.read() as session:
        assert [one.client_id for one in session.exec(select(Link))] == [kim.id]
        assert clients.kept_instead(session, desk.cast.dana, other) == kim.id
        assert [one.id for one in clients.search(session, desk.cast.dana, "kim@new.example")] == [kim.id]
        file = clients.file(session, desk.cast.dana, kim.id)
    assert [one.name for one in file.merges] == ["Kimberly Lee"]
    assert done.before == {"email": "kim.lee@mail.example", "notes": None}


def test_notes_are_joined_or_chosen(desk: Desk) -> None:
    kim = desk.cast.kim.id
    form = ClientForm("Kim", "Lee", notes="Likes Ana.")
    desk.do(lambda session: clients.update(session, desk.cast.dana, kim, form, desk.now))
    other = second(desk)
    for notes, expected in (
        (Notes.BOTH, "Likes Ana.\n\nLikes Ben."),
        (Notes.KEPT, "Likes Ana."),
        (Notes.MERGED, "Likes Ben."),
    ):
        done = merge(desk, other, notes=notes)
        assert desk.client(kim).notes == expected
        undo(desk, done)
    assert desk.client(kim).notes == "Likes Ana."


TEXT = st.sampled_from(["", "A", "B"])
FORMS = st.builds(
    ClientForm,
    st.sampled_from(["Kim", "Kimberly"]),
    st.sampled_from(["Lee", "Li"]),
    st.sampled_from(["", "a@mail.example", "b@mail.example"]),
    st.sampled_from(["", "+1 212 555 0147", "+1 212 555 0148"]),
    st.sampled_from(["", "1985-03-24", "1985-03-25"]),
    TEXT,
)
TAKEN = st.sets(st.sampled_from(["first_name", "last_name", "email", "phone", "birth_date", "external_id"]))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(one=FORMS, other=FORMS, taken=TAKEN, notes=st.sampled_from(Notes), numbers=st.tuples(TEXT, TEXT))
def test_merge_and_undo_give_back_what_was(
    desk: Desk, one: ClientForm, other: ClientForm, taken: set[str], notes: Notes, numbers: tuple[str, str]
) -> None:
    kim = desk.cast.kim.id

    def prepare(session: Session) -> str:
        for client in session.exec(select(Client)):
            client.external_id = None
        session.flush()
        clients.update(session, desk.cast.dana, kim, one, desk.now)
        made = clients.create(session, desk.cast.dana, other, desk.now)
        first, second = (number or None for number in numbers)
        session.get_one(Client, (made.practice_id, kim)).external_id = first
        made.external_id = second if second != first else None
        session.add(visit(desk, made.id))
        session.add(
            PersonalLink(
                practice_id=made.practice_id, client_id=made.id, staff_id=desk.cast.dana.id, created_at=desk.now
            )
        )
        return made.id

    merged = desk.do(prepare)
    before = stored(desk)
    done = merge(desk, merged, *taken, notes=notes)
    assert stored(desk) != before
    assert undo(desk, done) == Left((), 0)
    assert stored(desk) == before


def visit(desk: Desk, client_id: str) -> Appointment:
    """An appointment of this client, at a time that takes nobody's."""
    cast = desk.cast
    return Appointment(
        practice_id=cast.practice.id,
        service_id=cast.first_visit.id,
        practitioner_id=cast.ben.id,
        location_id=cast.main_street.id,
        reference=client_id[:8],
        start=NINE,
        end=NINE + timedelta(hours=1),
        local_start=NINE.replace(tzinfo=None),
        timezone="America/New_York",
        client_id=client_id,
        created_at=desk.now,
    )


def test_what_was_changed_since_stays_and_is_named(desk: Desk) -> None:
    other = second(desk)
    done = merge(desk, other, "email", "first_name")
    kim = desk.cast.kim.id
    form = ClientForm("Kim B.", "Lee", "kim@new.example", "+1 212 555 0147", "1985-03-24", "Likes Ben.")
    desk.do(lambda session: clients.update(session, desk.cast.dana, kim, form, desk.now))
    (asked,) = done.moved
    desk.do(lambda session: review.unlink(session, desk.cast.dana, asked, 3, desk.now))
    assert undo(desk, done) == Left(("first_name",), 1)
    kept = desk.client(kim)
    assert (kept.first_name, kept.email, kept.notes) == ("Kim B.", "kim.lee@mail.example", None)
    assert desk.client(other).archived_at is None and desk.look(asked).client_id is None
    with pytest.raises(Conflict, match="undone already"):
        undo(desk, done)


def test_who_decides_on_a_request_that_moved_looks_again(desk: Desk) -> None:
    other = second(desk)
    desk.now += timedelta(minutes=1)  # what was done last is told, so it must be later
    (asked,) = merge(desk, other).moved
    with pytest.raises(AlreadyDecided, match="by Dana"):
        desk.do(lambda session: review.approve(session, desk.cast.dana, asked, 2, None, desk.now))


def test_a_file_that_changed_meanwhile_is_looked_at_again(desk: Desk) -> None:
    other = second(desk)
    with desk.database.read() as session:
        seen = fingerprint(session, desk.cast, desk.cast.kim.id, other)
    desk.do(lambda session: clients.update(session, desk.cast.dana, other, ClientForm("Kim", "Lee"), desk.now))
    with pytest.raises(Conflict, match="changed meanwhile"):
        merge(desk, other, seen=seen)
    with pytest.raises(Conflict, match="itself"):
        merge(desk, desk.cast.kim.id)


def test_a_merged_file_merged_further_is_undone_from_the_last_on(desk: Desk) -> None:
    other = second(desk)
    first = merge(desk, other)
    third = desk.do(lambda session: clients.create(session, desk.cast.dana, ClientForm("K", "Lee"), desk.now).id)

    def further(session: Session) -> ClientMerge:
        seen = fingerprint(session, desk.cast, third, desk.cast.kim.id)
        return clients.merge(session, desk.cast.dana, third, desk.cast.kim.id, (), Notes.BOTH, seen, desk.now)

    last = desk.do(further)
    with desk.database.read() as session:
        assert clients.kept_instead(session, desk.cast.dana, other) == third
    with pytest.raises(Conflict, match="merged into another one"):
        desk.do(lambda session: clients.restore(session, desk.cast.dana, desk.cast.kim.id, desk.now))
    undo(desk, last)
    undo(desk, first)
    assert desk.look(first.moved[0]).client_id == other


def test_a_list_that_is_imported_again_updates_the_file_that_a_merged_one_is_part_of(desk: Desk) -> None:
    lines = ["first_name,last_name,email,phone,birth_date,external_id\n", "Kimberly,Lee,kimberly@mail.example,,,77\n"]

    def load(session: Session) -> None:
        clients.import_csv(session, session.get_one(Practice, desk.cast.practice.id), lines, desk.now)

    desk.do(load)
    with desk.database.read() as session:
        other = session.exec(select(Client.id).where(Client.external_id == "77")).one()
    merge(desk, other)
    desk.do(load)
    assert desk.client(other).archived_at is not None
    assert desk.client(desk.cast.kim.id).email == "kimberly@mail.example"


def test_of_many_who_merge_one_wins_and_no_appointment_is_left_behind(database: Database) -> None:
    desk = Desk(database, database.write(lambda session, _: willow(session)))
    other = desk.do(lambda session: clients.create(session, desk.cast.dana, KIM_TOO, desk.now).id)
    asked = [desk.asked(KIM if n else SAM, NINE + timedelta(hours=2 * n)) for n in range(3)]
    kim = desk.cast.kim.id
    with database.read() as session:
        there, back = (fingerprint(session, desk.cast, *pair) for pair in ((kim, other), (other, kim)))

    def merging(kept: str, merged: str, seen: str) -> Callable[[], object]:
        return lambda: desk.do(
            lambda session: clients.merge(session, desk.cast.dana, kept, merged, (), Notes.BOTH, seen, desk.now)
        )

    def linking(appointment: str) -> Callable[[], object]:
        return lambda: desk.do(
            lambda session: review.link_existing(session, desk.cast.dana, appointment, other, 1, desk.now)
        )

    def tried(work: Callable[[], object]) -> object:
        try:
            return work()
        except Conflict as error:
            return error

    work = [*map(linking, asked), *(merging(kim, other, there) for _ in range(4)), merging(other, kim, back)]
    with ThreadPoolExecutor(len(work)) as pool:
        done = list(pool.map(tried, work))
    assert len([one for one in done if isinstance(one, ClientMerge)]) == 1
    with database.read() as session:
        archived = session.exec(select(Client.id).where(col(Client.archived_at).is_not(None))).one()
        assert not session.exec(select(Appointment.id).where(Appointment.client_id == archived)).all()
        assert not session.exec(select(Link.id).where(Link.client_id == archived)).all()
