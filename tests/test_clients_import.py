"""Client files from CSV: all of it or nothing, and each refused line with its reason."""

import io
from collections.abc import Iterator

import pytest
from sqlmodel import select

from pencilin import clients
from pencilin.clients import ImportCounts
from pencilin.database import Database
from pencilin.errors import Invalid
from pencilin.models import ActorKind, AuditEntry, Client
from tests.cast import NOW, Willow, willow

HEADER = "first_name,last_name,email,phone,birth_date"
FULL = f"{HEADER},external_id,notes"


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def cast(database: Database) -> Willow:
    return database.write(lambda session, _: willow(session))


def load(database: Database, cast: Willow, *lines: str, end: str = "\n") -> ImportCounts:
    text = io.StringIO(end.join(lines) + end, newline="")
    return database.write(lambda session, _: clients.import_csv(session, cast.practice, text, NOW))


def files(database: Database) -> dict[str, Client]:
    with database.read() as session:
        return {client.first_name: client for client in session.exec(select(Client))}


def test_lines_become_files(database: Database, cast: Willow) -> None:
    counts = load(
        database,
        cast,
        FULL,
        'Zoë,"Ångström, Dr.",zoe@far.example,+46 8 465 004 00,1992-12-05,A-1,"Two\nlines, ""quoted"""',
        "",
        "Bo,Li,,,,,",
    )
    assert counts == ImportCounts(created=2, updated=0, unchanged=0)
    zoe, bo = files(database)["Zoë"], files(database)["Bo"]
    assert (zoe.last_name, zoe.phone, zoe.external_id) == ("Ångström, Dr.", "+46 8 465 004 00", "A-1")
    assert zoe.notes == 'Two\nlines, "quoted"'
    assert (bo.email, bo.birth_date, bo.external_id) == (None, None, None)
    with database.read() as session:
        assert [one.id for one in clients.search(session, cast.dana, "angstrom")] == [zoe.id]
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "client.imported")).all()
    assert {entry.actor for entry in entries} == {ActorKind.SYSTEM}
    assert len(entries) == 2


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_spreadsheets_file_is_read(database: Database, cast: Willow, end: str) -> None:
    assert load(database, cast, f"\ufeff{HEADER}", "Bo,Li,bo@mail.example,,1990-01-02", end=end).created == 1


def test_columns_may_stand_in_any_order(database: Database, cast: Willow) -> None:
    load(database, cast, "birth_date,phone,email,last_name,first_name", "1990-01-02,,,Li,Bo")
    assert files(database)["Bo"].last_name == "Li"


def test_the_same_external_id_updates(database: Database, cast: Willow) -> None:
    load(database, cast, FULL, "Bo,Li,bo@mail.example,,1990-01-02,A-1,Old", "Jo,Li,,,,A-2,")
    counts = load(database, cast, FULL, "Bo,Lim,,,1990-01-02,A-1,", "Jo,Li,,,,A-2,", "Mo,Li,,,,A-3,")
    assert counts == ImportCounts(created=1, updated=1, unchanged=1)
    bo = files(database)["Bo"]
    assert (bo.last_name, bo.email, bo.notes) == ("Lim", "bo@mail.example", "Old")
    assert len(files(database)) == 4
    with database.read() as session:
        assert [one.id for one in clients.search(session, cast.dana, "bo lim")] == [bo.id]


def test_an_archived_file_is_in_use_again(database: Database, cast: Willow) -> None:
    load(database, cast, FULL, "Bo,Li,bo@mail.example,,1990-01-02,A-1,")
    bo = files(database)["Bo"]
    database.write(
        lambda session, _: clients.rewrite(
            session, cast.practice, session.merge(bo), {"archived_at": NOW}, cast.dana, NOW
        )
    )
    counts = load(database, cast, FULL, "Bo,Li,bo@mail.example,,1990-01-02,A-1,")
    assert counts == ImportCounts(created=0, updated=1, unchanged=0)
    assert files(database)["Bo"].archived_at is None
    with database.read() as session:
        assert [one.id for one in clients.search(session, cast.dana, "bo li")] == [bo.id]


def test_another_practices_ids_are_its_own(database: Database, cast: Willow) -> None:
    birch = database.write(lambda session, _: willow(session, slug="birch"))
    load(database, cast, FULL, "Bo,Li,,,,A-1,")
    assert load(database, birch, FULL, "Jo,Lo,,,,A-1,").created == 1
    assert files(database)["Bo"].last_name == "Li"


def test_every_refused_line_is_told_and_none_is_filed(database: Database, cast: Willow) -> None:
    with pytest.raises(Invalid) as refused:
        load(
            database,
            cast,
            FULL,
            "Bo,Li,bo@mail.example,,1990-01-02,A-1,",
            ",Li,bo@,,1990-13-02,,",
            "Jo,Li,,,2090-01-01,,",
            "Mo,Li",
            "Al,Li,,,,A-1,",
            "\u202eoM,Li,,,,,",
        )
    assert str(refused.value) == "5 lines were refused, so nothing was imported."
    reasons = refused.value.fields
    assert list(reasons) == ["line 3", "line 4", "line 5", "line 6", "line 7"]
    assert {part.partition(":")[0] for part in reasons["line 3"].split(". ")} >= {"first_name", "birth_date"}
    assert "email: Enter an email address" in reasons["line 3"]
    assert reasons["line 4"] == "birth_date: The date of birth is in the future. Check the year."
    assert reasons["line 5"] == "has 2 fields instead of 7. Check quotes and commas."
    assert reasons["line 6"] == "external_id: Line 2 has the same one. Give each client its own."
    assert set(files(database)) == {"Kim"}


def test_lines_are_counted_as_an_editor_does(database: Database, cast: Willow) -> None:
    with pytest.raises(Invalid) as refused:
        load(database, cast, FULL, 'Bo,Li,,,,,"a\nb\nc"', "", ",Li,,,,,")
    assert set(refused.value.fields) == {"line 6"}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "first_name;last_name;email;phone;birth_date",
        "first_name,last_name",
        f"{HEADER},colour",
        f"{HEADER},email",
        "\x00",
    ],
)
def test_another_header_is_refused_with_the_right_one(database: Database, cast: Willow, header: str) -> None:
    with pytest.raises(Invalid) as refused:
        load(database, cast, header, "Bo,Li,,,")
    assert f"should be {HEADER}" in refused.value.fields["line 1"]
    assert set(files(database)) == {"Kim"}


def test_quotes_that_do_not_match_are_told(database: Database, cast: Willow) -> None:
    with pytest.raises(Invalid) as refused:
        load(database, cast, HEADER, "Bo,Li,,,", 'Jo,"L"i,,,')
    assert "can't be read as CSV" in refused.value.fields["line 3"]
    assert set(files(database)) == {"Kim"}


def test_an_empty_file_has_no_header(database: Database, cast: Willow) -> None:
    with pytest.raises(Invalid):
        database.write(lambda session, _: clients.import_csv(session, cast.practice, [], NOW))


def test_formulas_are_only_text(database: Database, cast: Willow) -> None:
    load(database, cast, HEADER, '"=HYPERLINK(1)",+Li,,,')
    assert files(database)["=HYPERLINK(1)"].last_name == "+Li"
