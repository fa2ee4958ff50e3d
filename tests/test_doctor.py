"""``pencilin doctor``: it names what is wrong and the remedy, and says so by its exit status."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, update

from pencilin.database import Database, utc_now
from pencilin.mail import outbox
from pencilin.models import ActorKind, AuditEntry, Location, Outbox
from tests.cast import willow
from tests.commands import KEY, Shell
from tests.post_office import post_office


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What the doctor asks of databases is the same for both kinds."""
    return sqlite_url


@pytest.fixture
def shell(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Shell]:
    """Everything is as it should be: a mail server answers, too."""
    folder = tmp_path / "work"
    folder.mkdir()
    with post_office() as office:
        yield Shell(
            folder,
            monkeypatch,
            capsys,
            PENCILIN_DATABASE_URL=database_url,
            PENCILIN_SECRET_KEYS=KEY,
            PENCILIN_BASE_URL="https://book.willow.example",
            PENCILIN_SMTP_URL=f"smtp+plain://127.0.0.1:{office.address.port}",
            PENCILIN_MAIL_FROM="booking@willow.example",
        )


def findings(shell: Shell) -> tuple[int, dict[str, str]]:
    """The exit status, and what is not well, by what was looked at; assets may not be built here."""
    ran = shell.run("doctor")
    lines = [line[6:].split(": ", 1) for line in ran.out.splitlines() if not line.startswith("ok")]
    found = {what: words for what, words in lines if what != "assets"}
    return (ran.status if found else 0), found


def test_nothing_is_wrong_when_nothing_is(shell: Shell) -> None:
    assert findings(shell) == (0, {})


@pytest.mark.parametrize(
    ("setting", "value", "what", "remedy"),
    [
        ("PENCILIN_SECRET_KEYS", "", "keys", "`pencilin keys new`"),
        ("PENCILIN_SMTP_URL", "", "mail", "Set PENCILIN_SMTP_URL"),
        ("PENCILIN_SMTP_URL", "smtp+plain://127.0.0.1:1", "mail", "Check PENCILIN_SMTP_URL"),
        ("PENCILIN_LIMITS", "off", "limits", "Remove it"),
        ("PENCILIN_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "database", "Check PENCILIN_DATABASE_URL"),
    ],
)
def test_a_wrong_setting_has_a_remedy(shell: Shell, setting: str, value: str, what: str, remedy: str) -> None:
    shell.monkeypatch.setenv(setting, value)
    status, found = findings(shell)
    assert status == 1
    assert list(found) == [what]
    assert remedy in found[what]


def test_what_is_usual_at_the_beginning_is_a_hint_only(shell: Shell) -> None:
    shell.monkeypatch.setenv("PENCILIN_DATABASE_URL", "sqlite:///none.db")
    shell.monkeypatch.delenv("PENCILIN_BASE_URL")
    ran = shell.run("doctor")
    assert [line.split(": ")[0] for line in ran.out.splitlines() if line.startswith("hint")] == [
        "hint  base URL",
        "hint  database",
    ]
    assert not (shell.folder / "none.db").exists(), "it looks and makes nothing"


def test_an_old_schema_is_seen(shell: Shell, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    status, found = findings(shell)
    assert (status, found["database"]) == (1, "its schema is another version's. Run `pencilin migrate`.")


def test_an_unprotected_audit_trail_is_seen(shell: Shell, database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
    status, found = findings(shell)
    assert status == 1
    assert "audit_no_delete is missing" in found["database"]


def test_a_clock_that_was_put_back_is_seen(shell: Shell, database: Database) -> None:
    def work(session: Session, now: datetime) -> None:
        practice = willow(session).practice
        session.add(
            AuditEntry(
                practice_id=practice.id,
                at=now + timedelta(hours=1),
                actor=ActorKind.SYSTEM,
                action="practice.updated",
                subject_kind="practice",
                subject_id=practice.id,
            )
        )

    database.write(work)
    status, found = findings(shell)
    assert status == 1
    assert "NTP" in found["clock"]


def test_a_zone_that_nobody_knows_is_seen(shell: Shell, database: Database) -> None:
    def work(session: Session, now: datetime) -> None:
        cast = willow(session)
        session.exec(update(Location).where(col(Location.id) == cast.video.id).values(timezone="Moon/Tycho"))

    database.write(work)
    status, found = findings(shell)
    assert (status, found) == (1, {"time zones": "Moon/Tycho unknown. Install tzdata anew: pip install -U tzdata"})


@pytest.mark.parametrize(("failed", "status"), [(False, 1), (True, 0)])
def test_mail_that_does_not_leave_is_seen(shell: Shell, database: Database, failed: bool, status: int) -> None:
    def work(session: Session, now: datetime) -> None:
        practice_id = willow(session).practice.id
        earlier = utc_now() - timedelta(hours=1)
        outbox.enqueue(session, practice_id, "invitation", practice_id, 1, "ana@willow.example", {}, earlier)
        if failed:
            session.exec(update(Outbox).values(failed_at=now))

    database.write(work)
    found = findings(shell)
    assert found[0] == status
    assert list(found[1]) == ["outbox"]
