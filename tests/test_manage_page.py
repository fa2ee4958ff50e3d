"""A client's own page of an appointment: as it is now, for whoever holds the link, and without changing anything."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar, Event
from playwright.sync_api import Page, expect
from sqlmodel import Session
from starlette.testclient import TestClient

from pencilin import addresses
from pencilin.database import Database
from pencilin.links import Purpose
from pencilin.mail.visit_words import words
from pencilin.mail.visits import read, visit_of
from pencilin.models import Appointment, Location, LocationKind, Practice, WhoCalls
from pencilin.rules.states import Status
from tests.axe import findings
from tests.staff_site import Site, site
from tests.widget_site import Booking, booking


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def client(here: Site) -> TestClient:
    return TestClient(here.app, base_url=here.config.base_url, headers={"Accept": "text/html"})


def path(here: Site, appointment: Appointment, kind: str = "manage") -> str:
    make = {"manage": addresses.manage_url, "calendar": addresses.calendar_url}[kind]
    return urlsplit(make(here.config.base_url, here.links, appointment)).path


def becomes(here: Site, appointment: Appointment, status: Status, **more: object) -> None:
    def work(session: Session, now: object) -> None:
        row = session.get_one(Appointment, (appointment.practice_id, appointment.id))
        row.status = status
        for name, value in more.items():
            setattr(row, name, value)

    here.database.write(work)


def only_event(file: bytes) -> Event:
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert isinstance(event, Event)
    return event


def test_a_request_shows_when_where_and_by_when_an_answer_is_due(here: Site, client: TestClient) -> None:
    answer = client.get(path(here, here.appointment()))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    for text in (
        "Request received",
        "Willow Nutrition has yet to confirm it",
        "Tuesday, November 24, 2026, 9:00 AM, New York time (EST, UTC−5)",
        "at the latest on Monday, November 23, 2026, 3:00 PM, New York time",
        "First visit",
        "Ana Ruiz",
        "Main Street, 1 Main Street",
    ):
        assert text in answer.text


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (Status.APPROVED, "Your appointment is confirmed"),
        (Status.DECLINED, "This time isn’t possible"),
        (Status.CANCELLED, "This appointment was cancelled"),
        (Status.EXPIRED, "This request has expired"),
        (Status.COMPLETED, "This appointment is over"),
        (Status.NO_SHOW, "This appointment is over"),
    ],
)
def test_each_status_has_its_words(here: Site, client: TestClient, status: Status, heading: str) -> None:
    appointment = here.appointment()
    becomes(here, appointment, status)
    page = client.get(path(here, appointment)).text
    assert heading in page
    assert ("Book another time" in page) == (status is not Status.APPROVED)


def test_a_decision_that_can_still_be_undone_is_not_told(here: Site, client: TestClient) -> None:
    appointment = here.appointment()
    becomes(here, appointment, Status.DECLINED, decline_message="Sorry.", undo_until=here.now + timedelta(seconds=20))
    assert "Sorry." not in client.get(path(here, appointment)).text
    here.later(seconds=21)
    page = client.get(path(here, appointment)).text
    assert "This time isn’t possible" in page
    assert "Sorry." in page


def test_the_video_link_is_shown_only_once_approved(here: Site, client: TestClient) -> None:
    appointment = here.appointment()
    becomes(here, appointment, Status.TENTATIVE, location_id=here.cast.video.id)
    assert "https://meet.example/willow" not in client.get(path(here, appointment)).text
    becomes(here, appointment, Status.APPROVED)
    assert 'href="https://meet.example/willow"' in client.get(path(here, appointment)).text


def test_a_visit_by_phone_says_who_calls(here: Site, client: TestClient) -> None:
    appointment = here.appointment()
    place = here.cast.main_street.id
    here.database.write(lambda session, _: by_phone(session.get_one(Location, (here.cast.practice.id, place))))
    becomes(here, appointment, Status.APPROVED, lang="de")
    assert "Bitte rufen Sie uns zu dieser Zeit an." in client.get(path(here, appointment)).text
    with here.database.read() as session:
        visit = visit_of(session, appointment, approved=True)
    assert read(visit.payload()) == visit
    assert words(visit, "en", promise_link=False, tell_call=True).way == "Please call us at that time."
    # Nobody is asked to call about what doesn't take place.
    becomes(here, appointment, Status.CANCELLED)
    assert "rufen" not in client.get(path(here, appointment)).text


def by_phone(location: Location) -> None:
    location.kind, location.who_calls, location.address = LocationKind.PHONE, WhoCalls.CLIENT, None


def test_the_reason_that_staff_filed_stays_with_them(here: Site, client: TestClient) -> None:
    appointment = here.appointment()
    becomes(here, appointment, Status.DECLINED, decline_reason="not our field")
    assert "not our field" not in client.get(path(here, appointment)).text


def test_looking_changes_nothing(here: Site, client: TestClient) -> None:
    appointment = here.appointment()
    for kind in ("manage", "calendar"):
        client.get(path(here, appointment, kind))
        client.head(path(here, appointment, kind))
        assert client.post(path(here, appointment, kind)).status_code == 405
    with here.database.read() as session:
        assert session.get_one(Appointment, (appointment.practice_id, appointment.id)).revision == 1


def test_no_other_link_opens_it(here: Site, client: TestClient) -> None:
    appointment = here.appointment()
    good = path(here, appointment)
    calendar = path(here, appointment, "calendar").removeprefix("/calendar-feed/").removesuffix(".ics")
    claims = {"practice": here.other.practice.id, "appointment": appointment.id}
    crossed = here.links.make(Purpose.MANAGE, claims, here.now + timedelta(days=1))
    for wrong in (
        good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1],
        f"/manage/{calendar}",
        f"/manage/{crossed}",
        "/manage/x",
    ):
        answer = client.get(wrong)
        assert answer.status_code == 404
        assert "First visit" not in answer.text
        assert "This link doesn’t work" in answer.text
        assert "the link in the newest email" in answer.text
        assert "contact the practice" in answer.text
        assert "sign in" not in answer.text
    here.later(days=500)
    late = client.get(good)
    assert late.status_code == 404
    assert "the link in the newest email" in late.text


def test_the_calendar_file_follows_the_appointment_and_cannot_change_it(here: Site, client: TestClient) -> None:
    appointment = here.appointment()
    answer = client.get(path(here, appointment, "calendar"))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "/manage/" not in answer.text.replace("\r\n ", "")
    event = only_event(answer.content)
    assert (event["status"], event.start.isoformat()) == ("TENTATIVE", "2026-11-24T09:00:00-05:00")
    becomes(here, appointment, Status.CANCELLED)
    event = only_event(client.get(path(here, appointment, "calendar")).content)
    assert event["status"] == "CANCELLED"


@pytest.fixture
def served(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(served: Booking, page: Page, axe: str, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(served.base + path(served.site, served.site.appointment()))
    expect(page.get_by_role("heading", name="Request received")).to_be_visible()
    assert findings(page, axe) == []
    page.goto(f"{served.base}/manage/nothing")
    assert findings(page, axe) == []


@pytest.mark.parametrize(
    ("lang", "practice", "tag", "direction", "heading", "when"),
    [
        ("de", "en", "de", "ltr", "Anfrage erhalten", "Dienstag, 24. November 2026, 09:00 Uhr, Ortszeit New York"),
        ("ar-SA", "en", "ar-SA", "rtl", "وصلنا طلبك", "الثلاثاء، 24 نوفمبر 2026، 9:00 ص، بتوقيت نيويورك"),
        ("nl", "fr", "fr", "ltr", "Demande reçue", "mardi 24 novembre 2026, 09:00, heure locale à New York"),
    ],
)
def test_it_is_in_the_language_that_the_client_booked_in(
    here: Site, client: TestClient, lang: str, practice: str, tag: str, direction: str, heading: str, when: str
) -> None:
    appointment = here.appointment()

    def spoken(session: Session, now: object) -> None:
        session.get_one(Practice, appointment.practice_id).locale = practice

    here.database.write(spoken)
    becomes(here, appointment, Status.TENTATIVE, lang=lang)
    answer = client.get(path(here, appointment), headers={"Accept-Language": "en"})
    assert f'<html lang="{tag}" dir="{direction}"' in answer.text
    assert heading in answer.text
    assert when in answer.text
    assert "Request received" not in answer.text
    assert "Change or cancel" not in answer.text


@pytest.mark.parametrize("address", ["/manage/x", "/book/nobody", "/embed/nobody/details"])
def test_what_goes_wrong_is_told_in_the_browser_s_language(client: TestClient, address: str) -> None:
    wishes = {"Accept-Language": "nl, en;q=0.4, de-AT;q=0.8"}
    answer = client.get(address, headers=wishes)
    assert answer.status_code == 404
    assert '<html lang="de-AT" dir="ltr"' in answer.text
    assert "Dieser Link funktioniert nicht" in answer.text or "Hier ist nichts" in answer.text
    assert 'dir="rtl"' in client.get(f"{address}?lang=ar", headers=wishes).text


def test_the_frame_is_served_in_the_language_that_the_widget_speaks(here: Site, client: TestClient) -> None:
    answer = client.get("/embed/willow/details?lang=es-MX", headers={"Accept-Language": "de"})
    assert '<html lang="es-MX" dir="ltr"' in answer.text
    assert "<title>Sus datos · Willow Nutrition</title>" in answer.text
    assert "Reservar una cita en Willow Nutrition" in answer.text
    assert "<title>Ihre Angaben" in client.get("/embed/willow/details", headers={"Accept-Language": "de"}).text
