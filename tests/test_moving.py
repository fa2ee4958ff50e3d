"""The calendar's script moves appointments: what speaks against it is asked first, and Undo brings back what was."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from httpx2 import Response

from pencilin.database import Database
from pencilin.mail import outbox
from tests.cast import NINE, ZOE
from tests.screens import asked, link_kim, press, row, signed_in
from tests.staff_site import HERE, Browser, Forms, Site, site


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def dana(here: Site) -> Browser:
    return signed_in(here, "dana")


def send(here: Site, browser: Browser, appointment: str, **fields: object) -> Response:
    token = Forms(browser.get("/logout").text).forms["/logout"]["csrf"]
    told = {"revision": row(here, appointment).revision} | fields
    return browser.client.post(
        f"/appointments/{appointment}/time",
        data={name: str(value) for name, value in told.items()},
        headers={"Accept": "application/json", "X-CSRF-Token": token, "Origin": HERE},
    )


def mails(here: Site) -> list[str]:
    """Sends what is due, and says what kinds left."""
    sent = []
    while lease := here.database.write(lambda session, now: outbox.lease(session, here.now)):
        here.database.write(lambda session, now, lease=lease: outbox.mark_sent(session, lease, here.now))  # type: ignore[misc]
        sent.append(lease)
    return [str(one) for one in sent]


def test_a_move_and_its_undo(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    moved = send(here, dana, appointment, start="2026-11-25T11:30", practitioner="ben", minutes=90)
    assert moved.status_code == 200, moved.text
    assert moved.json()["words"] == "Moved to Wed, Nov 25, 11:30 AM, with Ben Osei."
    now = row(here, appointment)
    assert (now.start, now.practitioner_id) == (NINE + timedelta(days=1, hours=2, minutes=30), here.cast.ben.id)
    assert now.end - now.start == timedelta(minutes=90)
    undone = send(here, dana, appointment, **moved.json()["undo"])
    assert undone.status_code == 200
    back = row(here, appointment)
    assert (back.start, back.end, back.practitioner_id) == (NINE, NINE + timedelta(hours=1), here.cast.ana.id)


def test_a_longer_one_says_its_hours(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    assert send(here, dana, appointment, minutes=75).json()["words"] == "Now 9:00 AM – 10:15 AM."


def test_conflicts_are_asked_about_and_nothing_is_saved(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    asked(here, ZOE, hours=2)
    refused = send(here, dana, appointment, start="2026-11-24T11:00")
    assert refused.status_code == 409
    assert refused.json() | {"detail": ""} == {
        "code": "time_conflicts",
        "detail": "",
        "conflicts": ["This overlaps the appointment at 11:00 AM, buffers included."],
        "may_insist": True,
        "overlap": True,
    }
    assert row(here, appointment).start == NINE
    told = send(here, dana, appointment, start="2026-11-24T11:00", despite_conflicts="overbook")
    assert told.status_code == 200
    assert (
        send(here, dana, appointment, start="2026-11-20T11:00", despite_conflicts="yes").json()["may_insist"] is False
    )


def test_a_page_that_is_out_of_date_or_wrong_changes_nothing(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    here.later(minutes=1)
    assert send(here, dana, appointment, start="2026-11-24T11:00").status_code == 200
    late = send(here, dana, appointment, start="2026-11-24T12:00", revision=1)
    assert late.status_code == 409 and "by Dana" in late.json()["detail"]
    for start in ("soon", "2027-03-14T02:30", "9999-12-31T23:55"):
        assert send(here, dana, appointment, start=start).status_code == 422
    for fields in ({"minutes": "7"}, {"practitioner": "nobody"}):
        assert send(here, dana, appointment, **fields).status_code == 422
    ana = signed_in(here, "ana")
    assert send(here, ana, appointment, practitioner="ben").status_code == 403


def test_whoever_knows_of_the_time_that_undo_brings_back_hears_nothing(here: Site, dana: Browser) -> None:
    appointment = asked(here)
    link_kim(here, dana, appointment)
    press(dana, appointment, "approval")
    here.later(seconds=30)
    mails(here)
    moved = send(here, dana, appointment, start="2026-11-24T11:00").json()
    assert moved["words"].endswith("The client is emailed in 20 s.")
    undone = send(here, dana, appointment, **moved["undo"]).json()
    assert "emailed" not in undone["words"]
    here.later(seconds=30)
    assert mails(here) == []
    # Once the move has been told, going back is news.
    moved = send(here, dana, appointment, start="2026-11-24T11:00").json()
    here.later(seconds=30)
    assert len(mails(here)) == 1
    assert "emailed" in send(here, dana, appointment, **moved["undo"]).json()["words"]
