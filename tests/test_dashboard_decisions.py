"""Edit Appointment without scripts: approving, declining, taking it back, and coming second."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from pencilin.database import Database
from pencilin.models import Outbox
from tests.cast import KIM_MOVED
from tests.screens import asked, everything, link_kim, press, row, signed_in
from tests.staff_site import Browser, Site, site


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def dana(here: Site) -> Browser:
    return signed_in(here, "dana")


def test_linking_then_approving(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    page = dana.get(f"/appointments/{appointment}").text
    assert 'aria-disabled="true" aria-describedby="missing">Approve</button>' in page
    page = link_kim(here, dana, appointment).text
    assert "Linked to this existing client" in page
    assert "aria-disabled" not in page
    page = press(dana, appointment, "approval").text
    assert "Appointment · Approved" in page
    assert "will be emailed in 20 s." in page
    assert ">Undo</button>" in page
    assert row(here, appointment).client_id == here.cast.kim.id


def test_approving_without_a_client_says_what_is_missing(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    answer = press(dana, appointment, "approval")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "Link an existing client or save a new one" in answer.text
    assert row(here, appointment).status == "tentative"


def test_where_two_addresses_differ_staff_choose_and_nothing_is_chosen_for_them(here: Site, dana: Browser) -> None:
    appointment = asked(here, KIM_MOVED)
    page = link_kim(here, dana, appointment).text
    assert "Where should the confirmation go?" in page
    assert " checked" not in page
    answer = press(dana, appointment, "approval")
    assert answer.status_code == 422
    assert 'id="confirm-error"' in answer.text
    press(dana, appointment, "approval", confirm_to="typed")
    with here.database.read() as session:
        mails = session.exec(select(Outbox.recipient).where(Outbox.kind == "confirmed")).all()
    assert mails == [KIM_MOVED.email]


def test_declining_tells_and_can_be_undone(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    page = press(dana, appointment, "refusal", reason="full", message="We are sorry.").text
    assert "Appointment · Declined" in page
    assert "will be emailed in 20 s." in page
    assert row(here, appointment).decline_message == "We are sorry."
    page = press(dana, appointment, "undo").text
    assert "New Appointment · Tentative" in page


def test_declining_needs_a_reason_and_keeps_the_message(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    answer = press(dana, appointment, "refusal", reason="because", message="We are sorry.")
    assert answer.status_code == 422
    assert "We are sorry." in answer.text
    assert row(here, appointment).status == "tentative"


def test_a_refused_decline_stays_open_with_all_that_was_entered(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    page = press(dana, appointment, "refusal", reason="full", message="Sorry\x07").text
    assert '<section class="decline decline-refused card" id="decline"' in page
    assert " popover " not in page
    assert 'id="message-error"' in page
    assert '<option value="full" selected>' in page
    page = press(dana, appointment, "refusal", reason="because").text
    assert 'id="reason-error">Choose a reason.</p>' in page


def test_a_refused_approval_keeps_where_the_confirmation_goes(here: Site, dana: Browser) -> None:
    appointment = asked(here, KIM_MOVED)
    link_kim(here, dana, appointment)
    answer = press(dana, appointment, "approval", confirm_to="both", revision="x")
    assert answer.status_code == 422
    assert 'value="both" form="approval" required checked' in answer.text


def test_an_address_that_is_none_of_the_choices_is_refused_at_the_field(here: Site, dana: Browser) -> None:
    appointment = asked(here, KIM_MOVED)
    link_kim(here, dana, appointment)
    answer = press(dana, appointment, "approval", confirm_to="bogus")
    assert answer.status_code == 422
    assert 'id="confirm-error">Choose where the confirmation should go.</p>' in answer.text
    assert row(here, appointment).status == "tentative"


def test_once_mail_has_left_a_decision_can_be_reopened(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    link_kim(here, dana, appointment)
    press(dana, appointment, "approval")
    here.later(seconds=21)
    page = dana.get(f"/appointments/{appointment}").text
    assert "Approved by Dana at" in page
    assert ">Reopen</button>" in page


def test_whoever_comes_second_is_told_who_was_first_and_when(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    link_kim(here, dana, appointment)
    mona = signed_in(here, "mona")
    open_page = mona.get(f"/appointments/{appointment}")
    press(dana, appointment, "approval")
    for noun, more in (("approval", {}), ("refusal", {"reason": "time"})):
        answer = mona.submit(open_page, f"/appointments/{appointment}/{noun}", **more)
        assert answer.status_code == 409
        assert "Approved by Dana at 7:00 AM" in answer.text
    assert row(here, appointment).status == "approved"


def test_looking_changes_nothing(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    before = everything(here)
    for address in (
        "",
        "?search=1",
        f"?client={here.cast.kim.id}",
        "/clients",
        "/conflicts",
        "/approval",
        "/undo",
        "/link",
    ):
        dana.get(f"/appointments/{appointment}{address}")
        dana.client.head(f"/appointments/{appointment}{address}")
    assert everything(here) == before


@pytest.mark.parametrize(
    "noun", ["link", "link/removal", "client", "client-file", "visit", "approval", "refusal", "undo"]
)
def test_every_change_needs_the_token_and_our_own_page(here: Site, dana: Browser, noun: str) -> None:
    appointment = asked(here)
    address = f"/appointments/{appointment}/{noun}"
    fields = {"revision": "1", "client": here.cast.kim.id, "reason": "time"}
    before = everything(here)
    assert dana.post(address, fields).status_code == 403
    assert dana.post(address, fields | {"csrf": "guessed"}).status_code == 403
    assert everything(here) == before


@pytest.mark.parametrize("revision", ["", "x", "-1", "٣", "9" * 30])
def test_a_form_without_its_revision_is_refused(here: Site, dana: Browser, revision: str) -> None:
    appointment = asked(here)
    answer = press(dana, appointment, "link", client=here.cast.kim.id, revision=revision)
    assert answer.status_code == 422
    assert "Please try again" in answer.text


def test_a_page_that_refused_can_be_loaded_again(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    for noun in ("approval", "client", "visit", "link/removal", "refusal", "undo"):
        answer = dana.get(f"/appointments/{appointment}/{noun}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/appointments/{appointment}")
