"""Settings → Practitioners: added, changed by two at once, put in order, archived, restored."""

import pytest
from httpx2 import Response

from pencilin.catalogue import read_catalogue
from pencilin.database import Database
from tests.screens import asked, row, signed_in
from tests.staff_site import Browser, Forms, Site, site

PEOPLE = "/settings/practitioners"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def bookable(here: Site) -> dict[str, list[str]]:
    """Names and services of those who can be booked, in their order."""
    with here.database.read() as session:
        catalogue = read_catalogue(session, here.cast.practice)
    return {
        who.name: [one.slug for one in catalogue.services if who.id in catalogue.given_by[one.id]]
        for who in catalogue.practitioners
    }


def test_one_is_added_and_leads_on_to_their_hours(here: Site) -> None:
    browser = signed_in(here, "mona")
    page = browser.get(f"{PEOPLE}/new")
    told = browser.submit(page, PEOPLE, name=" ", email="nobody")
    assert told.status_code == 422 and "Enter a name." in told.text and "Enter an email address" in told.text
    told = browser.submit(page, PEOPLE, name="Ana Ruiz", title="Coach", services=here.cast.follow_up.id)
    told = browser.follow(told)
    assert "Added Ana Ruiz. Now say when they work." in told.text and "This is a usual week to begin with" in told.text
    with here.database.read() as session:
        catalogue = read_catalogue(session, here.cast.practice)
    assert [one.slug for one in catalogue.practitioners] == ["ana", "ben", "ana-ruiz"]
    assert bookable(here)["Ana Ruiz"] == ["follow-up"]


def test_two_who_change_different_fields_keep_both(here: Site) -> None:
    one, two = signed_in(here, "mona"), signed_in(here, "mona")
    path = f"{PEOPLE}/{here.cast.ben.id}"
    first, second = here.cast.first_visit.id, here.cast.follow_up.id

    def send(browser: Browser, page: Response, *services: str, **fields: str) -> Response:
        # As browsers send it: a line end of a hidden field is two characters.
        was = {"was_services": f"{first}\r\n{second}", "services": services}
        return browser.client.post(path, data=Forms(page.text).forms[path] | was | fields)

    page, other = one.get(path), two.get(path)
    send(one, page, first, second, title="Coach")
    told = send(two, other, first, second, title="Dietitian")
    assert told.status_code == 422 and "It says now: <bdi>Coach</bdi>" in told.text
    send(two, other, first)
    assert bookable(here)["Ben Osei"] == ["first-visit"] and 'value="Coach"' in one.get(path).text


def test_their_order_is_what_clients_see(here: Site) -> None:
    browser = signed_in(here, "mona")
    position = f"{PEOPLE}/{here.cast.ana.id}/position"
    told = browser.follow(browser.submit(browser.get(PEOPLE), position, to="down"))
    assert "Ana Ruiz is number 2 of 2." in told.text and list(bookable(here)) == ["Ben Osei", "Ana Ruiz"]


def test_whoever_has_appointments_is_archived_only_after_they_were_seen_and_comes_back(here: Site) -> None:
    browser = signed_in(here, "mona")
    path = f"{PEOPLE}/{here.cast.ana.id}"
    request = asked(here)
    told = browser.submit(browser.get(path), f"{path}/archive")
    assert told.status_code == 409 and "1 appointment with Ana Ruiz is yet to come." in told.text
    assert "Kim Lee" in told.text and list(bookable(here)) == ["Ana Ruiz", "Ben Osei"]
    told = browser.follow(browser.submit(told, f"{path}/archive"))
    assert "Archived Ana Ruiz" in told.text and list(bookable(here)) == ["Ben Osei"]
    assert row(here, request).practitioner_id == here.cast.ana.id
    assert "Archived on Monday, November 23, 2026" in browser.get(path).text
    told = browser.follow(browser.submit(told, f"{path}/restoration"))
    assert list(bookable(here)) == ["Ana Ruiz", "Ben Osei"] and bookable(here)["Ana Ruiz"]
