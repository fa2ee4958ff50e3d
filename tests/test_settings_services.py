"""Settings → Services: what the form saves is what the practice file says, and what was booked stays as it was."""

import tomllib
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import Session, col, select

from pencilin import practices
from pencilin.database import Database
from pencilin.models import Approval, AuditEntry, Service
from tests.screens import asked, row, signed_in
from tests.staff_site import Browser, Site, site

SERVICES = "/settings/services"
PLAIN = {"booking": "everyone", "approval": "review"}


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


@pytest.fixture
def mona(here: Site) -> Browser:
    return signed_in(here, "mona")


def change(browser: Browser, service: Service, opened: Response | None = None, /, **fields: str) -> Response:
    """Sends the form as it stands, with these fields changed. The tests' parser knows neither boxes nor long texts."""
    address = f"{SERVICES}/{service.id}"
    given = PLAIN | {"practitioners": "ana\nben", "locations": "main-street\nvideo", "description": ""}
    return browser.submit(opened or browser.get(address), address, **given | fields)


def exported(here: Site) -> list[dict[str, Any]]:
    with here.database.read() as session:
        content: list[dict[str, Any]] = tomllib.loads(practices.export(session, here.cast.practice)).get("service", [])
    return content


def stored(here: Site) -> Service:
    with here.database.read() as session:
        return session.get_one(Service, (here.cast.practice.id, here.cast.first_visit.id))


def audited(here: Site) -> list[tuple[str, list[str]]]:
    with here.database.read() as session:
        found = select(AuditEntry).where(AuditEntry.subject_kind == "service").order_by(col(AuditEntry.at))
        return [(one.action, one.fields) for one in session.exec(found)]


