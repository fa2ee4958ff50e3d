"""The desk's work with client files: filters, the file itself, entering, changing and archiving."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from pencilin import clients
from pencilin.clients import ClientForm
from pencilin.database import Database
from pencilin.errors import Unavailable
from pencilin.models import Appointment, AuditEntry, Client
from pencilin.rules.states import Status
from tests.cast import KIM, KIM_MOVED, ZOE
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


def filed(here: Site, first_name: str, last_name: str, **fields: str) -> str:
    """The id of a new file."""
    form = ClientForm(first_name, last_name, **fields)
    return here.database.write(lambda session, now: clients.create(session, here.cast.mona, form, now).id)


def with_ben(here: Site, client_id: str, days: int) -> str:
    """The id of an approved appointment with Ben, so many days after tomorrow, or before it."""
    appointment = here.appointment(here.cast.ben)

    def work(session: Session, _: object) -> str:
        row = session.get_one(Appointment, (here.cast.practice.id, appointment.id))
        row.client_id, row.status = client_id, Status.APPROVED
        row.start, row.end = row.start + timedelta(days=days), row.end + timedelta(days=days)
        return row.id

    return here.database.write(work)


def actions(here: Site, client_id: str) -> list[str]:
    with here.database.read() as session:
        rows = select(AuditEntry.action).where(AuditEntry.subject_id == client_id).order_by(col(AuditEntry.at))
        return list(session.exec(rows))


# The list


def test_the_list_is_narrowed_down_by_what_the_desk_asks(here: Site, dana: Browser) -> None:
    coming, gone, never = (filed(here, "Pat", name) for name in ("Coming", "Gone", "Never"))
    with_ben(here, coming, 3)
    with_ben(here, gone, -40)
    for address, expected in {
        "/clients": {coming, gone, never, here.cast.kim.id},
        "/clients?coming=1": {coming},
        "/clients?practitioner=ben": {coming, gone},
        "/clients?practitioner=ana": set(),
        "/clients?seen=365": {gone},
        "/clients?seen=30": set(),
        "/clients?seen=not-180&practitioner=ben": {coming},
        "/clients?archived=1": set(),
        "/clients?practitioner=nobody&seen=ever": {coming, gone, never, here.cast.kim.id},
    }.items():
        page = dana.get(address).text
        assert {one for one in (coming, gone, never, here.cast.kim.id) if one in page} == expected, address
    assert "Nobody is archived" in dana.get("/clients?archived=1").text
    assert "Nobody fits these filters" in dana.get("/clients?seen=30").text


def test_filters_without_a_search_lead_to_an_address_and_narrow_a_search_down(here: Site, dana: Browser) -> None:
    old = filed(here, "Pat", "Gone")
    with_ben(here, old, -40)
    page = dana.get("/clients")
    led = dana.submit(page, "/clients", q="", seen="365", practitioner="ben")
    assert led.headers["location"] == "/clients?practitioner=ben&seen=365"
    assert old in dana.submit(page, "/clients", q="pat", seen="365").text
    assert old not in dana.submit(page, "/clients", q="pat", seen="30").text


def test_what_is_found_has_pages_that_are_posted(here: Site, dana: Browser) -> None:
    for number in range(60):
        filed(here, "Pat", f"Person{number:02}")
    page = dana.submit(dana.get("/clients"), "/clients", q="pat")
    assert "Page 1 of 2" in page.text and "60 clients found" in page.text
    more = dana.post("/clients", Forms(page.text).forms["/clients"] | {"q": "pat", "page": "2"}).text
    assert more.count('scope="row"') == 10


def test_a_practitioners_filters_count_nobody_elses_appointments(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    link_kim(here, dana, appointment)
    press(dana, appointment, "approval")
    with_ben(here, here.cast.kim.id, -40)
    bens = filed(here, "Kim", "Leeward")
    with_ben(here, bens, 3)
    ana = signed_in(here, "ana")
    assert here.cast.kim.id in ana.get("/clients?coming=1").text
    assert here.cast.kim.id not in ana.get("/clients?seen=365").text
    for page in (ana.get("/clients"), ana.submit(ana.get("/clients"), "/clients", q="kim")):
        assert here.cast.kim.id in page.text
        assert bens not in page.text and 'name="practitioner"' not in page.text and "/clients/new" not in page.text
    assert "Oct " not in ana.get("/clients").text  # when Ben saw her


# The file


def test_a_file_tells_what_comes_what_was_and_who_linked_what(here: Site, dana: Browser) -> None:
    appointment = asked(here, KIM_MOVED)
    link_kim(here, dana, appointment)
    past = with_ben(here, here.cast.kim.id, -40)
    page = dana.get(f"/clients/{here.cast.kim.id}").text
    coming, rest = page.split('id="past"')
    assert appointment in coming and past in rest.split('id="requests"')[0]
    linked = rest.split('id="requests"')[1].split("</section>")[0]
    for words in ("Linked by Dana on Nov 23, 2026, 7:00 AM", "kim@new.example", "Same date of birth"):
        assert words in linked


def test_a_practitioner_reads_their_own_part_of_a_file(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    link_kim(here, dana, appointment)
    press(dana, appointment, "approval")
    bens = asked(here, KIM, hours=2, practitioner=here.cast.ben)
    link_kim(here, dana, bens)
    page = signed_in(here, "ana").get(f"/clients/{here.cast.kim.id}").text
    assert appointment in page and bens not in page


def test_reading_a_file_is_written_down_once_an_hour_and_never_in_the_way(
    here: Site, dana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = f"/clients/{here.cast.kim.id}"
    for _ in range(2):
        dana.get(kim)
    assert actions(here, here.cast.kim.id) == ["client.read"]
    signed_in(here, "mona").get(kim)
    here.later(minutes=20)
    dana.get(kim)
    assert actions(here, here.cast.kim.id) == ["client.read"] * 2
    here.later(minutes=41)
    dana = signed_in(here, "dana")

    def full(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(here.database, "write", full)
    assert dana.get(kim).status_code == 200


# Entering and changing


def test_a_new_client_is_entered_and_mistakes_are_told_at_the_field(here: Site, dana: Browser) -> None:
    page = dana.get("/clients/new")
    refused = dana.submit(page, "/clients/new", first_name="Zoë", last_name="", email="zoe", notes="Mornings")
    assert refused.status_code == 422
    for words in ('id="last_name-error">Enter a name.', 'value="Zoë"', "like name@example.com", ">Mornings</textarea>"):
        assert words in refused.text
    put_right = {"last_name": "Ångström", "email": "zoe@far.example", "notes": "Mornings"}
    saved = dana.follow(dana.submit(refused, "/clients/new", **put_right))
    assert "Zoë Ångström is on file." in saved.text and "Last changed by Dana" in saved.text


def test_somebody_who_is_on_file_is_warned_about_and_saved_all_the_same(here: Site, dana: Browser) -> None:
    typed = {"first_name": "Kim", "last_name": "Lee", "birth_date": "1985-03-24", "phone": "(212) 555-0147"}
    warned = dana.submit(dana.get("/clients/new"), "/clients/new", **typed)
    assert warned.status_code == 409
    assert f'href="/clients/{here.cast.kim.id}"' in warned.text and "Same date of birth" in warned.text
    assert dana.submit(warned, "/clients/new", **typed, despite_match="1").status_code == 303


def test_two_people_edit_one_file(here: Site, dana: Browser) -> None:
    address = f"/clients/{here.cast.kim.id}/edit"
    mona = signed_in(here, "mona")
    page, hers = dana.get(address), mona.get(address)
    mona.submit(hers, address, last_name="Lee-Park", notes="Two\r\nlines", phone="+1 212 555 0148")
    refused = dana.submit(page, address, last_name="Lee Park", notes="", email="kim@new.example")
    assert refused.status_code == 422
    assert "It says now: <bdi>Lee-Park</bdi>" in refused.text and 'value="Lee Park"' in refused.text
    dana.submit(refused, address, notes="")
    with here.database.read() as session:
        kim = session.get_one(Client, (here.cast.practice.id, here.cast.kim.id))
    assert (kim.last_name, kim.email, kim.phone) == ("Lee Park", "kim@new.example", "+1 212-555-0148")
    assert kim.notes == "Two\nlines"
    # A browser sends line ends of its own, in what was there, too.
    saved = dana.submit(dana.get(address), address, was_notes="Two\r\nlines", notes="Two\r\nlines\r\nthree")
    assert saved.status_code == 303


def test_an_archived_file_is_found_by_the_filter_alone_and_comes_back(here: Site, dana: Browser) -> None:
    kim = here.cast.kim.id
    past = with_ben(here, kim, -40)
    page = dana.follow(dana.submit(dana.get(f"/clients/{kim}"), f"/clients/{kim}/archival"))
    assert "Kim Lee is archived" in page.text and past in page.text
    found = dana.get("/clients")
    assert kim not in found.text and kim not in dana.submit(found, "/clients", q="kim").text
    assert kim in dana.get("/clients?archived=1").text
    assert kim in dana.submit(found, "/clients", q="kim", archived="1").text
    back = dana.follow(dana.submit(page, f"/clients/{kim}/restoration"))
    assert "Kim Lee is in use again." in back.text
    assert kim in dana.submit(found, "/clients", q="kim").text
    assert actions(here, kim)[-2:] == ["client.archived", "client.restored"]


def test_a_colleagues_client_can_neither_be_opened_nor_changed(here: Site) -> None:
    with_ben(here, here.cast.kim.id, -40)
    ana = signed_in(here, "ana")
    token = {"csrf": ana.get("/clients").text.split('name="csrf" value="')[1].split('"')[0]}
    for noun in ("", "/edit"):
        assert ana.get(f"/clients/{here.cast.kim.id}{noun}").status_code == 404
    for noun in ("edit", "archival", "restoration"):
        assert ana.post(f"/clients/{here.cast.kim.id}/{noun}", token).status_code == 404
    assert ana.post("/clients/new", token | {"first_name": ZOE.first_name}).status_code == 403
    assert "client.read" not in actions(here, here.cast.kim.id)
