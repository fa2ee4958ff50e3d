"""``clients import``: a CSV file becomes client files, all of it or nothing."""

from pathlib import Path

import pytest
from sqlmodel import col, select

from pencilin.database import Database
from pencilin.models import Client
from tests.commands import Shell
from tests.practice_files import SMALL

HEADER = "first_name,last_name,email,phone,birth_date,external_id,notes\n"
GOOD = (
    HEADER
    + "Zoë,O'Ångström-Núñez,zoe@far.example,(212) 555-0147,1992-12-05,A1,\n"
    + '美咲,佐藤,,,,A2,"one line\nand another, with ""quotes"""\n'
)


@pytest.fixture
def shell(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    folder = tmp_path / "work"
    folder.mkdir()
    shell = Shell(folder, monkeypatch, capsys, PENCILIN_DATABASE_URL=sqlite_url)
    for slug in ("birch", "other"):
        shell.works("practice", "load", shell.write(f"{slug}.toml", SMALL.replace('"birch"', f'"{slug}"')))
    return shell


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def clients(database: Database) -> list[Client]:
    with database.read() as session:
        return list(session.exec(select(Client).order_by(col(Client.external_id))))


def test_clients_are_filed_as_they_are_written(shell: Shell, database: Database) -> None:
    file = shell.write("clients.csv", GOOD)
    assert shell.works("clients", "import", file, "--practice", "birch") == "2 created, 0 updated, 0 unchanged.\n"
    zoe, misaki = clients(database)
    assert (zoe.first_name, zoe.last_name) == ("Zoë", "O'Ångström-Núñez")
    assert zoe.phone is not None and zoe.phone.startswith("+1")
    assert misaki.notes == 'one line\nand another, with "quotes"'


def test_the_same_file_again_changes_nothing_and_another_one_updates(shell: Shell, database: Database) -> None:
    file = shell.write("clients.csv", GOOD)
    shell.works("clients", "import", file, "--practice", "birch")
    assert shell.works("clients", "import", file, "--practice", "birch") == "0 created, 0 updated, 2 unchanged.\n"
    moved = shell.write("moved.csv", GOOD.replace("zoe@far.example", "zoe@near.example"))
    assert shell.works("clients", "import", moved, "--practice", "birch") == "0 created, 1 updated, 1 unchanged.\n"
    assert [client.email for client in clients(database)] == ["zoe@near.example", None]


def test_files_of_another_practice_are_its_own(shell: Shell, database: Database) -> None:
    file = shell.write("clients.csv", GOOD)
    shell.works("clients", "import", file, "--practice", "birch")
    assert shell.works("clients", "import", file, "--practice", "other") == "2 created, 0 updated, 0 unchanged.\n"
    assert len({client.practice_id for client in clients(database)}) == 2


def test_each_refused_line_has_its_reason_and_nothing_is_filed(shell: Shell, database: Database) -> None:
    file = shell.write("clients.csv", GOOD + "Ana,Ruiz,ana,,,A3,\n,Ruiz,,,1990-02-30,A4,\n")
    ran = shell.run("clients", "import", file, "--practice", "birch")
    assert ran.status == 1
    first, second, summary = ran.err.splitlines()
    assert first.startswith("pencilin: line 5: email: ")
    assert second.startswith("pencilin: line 6: ") and "first_name: " in second and "birth_date: " in second
    assert summary == "pencilin: 2 lines were refused, so nothing was imported."
    assert clients(database) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "line 1: should be first_name,"),
        ("name,email\nAna,ana@far.example\n", "Unknown: name"),
        (HEADER + "Ana,Ruiz,ana,,,A3,\n", "line 2: email: "),
        (HEADER + "Ana,Ruiz\n", "line 2: has 2 fields instead of 7"),
        (HEADER + 'Ana,"Ruiz,,,,A3,\n', "line 2: can't be read as CSV"),
    ],
)
def test_a_bad_file_is_refused_in_one_line(shell: Shell, database: Database, text: str, reason: str) -> None:
    file = shell.write("clients.csv", text)
    assert reason in shell.run("clients", "import", file, "--practice", "birch").complaint
    assert clients(database) == []


def test_what_is_not_there_is_named(shell: Shell) -> None:
    file = shell.write("clients.csv", GOOD)
    assert shell.run("clients", "import", "none.csv", "--practice", "birch").complaint.startswith("none.csv: ")
    unknown = shell.run("clients", "import", file, "--practice", "none").complaint
    assert unknown == "--practice: there is no practice 'none'."
    (shell.folder / "latin.csv").write_bytes(GOOD.encode("utf-16"))
    assert "UTF-8" in shell.run("clients", "import", "latin.csv", "--practice", "birch").complaint
