"""The calendar without scripts, and the feed that scripts draw it from: who sees what, and how it is said."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from pencilin.database import Database
from pencilin.models import Appointment, Location, Override
from tests.cast import KIM, ZOE
from tests.screens import asked, signed_in
from tests.staff_site import Browser, Site, site

WEEK = "/calendar?view=week&date=2026-11-24"
FEED = "/calendar/events?start=2026-11-23&end=2026-11-30"
FIELDS = {
    *("id", "url", "revision", "start", "end", "since", "until", "day", "status", "label", "overbooked", "name"),
    *("service", "practitioner", "column", "location", "place", "colour", "there"),
}


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


@pytest.fixture
def dana(here: Site) -> Browser:
    return signed_in(here, "dana")


def feed(browser: Browser, address: str = FEED) -> dict[str, Any]:
    answer = browser.get(address, Accept="application/json")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_the_notice_counts_what_waits_and_leads_to_it(here: Site, dana: Browser) -> None:
    assert "0 tentative appointments to review" in dana.get("/calendar").text
    asked(here)
    here.later(minutes=25)
    page = dana.get("/calendar").text
    assert '<a class="notice-link" id="notice-count" href="/requests">1 tentative appointment to review</a>' in page
    assert "oldest waits 25 min" in page
    asked(here, ZOE, hours=1)
    assert "2 tentative appointments to review" in dana.get("/calendar").text


def test_without_scripts_the_week_is_a_list_of_links(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    page = dana.get(WEEK).text
    assert f'<a class="event event-tentative" href="/appointments/{appointment}" data-panel>' in page
    for words in ("Tentative", "Kim Lee", "First visit", "9:00 AM", "10:00 AM", "Ana Ruiz"):
        assert words in page
    assert "Tuesday, November 24, 2026" in page
    assert "Times are in New York time (EST, UTC−5)." in page


@pytest.mark.parametrize(
    ("view", "title", "previous", "following"),
    [
        ("day", "Tue, Nov 24, 2026", "2026-11-23", "2026-11-25"),
        ("week", "Nov 23 – 29, 2026", "2026-11-17", "2026-12-01"),
        ("month", "November 2026", "2026-10-01", "2026-12-01"),
        ("list", "Nov 23 – 29, 2026", "2026-11-17", "2026-12-01"),
    ],
)
def test_views_and_dates_are_in_the_address(
    dana: Browser, view: str, title: str, previous: str, following: str
) -> None:
    page = dana.get(f"/calendar?view={view}&date=2026-11-24&practitioner=ben").text
    assert f'aria-live="polite">{title}</h2>' in page.replace("\u2009", " ")
    for day in (previous, following):
        assert f"/calendar?view={view}&amp;date={day}&amp;practitioner=ben" in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("?view=year", "This calendar has no such view, so here is the week."),
        ("?status=maybe", "There is no such status, so here is all that takes place."),
        ("?date=someday", "There is no such date, so here is today."),
        ("?date=2026-13-45", "There is no such date, so here is today."),
    ],
)
def test_an_odd_address_still_shows_a_calendar_and_says_what_it_shows(dana: Browser, address: str, words: str) -> None:
    answer = dana.get(f"/calendar{address}")
    assert answer.status_code == 200
    assert words in answer.text


@pytest.mark.parametrize("address", ["", "?date=0001-01-01", "?date=9999-12-31", "?view=", "?date=", "?practitioner="])
def test_an_address_that_leaves_things_out_is_not_odd(dana: Browser, address: str) -> None:
    answer = dana.get(f"/calendar{address}")
    assert answer.status_code == 200
    assert "There is no such" not in answer.text


@pytest.mark.parametrize("name", ["practitioner", "location", "service"])
def test_what_nobody_knows_is_not_everything(here: Site, dana: Browser, name: str) -> None:
    asked(here)
    page = dana.get(f"/calendar?{name}=nobody")
    assert page.status_code == 404
    assert f"no such {name}" in page.text
    assert "Kim Lee" not in page.text
    assert dana.get(f"{FEED}&{name}=nobody", Accept="application/json").status_code == 404


def test_the_feed_tells_what_the_calendar_draws_and_nothing_else(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    told = feed(dana)
    assert set(told) == {
        *("waiting", "notice", "oldest", "lapses", "events", "columns", "closed", "opens", "closes", "notes"),
    }
    (event,) = told["events"]
    assert set(event) == FIELDS
    assert event["url"] == f"/appointments/{appointment}"
    assert (event["start"], event["end"]) == ("2026-11-24T09:00:00", "2026-11-24T10:00:00")
    assert (event["name"], event["label"], event["there"]) == ("Kim Lee", "Tentative", "")
    assert KIM.email not in str(told)
    assert KIM.phone not in str(told)


@pytest.mark.parametrize(
    "query",
    ["", "start=2026-11-24", "start=2026-11-24&end=2026-11-24", "start=x&end=y", "start=2026-01-01&end=2026-12-31"],
)
def test_the_feed_refuses_what_is_no_stretch_of_dates(dana: Browser, query: str) -> None:
    answer = dana.get(f"/calendar/events?{query}", Accept="application/json")
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"start", "end"}


def test_a_location_in_another_zone_says_its_own_time_too(here: Site, dana: Browser) -> None:
    def move(session: Session, _: datetime) -> None:
        session.get_one(Location, (here.cast.practice.id, here.cast.main_street.id)).timezone = "America/Chicago"

    here.database.write(move)
    asked(here, hours=1)
    (event,) = feed(dana)["events"]
    assert (event["since"], event["there"]) == ("10:00 AM", "9:00 AM, Chicago time")


def test_a_practitioner_sees_their_own_only(here: Site, dana: Browser) -> None:
    own, other = asked(here), asked(here, ZOE, practitioner=here.cast.ben)
    assert {event["id"] for event in feed(dana)["events"]} == {own, other}
    assert {event["id"] for event in feed(dana, f"{FEED}&practitioner=ben")["events"]} == {other}
    ana = signed_in(here, "ana")
    for address in (FEED, f"{FEED}&practitioner=ben"):
        told = feed(ana, address)
        assert {event["id"] for event in told["events"]} == {own}
        assert told["waiting"] == 1
    page = ana.get(WEEK).text
    assert "1 tentative appointment to review" in page
    assert "Zoë" not in page
    assert "Ben Osei" not in page


def test_another_practice_sees_nothing_of_it(here: Site) -> None:
    asked(here)
    browser = here.browser()
    browser.sign_in("dana@birch.example")
    assert feed(browser)["events"] == []
    assert "Kim Lee" not in browser.get(WEEK).text


def test_polling_keeps_no_forgotten_session_alive(here: Site, dana: Browser) -> None:
    for _ in range(7):
        here.later(minutes=5)
        dana.get(FEED, Accept="application/json")
    assert dana.get(FEED, Accept="application/json").status_code == 401


def test_an_hour_that_comes_twice_ends_after_it_begins(here: Site, dana: Browser) -> None:
    appointment = asked(here)

    def to_the_night_of_the_change(session: Session, _: datetime) -> None:
        row = session.get_one(Appointment, (here.cast.practice.id, appointment))
        row.start = datetime.fromisoformat("2026-11-01T05:30:00+00:00")  # 1:30 AM, for the first time
        row.end = row.start + timedelta(hours=1)

    here.database.write(to_the_night_of_the_change)
    (event,) = feed(dana, "/calendar/events?start=2026-11-01&end=2026-11-02")["events"]
    assert (event["start"], event["end"]) == ("2026-11-01T01:30:00", "2026-11-01T02:30:00")
    assert (event["since"], event["until"]) == ("1:30 AM EDT", "1:30 AM EST")


def test_a_weekend_is_shown_in_a_week_when_somebody_works(here: Site, dana: Browser) -> None:
    assert 'data-free-days="0 6"' in dana.get(WEEK).text

    def work_on_saturdays(session: Session, _: datetime) -> None:
        practice = here.cast.practice.id
        session.add(
            Override(
                practice_id=practice,
                practitioner_id=here.cast.ben.id,
                date=date(2026, 11, 28),
                hours=[[540, 720]],
            )
        )

    here.database.write(work_on_saturdays)
    assert 'data-free-days="0"' in dana.get(WEEK).text
    assert 'data-free-days="0 6"' in dana.get("/calendar?view=week&date=2026-12-01").text
    assert 'data-free-days=""' in dana.get("/calendar?view=day&date=2026-11-29").text


def test_at_a_weekend_the_calendar_opens_on_the_week_to_come(here: Site) -> None:
    """When nobody works on the days that are left, what waits for a decision is in the next week."""
    appointment = asked(here)
    here.now -= timedelta(days=2)  # the Saturday before
    page = signed_in(here, "dana").get("/calendar").text
    assert f"/appointments/{appointment}" in page
    assert "Nov 23" in page
