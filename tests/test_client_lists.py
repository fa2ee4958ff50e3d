"""A list of clients from another system: its columns are guessed, its dates asked for, and nothing is filed unseen."""

from datetime import date, datetime, timedelta

import pytest
from httpx2 import Response
from sqlmodel import Session, col, select

from pencilin.clients import lists
from pencilin.clients.files import rewrite
from pencilin.clients.lists import previews, staging
from pencilin.clients.lists.plan import Outcome
from pencilin.database import Database
from pencilin.errors import Conflict
from pencilin.models import AuditEntry, Client, ClientImport, Outbox, Practice
from tests.cast import NOW, Willow, willow
from tests.rig.rush import together
from tests.screens import signed_in
from tests.staff_site import HERE, Browser, Forms, Site, site

PLAIN = "First name,Last name,Email,Birthday,Client ID\nZoë,Ångström,zoe@far.example,1992-12-05,7\n"

# Filing

LIST = (
    "ID;First name;Last name;Email;Date of birth;Notes\n"
    "1;Kim;Lee;kim.lee@mail.example;24/03/1985;=1+1\n"
    "2;Sam;Lee;;02/08/1988;\n"
    "2;Sam;Again;;02/08/1988;\n"
    "3;;Nobody;;;\n"
    ";Kim;Lee;kim.lee@mail.example;24/03/1985;\n"
    "4;Zoë;Ångström;zoe@far.example;31/02/1992;\n"
)


def staged(database: Database, cast: Willow, text: str = LIST) -> str:
    return database.write(lambda session, now: lists.stage(session, cast.dana, text.encode("windows-1252"), NOW).id)


def look(database: Database, cast: Willow, row: str, at: datetime = NOW) -> None:
    """Finds out what would happen, and keeps it, as the page does."""
    with database.read() as session:
        found, mapping = lists.preview(session, cast.dana, row, at), lists.find(session, cast.dana, row).mapping
    database.write(lambda session, _: lists.keep(session, cast.dana, row, found, mapping, at))


def confirm(database: Database, cast: Willow, row: str, seen: datetime = NOW) -> None:
    """Confirms what was seen then."""
    database.write(lambda session, _: lists.confirm(session, cast.dana, row, seen, NOW))


def files(database: Database) -> list[Client]:
    with database.read() as session:
        return list(session.exec(select(Client).order_by(col(Client.last_name), col(Client.first_name))))


def test_the_import_does_what_the_preview_said_and_again_changes_nothing(database: Database) -> None:
    cast = database.write(lambda session, _: willow(session))
    said = {}
    for turn in ("first", "again"):
        row = staged(database, cast)
        with database.read() as session:
            preview = lists.preview(session, cast.dana, row, NOW)
        said[turn] = {outcome.value: count for outcome, count in preview.counts.items()}
        assert len(files(database)) == (1 if turn == "first" else 3)  # nothing is filed by looking
        look(database, cast, row)
        confirm(database, cast, row)
        while database.write(lambda session, _, row=row: lists.go_on(session, cast.practice.id, row, NOW)):  # type: ignore[misc]
            pass
        with database.read() as session:
            done = session.get_one(ClientImport, (cast.practice.id, row))
            assert done.counts == said[turn] and done.content is None and done.done == done.total == 6
            assert done.outline == done.preview == {}
    # Kim has a number there, so she is another file than the one without; the line without one is on file.
    assert said["first"] == {"new": 2, "refused": 3, "on_file": 1}
    assert said["again"] == {"unchanged": 2, "refused": 3, "on_file": 1}
    assert [(one.first_name, one.external_id) for one in files(database)] == [("Kim", None), ("Kim", "1"), ("Sam", "2")]
    with database.read() as session:
        assert session.exec(select(Outbox)).all() == []
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "client.imported")).all()
    assert {one.staff_id for one in entries} == {cast.dana.id}
    assert "Kim" not in repr(entries)


