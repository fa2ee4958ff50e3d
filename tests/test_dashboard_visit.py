"""Edit Appointment without scripts: another service, practitioner, place or time."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pencilin.database import Database
from tests.cast import NINE, ZOE
from tests.screens import asked, press, row, signed_in
from tests.staff_site import Browser, Site, site


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def dana(here: Site) -> Browser:
    return signed_in(here, "dana")


def test_moving_an_appointment(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    page = press(dana, appointment, "visit", **visit(here, time="11:30")).text
    assert "11:30 AM – 12:30 PM" in page
    assert row(here, appointment).start == NINE + timedelta(hours=2, minutes=30)


def test_conflicts_are_shown_before_anything_is_saved(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    asked(here, ZOE, hours=2)
    query = "&".join(f"{name}={value}" for name, value in visit(here, time="11:30").items())
    told = dana.get(f"/appointments/{appointment}/conflicts?{query}", Accept="application/json").json()
    assert told["time"].startswith("Tuesday, November 24, 2026, 11:30 AM, New York time")
    assert len(told["conflicts"]) == 1
    answer = press(dana, appointment, "visit", **visit(here, time="11:30"))
    assert answer.status_code == 409
    assert told["conflicts"][0] in answer.text
    assert 'value="11:30"' in answer.text
    assert row(here, appointment).start == NINE


def test_staff_may_insist_on_a_time_outside_working_hours(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    answer = press(dana, appointment, "visit", **visit(here, time="18:00"))
    assert answer.status_code == 409
    assert 'name="despite_conflicts"' in answer.text
    page = press(dana, appointment, "visit", **visit(here, time="18:00"), despite_conflicts="yes").text
    assert "6:00 PM – 7:00 PM" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time", "09:02"),
        ("time", "soon"),
        ("date", "2026-02-30"),
        ("date", "9999-12-31"),
        ("service", "x"),
        ("location", ""),
        ("practitioner", ""),
    ],
)
def test_a_wrong_field_of_the_visit_is_named(here: Site, dana: Browser, field: str, value: str) -> None:
    appointment = asked(here)
    answer = press(dana, appointment, "visit", **visit(here) | {field: value})
    assert answer.status_code == 422
    assert f'id="visit-{field}-error"' in answer.text
    assert row(here, appointment).start == NINE


def test_a_time_that_the_clocks_skip_is_refused(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    answer = press(dana, appointment, "visit", **visit(here, date="2027-03-14", time="02:30"))
    assert answer.status_code == 422
    assert "clocks are put forward" in answer.text


def visit(here: Site, date: str = "2026-11-24", time: str = "09:00") -> dict[str, str]:
    cast = here.cast
    ids = {"service": cast.first_visit.id, "practitioner": cast.ana.id, "location": cast.main_street.id}
    return ids | {"date": date, "time": time}
