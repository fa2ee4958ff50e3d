"""Staff block time off: nobody books in it, and the appointments that are in it are shown first."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from pencilin.database import Database
from pencilin.errors import SlotTaken
from pencilin.models import TimeOff
from tests.cast import SAM, ZOE
from tests.screens import asked, signed_in
from tests.staff_site import Forms, Site, site

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
    assert "Blocked: Tue, Nov 24, 2026, 9:00 AM – 12:00 PM." in told.text
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
    assert "1 appointment lies in this time." in shown.text and blocked(here) == []
    other = asked(here, ZOE, hours=1)
    again = dana.submit(shown, "/time-off", **fields)
    assert again.status_code == 409 and "2 appointments lie in this time." in again.text
    form = Forms(again.text).forms["/time-off"] | fields
    told = dana.post("/time-off", form | {"seen": [request, other]})
    assert told.status_code == 303
    # What was seen then needs no second look in Settings; what comes into the time there does.
    (row,) = blocked(here)
    late = asked(here, SAM, hours=4)
    mona, path = signed_in(here, "mona"), f"/settings/practitioners/{here.cast.ana.id}/dates/time-off/{row.id}"
    page = mona.get(path)
    assert mona.submit(page, path, note="Dentist").status_code == 303
    longer = mona.submit(page, path, until_time="15:00")
    assert longer.status_code == 409 and late in longer.text and request not in longer.text


def test_what_is_wrong_is_said_at_the_field(here: Site) -> None:
    dana = signed_in(here, "dana")
    page = dana.get(PAGE)
    answer = dana.submit(page, "/time-off", until_time="08:00", note="Keep me")
    assert answer.status_code == 422 and "Keep me" in answer.text
    told = dana.submit(page, "/time-off", until_date="2126-11-24", practitioners=here.cast.ana.id)
    assert told.status_code == 422 and "within 5 years of the start" in told.text
    assert "This should be later than the start." in answer.text
    assert "Tick at least one practitioner." in dana.submit(page, "/time-off", practitioners="").text
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
