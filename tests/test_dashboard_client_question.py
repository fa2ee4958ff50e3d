"""Edit Appointment without scripts: each way to settle who a request is from."""

from collections.abc import Iterator

import pytest

from pencilin.booking import Booker, Person
from pencilin.database import Database
from pencilin.models import Client
from tests.cast import KIM_MOVED, SAM, ZOE
from tests.screens import asked, link_kim, press, row, signed_in
from tests.staff_site import Browser, Site, site


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def dana(here: Site) -> Browser:
    return signed_in(here, "dana")


def test_the_suggested_client_is_shown_with_the_reasons(here: Site, dana: Browser) -> None:
    page = dana.get(f"/appointments/{asked(here)}").text
    assert "<h1>Edit Appointment</h1>" in page
    assert "New Appointment · Tentative" in page
    assert 'aria-label="Tentative appointment"' in page
    for words in ("Very likely", "Same name", "Same date of birth", "Same email", "Same phone", "Typed", "On file"):
        assert words in page
    assert "Link Existing Client" in page
    assert 'aria-label="Unlink Kim Lee"' in page
    assert "Search clients" not in page


def test_the_cross_shows_the_search_instead(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    page = dana.get(f"/appointments/{appointment}?search=1").text
    assert "Search clients" in page
    assert "Link Existing Client" not in page
    assert row(here, appointment).revision == 1


def test_searching_choosing_and_linking_somebody_else(here: Site, dana: Browser) -> None:
    appointment = asked(here, ZOE)
    address = f"/appointments/{appointment}"
    page = dana.submit(dana.get(address), f"{address}/clients", q="kym le").text
    address = f"/appointments/{appointment}?client={here.cast.kim.id}"
    assert address in page
    chosen = dana.get(address)
    assert "Chosen by you" in chosen.text
    assert "differs" in chosen.text
    answer = dana.follow(dana.submit(chosen, f"/appointments/{appointment}/link"))
    assert "Linked to this existing client" in answer.text


def test_unlinking_leads_back_to_the_search(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    link_kim(here, dana, appointment)
    page = press(dana, appointment, "link/removal").text
    assert "Search clients" in page
    assert row(here, appointment).client_id is None


def test_a_decided_appointment_has_no_cross(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    assert "Unlink Kim Lee" in link_kim(here, dana, appointment).text
    page = press(dana, appointment, "approval").text
    assert "Kim Lee" in page
    assert "Unlink" not in page
    assert "Search clients" not in page


def test_saving_a_new_client_with_corrected_fields(here: Site, dana: Browser) -> None:
    appointment = asked(here, ZOE)
    page = press(dana, appointment, "client", first_name="Zoe").text
    assert "Saved as a new client" in page
    assert "Zoe Ångström" in page


def test_a_wrong_field_of_a_new_client_is_named_and_nothing_is_lost(here: Site, dana: Browser) -> None:
    appointment = asked(here, ZOE)
    answer = press(dana, appointment, "client", last_name="Å", email="nowhere", birth_date="2090-01-01")
    assert answer.status_code == 422
    for kept in ('value="nowhere"', 'value="Å"', 'id="new-email-error"', 'id="new-birth_date-error"'):
        assert kept in answer.text
    assert row(here, appointment).client_id is None


def test_saving_as_new_asks_first_when_a_client_is_very_likely_the_same(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    answer = press(dana, appointment, "client")
    assert answer.status_code == 409
    assert 'name="despite_match"' in answer.text
    assert row(here, appointment).client_id is None
    # To link that client instead, as the warning advises, loses only what was changed before.
    assert 'data-guard="unsaved"' not in answer.text
    edited = dana.submit(answer, f"/appointments/{appointment}/client", notes="Likes mornings.")
    assert edited.status_code == 409 and edited.text.count('data-guard="unsaved"') == 1
    page = dana.follow(dana.submit(answer, f"/appointments/{appointment}/client", despite_match="yes"))
    assert "Saved as a new client" in page.text


def test_typed_values_go_to_the_file_only_where_ticked(here: Site, dana: Browser) -> None:
    appointment = asked(here, KIM_MOVED)
    link_kim(here, dana, appointment)
    page = dana.get(f"/appointments/{appointment}").text
    assert 'name="fields" value="email" form="client-file"' in page
    press(dana, appointment, "client-file", fields="email")
    with here.database.read() as session:
        filed = session.get_one(Client, (here.cast.practice.id, here.cast.kim.id))
    assert filed.email == KIM_MOVED.email
    assert "Where should the confirmation go?" not in dana.get(f"/appointments/{appointment}").text


def test_a_practitioner_links_a_client_without_seeing_the_file(here: Site) -> None:
    appointment = asked(here)
    ana = signed_in(here, "ana")
    page = ana.get(f"/appointments/{appointment}").text
    assert "Matches an existing client of the practice" in page
    assert "Same date of birth" in page
    assert 'aria-label="Unlink the client"' in page
    page = press(ana, appointment, "link").text
    assert "An existing client of the practice" in page
    assert ana.get(f"/clients/{here.cast.kim.id}").status_code == 404
    assert f"/clients/{here.cast.kim.id}" not in page


def test_a_practitioner_finds_nobody_elses_request(here: Site) -> None:
    appointment = asked(here, practitioner=here.cast.ben)
    ana = signed_in(here, "ana")
    assert ana.get(f"/appointments/{appointment}").status_code == 404


def test_a_child_is_shown_with_who_booked(here: Site, dana: Browser) -> None:
    appointment = asked(here, SAM, booked_by=Booker("Kim", "Lee", "Parent"))
    page = dana.get(f"/appointments/{appointment}").text
    assert "Kim Lee (Parent)" in page
    assert "Possible matches" in page
    assert "Very likely" not in page


def test_what_a_booker_typed_is_shown_as_text(here: Site, dana: Browser) -> None:
    person = Person("<script>alert(1)</script>", "O'\"Neil & Söhne", "x@mail.example", "(212) 555-0199")
    page = dana.get(f"/appointments/{asked(here, person)}").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
