"""The requests: what helps to decide at a glance, and several decided at once, each by itself."""

import re
from collections.abc import Iterator

import pytest
from httpx2 import Response
from sqlmodel import select

from pencilin.database import Database
from pencilin.models import Link
from tests.cast import KIM_MOVED, SAM, ZOE
from tests.screens import asked, link_kim, press, row, signed_in
from tests.staff_site import Browser, Forms, Site, site


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def dana(here: Site) -> Browser:
    return signed_in(here, "dana")


def rows_of(page: Response) -> list[str]:
    """The rows of the list, each as words without markup."""
    rows = page.text.split('<li class="request ')[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", one.split("</li>")[0]).split()) for one in rows]


def several(browser: Browser, page: Response, action: str, chosen: list[str], **fields: str) -> Response:
    """Ticks these and sends the form that goes to ``action``."""
    hidden = dict(re.findall(r'name="((?:revision|client)_\w+)" value="(\w+)"', page.text))
    token = Forms(page.text).forms["/logout"]["csrf"]
    sent = {"csrf": token, "chosen": chosen} | hidden | fields
    return browser.post(action, sent)  # type: ignore[arg-type]


def words(page: Response) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+([:.])", r"\1", " ".join(re.sub(r"<[^>]+>", " ", page.text).split()))


def test_a_row_says_who_it_very_likely_is_their_next_visit_and_their_other_requests(here: Site, dana: Browser) -> None:
    approved = asked(here, hours=3)
    link_kim(here, dana, approved)
    press(dana, approved, "approval")
    asked(here)
    asked(here, SAM, hours=1)
    asked(here, ZOE, hours=2)
    kim, sam, zoe = rows_of(dana.get("/requests"))
    assert "Very likely Kim Lee Next visit Tue, Nov 24, 12:00 PM · First visit" in kim
    assert "1 more request from this contact" in kim
    assert "Very likely" not in sam and "1 more request from this contact" in sam
    assert "Very likely" not in zoe and "more request" not in zoe
    assert 'href="tel:+4684650040' in dana.get("/requests").text


def test_a_practitioner_learns_from_the_list_no_more_than_from_the_page(here: Site) -> None:
    asked(here)
    asked(here, SAM, hours=1, practitioner=here.cast.ben)
    (only,) = rows_of(signed_in(here, "ana").get("/requests"))
    assert "Matches an existing client of the practice" in only
    assert "Very likely" not in only and "Next visit" not in only and "more request" not in only
    assert "No request has a very likely client" in signed_in(here, "ana").get("/requests/approvals").text


def test_ticked_pairs_are_linked_and_approved_each_by_itself(here: Site, dana: Browser) -> None:
    first, second, third = asked(here), asked(here, hours=1), asked(here, hours=2)
    asked(here, ZOE, hours=3)
    page = dana.get("/requests/approvals")
    assert page.text.count("Kim Lee</bdi> is <bdi>Kim Lee") == 3 and "Zoë" not in page.text
    assert " checked" not in page.text
    link_kim(here, signed_in(here, "mona"), second)
    press(signed_in(here, "mona"), second, "approval")
    told = several(dana, page, "/requests/approvals", [first, second])
    assert "Kim Lee: approved Kim Lee: approved by Mona at 7:00 AM" in words(told)
    assert [row(here, one).status for one in (first, second, third)] == ["approved", "approved", "tentative"]
    with here.database.read() as session:
        (link,) = session.exec(select(Link).where(Link.appointment_id == first)).all()
    assert link.staff_id == here.cast.dana.id and "same date of birth" in link.evidence
    undone = dana.submit(told, "/requests/undo")
    assert "Kim Lee: taken back, it waits again" in words(undone)
    assert row(here, first).status == "tentative" and row(here, second).status == "approved"


def test_where_addresses_differ_each_ticked_pair_needs_a_choice_before_any_is_approved(
    here: Site, dana: Browser
) -> None:
    same, moved = asked(here), asked(here, KIM_MOVED, hours=1)
    page = dana.get("/requests/approvals")
    answer = several(dana, page, "/requests/approvals", [same, moved])
    assert answer.status_code == 422 and "Choose where the confirmation goes." in answer.text
    assert answer.text.count(" checked") == 2
    assert row(here, same).status == row(here, moved).status == "tentative"
    told = several(dana, answer, "/requests/approvals", [same, moved], **{f"confirm_to_{moved}": "typed"})
    assert words(told).count("Kim Lee: approved") == 2
    nothing = several(dana, dana.get("/requests/approvals"), "/requests/approvals", [])
    assert nothing.status_code == 422


def test_several_are_declined_with_one_reason_and_taken_back_together(here: Site, dana: Browser) -> None:
    chosen = [asked(here), asked(here, ZOE, hours=1)]
    kept = asked(here, SAM, hours=2)
    page = dana.get("/requests")
    refused = several(dana, page, "/requests/refusals", [], reason="full", message="Sorry.")
    assert refused.status_code == 422 and "Tick at least one request." in refused.text and "Sorry." in refused.text
    told = several(dana, page, "/requests/refusals", chosen, reason="full", message="Sorry.")
    assert "Kim Lee: declined Zoë Ångström: declined" in words(told)
    assert [row(here, one).decline_message for one in chosen] == ["Sorry."] * 2
    assert row(here, kept).status == "tentative"
    dana.submit(told, "/requests/undo", chosen=chosen[0])
    assert [row(here, one).status for one in chosen] == ["tentative", "declined"]
    assert dana.get("/requests/refusals").headers["location"] == "/requests"


def test_a_practitioner_decides_nothing_of_a_colleague(here: Site) -> None:
    bens = asked(here, practitioner=here.cast.ben)
    ana = signed_in(here, "ana")
    page = ana.get("/requests")
    for action, more in (
        ("/requests/refusals", {"reason": "full"}),
        ("/requests/approvals", {}),
        ("/requests/undo", {}),
    ):
        fields = {f"revision_{bens}": "1", f"client_{bens}": here.cast.kim.id, f"confirm_to_{bens}": "both"} | more
        told = several(ana, page, action, [bens], **fields)
        assert "A request: there is no such appointment, or not for you to see" in words(told)
    assert row(here, bens).status == "tentative"


def test_the_next_request_opens_and_says_what_was_decided(here: Site, dana: Browser) -> None:
    appointment, following = asked(here), asked(here, ZOE, hours=1)
    link_kim(here, dana, appointment)
    page = dana.get(f"/appointments/{appointment}")
    answer = dana.submit(page, f"/appointments/{appointment}/approval")
    assert answer.headers["location"] == f"/appointments/{following}"
    shown = dana.follow(answer)
    assert "Approved. Kim will be emailed in 20 s." in shown.text and "Zoë" in shown.text
    back = dana.follow(dana.submit(shown, f"/appointments/{appointment}/undo"))
    assert "New Appointment · Tentative" in back.text and row(here, appointment).status == "tentative"


def test_one_search_finds_clients_and_appointments_as_far_as_one_may_see(here: Site, dana: Browser) -> None:
    kims, zoes = asked(here), asked(here, ZOE, hours=1, practitioner=here.cast.ben)
    link_kim(here, dana, kims)
    press(dana, kims, "approval")
    reference = row(here, zoes).reference.lower()

    def found(browser: Browser, text: str) -> str:
        return browser.submit(browser.get("/search"), "/search", q=text).text

    assert f"/clients/{here.cast.kim.id}" in found(dana, "kym") and f"/appointments/{kims}" in found(dana, "kym")
    for text in (reference, f" {reference[:4]} {reference[4:]}", "angstrom"):
        page = found(dana, text)
        assert f"/appointments/{zoes}" in page and f"/appointments/{kims}" not in page, text
    assert "Nothing found for" in found(dana, "nobody")
    ana, other = signed_in(here, "ana"), here.browser()
    other.sign_in("dana@birch.example")
    assert f"/appointments/{kims}" in found(ana, "lee")
    for browser, text in ((ana, "angstrom"), (ana, reference), (other, reference)):
        assert "Nothing found for" in found(browser, text)
    assert kims not in found(other, "lee") and here.cast.kim.id not in found(other, "lee")
    assert "/search?q" not in dana.get("/search?q=lee").text and "Kim Lee" not in dana.get("/search?q=lee").text
    here.later(days=3)
    assert "Earlier appointments" in found(signed_in(here, "dana"), "lee")
