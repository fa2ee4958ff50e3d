"""Staff block time off: nobody books in it, and the appointments that are in it are shown first."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from pencilin.database import Database
from pencilin.errors import SlotTaken
from pencilin.models import TimeOff
from tests.cast import ZOE
from tests.screens import asked, signed_in
from tests.staff_site import Site, site

PAGE = "/time-off?start=2026-11-24T09:00&end=2026-11-24T12:00&practitioner=ana"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


def blocked(here: Site) -> list[TimeOff]:
    with here.database.read() as session:
        return list(session.exec(select(TimeOff)))


def test_blocked_time_is_closed_to_visitors_until_it_is_undone(here: Site) -> None:
    dana = signed_in(here, "dana")
    fields = {"practitioners": here.cast.ana.id, "note": "Dentist"}
    told = dana.follow(dana.submit(dana.get(PAGE), "/time-off", **fields))
    assert "Blocked: Tue, Nov 24, 9:00 AM – 12:00 PM." in told.text
    (row,) = blocked(here)
    assert (row.practitioner_id, row.note, row.end - row.start) == (here.cast.ana.id, "Dentist", timedelta(hours=3))
    with pytest.raises(SlotTaken):
        asked(here)
    assert "no longer blocked" in dana.follow(dana.submit(told, "/time-off/removal")).text
    assert blocked(here) == [] and asked(here)


def test_what_is_booked_already_is_shown_first_and_stays(here: Site) -> None:
    request = asked(here)
    dana = signed_in(here, "dana")
    fields = {"practitioners": here.cast.ana.id}
    shown = dana.submit(dana.get(PAGE), "/time-off", **fields)
    assert shown.status_code == 409 and f"/appointments/{request}" in shown.text
    assert "1 appointment is in this time" in shown.text and blocked(here) == []
    asked(here, ZOE, hours=1)
    again = dana.submit(shown, "/time-off", **fields, despite="yes")
    assert again.status_code == 409 and "2 appointments are in this time" in again.text
    assert dana.submit(again, "/time-off", **fields, despite="yes").status_code == 303
    assert len(blocked(here)) == 1


def test_what_is_wrong_is_said_at_the_field(here: Site) -> None:
    dana = signed_in(here, "dana")
    page = dana.get(PAGE)
    answer = dana.submit(page, "/time-off", until_time="08:00", note="Keep me")
    assert answer.status_code == 422 and "Keep me" in answer.text
    assert "Tick at least one practitioner." in answer.text and "Enter an end after the start." in answer.text
    assert dana.submit(page, "/time-off", from_date="soon").status_code == 422
    assert dana.submit(page, "/time-off", practitioners=here.other.ana.id).status_code == 422


def test_a_practitioner_blocks_their_own_time_only(here: Site) -> None:
    ana, dana = signed_in(here, "ana"), signed_in(here, "dana")
    page = ana.get(PAGE)
    assert "Ben Osei" not in page.text
    assert ana.submit(page, "/time-off", practitioners=here.cast.ben.id).status_code == 403
    assert ana.submit(page, "/time-off", practitioners=here.cast.ana.id).status_code == 303
    dana.submit(dana.get(PAGE), "/time-off", practitioners=here.cast.ben.id)
    bens = next(one.id for one in blocked(here) if one.practitioner_id == here.cast.ben.id)
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    assert ana.post("/time-off/removal", {"csrf": csrf, "time_off": bens}).status_code == 404
    assert len(blocked(here)) == 2
