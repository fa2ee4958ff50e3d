"""Other times as pages: staff tick them, the client takes one from the link in their mail, both without scripts."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from pencilin import addresses
from pencilin.database import Database
from pencilin.models import Appointment, Reservation
from pencilin.rules.states import Purpose, Status
from tests.axe import findings
from tests.cast import NINE, ZOE
from tests.screens import asked, everything, link_kim, row, signed_in
from tests.staff_site import Browser, Forms, Site, site
from tests.widget_site import Booking, booking

ZONE = "New York time (EST, UTC−5)"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


def propose(here: Site, dana: Browser, appointment: str, *times: str, **more: str) -> str:
    """The page that follows, after typing these times of Tuesday."""
    address = f"/appointments/{appointment}/proposal"
    typed: dict[str, str] = {}
    for number, time in enumerate(times, 1):
        typed |= {f"date-{number}": "2026-11-24", f"time-{number}": time}
    return dana.follow(dana.submit(dana.get(address), address, **typed, **more)).text


def own_page(here: Site, appointment: str) -> str:
    url = addresses.manage_url(here.config.base_url, here.links, row(here, appointment))
    return urlsplit(url).path


def times_of(here: Site, appointment: str) -> list[str]:
    with here.database.read() as session:
        of = select(Reservation).where(
            Reservation.appointment_id == appointment, Reservation.purpose == Purpose.PROPOSED
        )
        return [one.id for one in sorted(session.exec(of), key=lambda one: one.start)]


def test_from_a_tick_to_a_request_at_another_time(here: Site) -> None:
    dana, appointment = signed_in(here, "dana"), asked(here)
    assert "Propose another time…" in dana.get(f"/appointments/{appointment}").text
    page = dana.get(f"/appointments/{appointment}/proposal")
    assert f"Tuesday, November 24, 2026, 9:00 AM, {ZONE}" in page.text
    offered = re.findall(r'name="times" value="([^"]+)"', page.text)
    assert len(offered) >= 3
    told = dana.submit(page, f"/appointments/{appointment}/proposal", times=offered[0])
    told = dana.follow(told)
    assert "Waiting for the client until" in told.text
    assert "Propose another time…" not in told.text
    assert "The client is asked by email in 20 s." in told.text

    client = here.browser("203.0.113.99")
    shown = client.get(own_page(here, appointment))
    assert "Would another time suit you?" in shown.text and "What you asked for" in shown.text
    before = everything(here)
    for noun in ("acceptance", "refusal"):
        assert client.get(f"{own_page(here, appointment)}/{noun}").headers["location"] == own_page(here, appointment)
        client.client.head(f"{own_page(here, appointment)}/{noun}")
    assert everything(here) == before
    (time,) = times_of(here, appointment)
    done = client.submit(shown, f"{own_page(here, appointment)}/acceptance", time=time)
    thanks = client.follow(done)
    assert "Willow Nutrition has been told that you take this time." in thanks.text
    assert "Would another time suit you?" not in thanks.text
    assert row(here, appointment).start != NINE
    history = dana.get(f"/appointments/{appointment}").text
    assert "Another time accepted" in history and "Other times proposed" in history
    assert "Answer to other times" in history
    # Pressed again from a page that was left open.
    again = client.submit(shown, f"{own_page(here, appointment)}/acceptance", time=time)
    assert again.status_code == 303
    assert client.submit(shown, f"{own_page(here, appointment)}/refusal").status_code == 409


def test_undo_takes_the_question_back_before_it_leaves(here: Site) -> None:
    dana, appointment = signed_in(here, "dana"), asked(here)
    page = propose(here, dana, appointment, "11:00")
    assert "Waiting for the client until" in dana.get("/requests").text
    removal = f"/appointments/{appointment}/proposal/removal"
    undone = dana.follow(dana.post(removal, Forms(page).forms[removal]))
    assert "The other times are withdrawn, and free again." in undone.text
    assert row(here, appointment).proposed_until is None
    assert "Would another time suit you?" not in here.browser().get(own_page(here, appointment)).text


def test_what_cannot_be_proposed_is_said_and_all_is_kept(here: Site) -> None:
    dana, appointment = signed_in(here, "dana"), asked(here)
    asked(here, ZOE, hours=2)
    address = f"/appointments/{appointment}/proposal"
    page = dana.submit(dana.get(address), address, **{"date-1": "2026-11-24", "time-1": "11:00", "time-2": "14:00"})
    assert page.status_code == 422
    assert "Enter both a date and a time, or neither." in page.text and 'value="11:00"' in page.text
    page = dana.submit(dana.get(address), address, **{"date-1": "2026-11-24", "time-1": "11:00"})
    assert page.status_code == 409
    assert "Tue, Nov 24, 11:00 AM: This overlaps the appointment at 11:00 AM" in page.text
    assert "Propose them all the same" not in page.text
    late = {"date-1": "2026-11-24", "time-1": "20:00"}
    page = dana.submit(dana.get(address), address, **late)
    assert "work at Main Street at that time" in page.text and 'value="20:00"' in page.text
    assert times_of(here, appointment) == []
    assert dana.submit(page, address, **late, despite_conflicts="yes").status_code == 303
    assert dana.get(address).headers["location"] == f"/appointments/{appointment}"
    page = dana.submit(page, address, **late)
    assert page.status_code == 409


def test_nothing_chosen_is_said(here: Site) -> None:
    dana, appointment = signed_in(here, "dana"), asked(here)
    address = f"/appointments/{appointment}/proposal"
    page = dana.submit(dana.get(address), address)
    assert page.status_code == 422 and "Choose one to three times." in page.text


def test_the_client_s_answers_need_our_own_form_and_a_link_that_works(here: Site) -> None:
    dana, appointment, client = signed_in(here, "dana"), asked(here), here.browser("203.0.113.99")
    propose(here, dana, appointment, "11:00", "12:00")
    path, before = own_page(here, appointment), everything(here)
    shown = client.get(path)
    form = Forms(shown.text).forms[f"{path}/acceptance"]["form"]
    time = times_of(here, appointment)[0]
    assert client.post(f"{path}/acceptance", {"time": time}).status_code == 403
    assert client.post(f"{path}/acceptance", {"time": time, "form": form[:-3] + "abc"}).status_code == 403
    assert client.post("/manage/x/acceptance", {"time": time, "form": form}).status_code == 404
    missing = client.post(f"{path}/acceptance", {"form": form})
    assert missing.status_code == 422
    assert "Please choose one of the times, or say that none suits you." in missing.text
    gone = client.post(f"{path}/acceptance", {"form": form, "time": "0" * 32})
    assert gone.status_code == 409 and "These times are no longer kept for you." in gone.text
    assert everything(here) == before


def test_none_suits(here: Site) -> None:
    dana, appointment, client = signed_in(here, "dana"), asked(here), here.browser("203.0.113.99")
    link_kim(here, dana, appointment)
    propose(here, dana, appointment, "11:00")
    shown = client.get(own_page(here, appointment))
    thanks = client.follow(client.submit(shown, f"{own_page(here, appointment)}/refusal"))
    assert "none of the times suits you" in thanks.text and "Request received" in thanks.text
    assert "None of the other times suits" in dana.get(f"/appointments/{appointment}").text
    assert row(here, appointment).status is Status.TENTATIVE


@pytest.mark.parametrize(
    ("lang", "heading", "accept", "when"),
    [
        (
            "de",
            "Passt Ihnen eine andere Zeit?",
            "Diese Zeit nehmen",
            "Dienstag, 24. November 2026, 11:00 Uhr",
        ),
        ("ar", "هل يناسبك وقت آخر؟", "اختيار هذا الوقت", "الثلاثاء، 24 نوفمبر 2026، 11:00 ص، بتوقيت نيويورك"),
    ],
)
def test_it_is_in_the_client_s_language(here: Site, lang: str, heading: str, accept: str, when: str) -> None:
    dana, appointment = signed_in(here, "dana"), asked(here)

    def speaks(session: Session, _: object) -> None:
        session.get_one(Appointment, (here.cast.practice.id, appointment)).lang = lang

    here.database.write(speaks)
    propose(here, dana, appointment, "11:00")
    page = here.browser().get(own_page(here, appointment)).text
    assert heading in page and accept in page and when in page
    assert "Would another" not in page and "None of these" not in page


def test_a_practitioner_proposes_in_their_own_calendar_alone(here: Site) -> None:
    ana, appointment = signed_in(here, "ana"), asked(here)
    of_ben = asked(here, ZOE, practitioner=here.cast.ben)
    assert ana.get(f"/appointments/{of_ben}/proposal").status_code == 404
    address = f"/appointments/{appointment}/proposal"
    start = (NINE + timedelta(hours=2)).isoformat()
    crossed = f"{start} {here.cast.ben.id} {here.cast.main_street.id}"
    assert ana.submit(ana.get(address), address, times=crossed).status_code == 403
    assert "Waiting for the client until" in propose(here, ana, appointment, "11:00")


@pytest.fixture
def served(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def test_a_client_takes_a_time_on_a_phone(served: Booking, page: Page, axe: str) -> None:
    here = served.site
    dana, appointment = signed_in(here, "dana"), asked(here)
    propose(here, dana, appointment, "11:00", "12:30")
    page.set_viewport_size({"width": 320, "height": 700})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto(served.base + own_page(here, appointment))
    group = page.get_by_role("group", name="Which time suits you?")
    expect(group.get_by_role("radio")).to_have_count(2)
    assert findings(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    group.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Take this time")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("you take this time")
    assert findings(page, axe) == []
    assert row(here, appointment).start == NINE + timedelta(hours=3.5)
