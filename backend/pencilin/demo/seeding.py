"""What the demo's practice begins with: the same each time, but for ids and the days around today."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlmodel import Session

from pencilin import practices
from pencilin.accounts.staff import add_staff
from pencilin.catalogue import Catalogue, read_catalogue
from pencilin.clients import import_csv
from pencilin.demo.history import look_back
from pencilin.demo.requests import ask
from pencilin.demo.visits import everybody, fill
from pencilin.models import Role, Staff
from pencilin.practices import absences, closures

HERE = Path(__file__).parent
SLUG = "willow"
FRONT_DESK = "dana@willow.example"
PRACTITIONER = "ana@willow.example"
MANAGER = "sam@willow.example"
EMAILS = (FRONT_DESK, PRACTITIONER, MANAGER)


def seed(session: Session, password_hash: str, now: datetime) -> None:
    """Creates the practice with staff, clients, appointments around today and before, and four requests to decide."""
    practice = practices.load(session, (HERE / "willow.toml").read_text(encoding="utf-8"), now).practice
    catalogue = read_catalogue(session, practice)
    ana = catalogue.practitioner("ana-ruiz")
    assert ana is not None
    desk = add_staff(session, practice, FRONT_DESK, "Dana", Role.FRONT_DESK, None, password_hash, now)
    sam = add_staff(session, practice, MANAGER, "Sam", Role.MANAGER, None, password_hash, now)
    add_staff(session, practice, PRACTITIONER, "Ana", Role.PRACTITIONER, ana.id, password_hash, now)
    with (HERE / "clients.csv").open(encoding="utf-8", newline="") as lines:
        import_csv(session, practice, lines, now)
    today = now.astimezone(catalogue.zone()).date()
    _plan_next_week(session, catalogue, sam, today + timedelta(days=7 - today.weekday()), now)
    ask(session, catalogue, now)
    waiting = everybody(session, catalogue, now)
    fill(session, catalogue, waiting, desk, now)
    look_back(session, catalogue, waiting, desk)


def _plan_next_week(session: Session, catalogue: Catalogue, sam: Staff, monday: date, now: datetime) -> None:
    """Ben is away on an afternoon, and on Friday nobody works."""
    ben = catalogue.practitioner("ben-osei")
    assert ben is not None
    thursday = monday + timedelta(days=3)
    away = {
        "start": datetime.combine(thursday, time(12)).isoformat(),
        "end": datetime.combine(thursday, time(16)).isoformat(),
        "note": "Marathon clinic",
    }
    absences.block(session, sam, [ben.id], away, (), now)
    closures.add(session, sam, {(monday + timedelta(days=4)).isoformat(): "Team day"}, (), now)
