"""A client's file: entered, changed and listed by staff."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from pencilin import clients
from pencilin.clients import ClientForm, erasing, files, form_of, personal_links
from pencilin.database import Database
from pencilin.errors import Conflict, Invalid, NotFound
from pencilin.models import AuditEntry, Client, ClientKey, PersonalLink, Staff
from tests.cast import NINE, NOW, willow
from tests.desk import Desk

ZOE_FORM = ClientForm("Zoë", "Ångström", "zoe@far.example", "+46 8 465 004 00", "1992-12-05", "Two\r\nlines")

ACTS: dict[str, tuple[Callable[[Session, Staff, str, datetime], object], type[Exception]]] = {
    "erased": (lambda session, staff, who, now: clients.update(session, staff, who, ZOE_FORM, now), NotFound),
    "archived": (personal_links.create, Conflict),
}


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    database = Database(sqlite_url)
    yield Desk(database, database.write(lambda session, _: willow(session)))
    database.close()


def create(desk: Desk, form: ClientForm) -> str:
    return desk.do(lambda session: clients.create(session, desk.cast.dana, form, NOW).id)


def test_a_new_file_keeps_what_was_entered(desk: Desk) -> None:
    filed = desk.client(create(desk, ZOE_FORM))
    assert form_of(filed) == replace(ZOE_FORM, phone="+46 8 465 004 00", notes="Two\nlines")


def test_names_are_enough(desk: Desk) -> None:
    filed = desk.client(create(desk, ClientForm("小明", "王")))
    assert (filed.email, filed.phone, filed.birth_date, filed.notes) == (None, None, None, None)


def test_wrong_fields_are_named_together(desk: Desk) -> None:
    wrong = ClientForm("", "", "zoe", "1", "5.12.1992", "a\x00b")
    with pytest.raises(Invalid) as refused:
        create(desk, wrong)
    assert set(refused.value.fields) == {"first_name", "last_name", "email", "phone", "birth_date", "notes"}
    assert desk.clients() == 1


def test_today_is_the_practices(desk: Desk) -> None:
    desk.now = NOW
    create(desk, replace(ZOE_FORM, birth_date="2026-11-23"))
    with pytest.raises(Invalid):
        # Already the 24th in UTC, not yet in New York.
        desk.do(
            lambda session: clients.create(
                session, desk.cast.dana, replace(ZOE_FORM, birth_date="2026-11-24"), NOW + timedelta(hours=16)
            )
        )


def test_a_change_is_written_down_by_field_name(desk: Desk) -> None:
    kim = desk.client(desk.cast.kim.id)
    form = replace(form_of(kim), last_name="Lee-Park", notes="Prefers mornings.")
    later = NOW + timedelta(hours=1)
    desk.do(lambda session: clients.update(session, desk.cast.dana, kim.id, form, later))
    assert desk.client(kim.id).last_name == "Lee-Park"
    assert (desk.client(kim.id).created_at, desk.client(kim.id).updated_at) == (NOW, later)
    with desk.database.read() as session:
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "client.updated"))
        assert entry.fields == ["last_name", "notes"]
        assert [one.id for one in clients.search(session, desk.cast.dana, "park")] == [kim.id]


def test_emptied_fields_are_emptied_and_not_found_by_any_more(desk: Desk) -> None:
    kim = desk.cast.kim
    desk.do(lambda session: clients.update(session, desk.cast.dana, kim.id, ClientForm("Kim", "Lee"), NOW))
    filed = desk.client(kim.id)
    assert (filed.email, filed.phone, filed.birth_date) == (None, None, None)
    with desk.database.read() as session:
        keys = session.exec(select(ClientKey.key).where(ClientKey.client_id == kim.id)).all()
    assert not [key for key in keys if key[0] in "epbt"]


def test_no_change_is_no_entry(desk: Desk) -> None:
    zoe = create(desk, ZOE_FORM)
    form = form_of(desk.client(zoe))
    desk.do(lambda session: clients.update(session, desk.cast.dana, zoe, form, NOW + timedelta(hours=1)))
    assert desk.client(zoe).updated_at == NOW


@pytest.mark.parametrize("client_id", ["", "0" * 32, "\x00", "../x"])
def test_an_unknown_file_is_not_found(desk: Desk, client_id: str) -> None:
    with pytest.raises(NotFound):
        desk.do(lambda session: clients.update(session, desk.cast.dana, client_id, ZOE_FORM, NOW))


def test_the_list_goes_by_last_name_in_pages(desk: Desk) -> None:
    for number in range(119):
        create(desk, ClientForm("Pat", f"Number {number:03}"))
    with desk.database.read() as session:
        first = clients.listing(session, desk.cast.dana)
        last = clients.listing(session, desk.cast.dana, 3)
        beyond = clients.listing(session, desk.cast.dana, 99)
        below = clients.listing(session, desk.cast.dana, -1)
    assert (first.total, first.pages, len(first.clients), len(last.clients)) == (120, 3, 50, 20)
    assert first.clients[0].last_name == "Lee"
    assert last.clients[-1].last_name == "Number 118"
    assert (beyond.page, below.page) == (3, 1)


def test_a_file_shows_its_appointments_the_latest_first(desk: Desk) -> None:
    for start in (NINE, NINE + timedelta(hours=2)):
        asked = desk.asked(start=start)
        desk.link(asked)
    with desk.database.read() as session:
        file = clients.file(session, desk.cast.dana, desk.cast.kim.id)
    assert [one.start for one in file.appointments] == [NINE + timedelta(hours=2), NINE]
    first = file.appointments[0]
    assert (first.service, first.practitioner, first.location, first.timezone, first.status) == (
        "First visit",
        "Ana Ruiz",
        "Main Street",
        "America/New_York",
        "tentative",
    )


@pytest.mark.parametrize("becomes", ["erased", "archived"])
def test_what_became_of_a_file_between_a_look_and_its_lock_counts(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch, becomes: str
) -> None:
    database, elsewhere = Database(postgresql_url), Database(postgresql_url)
    cast = database.write(lambda session, _: willow(session))
    find = files.find

    def happen(session: Session, now: datetime) -> None:
        if becomes == "erased":
            erasing.erase(session, cast.mona, cast.kim.id, f"{cast.kim.first_name} {cast.kim.last_name}", now)
        else:
            files.archive(session, cast.dana, cast.kim.id, now)

    def find_just_before(session: Session, staff: Staff, client_id: str) -> Client:
        client = find(session, staff, client_id)
        monkeypatch.setattr(files, "find", find)
        elsewhere.write(happen)
        return client

    monkeypatch.setattr(files, "find", find_just_before)
    act, refused = ACTS[becomes]
    with pytest.raises(refused):
        database.write(lambda session, now: act(session, cast.dana, cast.kim.id, now))
    with database.read() as session:
        kim = session.get_one(Client, (cast.practice.id, cast.kim.id))
        assert kim.email is None or becomes == "archived"
        assert session.exec(select(PersonalLink)).all() == []
    database.close()
    elsewhere.close()
