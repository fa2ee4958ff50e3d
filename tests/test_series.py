"""A series on Edit Appointment: which others belong to it, and calling off this one and the later ones together."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from sqlmodel import Session, col, select

from pencilin import scheduling
from pencilin.database import Database
from pencilin.mail.messages import Kind
from pencilin.models import Appointment, AuditEntry, Outbox, Reservation
from pencilin.rules.states import Status
from pencilin.scheduling import NewAppointment, Occurrence
from tests.cast import NINE, ZOE
from tests.postbox import calendar_of, letter, text_of
from tests.screens import asked, press, row, signed_in
from tests.staff_site import Browser, Site, site

MESSAGE = "Ana moves away."


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def dana(here: Site) -> Browser:
    return signed_in(here, "dana")


@pytest.fixture
def made(here: Site) -> list[str]:
    """The ids of four visits of Kim's with Ana at nine, one a week; what was mailed of them has arrived."""
    cast = here.cast
    starts = tuple(Occurrence(NINE + timedelta(weeks=number)) for number in range(4))
    wanted = NewAppointment(cast.first_visit.id, cast.ana.id, cast.main_street.id, starts, client_id=cast.kim.id)

    def work(session: Session, _: datetime) -> list[str]:
        ids = [one.id for one in scheduling.enter(session, cast.dana, wanted, here.now)]
        for mail in session.exec(select(Outbox)):
            mail.sent_at, mail.payload = here.now, None
        return ids

    found = here.database.write(work)
    here.later(minutes=1)
    return found


def statuses(here: Site, made: list[str]) -> list[str]:
    return [row(here, one).status.value for one in made]


def mails(here: Site, kind: Kind) -> list[Outbox]:
    with here.database.read() as session:
        rows = session.exec(
            select(Outbox).where(Outbox.kind == kind, col(Outbox.cancelled_at).is_(None), col(Outbox.sent_at).is_(None))
        )
        return list(rows)


def cancel_from(dana: Browser, appointment: str, **fields: str) -> str:
    """The page that cancelling it and the later ones leads to."""
    address = f"/appointments/{appointment}/later-cancellation"
    return dana.follow(dana.submit(dana.get(address), address, **fields)).text


def test_the_others_are_listed_and_what_has_become_of_them(here: Site, dana: Browser, made: list[str]) -> None:
    press(dana, made[1], "cancellation", silent="yes")
    here.now = NINE + timedelta(hours=2)
    dana = signed_in(here, "dana")
    page = dana.get(f"/appointments/{made[2]}").text
    assert "One of 4 in a series" in page
    card = page[page.index("series-heading") : page.index("later-cancellation")]
    for other, when in ((0, "Tue, Nov 24, 9:00 AM"), (1, "Tue, Dec 1, 9:00 AM"), (3, "Tue, Dec 15, 9:00 AM")):
        assert f'href="/appointments/{made[other]}">{when}</a>' in card
    assert card.count("Past") == 1 and card.count("Cancelled") == 1 and card.count('aria-current="true"') == 1
    assert "in a series" not in dana.get(f"/appointments/{asked(here, ZOE, 26)}").text
    # Of the last one there is nothing later.
    assert "later-cancellation" not in dana.get(f"/appointments/{made[3]}").text
    assert dana.get(f"/appointments/{made[3]}/later-cancellation").headers["location"] == f"/appointments/{made[3]}"


def test_this_and_the_later_ones_are_shown_first_and_cancelled_with_one_mail(
    here: Site, dana: Browser, made: list[str]
) -> None:
    shown = dana.get(f"/appointments/{made[1]}/later-cancellation").text
    assert "Cancel this and the later ones?" in shown and "These 3 will be cancelled" in shown
    assert "Nov 24" not in shown and shown.count("this one") == 1
    page = cancel_from(dana, made[1], message=MESSAGE)
    assert "3 appointments are cancelled. The client will be emailed in 20 s." in page and "Undo all" in page
    assert statuses(here, made) == ["approved", "cancelled", "cancelled", "cancelled"]
    parts = mails(here, Kind.CANCELLED)
    assert len(parts) == 3 and len({part.group_id for part in parts}) == 1
    with here.database.read() as session:
        rows = sorted(session.exec(select(Outbox).where(Outbox.kind == Kind.CANCELLED)), key=lambda one: one.subject_id)
        for part in rows:
            part.lease_token = "one"
        message = letter(session, rows[0])
        session.rollback()
    assert message["Subject"] == "Cancelled: your appointments from Tue, Dec 1, 9:00 AM, New York time"
    text = text_of(message)
    assert all(day in text for day in ("December 1,", "December 8,", "December 15,")) and "November" not in text
    assert MESSAGE in text
    events = Calendar.from_ical(calendar_of(message) or "").walk("VEVENT")
    assert {(event["uid"], event["status"]) for event in events} == {
        (f"{one}@pencilin", "CANCELLED") for one in made[1:]
    }
    with here.database.read() as session:
        of = select(AuditEntry.subject_id).where(AuditEntry.action == "appointment.cancelled")
        assert sorted(session.exec(of)) == sorted(made[1:])


