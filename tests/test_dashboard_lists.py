"""The lists of the dashboard: requests, the most urgent first, and clients, found and opened."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlmodel import Session

from pencilin import clients
from pencilin.clients import ClientForm
from pencilin.database import Database
from tests.cast import KIM, ZOE
from tests.screens import asked, link_kim, press, signed_in
from tests.staff_site import Browser, Forms, Site, site


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def dana(here: Site) -> Browser:
    return signed_in(here, "dana")


def test_without_requests_the_page_says_what_happens_next(dana: Browser) -> None:
    page = dana.get("/requests").text
    assert "Nothing waits for a decision" in page
    assert 'href="/calendar"' in page


def test_requests_come_by_their_deadline_and_say_how_long_they_wait(here: Site, dana: Browser) -> None:
    first = asked(here, ZOE, hours=3)
    here.later(hours=3)
    second = asked(here, KIM)
    page = signed_in(here, "dana").get("/requests").text
    assert page.index(first) < page.index(second)
    assert "2 tentative appointments to review" in page
    assert "Waits 3 h" in page
    for words in ("Zoë Ångström", "First visit", "Ana Ruiz · Main Street", "Tue, Nov 24, 12:00 PM", "Answer due in"):
        assert words in page


def test_a_practitioner_gets_their_own_requests(here: Site) -> None:
    own, other = asked(here), asked(here, ZOE, practitioner=here.cast.ben)
    page = signed_in(here, "ana").get("/requests").text
    assert own in page
    assert other not in page


def test_clients_are_listed_by_last_name_and_found_by_what_is_known(here: Site, dana: Browser) -> None:
    add(here, first_name="Bo", last_name="Abel", email="bo@mail.example")
    page = dana.get("/clients").text
    assert page.index("<bdi>Abel<") < page.index("<bdi>Lee<")
    assert "2 clients" in page
    for text in ("kim", "Lee Kim", "kim.lee@mail.example", "212 555 0147", "1985-03-24"):
        page = dana.submit(dana.get("/clients"), "/clients", q=text).text
        assert "March 24, 1985" in page, text
        assert "Abel" not in page
    assert "No client found for “nobody”" in dana.submit(dana.get("/clients"), "/clients", q="nobody").text


def test_a_long_list_has_pages(here: Site, dana: Browser) -> None:
    for number in range(60):
        add(here, first_name="A", last_name=f"Person{number:02}")
    page = dana.get("/clients").text
    assert "Page 1 of 2" in page
    assert "Person48" in page
    assert "Person49" not in page
    assert "Person55" in dana.get("/clients?page=2").text
    for odd in ("0", "-1", "x", "99999999999999999999", "٣"):
        answer = dana.get(f"/clients?page={odd}")
        assert answer.status_code == 200
        assert "There is no such page, so here is the first." in answer.text
    assert "There is no such page" not in dana.get("/clients?page=2").text


def test_a_file_shows_details_and_appointments(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    link_kim(here, dana, appointment)
    page = dana.get(f"/clients/{here.cast.kim.id}").text
    assert "March 24, 1985" in page
    assert f'href="/appointments/{appointment}">Tue, Nov 24, 2026, 9:00 AM</a>' in page
    assert "Tentative" in page


def test_a_practitioner_sees_clients_of_their_own_appointments_only(here: Site, dana: Browser) -> None:
    ana = signed_in(here, "ana")
    assert "No clients yet" in ana.get("/clients").text
    assert ana.get(f"/clients/{here.cast.kim.id}").status_code == 404
    assert found(ana, "kim") == {"clients": []}
    appointment = asked(here)
    link_kim(here, dana, appointment)
    press(dana, appointment, "approval")
    assert "Lee" in ana.get("/clients").text
    assert ana.get(f"/clients/{here.cast.kim.id}").status_code == 200


def test_the_search_field_gets_names_and_what_tells_people_apart(dana: Browser, here: Site) -> None:
    told = found(dana, "kim")
    about = "March 24, 1985 · kim.lee@mail.example · +1 212 555 0147"
    assert told == {"clients": [{"id": here.cast.kim.id, "name": "Kim Lee", "about": about}]}


def test_another_practice_finds_nobody_of_this_one(here: Site) -> None:
    browser = here.browser()
    browser.sign_in("dana@birch.example")
    assert browser.get(f"/clients/{here.cast.kim.id}").status_code == 404
    assert here.cast.kim.id not in browser.get("/clients").text


@pytest.mark.parametrize("address", ["/calendar", "/requests", "/clients", "/clients/x", "/appointments/x"])
def test_nothing_is_shown_to_anybody_who_is_not_signed_in(here: Site, address: str) -> None:
    answer = here.browser().get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_whom_staff_search_for_is_in_no_address(dana: Browser) -> None:
    """Addresses end up in histories and logs."""
    assert 'method="post" action="/clients"' in dana.get("/clients").text
    assert dana.get("/clients/search?q=kim").status_code == 404
    assert "Lee" in dana.get("/clients?q=nobody").text


def found(browser: Browser, text: str) -> dict[str, list[dict[str, str]]]:
    """What the search field of Edit Appointment is told."""
    token = Forms(browser.get("/clients").text).forms["/clients"]["csrf"]
    answer = browser.post("/clients/search", {"q": text, "csrf": token}, Accept="application/json")
    assert answer.status_code == 200
    told: dict[str, list[dict[str, str]]] = answer.json()
    return told


def add(here: Site, **fields: str) -> None:
    def work(session: Session, now: datetime) -> None:
        clients.create(session, here.cast.mona, ClientForm(**fields), now)

    here.database.write(work)