def test_what_is_added_is_what_the_file_says(here: Site, mona: Browser) -> None:
    told = mona.follow(
        mona.submit(
            mona.get(f"{SERVICES}/new"),
            SERVICES,
            name="Group talk",
            minutes="90",
            buffer_before="5",
            buffer_after="",
            step="30",
            price="$20",
            description="For up to ten.",
            colour="#336699",
            booking="returning",
            approval="personal_link",
            practitioners="ben",
            locations="main-street",
        )
    )
    assert "Added Group talk" in told.text
    assert exported(here)[-1] == {
        "slug": "group-talk",
        "name": "Group talk",
        "minutes": 90,
        "buffer_before": 5,
        "buffer_after": 0,
        "step": 30,
        "price": "$20",
        "description": "For up to ten.",
        "colour": "#336699",
        "booking": "returning",
        "approval": "personal_link",
        "practitioners": ["ben"],
        "locations": ["main-street"],
    }


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", "", "Enter"),
        ("minutes", "", "This should be a whole number"),
        ("minutes", "47", "This should be a multiple of 5"),
        ("minutes", "2000", "This should be 1440 or less"),
        ("buffer_after", "-5", "This should be a whole number"),
        ("step", "often", "This should be a whole number"),
        ("colour", "red", "This should be a colour"),
        ("booking", "friends", "This should be"),
        ("approval", "always", "This should be"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_saved(
    here: Site, mona: Browser, field: str, typed: str, reason: str
) -> None:
    before = exported(here)
    answer = change(mona, here.cast.first_visit, **{"price": "$1", field: typed})
    assert answer.status_code == 422 and exported(here) == before and audited(here) == []
    assert reason in answer.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert 'value="$1"' in answer.text


def test_what_is_booked_stays_as_long_as_it_is(here: Site, mona: Browser) -> None:
    before = row(here, asked(here))
    told = mona.follow(change(mona, here.cast.first_visit, minutes="45", approval="personal_link"))
    assert "Appointments that are booked stay as long as they are." in told.text
    after = row(here, before.id)
    assert (after.start, after.end) == (before.start, before.end)
    assert (stored(here).minutes, stored(here).approval) == (45, Approval.PERSONAL_LINK)
    assert audited(here) == [("service.changed", ["minutes", "approval"])]


def test_two_people_editing_are_told_of_each_other(here: Site, mona: Browser) -> None:
    mine = mona.get(f"{SERVICES}/{here.cast.first_visit.id}")
    change(mona, here.cast.first_visit, price="$10")
    assert change(mona, here.cast.first_visit, mine, minutes="50").status_code == 303
    clash = change(mona, here.cast.first_visit, mine, price="$20")
    assert clash.status_code == 422 and "It says now: <bdi>$10</bdi>" in clash.text
    assert (stored(here).price, stored(here).minutes) == ("$10", 50)


def test_what_is_archived_keeps_its_part_in_a_service(here: Site, mona: Browser) -> None:
    video = f"/settings/locations/{here.cast.video.id}"
    mona.submit(mona.get(video), f"{video}/archive")
    change(mona, here.cast.first_visit, locations="main-street", practitioners="ana")
    assert exported(here)[0]["locations"] == ["main-street"] and exported(here)[0]["practitioners"] == ["ana"]
    mona.submit(mona.get(video), f"{video}/restoration")
    assert exported(here)[0]["locations"] == ["main-street", "video"]
    nobody = mona.follow(change(mona, here.cast.first_visit, practitioners=""))
    assert "Nobody can book it: no practitioner gives it." in nobody.text


def test_an_archived_service_is_not_offered_and_can_be_used_again(here: Site, mona: Browser) -> None:
    address = f"{SERVICES}/{here.cast.first_visit.id}"
    told = mona.follow(mona.submit(mona.get(address), f"{address}/archive"))
    assert [one["slug"] for one in exported(here)] == ["follow-up"] and "Archived First visit" in told.text
    assert "First visit" not in here.browser().get("/book/willow").text
    mona.submit(told, f"{address}/restoration")
    assert [one["slug"] for one in exported(here)] == ["first-visit", "follow-up"]


def ask_of(browser: Browser, service: Service, label: str, **fields: str) -> Response:
    address = f"{SERVICES}/{service.id}/questions"
    return browser.submit(browser.get(f"{address}/new"), address, **{"label": label, "kind": "text"} | fields)


def test_questions_are_added_ordered_changed_and_removed(here: Site, mona: Browser) -> None:
    service = here.cast.first_visit
    ask_of(mona, service, "Any allergies?", required="yes")
    ask_of(mona, service, "Diet", kind="choice", choices="Vegan\n\nOther ")
    allergies = {"id": "any-allergies", "label": "Any allergies?", "kind": "text", "required": True}
    diet = {"id": "diet", "label": "Diet", "kind": "choice", "choices": ["Vegan", "Other"], "required": False}
    assert exported(here)[0]["question"] == [allergies, diet]
    assert "Any allergies?" in here.browser().get("/book/willow?service=first-visit&start=2026-11-24T14:00:00Z").text
    page = mona.get(f"{SERVICES}/{service.id}")
    mona.submit(page, f"{SERVICES}/{service.id}/questions/diet/position", to="up")
    assert exported(here)[0]["question"] == [diet, allergies]
    one = f"{SERVICES}/{service.id}/questions/diet"
    few = mona.submit(mona.get(one), one, kind="choice", choices="Vegan\nVegan")
    assert few.status_code == 422 and "at least two different answers" in few.text
    assert mona.submit(mona.get(one), one, kind="yes_no", label="Vegan?", choices="").status_code == 303
    removed = mona.follow(mona.submit(mona.get(one), f"{one}/removal"))
    assert exported(here)[0]["question"] == [allergies] and mona.get(one).status_code == 404
    assert mona.submit(removed, f"{one}/restoration").status_code == 303
    vegan = {"id": "diet", "label": "Vegan?", "kind": "yes_no", "required": False}
    assert exported(here)[0]["question"] == [vegan, allergies]
    assert audited(here) == [("service.changed", ["questions"])] * 6


def test_an_answer_keeps_the_question_as_it_was_put(here: Site, mona: Browser) -> None:
    made = asked(here)

    def answered(session: Session, _: object) -> None:
        appointment = row(here, made)
        appointment.answers, appointment.asked = {"diet": "Vegan"}, {"diet": "What do you eat?"}
        session.merge(appointment)

    here.database.write(answered)
    ask_of(mona, here.cast.first_visit, "Diet")
    page = mona.get(f"/appointments/{made}").text
    assert "What do you eat?" in page and "Vegan" in page


def test_a_practice_without_services_is_told_what_to_do(here: Site, mona: Browser) -> None:
    def archive_all(session: Session, _: object) -> None:
        for one in session.exec(select(Service)).all():
            one.archived_at = here.now

    here.database.write(archive_all)
    assert "No service yet" in mona.get(SERVICES).text
