"""What the demo begins with: a lively practice, and four requests of which each is a case."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from pencilin import agenda, clients, review
from pencilin.catalogue import read_catalogue
from pencilin.database import Database
from pencilin.demo import seeding
from pencilin.insights import insights
from pencilin.models import (
    Appointment,
    Client,
    Closure,
    LocationKind,
    Practice,
    Role,
    Staff,
    TentativeClient,
    TimeOff,
    WorkingHours,
)
from pencilin.review import ReviewView
from pencilin.rules.states import Status

# Days on which "today" falls differently into the week, and into the weeks of who comes every other week; before the
# second one's next week, clocks change.
DAYS = (
    datetime(2026, 11, 22, 8, tzinfo=UTC),
    datetime(2027, 3, 12, 16, tzinfo=UTC),
)


@dataclass
class Seeded:
    """A seeded database, and Dana at the front desk."""

    database: Database
    now: datetime

    def __post_init__(self) -> None:
        self.database.clock = lambda: self.now
        self.database.write(lambda session, now: seeding.seed(session, "a hash", now))
        with self.database.read() as session:
            self.practice = session.exec(select(Practice)).one()
            self.dana = session.exec(select(Staff).where(Staff.role == Role.FRONT_DESK)).one()

    def view(self, session: Session, first_name: str) -> ReviewView:
        """What staff see of the request for the person of this name."""
        typed = session.exec(
            select(TentativeClient)
            .join(Appointment, col(Appointment.id) == TentativeClient.appointment_id)
            .where(TentativeClient.first_name == first_name, Appointment.status == Status.TENTATIVE)
        ).one()
        return review.view(session, self.dana, typed.appointment_id, self.now)


@pytest.fixture(scope="module", params=DAYS, ids=lambda day: f"{day:%a}")
def seeded(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Seeded]:
    """A demo that began on one of the days; the tests only look."""
    begins = begun(sqlite_template, tmp_path_factory.mktemp("demo"), request.param)
    yield begins
    begins.database.close()


def begun(template: Path, folder: Path, now: datetime) -> Seeded:
    """A demo that begins ``now``."""
    shutil.copy(template, folder / "pencilin.db")
    return Seeded(Database(f"sqlite:///{folder / 'pencilin.db'}"), now)


def name_of(session: Session, client_id: str) -> str:
    client = session.exec(select(Client).where(Client.id == client_id)).one()
    return f"{client.first_name} {client.last_name}"


def test_the_practice_is_the_promised_one(seeded: Seeded) -> None:
    with seeded.database.read() as session:
        found = read_catalogue(session, seeded.practice)
        every = {row.every_weeks for row in session.exec(select(WorkingHours))}
        roles = Counter(session.exec(select(Staff.role)).all())
        filed = session.exec(select(Client)).all()
    assert seeded.practice.name == "Willow Nutrition"
    assert len(found.practitioners) == 3
    assert every == {1, 2}
    assert len(found.services) == 5
    assert found.service("first-visit") is not None
    places = [row for row in found.locations if row.kind == LocationKind.PLACE]
    assert len({row.timezone for row in places}) == len(places) == 2
    assert [row for row in found.locations if row.kind == LocationKind.VIDEO]
    assert set(roles) == set(Role)
    assert len(filed) == 60
    assert all(client.email and client.email.endswith(".example") for client in filed)
    assert all(client.phone and re.search(r"555[- ]01[0-9]{2}$", client.phone) for client in filed)


def test_three_weeks_of_appointments_lie_around_today(seeded: Seeded) -> None:
    today = seeded.now.astimezone(ZoneInfo(seeded.practice.timezone)).date()
    monday = today - timedelta(days=today.weekday())
    with seeded.database.read() as session:
        for week in (-1, 0, 1):
            first = monday + timedelta(weeks=week)
            entries = agenda.entries(session, seeded.practice, seeded.dana, first, 7)
            assert len(entries) > 15, first
            for entry in entries:
                status, end = entry.status, entry.end
                if end < seeded.now - timedelta(days=1):
                    assert status in (Status.COMPLETED, Status.NO_SHOW)
                elif end > seeded.now:
                    assert status in (Status.APPROVED, Status.TENTATIVE)
        last_week = agenda.entries(session, seeded.practice, seeded.dana, monday - timedelta(days=7), 7)
        assert Status.COMPLETED in {entry.status for entry in last_week}


def test_insights_have_three_months_to_tell_of(seeded: Seeded) -> None:
    today = seeded.now.astimezone(ZoneInfo(seeded.practice.timezone)).date()
    with seeded.database.read() as session:
        found = insights(
            session, seeded.dana, read_catalogue(session, seeded.practice), today - timedelta(days=83), today
        )
    assert sum(week.requests > 0 for week in found.weeks) >= 11
    assert all(found.total(what) for what in ("approved", "declined", "expired", "cancelled", "waiting"))
    assert {source for source, _ in found.sources} >= {"hosted", "https://willow.example"}
    assert found.speed.median and found.speed.median < timedelta(hours=8)


def test_next_week_has_time_off_and_a_closure(seeded: Seeded) -> None:
    with seeded.database.read() as session:
        away = session.exec(select(TimeOff)).one()
        closure = session.exec(select(Closure)).one()
    today = seeded.now.astimezone(ZoneInfo(seeded.practice.timezone)).date()
    assert today < away.start.date() < closure.date < today + timedelta(days=12)


def test_four_requests_wait_and_none_is_about_to_expire(seeded: Seeded) -> None:
    with seeded.database.read() as session:
        rows = review.requests(session, seeded.dana, seeded.now)
        assert len(rows) == 4
        for row in rows:
            assert row.answer_due > seeded.now + timedelta(days=1)
            assert review.view(session, seeded.dana, row.appointment_id, seeded.now).conflicts == ()


def test_one_is_a_very_likely_match(seeded: Seeded) -> None:
    with seeded.database.read() as session:
        view = seeded.view(session, "Johnathan")
    assert view.suggestion is not None
    assert view.suggestion.name == "Jonathan Meyer"
    assert view.suggestion.differs == ("email differs",)


def test_one_suggestion_is_wrong_and_the_right_file_is_found_by_search(seeded: Seeded) -> None:
    with seeded.database.read() as session:
        view = seeded.view(session, "Daniel")
        assert view.suggestion is not None
        assert "used to be called Danny Park" in (view.appointment.note or "")
        right = clients.search(session, seeded.dana, "Danny Park")[0]
        assert name_of(session, right.id) == "Danny Park"
        assert right.id not in {view.suggestion.client_id, *(one.client_id for one in view.possible)}


def test_one_is_a_family_trap(seeded: Seeded) -> None:
    with seeded.database.read() as session:
        view = seeded.view(session, "Leo")
    assert view.booked_by is not None and view.booked_by.first_name == "Ngozi"
    assert view.suggestion is None
    assert {one.name for one in view.possible} == {"Ngozi Okafor", "Ada Okafor"}
    assert all(one.caution for one in view.possible)


def test_one_is_new(seeded: Seeded) -> None:
    with seeded.database.read() as session:
        view = seeded.view(session, "Solveig")
    assert (view.suggestion, view.possible) == (None, ())


@pytest.mark.parametrize("seeded", DAYS[:1], indirect=True, ids=lambda day: f"{day:%a}")
def test_the_same_day_makes_the_same_demo(sqlite_template: Path, tmp_path: Path, seeded: Seeded) -> None:
    def content(demo: Seeded) -> list[tuple[object, ...]]:
        with demo.database.read() as session:
            rows = session.exec(
                select(Appointment.start, Appointment.status, Client.external_id)
                .join(Client, col(Client.id) == Appointment.client_id)
                .order_by(col(Appointment.start), col(Client.external_id))
            ).all()
        return [tuple(row) for row in rows]

    again = begun(sqlite_template, tmp_path, seeded.now)
    assert content(again) == content(seeded)
    again.database.close()
