"""The commands beside serving: what they do, and that each error is one line that says what to do."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import select

from pencilin.accounts.passwords import is_right
from pencilin.database import Database
from pencilin.models import Account, Outbox, Practice, Role, Staff
from tests.commands import KEY, Shell
from tests.practice_files import SMALL

PASSWORD = "four words nobody joins"


@pytest.fixture
def shell(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """Beside a fresh database of each kind."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Shell(folder, monkeypatch, capsys, PENCILIN_DATABASE_URL=database_url, PENCILIN_SECRET_KEYS=KEY)


@pytest.fixture
def birch(shell: Shell) -> Shell:
    """The same, with a practice in it."""
    shell.works("practice", "load", shell.write("birch.toml", SMALL))
    return shell


def staff_of(database: Database) -> list[tuple[str, str, Role, str | None]]:
    with database.read() as session:
        rows = session.exec(select(Staff, Account).join(Account, Account.id == Staff.account_id)).all()  # type: ignore[arg-type]
        return [(account.email, member.name, member.role, account.password_hash) for member, account in rows]


# Every command


COMMANDS = (
    ("serve",),
    ("demo",),
    ("practice",),
    ("practice", "load"),
    ("practice", "export"),
    ("staff", "add"),
    ("staff", "reset-second-factor"),
    ("appointments", "import"),
    ("clients", "import"),
    ("migrate",),
    ("doctor",),
    ("backup",),
    ("restore",),
    ("keys", "new"),
)


@pytest.fixture
def plain_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """In an empty folder, with no settings at all."""
    return Shell(tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize("command", [(), *COMMANDS], ids=" ".join)
def test_each_command_explains_itself(plain_shell: Shell, command: tuple[str, ...]) -> None:
    explained = plain_shell.works(*command, "--help")
    assert explained.startswith("usage: pencilin")
    assert list(plain_shell.folder.iterdir()) == [], "help makes nothing"


@pytest.mark.parametrize(
    ("wrong", "remedy"),
    [
        ((), "(see `pencilin --help`)"),
        (("fly",), "(see `pencilin --help`)"),
        (("practice", "fly"), "(see `pencilin practice --help`)"),
        (("keys",), "(see `pencilin keys --help`)"),
        (("serve", "--port", "99999"), "should be a number from 0 to 65535 (see `pencilin serve --help`)"),
        (("serve", "--workers", "0"), "(see `pencilin serve --help`)"),
        (("migrate", "one\ntwo"), "(see `pencilin --help`)"),
    ],
    ids=str,
)
def test_a_wrong_call_has_status_2_and_one_line(plain_shell: Shell, wrong: tuple[str, ...], remedy: str) -> None:
    ran = plain_shell.run(*wrong)
    assert (ran.status, ran.out) == (2, "")
    (line,) = ran.err.splitlines()
    assert line.startswith("pencilin: ")
    assert line.endswith(remedy)


@pytest.mark.parametrize(
    "command",
    [
        ("practice", "export", "birch"),
        ("staff", "add", "d@birch.example", "--practice", "birch", "--name", "D", "--role", "manager"),
        ("clients", "import", "clients.csv", "--practice", "birch"),
    ],
    ids=" ".join,
)
def test_what_needs_data_makes_no_database(plain_shell: Shell, command: tuple[str, ...]) -> None:
    file = plain_shell.write("clients.csv", "first_name,last_name,email,phone,birth_date\n")
    assert plain_shell.run(*command).complaint == (
        "PENCILIN_DATABASE_URL: there is no database pencilin.db yet; `pencilin practice load` makes it."
    )
    assert list(plain_shell.folder.iterdir()) == [file]


def test_looking_for_trouble_makes_no_database(plain_shell: Shell) -> None:
    assert "database: there is none yet." in plain_shell.run("doctor").out
    assert list(plain_shell.folder.iterdir()) == []


def test_a_key_is_fresh_and_good_enough(plain_shell: Shell) -> None:
    keys = {plain_shell.works("keys", "new").strip() for _ in range(3)}
    assert len(keys) == 3
    plain_shell.monkeypatch.setenv("PENCILIN_SECRET_KEYS", ",".join(keys))
    assert plain_shell.works("migrate") == "The database is up to date.\n"


def test_settings_are_read_from_a_file_too_and_the_environment_wins(plain_shell: Shell) -> None:
    plain_shell.write(".env", '# ours\nPENCILIN_DATABASE_URL="sqlite:///from-file.db"\nexport PENCILIN_LOG=json\n')
    plain_shell.works("migrate")
    assert (plain_shell.folder / "from-file.db").exists()
    plain_shell.monkeypatch.setenv("PENCILIN_DATABASE_URL", "sqlite:///from-environment.db")
    plain_shell.works("migrate")
    assert (plain_shell.folder / "from-environment.db").exists()


def test_a_settings_file_that_cannot_be_read_is_named_with_its_line(plain_shell: Shell) -> None:
    plain_shell.write(".env", "PENCILIN_LOG=json\nPENCILIN_LIMITS\n")
    assert plain_shell.run("migrate").complaint == ".env, line 2: should be NAME=VALUE"


def test_an_unknown_setting_is_warned_about(plain_shell: Shell) -> None:
    plain_shell.monkeypatch.setenv("PENCILIN_SMPT_URL", "x")
    ran = plain_shell.run("migrate")
    assert ran.status == 0
    assert ran.err == "pencilin: PENCILIN_SMPT_URL is not a setting of Pencilin; did you mean PENCILIN_SMTP_URL?\n"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://x/y", "should be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"),
        ("sqlite:////no/such/folder/pencilin.db", "there is no folder /no/such/folder"),
        ("postgresql://nobody@127.0.0.1:1/none", "the database can't be used"),
    ],
)
def test_a_database_that_cannot_be_had_is_said_in_one_line(plain_shell: Shell, url: str, reason: str) -> None:
    plain_shell.monkeypatch.setenv("PENCILIN_DATABASE_URL", url)
    complaint = plain_shell.run("migrate").complaint
    assert complaint.startswith("PENCILIN_DATABASE_URL: ")
    assert reason in complaint