def test_undo_all_brings_them_back_and_tells_nobody(here: Site, dana: Browser, made: list[str]) -> None:
    address = f"/appointments/{made[0]}/later-cancellation"
    after = dana.follow(dana.submit(dana.get(address), address))
    told = dana.follow(dana.submit(after, f"/appointments/{made[0]}/restoration")).text
    assert "4 appointments are back in the calendar." in told
    assert statuses(here, made) == ["approved"] * 4
    assert mails(here, Kind.CANCELLED) == mails(here, Kind.CONFIRMED) == []
    with here.database.read() as session:
        assert [one.expires_at for one in session.exec(select(Reservation))] == [None] * 4


def test_undo_comes_too_late_for_all_or_for_none(here: Site, dana: Browser, made: list[str]) -> None:
    address = f"/appointments/{made[0]}/later-cancellation"
    after = dana.follow(dana.submit(dana.get(address), address))
    here.later(minutes=1)
    late = dana.submit(after, f"/appointments/{made[0]}/restoration")
    assert late.status_code == 409 and "has been told" in late.text
    assert statuses(here, made) == ["cancelled"] * 4
    assert dana.get(f"/appointments/{made[0]}/restoration").headers["location"] == f"/appointments/{made[0]}"


def test_what_changed_since_it_was_shown_stops_all_of_it(here: Site, dana: Browser, made: list[str]) -> None:
    address = f"/appointments/{made[0]}/later-cancellation"
    shown = dana.get(address)
    press(dana, made[2], "cancellation", silent="yes")
    answer = dana.submit(shown, address, message=MESSAGE)
    assert answer.status_code == 409 and "Cancelled by Dana" in answer.text
    assert MESSAGE in answer.text and "These 3 will be cancelled" in answer.text
    assert statuses(here, made) == ["approved", "approved", "cancelled", "approved"]


def test_whoever_comes_second_is_told_when_nothing_is_left_to_cancel(
    here: Site, dana: Browser, made: list[str]
) -> None:
    address = f"/appointments/{made[0]}/later-cancellation"
    shown = dana.get(address)
    assert "4 appointments are cancelled" in dana.follow(dana.submit(shown, address)).text
    assert "Cancelled by Dana" in dana.follow(dana.submit(shown, address, message=MESSAGE)).text
    assert len(mails(here, Kind.CANCELLED)) == 4


def test_what_the_client_moved_is_left_alone(here: Site, dana: Browser, made: list[str]) -> None:
    def moved(session: Session, _: datetime) -> None:
        session.get_one(Appointment, (here.cast.practice.id, made[3])).status = Status.TENTATIVE

    here.database.write(moved)
    shown = dana.get(f"/appointments/{made[0]}/later-cancellation").text
    assert "Left alone" in shown and f'href="/appointments/{made[3]}"' in shown
    cancel_from(dana, made[0])
    assert statuses(here, made) == ["cancelled"] * 3 + ["tentative"]


def test_before_the_confirmation_has_left_nobody_hears_of_either(here: Site, dana: Browser, made: list[str]) -> None:
    def not_yet(session: Session, _: datetime) -> None:
        for mail in session.exec(select(Outbox)):
            mail.sent_at, mail.payload = None, {}

    here.database.write(not_yet)
    cancel_from(dana, made[0], silent="yes")
    assert mails(here, Kind.CONFIRMED) == mails(here, Kind.CANCELLED) == []


def test_nothing_else_can_be_slipped_in(here: Site, dana: Browser, made: list[str]) -> None:
    other = asked(here, ZOE, 26)
    address = f"/appointments/{made[0]}/later-cancellation"
    page = dana.get(address)
    assert dana.submit(page, address, which=f"{other}.1").status_code == 404
    assert dana.submit(page, address, which="nonsense").status_code == 422
    assert statuses(here, [*made, other]) == ["approved"] * 4 + ["tentative"]


def test_a_practitioner_sees_and_cancels_their_own_only(here: Site, made: list[str]) -> None:
    def given_to_ben(session: Session, _: datetime) -> None:
        session.get_one(Appointment, (here.cast.practice.id, made[3])).practitioner_id = here.cast.ben.id

    here.database.write(given_to_ben)
    ana = signed_in(here, "ana")
    page = ana.get(f"/appointments/{made[0]}").text
    assert "One of 3 in a series" in page and made[3] not in page
    cancel_from(ana, made[0])
    assert statuses(here, made) == ["cancelled"] * 3 + ["approved"]


def test_the_message_must_not_be_too_long_and_is_kept(here: Site, dana: Browser, made: list[str]) -> None:
    address = f"/appointments/{made[0]}/later-cancellation"
    answer = dana.submit(dana.get(address), address, message="a" * 2_001)
    assert answer.status_code == 422 and 'id="message-error"' in answer.text and "a" * 2_001 in answer.text
    assert statuses(here, made) == ["approved"] * 4
