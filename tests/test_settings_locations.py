"""Settings → Locations: added, changed, put in order and archived; what a practice file refuses is refused, too."""

import tomllib
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from pencilin import practices
from pencilin.database import Database
from pencilin.models import AuditEntry, Location, LocationKind, WorkingHoursLocation
from tests.screens import asked, row, signed_in
from tests.staff_site import Browser, Site, site

LOCATIONS = "/settings/locations"
HILL: dict[str, str] = {
    "name": "Häuser am Hügel",
    "kind": "place",
    "address": "2 Hill Road\nParis",
    "timezone": "paris",
    "country": "FR",
    "who_calls": "practice",
}


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


@pytest.fixture
def mona(here: Site) -> Browser:
    return signed_in(here, "mona")


def add(browser: Browser, **fields: str) -> Response:
    return browser.submit(browser.get(f"{LOCATIONS}/new"), LOCATIONS, **HILL | fields)


def change(browser: Browser, location: Location, page: Response | None = None, **fields: str) -> Response:
    address = f"{LOCATIONS}/{location.id}"
    given = {"kind": location.kind, "address": location.address or "", "country": "US", "who_calls": "practice"}
    return browser.submit(page or browser.get(address), address, **given | fields)


def exported(here: Site) -> list[dict[str, Any]]:
    with here.database.read() as session:
        practice = here.cast.practice
        content: list[dict[str, Any]] = tomllib.loads(practices.export(session, practice)).get("location", [])
    return content


def audited(here: Site) -> list[tuple[str, list[str]]]:
    with here.database.read() as session:
        found = select(AuditEntry).where(AuditEntry.subject_kind == "location").order_by(col(AuditEntry.at))
        return [(one.action, one.fields) for one in session.exec(found)]


def test_what_is_added_is_what_the_file_says(here: Site, mona: Browser) -> None:
    assert "Added Häuser am Hügel" in mona.follow(add(mona)).text
    assert exported(here)[-1] == {
        "slug": "hauser-am-hugel",
        "name": "Häuser am Hügel",
        "kind": "place",
        "address": "2 Hill Road\nParis",
        "timezone": "Europe/Paris",
        "country": "FR",
        "who_calls": "practice",
    }
    assert [action for action, _ in audited(here)] == ["location.added"]
    add(mona)
    assert exported(here)[-1]["slug"] == "hauser-am-hugel-2"


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", " ", "Enter"),
        ("kind", "cave", "This should be"),
        ("timezone", "Olympus", "This should be a time zone"),
        ("join_url", "meet.example", "This should be a web address"),
        ("who_calls", "nobody", "This should be"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(here: Site, mona: Browser, field: str, typed: str, reason: str) -> None:
    answer = add(mona, **{field: typed})
    assert answer.status_code == 422 and len(exported(here)) == 2 and audited(here) == []
    assert reason in answer.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert "2 Hill Road" in answer.text


def test_a_change_is_public_at_once_and_names_its_fields(here: Site, mona: Browser) -> None:
    page = mona.get(f"{LOCATIONS}/{here.cast.main_street.id}")
    assert change(mona, here.cast.main_street, name="High Street", address="3 High Street").status_code == 303
    public = TestClient(here.app, here.config.base_url).get("/api/v1/practices/willow").json()["locations"]
    assert (public[0]["name"], public[0]["address"]) == ("High Street", "3 High Street")
    assert audited(here) == [("location.changed", ["name", "address"])]
    clash = change(mona, here.cast.main_street, page, name="Low Street")
    assert clash.status_code == 422 and "High Street" in clash.text and 'value="Low Street"' in clash.text


def test_another_zone_is_saved_once_its_meaning_was_read(here: Site, mona: Browser) -> None:
    made = asked(here)
    agreed = row(here, made).start
    warned = change(mona, here.cast.main_street, timezone="Europe/Paris")
    assert warned.status_code == 422 and "1 coming appointment stays at the moment" in warned.text
    assert exported(here)[0]["timezone"] == "America/New_York"
    assert change(mona, here.cast.main_street, warned, timezone="Europe/Paris").status_code == 303
    assert exported(here)[0]["timezone"] == "Europe/Paris" and row(here, made).start == agreed


def test_nobody_comes_to_work_at_two_places_at_once(here: Site, mona: Browser) -> None:
    refused = change(mona, here.cast.video, kind="place")
    assert refused.status_code == 422
    assert "Ana Ruiz would work at Main Street and Video visit at once" in refused.text
    assert exported(here)[1]["kind"] == LocationKind.VIDEO


def test_order_is_that_of_the_booking_pages(here: Site, mona: Browser) -> None:
    listed = mona.get(LOCATIONS)
    address = f"{LOCATIONS}/{here.cast.video.id}/position"
    told = mona.follow(mona.submit(listed, address, to="up"))
    assert "Video visit is number 1 of 2." in told.text
    assert [one["slug"] for one in exported(here)] == ["video", "main-street"]
    assert mona.submit(listed, address, to="up").status_code == 303
    token = told.text.split('name="csrf" value="')[1].split('"')[0]
    script = mona.post(address, {"csrf": token, "to": "2"}, Accept="application/json")
    assert script.json() == {"said": "Video visit is number 2 of 2."}
    assert [action for action, _ in audited(here)] == ["location.moved"] * 2


def test_what_is_archived_offers_nothing_and_can_be_used_again(here: Site, mona: Browser) -> None:
    made = asked(here)
    address = f"{LOCATIONS}/{here.cast.main_street.id}"
    page = mona.get(address)
    for words in ("1 coming appointment stays", "First visit, Follow-up", "Ana Ruiz, Ben Osei"):
        assert words in page.text
    archived = mona.follow(mona.submit(page, f"{address}/archive"))
    assert "Archived Main Street" in archived.text and [one["slug"] for one in exported(here)] == ["video"]
    assert "Main Street" in mona.get(f"/appointments/{made}").text
    with here.database.read() as session:
        assert session.exec(select(WorkingHoursLocation.location_id)).all().count(here.cast.main_street.id) == 2
    mona.submit(archived, f"{address}/restoration")
    assert [one["slug"] for one in exported(here)] == ["main-street", "video"]
    assert [action for action, _ in audited(here)] == ["location.archived", "location.restored"]


def test_a_practice_without_locations_is_told_what_to_do(here: Site, mona: Browser) -> None:
    def archive_all(session: Session, _: object) -> None:
        for one in session.exec(select(Location)).all():
            one.archived_at = here.now

    here.database.write(archive_all)
    assert "No location yet" in mona.get(LOCATIONS).text
