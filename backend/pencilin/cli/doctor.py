"""``doctor``: is everything as it should be, and if not, what to do."""

import argparse
import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from pencilin.cli.surroundings import Commands, Environment, read_config, say
from pencilin.config import Config, is_local
from pencilin.database import Database, utc_now
from pencilin.errors import BadSetting, PencilinError, Unavailable
from pencilin.mail import smtp
from pencilin.models import AuditEntry, Location, Outbox, Practice
from pencilin.web.http import ASSETS

# The clock of a machine without a battery starts years ago.
NEVER_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
# An instance is told to be wrong only when that can't be the time that a message takes.
NOTICEABLE = timedelta(minutes=2)
LATE_MAIL = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """What was looked at, what was found, and the remedy if it isn't well; ``mild``: it works all the same."""

    what: str
    found: str
    remedy: str = ""
    mild: bool = False

    def line(self) -> str:
        """The finding as it is printed."""
        if not self.remedy:
            return f"ok    {self.what}: {self.found}"
        return f"{'hint ' if self.mild else 'WRONG'} {self.what}: {self.found} {self.remedy}"


def add_commands(commands: Commands) -> None:
    """Adds it."""
    command = commands.add_parser(
        "doctor",
        help="check the installation",
        description="Checks database, keys, base URL, mail, clock and time zones. Exit status 1 when one is wrong.",
    )
    command.set_defaults(run=_examine)


def _examine(chosen: argparse.Namespace, environ: Environment) -> int:
    config = read_config(environ)
    checks: tuple[Callable[[Config], Iterator[Finding]], ...] = (
        _keys,
        _base_url,
        _database,
        _mail,
        _clock,
        _zones,
        _limits,
        _assets,
    )
    findings = [finding for check in checks for finding in check(config)]
    for finding in findings:
        say(finding.line())
    return int(any(finding.remedy and not finding.mild for finding in findings))


def _keys(config: Config) -> Iterator[Finding]:
    if config.secret_keys:
        yield Finding("keys", f"{len(config.secret_keys)} set, the first one signs")
    else:
        remedy = "Make one with `pencilin keys new` and set it as PENCILIN_SECRET_KEYS."
        yield Finding("keys", "none; `serve` will not start.", remedy)


def _base_url(config: Config) -> Iterator[Finding]:
    if is_local(urlsplit(config.base_url).hostname or ""):
        remedy = "Set PENCILIN_BASE_URL to the public one, with https, before mails with links leave."
        yield Finding("base URL", f"{config.base_url} is for this machine only.", remedy, mild=True)
    else:
        yield Finding("base URL", config.base_url)


def _database(config: Config) -> Iterator[Finding]:
    database = Database(config.database_url)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    if database.is_sqlite and not Path(database.url.database or "").exists():
        yield Finding("database", "there is none yet.", "`pencilin migrate` makes it, and so does `serve`.", mild=True)
        return
    try:
        if not database.is_current():
            yield Finding("database", "its schema is another version's.", "Run `pencilin migrate`.")
            return
        database.check()
        with database.read() as session:
            practices = session.exec(select(func.count()).select_from(Practice)).one()
    except BadSetting as error:
        yield Finding("database", str(error), "Restore a backup, or ask for help with this line.")
    except (PencilinError, DBAPIError):
        yield Finding("database", "nobody answers there.", "Check PENCILIN_DATABASE_URL, and that the server runs.")
    else:
        yield Finding("database", f"{kind}, up to date, {practices} practice{'' if practices == 1 else 's'}")
        yield from _waiting_mail(database)
    finally:
        database.close()


def _waiting_mail(database: Database) -> Iterator[Finding]:
    with database.read() as session:
        failed = session.exec(select(func.count()).select_from(Outbox).where(col(Outbox.failed_at).is_not(None))).one()
        late = session.exec(
            select(func.count())
            .select_from(Outbox)
            .where(
                col(Outbox.sent_at).is_(None),
                col(Outbox.cancelled_at).is_(None),
                col(Outbox.failed_at).is_(None),
                col(Outbox.due_at) < database.clock() - LATE_MAIL,
            )
        ).one()
    if failed:
        yield Finding(
            "outbox", f"{failed} mails failed.", "The appointments' pages say why, and send again.", mild=True
        )
    if late:
        remedy = "Check that `pencilin serve` runs, and its mail settings."
        yield Finding("outbox", f"{late} mails wait for more than five minutes.", remedy)
    if not failed and not late:
        yield Finding("outbox", "no mail is late")


def _mail(config: Config) -> Iterator[Finding]:
    if config.smtp is None:
        yield Finding("mail", "waits in the outbox.", "Set PENCILIN_SMTP_URL and PENCILIN_MAIL_FROM.")
        return
    where = f"{config.smtp.host}, port {config.smtp.port}"
    try:
        asyncio.run(smtp.greet(config.smtp, config.mail_from or ""))
    except PencilinError as error:
        yield Finding("mail", f"{where}: {error}", "Check PENCILIN_SMTP_URL, and that this machine may connect there.")
    else:
        yield Finding("mail", f"{where} takes mail from {config.mail_from}")


def _clock(config: Config) -> Iterator[Finding]:
    now = utc_now()
    if now < NEVER_BEFORE:
        yield Finding("clock", f"says {now:%Y-%m-%d}, which is long past.", "Set it, best by NTP.")
        return
    newest = _newest_record(config)
    if newest and newest > now + NOTICEABLE:
        yield Finding(
            "clock",
            f"says {now:%Y-%m-%d %H:%M} UTC, but something was done at {newest:%Y-%m-%d %H:%M}.",
            "Set it, best by NTP.",
        )
        return
    yield Finding("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def _newest_record(config: Config) -> datetime | None:
    database = Database(config.database_url)
    if database.is_sqlite and not Path(database.url.database or "").exists():
        return None
    try:
        with database.read() as session:
            return session.exec(select(func.max(col(AuditEntry.at)))).one()
    except (Unavailable, DBAPIError):
        return None
    finally:
        database.close()


def _zones(config: Config) -> Iterator[Finding]:
    missing = []
    for zone in sorted({"America/New_York", *_zones_in_use(config)}):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            missing.append(zone)
    if missing:
        yield Finding("time zones", f"{', '.join(missing)} unknown.", "Install tzdata anew: pip install -U tzdata")
    else:
        yield Finding("time zones", f"known (tzdata {metadata.version('tzdata')} where the system has none)")


def _zones_in_use(config: Config) -> set[str]:
    database = Database(config.database_url)
    if database.is_sqlite and not Path(database.url.database or "").exists():
        return set()
    try:
        with database.read() as session:
            return {*session.exec(select(Practice.timezone)), *session.exec(select(Location.timezone))}
    except (Unavailable, DBAPIError):
        return set()
    finally:
        database.close()


def _limits(config: Config) -> Iterator[Finding]:
    if config.limits:
        yield Finding("limits", "on")
    else:
        yield Finding(
            "limits",
            "PENCILIN_LIMITS is off: anybody may try anything as often as they like.",
            "Remove it, unless this is a load test.",
        )


def _assets(config: Config) -> Iterator[Finding]:
    if (ASSETS / "templates").is_dir():
        yield Finding("assets", "built")
    else:
        yield Finding("assets", "the widget and the dashboard were not built.", "Run `python3 build.py build`.")
