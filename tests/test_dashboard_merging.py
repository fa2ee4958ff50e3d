"""Duplicates on the dashboard: pairs with their evidence, told apart or merged, each role within its own clients."""

from collections.abc import Iterator

import pytest

from pencilin import clients, review
from pencilin.clients import ClientForm, duplicates
from pencilin.database import Database
from tests.cast import KIM
from tests.screens import asked, link_kim, press, row, signed_in
from tests.staff_site import Browser, Forms, Site, site

PAIRS = "/clients/duplicates"
LAST_NAMES = ("Abara", "Costa", "Dubois", "Fischer", "Haddad")


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def dana(here: Site) -> Browser:
    return signed_in(here, "dana")


def filed(here: Site, first_name: str, last_name: str, *about: str) -> str:
    """The id of a new file with this email, phone and date of birth."""
    form = ClientForm(first_name, last_name, *about)
    return here.database.write(lambda session, now: clients.create(session, here.cast.mona, form, now).id)


def kimberly(here: Site) -> str:
    return filed(here, "Kimberly", "Lee", "kim.lee@mail.example", "", "1985-03-24")


def test_pairs_are_shown_with_their_evidence_and_relatives_are_not(here: Site, dana: Browser) -> None:
    assert "No duplicates" in dana.get(PAIRS).text
    other = kimberly(here)
    relative = filed(here, "Sam", "Lee", "kim.lee@mail.example", "+1 212 555 0147", "1988-08-02")
    twin = filed(here, "Tim", "Lee", "kim.lee@mail.example", "+1 212 555 0147", "1985-03-24")
    filed(here, "Kim", "Lee", "another@mail.example", "+1 212 555 0199", "1960-01-01")
    page = dana.get(PAIRS).text
    assert other in page and here.cast.kim.id in page
    assert relative not in page and twin not in page
    assert page.count("Compare and merge") == 1
    for words in ("Very likely", "Same date of birth", "Same email"):
        assert words in page


def test_names_alone_are_possible_where_nothing_differs(here: Site, dana: Browser) -> None:
    filed(here, "Zoë", "Ångström", "zoe@far.example")
    filed(here, "Zoe", "Angstrom", "", "+46 8 465 004 00")
    assert "Possibly" in dana.get(PAIRS).text


def test_different_people_stay_different_until_that_is_taken_back(here: Site, dana: Browser) -> None:
    kimberly(here)
    told = dana.follow(dana.submit(dana.get(PAIRS), f"{PAIRS}/dismissal"))
    assert "No duplicates" in told.text and "different people" in told.text
    assert "No duplicates" in signed_in(here, "mona").get(PAIRS).text
    assert "Compare and merge" in dana.follow(dana.submit(told, f"{PAIRS}/return")).text


def test_many_files_are_gone_through_a_page_at_a_time(
    here: Site, dana: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, last_name in enumerate(LAST_NAMES):
        for name in ("Robert", "Bob"):
            filed(here, name, last_name, f"{last_name}@mail.example", "", f"19{number + 3}0-0{number + 1}-1{number}")
    monkeypatch.setattr(duplicates, "WINDOW", 4)
    with here.database.read() as session:
        every = clients.find_pairs(session, here.cast.dana)
        found: list[str] = []
        after: str | None = ""
        while after is not None:
            page = clients.find_pairs(session, here.cast.dana, after, limit=2)
            found += [one.one.id for one in page.pairs]
            after = page.after
    assert sorted(found) == sorted(one.one.id for one in every.pairs) and len(found) == 5
    assert every.looked_at == 11
    monkeypatch.setattr(duplicates, "MOST_WINDOWS", 1)
    assert "Look further" in dana.get(PAIRS).text


def test_two_files_are_merged_and_taken_apart(here: Site, dana: Browser) -> None:
    other, kim = kimberly(here), here.cast.kim.id
    appointment = asked(here)
    here.database.write(lambda session, now: review.link_existing(session, here.cast.dana, appointment, other, 1, now))
    found = dana.submit(dana.get(f"/clients/{kim}/merge"), f"/clients/{kim}/merge", q="kimberly")
    address = f"/clients/{kim}/merge/{other}"
    assert f'href="{address}"' in found.text and f"/merge/{kim}" not in found.text
    page = dana.get(address)
    assert "1 appointment of the other file, of which 1 waits for a decision" in page.text
    merged = dana.follow(dana.submit(page, address, first_name="merged"))
    assert "The file of Kimberly Lee is part of this one now. 1 appointment moved" in merged.text
    assert "<h1" in merged.text and row(here, appointment).client_id == kim
    assert dana.get(f"/clients/{other}").headers["location"] == f"/clients/{kim}"
    assert dana.get(f"/clients/{other}/edit").headers["location"] == f"/clients/{kim}"
    assert dana.submit(page, address).headers["location"] == f"/clients/{kim}", "the second who merges is led there"
    (undo,) = [action for action in Forms(merged.text).forms if action.endswith("/undo")]
    assert "apart again" in dana.follow(dana.submit(merged, undo)).text
    assert row(here, appointment).client_id == other


def test_who_merges_what_changed_meanwhile_sees_it_first(here: Site, dana: Browser) -> None:
    address = f"/clients/{here.cast.kim.id}/merge/{kimberly(here)}"
    page = dana.get(address)
    mona = signed_in(here, "mona")
    edit = f"/clients/{here.cast.kim.id}/edit"
    mona.submit(mona.get(edit), edit, last_name="Lee-Park")
    told = dana.submit(page, address, first_name="merged")
    assert told.status_code == 409 and "changed meanwhile" in told.text and "Lee-Park" in told.text
    assert 'value="merged" checked' in told.text
    assert dana.submit(told, address).status_code == 303


def test_a_practitioner_pairs_and_merges_their_own_clients_only(here: Site, dana: Browser) -> None:
    other, kim = kimberly(here), here.cast.kim.id
    appointment = asked(here, KIM)
    link_kim(here, dana, appointment)
    press(dana, appointment, "approval")
    ana = signed_in(here, "ana")
    assert "No duplicates" in ana.get(PAIRS).text
    token = {"csrf": Forms(ana.get("/clients").text).forms["/clients"]["csrf"]}
    assert other not in ana.post(f"/clients/{kim}/merge", token | {"q": "kimberly"}).text
    for one, two in ((kim, other), (other, kim)):
        assert ana.get(f"/clients/{one}/merge/{two}").status_code == 404
        assert ana.post(f"/clients/{one}/merge/{two}", token).status_code == 404
        assert ana.post(f"{PAIRS}/dismissal", token | {"one": one, "other": two}).status_code == 404
    page = dana.get(f"/clients/{kim}/merge/{other}")
    dana.submit(page, f"/clients/{kim}/merge/{other}")
    assert ana.get(f"/clients/{other}").headers["location"] == f"/clients/{kim}", "hers now, and part of one of hers"
