"""Times that are proposed to a client: drawn where they are held, for as long as they are, for whom they concern."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from pencilin import review
from pencilin.database import Database
from pencilin.models import Appointment, Practitioner, Reservation
from pencilin.review import Time
from pencilin.rules.states import Purpose
from tests.cast import NINE, ZOE
from tests.screens import asked, press, signed_in
from tests.staff_site import Browser, Site, site

FEED = "/calendar/events?start=2026-11-23&end=2026-11-30"
LIST = "/calendar?view=list&date=2026-11-24"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


def proposed(browser: Browser, query: str = "") -> list[dict[str, Any]]:
    answer = browser.get(FEED + query, Accept="application/json")
    assert answer.status_code == 200, answer.text
    return [event for event in answer.json()["events"] if event["status"] == "proposed"]


def propose(here: Site, appointment: str, *times: tuple[float, Practitioner]) -> None:
    """So many hours after nine on Tuesday, each with somebody."""

    def work(session: Session, _: datetime) -> None:
        wanted = [Time(NINE + timedelta(hours=hours), who.id, here.cast.main_street.id) for hours, who in times]
        revision = session.get_one(Appointment, (here.cast.practice.id, appointment)).revision
        review.propose(session, here.cast.dana, appointment, wanted, revision, here.now)

    here.database.write(work)


def test_each_held_time_is_drawn_says_for_whom_and_opens_the_request(here: Site) -> None:
    dana, appointment = signed_in(here, "dana"), asked(here)
    before = dana.get("/changes", Accept="application/json").json()["revision"]
    propose(here, appointment, (2, here.cast.ana), (26, here.cast.ben))
    assert dana.get("/changes", Accept="application/json").json()["revision"] != before
    one, other = proposed(dana)
    assert (one["label"], one["name"], one["url"]) == ("Proposed", "Kim Lee", f"/appointments/{appointment}")
    assert (one["start"], one["end"], one["since"]) == ("2026-11-24T11:00:00", "2026-11-24T12:00:00", "11:00 AM")
    assert (one["column"], other["column"], other["start"]) == ("ana", "ben", "2026-11-25T11:00:00")
    assert len({one["id"], other["id"], appointment}) == 3
    for page in (LIST, "/calendar/print?view=list&date=2026-11-24"):
        text = dana.get(page).text
        assert text.count("Proposed") == 2 and text.count("Kim Lee") == 3
    assert f'<a class="event event-proposed" href="/appointments/{appointment}" data-panel>' in dana.get(LIST).text
    # And a colleague who wants one of them hears why it isn't free.
    where = {
        "service": here.cast.first_visit.id,
        "practitioner": here.cast.ana.id,
        "location": here.cast.main_street.id,
    }
    query = "&".join(f"{name}={value}" for name, value in (where | {"date": "2026-11-24", "time": "11:00"}).items())
    told = dana.get(f"/appointments/new/conflicts?{query}", Accept="application/json").json()
    assert told["conflicts"] == ["11:00 AM is proposed to a client, who may still choose it."]


def test_it_goes_when_withdrawn_accepted_or_out_of_time(here: Site) -> None:
    dana, appointment = signed_in(here, "dana"), asked(here)
    propose(here, appointment, (2, here.cast.ana), (4, here.cast.ana))
    press(dana, appointment, "proposal/removal")
    assert proposed(dana) == []
    propose(here, appointment, (2, here.cast.ana), (4, here.cast.ana))
    chosen = proposed(dana)[1]["id"]
    here.database.write(
        lambda session, _: review.accept(
            session, session.get_one(Appointment, (here.cast.practice.id, appointment)), chosen, here.now
        )
    )
    assert proposed(dana) == []
    with here.database.read() as session:
        assert session.get_one(Reservation, (here.cast.practice.id, chosen)).purpose == Purpose.CURRENT
    other = asked(here, ZOE)
    propose(here, other, (24, here.cast.ben))
    assert len(proposed(dana)) == 1
    # An open calendar is told when to look again, and what it sees then doesn't wait until anybody has tidied up.
    here.now += timedelta(seconds=dana.get(FEED, Accept="application/json").json()["lapses"])
    dana = signed_in(here, "dana")
    assert proposed(dana) == []
    assert dana.get(FEED, Accept="application/json").json()["lapses"] is None


def test_filters_leave_in_what_is_held_there(here: Site) -> None:
    dana, appointment = signed_in(here, "dana"), asked(here)
    propose(here, appointment, (2, here.cast.ana), (26, here.cast.ben))
    for query, count in (
        ("&practitioner=ben", 1),
        ("&location=main-street", 2),
        ("&location=video", 0),
        ("&service=first-visit", 2),
        ("&service=follow-up", 0),
        ("&status=tentative", 2),
        ("&status=approved", 0),
    ):
        assert len(proposed(dana, query)) == count, query


def test_a_practitioner_sees_their_own_time_and_no_client_of_a_colleague(here: Site) -> None:
    kims, zoes = asked(here), asked(here, ZOE, practitioner=here.cast.ben)
    propose(here, kims, (2, here.cast.ana), (26, here.cast.ben))
    propose(here, zoes, (5, here.cast.ana))
    ana = signed_in(here, "ana")
    own, colleagues = proposed(ana)
    assert (own["name"], own["url"]) == ("Kim Lee", f"/appointments/{kims}")
    assert (colleagues["name"], colleagues["url"]) == ("to a colleague’s client", "")
    page = ana.get(LIST).text
    assert '<span class="event event-proposed">' in page and "Zoë" not in page and zoes not in page
