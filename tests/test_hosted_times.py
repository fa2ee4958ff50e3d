"""The hosted page's second step: the times that it shows, and what it says where there are none."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, col

from pencilin.database import Database
from pencilin.models import WorkingHours
from tests.staff_site import Site, site
from tests.test_hosted_forms import FORM, PAGE


@pytest.fixture
def light(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def test_without_free_times_it_says_whom_to_ask(light: Site) -> None:
    browser = light.browser()
    last = browser.get(f"{PAGE}?{FORM}&month=2027-01").text
    assert "January 2027" in last and "Booking is open until Friday, January 22, 2027" in last
    for wanted_day in ("2026-11-29", "nonsense", "2026-02-31"):
        assert browser.get(f"{PAGE}?{FORM}&day={wanted_day}").status_code == 200

    def close(session: Session, now: object) -> None:
        session.execute(delete(WorkingHours).where(col(WorkingHours.practitioner_id) == light.cast.ana.id))

    light.database.write(close)
    empty = browser.get(f"{PAGE}?service=first-visit&location=main-street").text
    assert "with Ben Osei" in empty and "2:00 PM" in empty

    def on_leave(session: Session, now: object) -> None:
        session.execute(update(WorkingHours).values(valid_until=date(2026, 1, 1)))

    light.database.write(on_leave)
    empty = browser.get(f"{PAGE}?service=first-visit").text
    assert "No free times at the moment" in empty and empty.count("+1 212 555 0100") == 2


def test_the_repeated_hour_is_told_apart(light: Site) -> None:
    def all_night(session: Session, now: object) -> None:
        session.execute(update(WorkingHours).values(days=[6], from_minute=0, to_minute=240))

    light.database.write(all_night)
    light.now += timedelta(days=340)
    browser = light.browser()
    page = browser.get(f"{PAGE}?{FORM}&day=2027-11-07").text
    assert "1:00 AM EDT" in page and "1:00 AM EST" in page and ">12:30 AM<" in page
    for start, said in (("01:00:00-04:00", "1:00 AM EDT"), ("01:00:00-05:00", "1:00 AM EST")):
        form = browser.get(f"{PAGE}?{FORM}&start=2027-11-07T{start}").text
        assert f"Sunday 7 November 2027, {said}, New York time" in form