def test_the_database_of_a_newer_program_is_left_alone(shell: Shell, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "install a newer one" in shell.run("migrate").complaint


# Practices


def test_a_practice_is_loaded_and_exported(shell: Shell) -> None:
    file = shell.write("birch.toml", "\ufeff" + SMALL)
    assert shell.works("practice", "load", file) == "Created birch.\n"
    assert shell.works("practice", "load", file) == "birch is as the file says; nothing changed.\n"
    exported = shell.write("export.toml", shell.works("practice", "export", "birch"))
    assert shell.works("practice", "load", exported) == "birch is as the file says; nothing changed.\n"


def test_a_bad_practice_file_is_refused_in_one_line(shell: Shell, database: Database) -> None:
    file = shell.write("birch.toml", SMALL.replace("minutes = 50", "minutes = 51"))
    assert shell.run("practice", "load", file).complaint == "line 33, service.minutes: should be a multiple of 5"
    with database.read() as session:
        assert session.exec(select(Practice)).all() == []


def test_files_and_practices_that_are_not_there_are_named(shell: Shell) -> None:
    assert shell.run("practice", "load", "none.toml").complaint == "none.toml: No such file or directory"
    assert shell.run("practice", "export", "none").complaint == "There is no practice 'none'."
    latin = shell.folder / "latin.toml"
    latin.write_bytes(SMALL.replace("Birch House", "Bírch").encode("latin-1"))
    assert "UTF-8" in shell.run("practice", "load", latin).complaint


# Staff


def test_staff_with_a_password_can_sign_in_with_it(birch: Shell, database: Database) -> None:
    add = ("staff", "add", "Dana@Birch.example", "--practice", "birch", "--name", "Dana", "--role", "manager")
    birch.works(*add, "--password-stdin", stdin=f"{PASSWORD}\n")
    ((email, name, role, password_hash),) = staff_of(database)
    assert (email, name, role) == ("dana@birch.example", "Dana", Role.MANAGER)
    assert is_right(password_hash, PASSWORD)
    with database.read() as session:
        assert session.exec(select(Outbox)).all() == []


def test_staff_without_a_password_are_invited(birch: Shell, database: Database) -> None:
    ran = birch.run(
        *("staff", "add", "ida@birch.example", "--practice", "birch", "--name", "Ida"),
        *("--role", "practitioner", "--practitioner", "ida"),
    )
    assert ran.status == 0
    assert "PENCILIN_SMTP_URL is not set" in ran.err
    ((_, _, role, password_hash),) = staff_of(database)
    assert (role, password_hash) == (Role.PRACTITIONER, None)
    with database.read() as session:
        (mail,) = session.exec(select(Outbox)).all()
    assert (mail.kind, mail.recipient) == ("invitation", "ida@birch.example")


@pytest.mark.parametrize(
    ("changes", "stdin", "reason"),
    [
        ({"--practice": "none"}, PASSWORD, "--practice: there is no practice 'none'"),
        ({"EMAIL": "dana"}, PASSWORD, "email: Enter an email address"),
        ({"--name": " "}, PASSWORD, "name: "),
        ({"--role": "practitioner"}, PASSWORD, "practitioner: "),
        ({"--practitioner": "max"}, PASSWORD, "--practitioner: birch has no practitioner 'max'"),
        ({}, "short", "--password-stdin: Choose at least 12 characters"),
        ({}, "", "--password-stdin: "),
    ],
)
def test_staff_that_cannot_be_added_are_refused(
    birch: Shell, database: Database, changes: dict[str, str], stdin: str, reason: str
) -> None:
    given = {"EMAIL": "dana@birch.example", "--practice": "birch", "--name": "Dana", "--role": "manager"} | changes
    email = given.pop("EMAIL")
    options = [part for option in given.items() for part in option]
    complaint = birch.run("staff", "add", email, *options, "--password-stdin", stdin=stdin).complaint
    assert complaint.startswith(reason)
    assert staff_of(database) == []


def test_an_unknown_role_is_a_wrong_call(birch: Shell) -> None:
    ran = birch.run("staff", "add", "d@birch.example", "--practice", "birch", "--name", "D", "--role", "boss")
    assert ran.status == 2
    assert "front_desk" in ran.err


# Backups


def test_a_backup_holds_what_a_restore_brings_back(birch: Shell, database: Database) -> None:
    birch.works("backup", "copy")
    assert stat.S_IMODE((birch.folder / "copy").stat().st_mode) == 0o600
    birch.works("practice", "load", birch.write("other.toml", SMALL.replace('"birch"', '"other"')))
    assert "--force" in birch.run("restore", "copy").complaint
    assert birch.run("practice", "export", "other").status == 0, "nothing was replaced"
    birch.works("restore", "--force", "copy")
    assert "Birch Therapy" in birch.works("practice", "export", "birch")
    assert birch.run("practice", "export", "other").complaint == "There is no practice 'other'."
    database.engine.dispose()
    database.check()


def test_a_backup_overwrites_nothing(birch: Shell) -> None:
    birch.write("copy", "precious")
    assert birch.run("backup", "copy").complaint == "copy exists already; name another file."
    assert (birch.folder / "copy").read_text() == "precious"


def test_what_is_no_backup_is_not_restored(birch: Shell) -> None:
    birch.write("letter", "Dear Ana")
    assert birch.run("restore", "--force", "letter").complaint
    assert birch.run("restore", "--force", "none").complaint == "none: there is no such file."
    assert birch.run("practice", "export", "birch").status == 0


def test_a_backup_is_whole_while_others_write(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    birch = Shell(tmp_path, monkeypatch, capsys, PENCILIN_DATABASE_URL=sqlite_url)
    birch.works("practice", "load", birch.write("birch.toml", SMALL))
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE practice SET name = 'Half'")
        birch.works("backup", "copy")
        writer.rollback()
    with closing(sqlite3.connect(birch.folder / "copy")) as copy:
        assert copy.execute("SELECT name FROM practice").fetchall() == [("Birch Therapy",)]
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert [path.name for path in birch.folder.glob("copy*")] == ["copy"], "one file is all of it"


def test_a_backup_of_nothing_is_refused(plain_shell: Shell) -> None:
    assert "no data" in plain_shell.run("backup", "copy").complaint
    assert list(plain_shell.folder.iterdir()) == []
