"""What the calendar's filter leaves in, the same on the page, in the feed and on paper; who may filter by what."""

from datetime import datetime

import pytest
from sqlmodel import Session, select

from pencilin.database import Database
from pencilin.models import Appointment, Reservation, Service
from pencilin.rules.states import Status
from tests.cast import KIM, SAM, ZOE
from tests.screens import asked, signed_in
from tests.staff_site import Browser, Site, site

PAGES = ("/calendar?view=week&date=2026-11-24", "/calendar/print?view=week&date=2026-11-24")
FEED = "/calendar/events?start=2026-11-23&end=2026-11-30"


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


@pytest.fixture
def booked(here: Site) -> dict[str, str]:
    """By whose it is: Kim's and Sam's with Ana, Zoë's with Ben by video for a follow-up; Sam's was declined."""
    ids = {
        "Kim Lee": asked(here, KIM),
        "Sam Lee": asked(here, SAM, hours=2),
        "Zoë Ångström": asked(here, ZOE, practitioner=here.cast.ben),
    }

    def work(session: Session, _: datetime) -> None:
        practice = here.cast.practice.id
        session.get_one(Appointment, (practice, ids["Sam Lee"])).status = Status.DECLINED
        zoes = session.get_one(Appointment, (practice, ids["Zoë Ångström"]))
        zoes.service_id, zoes.location_id = here.cast.follow_up.id, here.cast.video.id

    here.database.write(work)
    return ids


def shown(browser: Browser, query: str) -> set[str]:
    """Whose appointments are in the feed; the page and the paper must say the same."""
    answer = browser.get(FEED + query, Accept="application/json")
    assert answer.status_code == 200, answer.text
    names = {event["name"] for event in answer.json()["events"]}
    for page in PAGES:
        text = browser.get(page + query).text
        assert names == {name for name in ("Kim Lee", "Sam Lee", "Zoë Ångström") if name in text}
    return names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Kim Lee", "Zoë Ångström"}),
        ("&practitioner=ana", {"Kim Lee"}),
        ("&location=video", {"Zoë Ångström"}),
        ("&service=first-visit", {"Kim Lee"}),
        ("&status=tentative", {"Kim Lee", "Zoë Ångström"}),
        ("&status=declined", {"Sam Lee"}),
        ("&status=cancelled", set()),
        ("&practitioner=ben&service=first-visit", set()),
    ],
)
def test_each_filter(here: Site, booked: dict[str, str], query: str, names: set[str]) -> None:
    assert shown(signed_in(here, "dana"), query) == names


def test_the_filter_stays_in_every_address_of_the_page_and_can_be_taken_back(
    here: Site, booked: dict[str, str]
) -> None:
    page = signed_in(here, "dana").get("/calendar?view=day&date=2026-11-24&practitioner=ben&status=declined").text
    for view, day in (("day", "2026-11-25"), ("month", "2026-11-24")):
        assert f"/calendar?view={view}&amp;date={day}&amp;practitioner=ben&amp;status=declined" in page
    assert 'id="everything" href="/calendar?view=day&amp;date=2026-11-24"' in page
    assert "Nothing in this time is Ben Osei, Declined." in page
    assert '<option value="ben" selected>Ben Osei</option>' in page


def test_what_is_archived_is_offered_only_where_it_is_asked_for(here: Site, booked: dict[str, str]) -> None:
    def work(session: Session, now: datetime) -> None:
        session.get_one(Service, (here.cast.practice.id, here.cast.follow_up.id)).archived_at = now

    here.database.write(work)
    dana = signed_in(here, "dana")
    assert 'value="follow-up"' not in dana.get(PAGES[0]).text
    assert 'value="follow-up" selected' in dana.get(f"{PAGES[0]}&service=follow-up").text
    assert shown(dana, "&service=follow-up") == {"Zoë Ångström"}


def test_a_practitioner_has_their_own_whatever_they_filter_by(here: Site, booked: dict[str, str]) -> None:
    ana = signed_in(here, "ana")
    assert shown(ana, "") == shown(ana, "&practitioner=ben") == shown(ana, "&service=first-visit") == {"Kim Lee"}
    assert shown(ana, "&status=declined") == {"Sam Lee"}
    answer = ana.get(f"{FEED}&view=day", Accept="application/json").json()
    assert [column["id"] for column in answer["columns"]] == ["ana"]
    page = ana.get(PAGES[0]).text
    assert 'name="practitioner"' not in page and "Ben Osei" not in page
    assert "<summary><span>Filter</span>" in page


def test_overbooking_is_said_in_words(here: Site, booked: dict[str, str]) -> None:
    def work(session: Session, _: datetime) -> None:
        reservation = session.exec(select(Reservation).where(Reservation.appointment_id == booked["Kim Lee"])).one()
        reservation.lane = 1

    here.database.write(work)
    dana = signed_in(here, "dana")
    events = dana.get(FEED, Accept="application/json").json()["events"]
    assert {event["name"]: event["overbooked"] for event in events} == {"Kim Lee": True, "Zoë Ångström": False}
    for page in PAGES:
        assert dana.get(page).text.count("Overbooked") == 1
