"""Settings → Closures: a date at a time or the country's holidays, appointments listed first, removal taken back."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from pencilin.database import Database
from pencilin.models import Closure
from pencilin.practices.closures import holidays_of
from tests.screens import asked, signed_in
from tests.staff_site import Forms, Site, site

CLOSURES = "/settings/closures"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def closed(here: Site) -> dict[date, str]:
    with here.database.read() as session:
        return {row.date: row.name for row in session.exec(select(Closure).order_by(Closure.date))}  # type: ignore[arg-type]


def test_a_date_is_closed_with_its_name_and_opened_and_closed_again(here: Site) -> None:
    browser = signed_in(here, "mona")
    page = browser.get(CLOSURES)
    assert "No closure yet." in page.text
    told = browser.submit(page, CLOSURES, date="2026-12-", name=" ")
    assert told.status_code == 422 and "Enter a date." in told.text and "Enter a name." in told.text
    told = browser.follow(browser.submit(page, CLOSURES, date="2027-01-04", name="Team day"))
    assert "Closed on Monday, January 4, 2027: Team day." in told.text and "Closed in 2027" in told.text
    again = browser.submit(page, CLOSURES, date="2027-01-04", name="Again")
    assert again.status_code == 422 and "closed on this date already" in again.text and 'value="Again"' in again.text
    (removal,) = (address for address in Forms(told.text).forms if address.endswith("/removal"))
    told = browser.follow(browser.submit(told, removal))
    assert "Open again: Team day." in told.text and closed(here) == {}
    said = told.text[told.text.index('id="said-now"') :]
    browser.post(CLOSURES, Forms(said).forms[CLOSURES])
    assert closed(here) == {date(2027, 1, 4): "Team day"}


def test_several_days_are_closed_at_once_and_opened_again(here: Site) -> None:
    browser, request = signed_in(here, "mona"), asked(here)  # Tuesday at nine
    page = browser.get(CLOSURES)
    typed = {"date": "2026-11-23", "name": "Renovation"}
    for until, reason in (
        ("soon", "Enter a date, or leave this empty."),
        ("2026-11-22", "This should not be before the first day."),
        ("2027-11-27", "Close at most 60 days at once."),
    ):
        told = browser.submit(page, CLOSURES, **typed, until=until)
        assert told.status_code == 422 and reason in told.text and 'id="until-error"' in told.text
    told = browser.submit(page, CLOSURES, **typed, until="2026-11-27")
    assert told.status_code == 409 and "1 appointment is on one of these dates." in told.text and closed(here) == {}
    told = browser.follow(browser.submit(told, CLOSURES, **typed, until="2026-11-27", seen=request))
    assert "Added 5 closures." in told.text
    assert closed(here) == {date(2026, 11, day): "Renovation" for day in range(23, 28)}
    browser.submit(told, f"{CLOSURES}/removal")
    assert closed(here) == {}


def test_holidays_are_ticked_by_hand_and_those_that_are_closures_are_marked(here: Site) -> None:
    browser = signed_in(here, "mona")
    page = browser.get(f"{CLOSURES}?year=2027&part=MA")
    assert "Public holidays in United States, 2027" in page.text and "Patriots&#39; Day" in page.text
    holidays = f"{CLOSURES}/holidays"
    assert "Tick the holidays" in browser.submit(page, holidays).text
    fields = Forms(page.text).forms[holidays] | {"year": "2027", "part": "MA"}
    ticked = ["2027-01-01 New Year's Day", "2027-04-19 Patriots' Day"]
    answer = browser.client.post(holidays, data=fields | {"day": ticked})
    assert parse_qs(urlsplit(answer.headers["location"]).query) == {"year": ["2027"], "part": ["MA"]}
    told = browser.follow(answer)
    assert "Added 2 closures." in told.text and told.text.count("Closed already") == 2
    assert closed(here) == {date(2027, 1, 1): "New Year's Day", date(2027, 4, 19): "Patriots' Day"}
    with here.database.read() as session:
        first = session.exec(select(Closure.id).where(Closure.date == date(2027, 1, 1))).one()
    browser.submit(told, f"{CLOSURES}/{first}/removal")
    taken_back = browser.follow(browser.submit(told, f"{CLOSURES}/removal"))
    assert "Open again on 1 day. 1 was open again before." in taken_back.text and closed(here) == {}
    assert "Columbus" not in browser.get(f"{CLOSURES}?year=2026").text  # it has passed


def test_a_closure_over_appointments_lists_them_first(here: Site) -> None:
    browser = signed_in(here, "mona")
    request = asked(here)  # Tuesday at nine
    told = browser.submit(browser.get(CLOSURES), CLOSURES, date="2026-11-24", name="Burst pipe")
    assert told.status_code == 409 and "1 appointment is on this date." in told.text and "Kim Lee" in told.text
    assert 'value="Burst pipe"' in told.text and closed(here) == {}
    browser.submit(told, CLOSURES, date="2026-11-24", name="Burst pipe", seen=request)
    assert closed(here) == {date(2026, 11, 24): "Burst pipe"}


def test_a_country_without_known_holidays_has_none_to_offer() -> None:
    assert holidays_of("XX", "", 2027).days == ()
    assert holidays_of("DE", "nowhere", 2027).days == holidays_of("DE", "", 2027).days
    assert dict(holidays_of("DE", "BY", 2027).days)[date(2027, 1, 6)] == "Epiphany"
