"""When nobody is there: shaded in the calendar, and named where there is a reason."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import Session

from pencilin.database import Database
from pencilin.models import Closure, Location, TimeOff, WorkingHours
from tests.screens import signed_in
from tests.staff_site import Browser, Site, site

DAY = "/calendar/events?view=day&start=2026-11-24&end=2026-11-25"
WEEK = "/calendar/events?view=week&start=2026-11-23&end=2026-11-30"
NIGHT = ("2026-11-24T00:00:00", "2026-11-24T09:00:00"), ("2026-11-24T17:00:00", "2026-11-25T00:00:00")


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


def feed(browser: Browser, address: str) -> dict[str, Any]:
    answer = browser.get(address, Accept="application/json")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def closed(told: dict[str, Any], column: str = "") -> list[tuple[str, str]]:
    return [(one["start"], one["end"]) for one in told["closed"] if one["column"] == column]


def change(here: Site, *rows: TimeOff | Closure | WorkingHours) -> None:
    here.database.write(lambda session, _: session.add_all(rows))


def off(here: Site, start: str, end: str, note: str | None = None) -> TimeOff:
    """Ben's."""
    return TimeOff(
        practice_id=here.cast.practice.id,
        practitioner_id=here.cast.ben.id,
        start=datetime.fromisoformat(start),
        end=datetime.fromisoformat(end),
        note=note,
    )


def test_a_day_shades_each_practitioners_closed_hours(here: Site) -> None:
    change(here, off(here, "2026-11-24T13:00", "2026-11-24T14:00"))
    told = feed(signed_in(here, "dana"), DAY)
    assert [column["title"] for column in told["columns"]] == ["Ana Ruiz", "Ben Osei"]
    assert closed(told, "ana") == list(NIGHT)
    assert closed(told, "ben") == [NIGHT[0], ("2026-11-24T13:00:00", "2026-11-24T14:00:00"), NIGHT[1]]
    assert (told["opens"], told["closes"]) == ("09:00:00", "17:00:00")


def test_a_week_shades_what_is_closed_for_everybody(here: Site) -> None:
    change(here, off(here, "2026-11-24T13:00", "2026-11-24T14:00"))
    dana = signed_in(here, "dana")
    told = feed(dana, WEEK)
    assert len(closed(told)) == len(told["closed"]) == 6
    assert closed(told)[-1] == ("2026-11-27T17:00:00", "2026-11-30T00:00:00")
    assert len(feed(dana, f"{WEEK}&practitioner=ben")["closed"]) == 7
    assert closed(feed(dana, f"{WEEK}&practitioner=ben&location=video")) == [
        ("2026-11-23T00:00:00", "2026-11-30T00:00:00")
    ]
    assert feed(dana, "/calendar/events?view=month&start=2026-10-26&end=2026-12-07")["closed"] == []


def test_time_off_and_closures_are_named(here: Site) -> None:
    change(
        here,
        off(here, "2026-11-24T00:00", "2026-11-26T00:00"),
        off(here, "2026-11-26T13:00", "2026-11-26T14:30", "Dentist"),
        off(here, "2026-11-26T16:00", "2026-11-27T12:00"),
        Closure(practice_id=here.cast.practice.id, date=date(2026, 11, 25), name="Team day"),
    )
    dana = signed_in(here, "dana")
    told = feed(dana, WEEK)
    assert [(note["words"], note["column"], note["whole"]) for note in told["notes"]] == [
        ("Closed: Team day", "", True),
        ("Ben Osei off", "ben", True),
        ("Ben Osei off 1:00 PM – 2:30 PM: Dentist", "ben", False),
        ("Ben Osei off from Thu, Nov 26, 4:00 PM until Fri, Nov 27, 12:00 PM", "ben", False),
    ]
    assert ("2026-11-24T17:00:00", "2026-11-26T09:00:00") in closed(told)
    page = dana.get("/calendar?view=week&date=2026-11-24").text
    assert page.count('<p class="calendar-note">Ben Osei off</p>') == 2
    assert page.count("Closed: Team day") == 1
    assert "Dentist" in dana.get("/calendar/print?view=day&date=2026-11-26").text
    anas = feed(signed_in(here, "ana"), WEEK)
    assert [note["words"] for note in anas["notes"]] == ["Closed: Team day"]


def test_hours_elsewhere_are_shaded_by_the_practices_clock_and_its_zone_is_named(here: Site) -> None:
    def work(session: Session, _: datetime) -> None:
        session.get_one(Location, (here.cast.practice.id, here.cast.main_street.id)).timezone = "America/Chicago"

    here.database.write(work)
    dana = signed_in(here, "dana")
    assert closed(feed(dana, f"{DAY}&location=main-street"), "ben")[0][1] == "2026-11-24T10:00:00"
    assert "Main Street is in Chicago time (CST, UTC−6)" in dana.get("/calendar").text
