"""The figures of a period: against plain counting, by role, at the edges of days, and as tables to take along."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from pencilin import clients, review
from pencilin.catalogue import read_catalogue
from pencilin.database import Database
from pencilin.insights import Insights, insights, percentile
from pencilin.models import Appointment, Staff, new_id
from pencilin.rules.states import Status
from tests.cast import NOW, Willow, willow
from tests.desk import Desk
from tests.screens import signed_in
from tests.staff_site import Site, site

MONDAY = date(2026, 11, 16)


def made(
    session: Session,
    cast: Willow,
    at: datetime,
    status: Status = Status.TENTATIVE,
    *,
    decided_after: float | None = None,
    source: str | None = None,
    with_ben: bool = False,
    start: datetime = NOW,
) -> None:
    """An appointment that was made ``at``, decided so many hours later."""
    row = Appointment(
        practice_id=cast.practice.id,
        id=new_id(),
        reference=new_id()[:8],
        status=status,
        service_id=cast.first_visit.id,
        practitioner_id=(cast.ben if with_ben else cast.ana).id,
        location_id=cast.main_street.id,
        start=start,
        end=start + timedelta(hours=1),
        local_start=datetime(2026, 11, 23, 7),
        timezone="America/New_York",
        created_at=at,
        decided_at=at + timedelta(hours=decided_after) if decided_after is not None else None,
        decided_by=cast.dana.id if decided_after is not None else None,
        source=source,
    )
    session.add(row)
    session.flush()


def figures(database: Database, cast: Willow, staff: Staff, first: date, last: date, **more: str) -> Insights:
    with database.read() as session:
        return insights(session, staff, read_catalogue(session, cast.practice), first, last, **more)


def test_requests_decisions_and_sources(database: Database) -> None:
    def fill(session: Session, _: datetime) -> Willow:
        cast = willow(session)
        willow_site = "https://willow.example"
        # Sunday night in New York is Monday in London: it belongs to the week before.
        made(session, cast, datetime(2026, 11, 16, 3, tzinfo=UTC), Status.DECLINED, decided_after=30)
        made(session, cast, datetime(2026, 11, 16, 6, tzinfo=UTC), Status.APPROVED, decided_after=2, source=willow_site)
        made(session, cast, datetime(2026, 11, 18, 6, tzinfo=UTC), Status.NO_SHOW, decided_after=4, source=willow_site)
        made(session, cast, datetime(2026, 11, 20, 6, tzinfo=UTC), Status.EXPIRED, source="hosted", with_ben=True)
        made(session, cast, datetime(2026, 11, 20, 7, tzinfo=UTC), source="hosted")
        # Entered by staff, brought along, and of another practice: none is a request here.
        made(session, cast, datetime(2026, 11, 20, 8, tzinfo=UTC), Status.APPROVED, source="desk")
        made(session, cast, datetime(2026, 11, 20, 9, tzinfo=UTC), Status.APPROVED, source="import")
        made(session, willow(session, slug="birch"), datetime(2026, 11, 20, 8, tzinfo=UTC), Status.APPROVED)
        return cast

    cast = database.write(fill)
    found = figures(database, cast, cast.dana, MONDAY - timedelta(days=7), MONDAY + timedelta(days=6))
    assert [(week.monday, week.requests) for week in found.weeks] == [(date(2026, 11, 9), 1), (MONDAY, 4)]
    assert [found.total(what) for what in ("approved", "declined", "expired", "waiting")] == [2, 1, 1, 1]
    assert (found.speed.decided, found.speed.median) == (3, timedelta(hours=4))
    assert found.speed.nine_in_ten == timedelta(hours=30)
    assert found.sources == (("hosted", 2), ("https://willow.example", 2), ("", 1))
    # A practitioner has no figures of a colleague, whatever they ask for.
    own = figures(database, cast, cast.ana_signs_in, MONDAY, MONDAY + timedelta(days=6), practitioner_id=cast.ben.id)
    assert own.total("requests") == 3 and [one.practitioner for one in own.loads] == ["Ana Ruiz"]


def test_a_request_waited_until_it_was_approved_whatever_happens_later(sqlite_url: str) -> None:
    database = Database(sqlite_url, clock=lambda: NOW)
    desk = Desk(database, database.write(lambda session, _: willow(session)))
    made = desk.asked()
    desk.now += timedelta(hours=1)
    desk.link(made)
    desk.approve(made)
    desk.now += timedelta(hours=5)
    revision = desk.look(made).revision
    desk.do(lambda session: review.cancel(session, desk.cast.dana, made, revision, "", desk.now))
    # Nothing of the client is left, but that somebody asked.
    desk.do(lambda session: clients.erase(session, desk.cast.mona, desk.cast.kim.id, "Kim Lee", desk.now))
    found = figures(database, desk.cast, desk.cast.mona, NOW.date(), NOW.date())
    assert (found.total("requests"), found.total("cancelled"), found.speed.median) == (1, 1, timedelta(hours=1))
    database.close()


def test_load_is_booked_of_open_time(sqlite_url: str) -> None:
    database = Database(sqlite_url)

    def fill(session: Session, _: datetime) -> Willow:
        cast = willow(session)
        for hour in (15, 16, 17):
            start = datetime(2026, 11, 23, hour, tzinfo=UTC)
            made(session, cast, NOW, Status.APPROVED, start=start)
        made(session, cast, NOW, Status.DECLINED, start=datetime(2026, 11, 23, 18, tzinfo=UTC))
        return cast

    cast = database.write(fill)
    ana, ben = figures(database, cast, cast.dana, date(2026, 11, 23), date(2026, 11, 24)).loads
    # Two days from nine to five; that she is at two locations doubles nothing.
    assert (ana.booked, ana.open, ben.booked) == (180, 2 * 8 * 60, 0)
    assert ana.share == 180 / 960
    sunday = figures(database, cast, cast.dana, date(2026, 11, 22), date(2026, 11, 22)).loads
    assert [one.share for one in sunday] == [None, None]
    with pytest.raises(ValueError):
        figures(database, cast, cast.dana, date(2026, 11, 22), date(2026, 11, 21))
    database.close()


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), min_size=1), st.integers(1, 100))
def test_a_percentile_is_a_value_that_so_many_keep_to(waits: list[timedelta], percent: int) -> None:
    value = percentile(sorted(waits), percent)
    assert value in waits
    assert 100 * sum(wait <= value for wait in waits) >= percent * len(waits)
    assert 100 * sum(wait < value for wait in waits) < percent * len(waits)


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def test_the_page_says_what_it_corrected_and_what_to_do_when_empty(here: Site) -> None:
    dana = signed_in(here, "dana")
    assert "Nobody asked for an appointment in this time" in dana.get("/insights").text
    for query, words in {
        "from=2026-11-20&to=2026-11-01": "the wrong way round",
        "from=2020-01-01&to=2026-11-01": "At most a year",
        "from=never&to=2026-11-01": "Enter both dates",
        "from=0001-01-01&to=9999-12-31": "dates of our time",
    }.items():
        assert words in dana.get(f"/insights?{query}").text, query
    assert dana.get("/insights?practitioner=nobody").status_code == 404


def test_tables_are_taken_along_and_practitioners_see_their_own(here: Site) -> None:
    at = here.now - timedelta(days=3)
    here.database.write(lambda session, _: made(session, here.cast, at, Status.APPROVED, decided_after=1))
    here.database.write(
        lambda session, _: made(session, here.cast, at, Status.DECLINED, decided_after=9, with_ben=True)
    )

    def rows(who: str, name: str) -> list[dict[str, str]]:
        answer = signed_in(here, who).get(f"/insights/{name}.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8" and "attachment" in str(answer.headers)
        return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))

    assert sum(int(week["Requests"]) for week in rows("dana", "weeks")) == 2
    assert sum(int(week["Requests"]) for week in rows("ana", "weeks")) == 1
    assert [one["Practitioner"] for one in rows("ana", "practitioners")] == ["Ana Ruiz"]
    page = signed_in(here, "dana").get("/insights").text
    assert "Within 12 hours" in page and "50%" in page
    assert ">1 h<" in page and ">9 h<" in page
