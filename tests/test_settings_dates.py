"""Settings → Time off and other dates: whole days or by the clock, appointments listed first, removal taken back."""

from datetime import date, datetime

import pytest
from sqlmodel import select

from pencilin.database import Database
from pencilin.models import Override, TimeOff
from tests.screens import asked, signed_in
from tests.staff_site import Site, site

NOTHING = {"from_date": "", "from_time": "", "until_date": "", "until_time": "", "note": ""}


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def address(here: Site) -> str:
    return f"/settings/practitioners/{here.cast.ana.id}/dates"


def away(here: Site) -> list[tuple[datetime, datetime]]:
    with here.database.read() as session:
        return [(row.start, row.end) for row in session.exec(select(TimeOff))]


def other(here: Site) -> list[tuple[date, list[list[int]]]]:
    with here.database.read() as session:
        return [(row.date, row.hours) for row in session.exec(select(Override))]


def test_time_off_is_whole_days_unless_times_are_given_and_can_be_changed_and_taken_back(here: Site) -> None:
    browser, path = signed_in(here, "mona"), address(here)
    add = f"{path}/time-off"
    page = browser.get(path)
    assert "None to come." in page.text
    told = browser.follow(browser.submit(page, add, from_date="2026-12-24", until_date="2026-12-26", note="Skiing"))
    assert "Thu, Dec 24, 2026 – Sat, Dec 26, 2026" in told.text and "Skiing" in told.text
    assert away(here) == [(datetime(2026, 12, 24), datetime(2026, 12, 27))]
    with here.database.read() as session:
        row = session.exec(select(TimeOff)).one().id
    changed = browser.get(f"{add}/{row}")
    told = browser.follow(browser.submit(changed, f"{add}/{row}", from_time="1 pm", until_time="15:30"))
    assert away(here) == [(datetime(2026, 12, 24, 13), datetime(2026, 12, 26, 15, 30))]
    told = browser.follow(browser.submit(told, f"{add}/{row}/removal"))
    assert "Removed the time off." in told.text and away(here) == []
    told = browser.follow(browser.submit(told, add))
    assert away(here) == [(datetime(2026, 12, 24, 13), datetime(2026, 12, 26, 15, 30))]
    here.later(days=60)
    assert "Past (1)" in signed_in(here, "mona").get(path).text


def test_what_cant_be_is_told_at_its_field(here: Site) -> None:
    browser, path = signed_in(here, "mona"), address(here)
    page = browser.get(path)
    told = browser.submit(page, f"{path}/time-off", from_date="2026-12-24", until_date="2026-12-20", note="Skiing")
    assert told.status_code == 422 and "This should be later than the start." in told.text
    assert 'value="2026-12-20"' in told.text and 'value="Skiing"' in told.text
    assert "Enter a date" in browser.submit(page, f"{path}/time-off", from_time="soon").text
    for start, end, reason in (
        ("9", "8", "Each of these should end later"),
        ("9\n11", "12\n13", "Two of these overlap"),
        ("x", "12", "Enter times like 9:00"),
        ("9", "", "Enter times like 9:00"),
    ):
        told = browser.submit(page, f"{path}/hours", **{"date": "2026-12-12", "from": start, "to": end})
        assert told.status_code == 422 and reason in told.text, start
    assert "Enter a date." in browser.submit(page, f"{path}/hours", **{"from": "9", "to": "12"}).text
    assert (away(here), other(here)) == ([], [])


def test_other_hours_hold_on_one_date_and_removing_them_can_be_taken_back(here: Site) -> None:
    browser, path = signed_in(here, "mona"), address(here)
    add = f"{path}/hours"
    one = {"date": "2026-12-12", "from": "10", "to": "12", "locations": "video"}
    more = browser.submit(browser.get(path), add, **one, act="add")
    assert more.status_code == 200 and other(here) == []
    assert more.text.count('name="from"') == 2 and 'value="10"' in more.text
    told = browser.follow(browser.submit(more, add, **one | {"from": "10\n1 pm\n", "to": "12\n3 pm\n"}))
    assert "Sat, Dec 12, 2026" in told.text and "10:00–12:00, 13:00–15:00" in told.text
    saved = [(date(2026, 12, 12), [[600, 720], [780, 900]])]
    assert other(here) == saved
    assert "There are other hours for this date already" in browser.submit(told, add, date="2026-12-12").text
    with here.database.read() as session:
        row = session.exec(select(Override)).one().id
    page = browser.get(f"{add}/{row}")
    assert page.text.count('name="from"') == 2 and 'value="13:00"' in page.text
    browser.submit(page, f"{add}/{row}", **{"locations": "video", "from": "10:00\n13:00", "to": "12:00\n15:00"})
    assert other(here) == saved
    told = browser.follow(browser.submit(told, f"{add}/{row}/removal"))
    assert other(here) == []
    browser.submit(told, add)
    assert other(here) == saved


def test_appointments_in_it_are_listed_before_it_is_saved(here: Site) -> None:
    browser, path = signed_in(here, "mona"), address(here)
    request = asked(here)  # Tuesday at nine
    for noun, fields in (
        ("time-off", {"from_date": "2026-11-24", "until_date": "2026-11-24"}),
        ("hours", {"date": "2026-11-24"}),
    ):
        told = browser.submit(browser.get(path), f"{path}/{noun}", **fields)
        assert told.status_code == 409 and "Kim Lee" in told.text and f'name="seen" value="{request}"' in told.text
    assert (away(here), other(here)) == ([], [])
    told = browser.follow(browser.submit(told, f"{path}/hours", date="2026-11-24", seen=request))
    assert "Not there" in told.text and other(here) == [(date(2026, 11, 24), [])]
