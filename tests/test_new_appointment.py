"""Staff enter an appointment themselves: approved at once, with the same guards as every other."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from pencilin.database import Database
from pencilin.models import Appointment, AuditEntry, Client, Outbox, Reservation
from pencilin.rules.states import Status
from tests.cast import NINE, ZOE
from tests.screens import asked, signed_in
from tests.staff_site import Browser, Forms, Site, site

NEW = "/appointments/new?start=2026-11-24T09:00&practitioner=ana&location=main-street"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def dana(here: Site) -> Browser:
    return signed_in(here, "dana")


def visit(here: Site, **more: str) -> dict[str, str]:
    cast = here.cast
    ids = {"service": cast.first_visit.id, "practitioner": cast.ana.id, "location": cast.main_street.id}
    return ids | {"who": "existing", "date": "2026-11-24", "time": "09:00", "every": "", "mail": "yes"} | more


def book(here: Site, browser: Browser, **more: str) -> str:
    """The page that booking for Kim leads to."""
    page = browser.get(NEW)
    fields = visit(here) | {"client": here.cast.kim.id} | more
    return browser.follow(browser.submit(page, "/appointments", **fields)).text


def appointments(here: Site) -> list[Appointment]:
    with here.database.read() as session:
        return list(session.exec(select(Appointment).order_by(Appointment.start)))  # type: ignore[arg-type]


def rows(here: Site, kind: type) -> list[object]:
    with here.database.read() as session:
        return list(session.exec(select(kind)))


def test_the_page_begins_with_what_the_calendar_knows(here: Site, dana: Browser) -> None:
    page = dana.get(NEW + "&minutes=45").text
    for value in ("2026-11-24", "09:00", "45"):
        assert f'value="{value}"' in page
    assert f'<option value="{here.cast.ana.id}" selected>' in page
    for address in ("", "?start=soon", "?start=9999-12-31T23:55-12:00"):
        assert dana.get(f"/appointments/new{address}").status_code == 200


def test_an_existing_client_is_booked_confirmed_and_shown_everywhere(here: Site, dana: Browser) -> None:
    page = book(here, dana, note="Brings her records")
    assert "Kim Lee is booked for" in page and "A confirmation leaves in 20 s" in page and "Undo" in page
    (made,) = appointments(here)
    assert (made.status, made.source, made.client_id) == (Status.APPROVED, "desk", here.cast.kim.id)
    file = f'<a href="/clients/{here.cast.kim.id}"><bdi>Kim Lee</bdi></a>'
    assert file in dana.get(f"/appointments/{made.id}").text
    assert (made.start, made.local_start, made.note) == (NINE, datetime(2026, 11, 24, 9), "Brings her records")
    with here.database.read() as session:
        (mail,) = session.exec(select(Outbox))
        assert (mail.kind, mail.recipient, mail.due_at) == (
            "confirmed",
            here.cast.kim.email,
            here.now + timedelta(seconds=20),
        )
        assert session.exec(select(AuditEntry.action).where(AuditEntry.subject_id == made.id)).all() == [
            "appointment.entered"
        ]
    for path in (
        "/calendar?view=list&date=2026-11-24",
        f"/appointments/{made.id}",
        f"/clients/{here.cast.kim.id}",
        "/requests",
    ):
        answer = dana.get(path)
        assert answer.status_code == 200
        assert path == "/requests" or "First visit" in answer.text
    shown = dana.get(f"/appointments/{made.id}").text
    assert "Kim Lee" in shown
    # Nobody asked for it, so there is no request that it could become again.
    fields = Forms(shown).forms[f"/appointments/{made.id}/visit"]
    assert dana.post(f"/appointments/{made.id}/undo", fields).status_code == 409
    assert appointments(here)[0].status == Status.APPROVED


def test_undo_takes_it_back_before_anybody_is_written_to(here: Site, dana: Browser) -> None:
    page = dana.get(NEW)
    fields = visit(here, who="new", first_name="Noa", last_name="Berg", email="noa@mail.example")
    after = dana.follow(dana.submit(page, "/appointments", **fields))
    told = dana.follow(dana.submit(after, "/appointments/removal")).text
    assert "Taken back" in told
    (made,) = appointments(here)
    assert made.status == Status.CANCELLED
    assert rows(here, Reservation) == []
    with here.database.read() as session:
        assert all(mail.cancelled_at for mail in session.exec(select(Outbox)))
        assert session.exec(select(Client).where(Client.last_name == "Berg")).one().archived_at


def test_a_new_client_is_filed_unless_somebody_very_likely_is(here: Site, dana: Browser) -> None:
    page = dana.get(NEW)
    kim = {"first_name": "Kim", "last_name": "Lee", "email": "kim.lee@mail.example", "birth_date": "1985-03-24"}
    answer = dana.submit(page, "/appointments", **visit(here, who="new"), **kim)
    assert answer.status_code == 409 and "very likely a client you already have" in answer.text
    assert appointments(here) == [] and 'value="Kim"' in answer.text
    instead = dana.submit(answer, "/appointments", **visit(here, who="new"), instead=here.cast.kim.id)
    assert instead.status_code == 303
    assert appointments(here)[0].client_id == here.cast.kim.id
    other = visit(here, who="new", time="12:00") | kim
    assert dana.submit(page, "/appointments", **other, despite_match="yes").status_code == 303
    assert len(rows(here, Client)) == 3  # Kim, Birch's Kim, and the new one


def test_what_is_missing_is_named_and_nothing_is_lost(here: Site, dana: Browser) -> None:
    page = dana.get(NEW)
    answer = dana.submit(page, "/appointments", **visit(here, time="09:02", note="Keep me"))
    assert answer.status_code == 422
    assert "Search for a client and choose one" in answer.text and "multiple of five" in answer.text
    assert "Keep me" in answer.text
    answer = dana.submit(page, "/appointments", **visit(here, who="new", first_name="Noa"))
    assert answer.status_code == 422 and "Enter a name." in answer.text
    assert appointments(here) == []


def test_a_client_is_searched_for_without_losing_the_rest(here: Site, dana: Browser) -> None:
    page = dana.get(NEW)
    answer = dana.submit(page, "/appointments", **visit(here, q="lee", do="search", note="Keep me"))
    assert answer.status_code == 200 and here.cast.kim.id in answer.text and "Keep me" in answer.text
    assert here.other.kim.id not in answer.text
    assert "No client found" in dana.submit(page, "/appointments", **visit(here, q="xyz", do="search")).text


def test_conflicts_are_said_first_and_overbooking_is_deliberate(here: Site, dana: Browser) -> None:
    asked(here, ZOE)
    query = "&".join(f"{name}={value}" for name, value in visit(here).items())
    told = dana.get(f"/appointments/new/conflicts?{query}", Accept="application/json").json()
    assert told["conflicts"] == ["This overlaps the appointment at 9:00 AM, buffers included."]
    refused = book(here, dana)
    assert "Overbook all the same" in refused and 'value="overbook"' in refused
    assert "is booked for" not in book(here, dana, despite_conflicts="yes")
    assert "is booked for" in book(here, dana, despite_conflicts="overbook")
    made = appointments(here)[1] if appointments(here)[1].source else appointments(here)[0]
    assert "Overbooked" in dana.get(f"/appointments/{made.id}").text


def test_a_practitioner_books_for_themselves_and_learns_of_no_other_client(here: Site) -> None:
    ana = signed_in(here, "ana")
    page = ana.get(NEW)
    assert "Ben Osei" not in page.text
    kim = {"first_name": "Kim", "last_name": "Lee", "email": "kim.lee@mail.example", "birth_date": "1985-03-24"}
    assert here.cast.kim.id not in ana.submit(page, "/appointments", **visit(here, q="lee", do="search")).text
    assert ana.get(f"{NEW}&client={here.cast.kim.id}").status_code == 404
    assert ana.submit(page, "/appointments", **visit(here, client=here.cast.kim.id)).status_code == 404
    bens = visit(here, who="new", practitioner=here.cast.ben.id) | kim
    assert ana.submit(page, "/appointments", **bens).status_code == 422
    assert ana.submit(page, "/appointments", **visit(here, who="new") | kim).status_code == 303
    (made,) = appointments(here)
    assert made.client_id != here.cast.kim.id
    assert ana.get(f"/clients/{made.client_id}").status_code == 200


def test_nothing_of_another_practice_can_be_booked(here: Site, dana: Browser) -> None:
    page = dana.get(NEW)
    birch = here.other
    foreign = {"service": birch.first_visit.id, "practitioner": birch.ana.id, "location": birch.main_street.id}
    assert dana.submit(page, "/appointments", **visit(here, client=here.cast.kim.id) | foreign).status_code == 422
    assert dana.submit(page, "/appointments", **visit(here, client=birch.kim.id)).status_code == 404
    assert appointments(here) == []


def test_a_series_is_looked_at_and_booked_at_once(here: Site, dana: Browser) -> None:
    asked(here, ZOE, hours=7 * 24)
    repeat = visit(here, client=here.cast.kim.id, every="1", times="4")
    page = dana.submit(dana.get(NEW), "/appointments", **repeat)
    assert page.status_code == 200 and appointments(here)[-1].source is None
    assert page.text.count('name="dates"') == 4 and page.text.count("Overlaps") == 1
    seen = page.text.split('name="seen" value="')[1].split('"')[0]
    values = [part.split('"')[0] for part in page.text.split('name="dates" value="')[1:]]
    assert [value.partition("/")[2] for value in values] == ["", "overbook", "", ""]
    fields = repeat | {"seen": seen, "csrf": page.text.split('name="csrf" value="')[1].split('"')[0]}
    answer = dana.client.post(
        "/appointments",
        data=fields | {"dates": [values[0], values[2], values[3]]},
        headers={"Origin": dana.url, "Accept": "text/html"},
    )
    assert "Kim Lee is booked 3 times" in dana.follow(answer).text
    made = [one for one in appointments(here) if one.source]
    assert [one.local_start.day for one in made] == [24, 8, 15]
    assert len({one.series_id for one in made}) == 1 and made[0].series_id
    again = dana.submit(dana.get(NEW), "/appointments", **repeat | {"times": "40"})
    assert again.status_code == 422 and "from 2 to 26" in again.text


def test_a_series_keeps_the_clock_on_the_wall(here: Site, dana: Browser) -> None:
    repeat = visit(here, client=here.cast.kim.id, every="2", times="3", date="2027-03-02", time="02:30")
    page = dana.submit(dana.get(NEW), "/appointments", **repeat | {"date": "2027-02-28"}).text
    assert "clocks are put forward" in page and "disabled" in page


def test_book_next_begins_with_the_same_weeks_later(here: Site, dana: Browser) -> None:
    book(here, dana)
    (made,) = appointments(here)
    page = dana.get(f"/appointments/new?after={made.id}&weeks=4").text
    assert 'value="2026-12-22"' in page and 'value="09:00"' in page and "Kim Lee" in page
    assert f"/appointments/new?after={made.id}" in dana.get(f"/appointments/{made.id}").text
    assert signed_in(here, "ana").get(f"/appointments/new?after={'0' * 32}").status_code == 404


def test_who_is_confirmed_is_reminded_and_nobody_else(here: Site, dana: Browser) -> None:
    here.database.write(lambda session, _: setattr(session.merge(here.cast.practice), "reminder_hours", [3]))
    assert "A confirmation leaves" not in book(here, dana, mail="")
    assert rows(here, Outbox) == []
    book(here, dana, time="13:00")
    with here.database.read() as session:
        assert sorted(session.exec(select(Outbox.kind))) == ["confirmed", "visit_reminder"]