def test_a_number_updates_its_file_and_empty_cells_leave_it(database: Database) -> None:
    cast = database.write(lambda session, _: willow(session))

    def file_all(text: str) -> None:
        row = staged(database, cast, text)
        look(database, cast, row)
        confirm(database, cast, row)
        database.write(lambda session, _: lists.go_on(session, cast.practice.id, row, NOW))

    file_all("ID,First name,Last name,Email,Notes\n9,Max,Stone,max@stone.example,Knee\n")
    file_all("ID,Name,Email,Notes\n9,Max Stone,new@stone.example,\n")
    (max_,) = [one for one in files(database) if one.external_id == "9"]
    assert (max_.email, max_.notes) == ("new@stone.example", "Knee")
    file_all("ID,Name\n'-8,Sam Reed\n-8,Sam Again\n")  # as a spreadsheet exports it, and as it is
    assert [one.last_name for one in files(database) if one.external_id == "-8"] == ["Reed"]


def test_nothing_is_filed_that_was_not_seen(database: Database) -> None:
    cast = database.write(lambda session, _: willow(session))
    row = staged(database, cast)
    with pytest.raises(Conflict, match="look again"):
        confirm(database, cast, row)  # nobody has looked
    look(database, cast, row)
    later = NOW + timedelta(minutes=1)

    def edit(session: Session, _: datetime) -> None:
        kim = session.get_one(Client, (cast.practice.id, cast.kim.id))
        rewrite(session, session.get_one(Practice, cast.practice.id), kim, {"notes": "Knee"}, cast.dana, later)

    database.write(edit)
    with pytest.raises(Conflict, match="files were changed"):
        confirm(database, cast, row)
    look(database, cast, row, later)
    with pytest.raises(Conflict, match="columns were chosen anew"):
        confirm(database, cast, row)  # what was seen before
    assert len(files(database)) == 1
    confirm(database, cast, row, later)


def test_two_who_go_on_file_no_line_twice_and_one_confirms(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "BATCH", 2)
    cast = database.write(lambda session, _: willow(session))
    text = "First name,Last name\n" + "".join(f"A{number},B{number}\n" for number in range(12))
    row = staged(database, cast, text)
    look(database, cast, row)

    def begin() -> str:
        try:
            confirm(database, cast, row)
        except Conflict:
            return "told"
        return "won"

    def go_on() -> None:
        while database.write(lambda session, _: lists.go_on(session, cast.practice.id, row, NOW)):
            pass

    assert sorted(map(str, together([begin] * 4))) == ["told"] * 3 + ["won"]
    together([go_on] * 4)
    assert len(files(database)) == 1 + 12
    with database.read() as session:
        assert session.get_one(ClientImport, (cast.practice.id, row)).counts == {Outcome.NEW.value: 12}


def test_what_a_crash_left_is_gone_on_with_and_what_nobody_confirms_is_forgotten(database: Database) -> None:
    cast = database.write(lambda session, _: willow(session))
    confirmed, left, failing = staged(database, cast), staged(database, cast), staged(database, cast)
    look(database, cast, confirmed)
    confirm(database, cast, confirmed)
    assert database.write(lambda session, _: lists.resume(session, NOW)) == 0  # whoever confirmed is at it
    later = datetime.fromtimestamp(NOW.timestamp() + 25 * 3600, NOW.tzinfo)
    assert database.write(lambda session, _: lists.resume(session, later)) == 1
    look(database, cast, failing, later)
    confirm(database, cast, failing, later)
    database.write(lambda session, _: lists.forget_old(session, later))
    with database.read() as session:
        rows = session.exec(select(ClientImport)).all()
        assert {(row.id, row.finished_at, row.content) for row in rows} == {
            (confirmed, later, None),
            (failing, later, None),
        }
    assert left not in {row.id for row in rows}


# The pages


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def upload(browser: Browser, content: bytes) -> Response:
    csrf = Forms(browser.get("/clients/imports").text).forms["/clients/imports"]["csrf"]
    own = {"Accept": "text/html", "Origin": HERE, "Sec-Fetch-Site": "same-origin"}
    return browser.client.post("/clients/imports", data={"csrf": csrf}, files={"file": ("a.csv", content)}, headers=own)


