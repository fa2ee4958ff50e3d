"""What the demo's practice begins with: the same each time, but for ids and the days around today."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from pencilin import practices
from pencilin.accounts.staff import add_staff
from pencilin.catalogue import read_catalogue
from pencilin.clients import import_csv
from pencilin.demo.requests import ask
from pencilin.demo.visits import fill
from pencilin.models import Role

HERE = Path(__file__).parent
SLUG = "willow"
FRONT_DESK = "dana@willow.example"
PRACTITIONER = "ana@willow.example"
MANAGER = "sam@willow.example"
EMAILS = (FRONT_DESK, PRACTITIONER, MANAGER)


def seed(session: Session, password_hash: str, now: datetime) -> None:
    """Creates the practice with staff, clients, three weeks of appointments, and four requests to decide."""
    practice = practices.load(session, (HERE / "willow.toml").read_text(encoding="utf-8"), now).practice
    catalogue = read_catalogue(session, practice)
    ana = catalogue.practitioner("ana-ruiz")
    assert ana is not None
    desk = add_staff(session, practice, FRONT_DESK, "Dana", Role.FRONT_DESK, None, password_hash, now)
    add_staff(session, practice, MANAGER, "Sam", Role.MANAGER, None, password_hash, now)
    add_staff(session, practice, PRACTITIONER, "Ana", Role.PRACTITIONER, ana.id, password_hash, now)
    with (HERE / "clients.csv").open(encoding="utf-8", newline="") as lines:
        import_csv(session, practice, lines, now)
    ask(session, catalogue, now)
    fill(session, catalogue, desk, now)