def test_from_the_file_to_the_files(here: Site) -> None:
    dana = signed_in(here, "dana")
    assert "None yet." in dana.get("/clients/imports").text
    answer = upload(dana, b"Who,Born\nLee Kim,3/4/1985\nStone Max,5/6/1990\n")
    address = answer.headers["location"]
    page = dana.get(address)
    assert "What will happen" not in page.text and "3/4/1985" in page.text
    page = dana.submit(page, f"{address}/columns", **{"column-0": "full_name", "column-1": "birth_date", "dates": ""})
    assert page.status_code == 422 and "Choose how the dates are written." in page.text
    page = dana.submit(
        page, f"{address}/columns", **{"column-0": "full_name", "column-1": "birth_date", "dates": "dmy"}
    )
    page = dana.follow(page)
    assert "Import 2 clients" in page.text and len(files(here.database)) == 1 + 1  # Willow's and Birch's Kim
    told = dana.follow(dana.submit(page, f"{address}/confirmation", seen="yesterday"))
    assert "look again" in told.text and "Import 2 clients" in told.text
    page = dana.follow(dana.submit(told, f"{address}/confirmation"))
    assert "2 new" in page.text and "Imported" in dana.get(address).text
    born = {one.last_name: one.birth_date for one in files(here.database)}
    assert born["Kim"] == date(1985, 4, 3) and born["Max"] == date(1990, 6, 5)
    assert "2 new" in dana.get("/clients/imports").text


def test_what_will_happen_is_found_out_once_and_anew_when_the_columns_change(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = signed_in(here, "dana")
    address = upload(dana, PLAIN.encode() + b",Nobody,,,\n").headers["location"]
    with monkeypatch.context() as patched:
        patched.setattr(previews, "plan", None)
        patched.setattr(staging, "read_table", None)
        page = dana.get(address)
    assert "Compared with the files as they were on Mon, Nov 23, 7:00 AM." in page.text
    for words in ("Import 1 client", "Zoë Ångström", "Left out: First name", "1992-12-05"):
        assert words in page.text
    turned = {"column-0": "last_name", "column-1": "first_name", "column-3": ""}
    page = dana.follow(dana.submit(page, f"{address}/columns", **turned))
    assert "Ångström Zoë" in page.text and "Left out: Last name" in page.text
    with here.database.read() as session:
        stored = session.exec(select(ClientImport)).one()
        found = lists.preview(session, here.cast.dana, stored.id, here.now)
        assert lists.kept(stored) == found
    mapping = stored.mapping | {"0": "notes"}
    here.database.write(lambda session, now: staging.forget_preview(lists.find(session, here.cast.dana, stored.id)))
    here.database.write(lambda session, now: lists.keep(session, here.cast.dana, stored.id, found, mapping, now))
    assert "What will happen</h2>" not in dana.get(address).text, "found for columns that aren't chosen any more"


def test_what_is_wrong_is_said_and_the_list_can_be_forgotten(here: Site) -> None:
    dana = signed_in(here, "dana")
    answer = upload(dana, b"PK\x03\x04")
    assert answer.status_code == 422 and "save it as CSV" in answer.text
    address = upload(dana, b"a,b\n1,2\n").headers["location"]
    page = dana.submit(dana.get(address), f"{address}/columns", **{"column-0": "email", "column-1": "email"})
    assert page.status_code == 422 and "is the email already" in page.text and "first and the last name" in page.text
    page = dana.follow(dana.submit(dana.get(address), f"{address}/removal"))
    assert "was forgotten" in page.text and dana.get(address).status_code == 404


def test_practitioners_and_other_practices_have_no_part_in_it(here: Site) -> None:
    address = upload(signed_in(here, "dana"), PLAIN.encode()).headers["location"]
    assert signed_in(here, "ana").get("/clients/imports").status_code == 403
    other = here.browser()
    other.sign_in("dana@birch.example")
    assert other.get(address).status_code == 404
