"""A series is confirmed, and called off, by one mail: every date in it, and later mails about one date still fit."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from icalendar import Calendar
from sqlmodel import Session, col, select

from pencilin import review, scheduling, worker
from pencilin.config import SmtpServer
from pencilin.database import Database
from pencilin.mail import outbox
from pencilin.mail.messages import Kind
from pencilin.mail.overtaken import still_news
from pencilin.models import Appointment, Outbox
from pencilin.review import as_it_is
from pencilin.scheduling import NewAppointment, Occurrence
from tests.cast import NINE, NOW, willow
from tests.desk import Desk
from tests.mail_play import Shown
from tests.postbox import calendar_of, html_of, letter, text_of
from tests.work import once, serving

LATER = timedelta(seconds=review.UNDO_SECONDS)


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    database = Database(sqlite_url, clock=lambda: NOW)
    yield Desk(database, database.write(lambda session, _: willow(session)))
    database.close()


def series(desk: Desk, times: int = 3, lang: str = "en") -> list[str]:
    """Kim's visits with Ana at nine, every week."""
    cast = desk.cast
    starts = tuple(Occurrence(NINE + timedelta(weeks=number)) for number in range(times))
    wanted = NewAppointment(
        cast.first_visit.id, cast.ana.id, cast.main_street.id, starts, client_id=cast.kim.id, note="Her knee"
    )

    def work(session: Session) -> list[str]:
        session.get_one(type(cast.practice), cast.practice.id).locale = lang
        return [one.id for one in scheduling.enter(session, cast.dana, wanted, desk.now)]

    return desk.do(work)


def leave(desk: Desk, *, fail: bool = False) -> list[EmailMessage]:
    """The mails that leave now, as whoever leases them makes them."""
    found: list[EmailMessage] = []
    while leased := desk.do(lambda session: outbox.lease(session, desk.now)):
        with desk.database.read() as session:
            row = session.get_one(Outbox, (leased.practice_id, leased.id))
            if still_news(session, row, desk.now):
                found.append(letter(session, row, now=desk.now))
        if fail:
            desk.do(lambda session, leased=leased: outbox.mark_failed(session, leased, "away", desk.now))  # type: ignore[misc]
        else:
            desk.do(lambda session, leased=leased: outbox.mark_sent(session, leased, desk.now))  # type: ignore[misc]
    return found


def uids(message: EmailMessage) -> list[str]:
    return [str(event["uid"]) for event in Calendar.from_ical(calendar_of(message) or "").walk("VEVENT")]


def move(desk: Desk, appointment: str) -> None:
    row = desk.look(appointment)
    wanted = as_it_is(row)
    later = type(wanted)(
        wanted.service_id, wanted.practitioner_id, wanted.location_id, row.start + timedelta(hours=2), wanted.minutes
    )
    desk.do(lambda session: review.change(session, desk.cast.dana, appointment, later, row.revision, desk.now))


def test_one_mail_lists_every_date_with_its_zone_and_brings_all_events(desk: Desk) -> None:
    made = series(desk)
    assert leave(desk) == []  # as long as it can be undone
    desk.now += LATER
    (message,) = leave(desk)
    assert message["Subject"] == "Confirmed: your appointments from Tue, Nov 24, 9:00 AM, New York time"
    text = text_of(message)
    for day in ("November 24", "December 1", "December 8"):
        assert f"- Tuesday, {day}, 2026, 9:00 AM, New York time (EST, UTC−5)\n" in text
    assert text.count("With: Ana Ruiz") == 1 and text.count("Where: Main Street") == 1
    assert uids(message) == [f"{one}@pencilin" for one in made]
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_param("method")) == ("appointments.ics", "PUBLISH")
    links = Shown(html_of(message)).links
    assert len(links) == 3 and set(links) == set(re.findall(r"https?://\S+", text))
    for word in ("Kim", "First visit", "knee"):
        assert word not in text + html_of(message) + (calendar_of(message) or "") + message.as_string()
    assert leave(desk) == []
    with desk.database.read() as session:
        assert {row.sent_at for row in session.exec(select(Outbox).where(Outbox.kind == Kind.CONFIRMED))} == {desk.now}


def test_a_mail_that_failed_is_tried_again_whole_under_its_own_name(desk: Desk) -> None:
    made = series(desk)
    desk.now += LATER
    (first,) = leave(desk, fail=True)
    desk.now += timedelta(hours=1)
    (again,) = leave(desk)
    assert first["Message-ID"] == again["Message-ID"]
    assert uids(first) == uids(again) == [f"{one}@pencilin" for one in made]


def test_a_later_change_of_one_date_is_mailed_alone_and_updates_its_event(desk: Desk) -> None:
    made = series(desk)
    desk.now += LATER
    leave(desk)
    move(desk, made[1])
    desk.now += LATER
    (message,) = leave(desk)
    assert message["Subject"] == "Confirmed: Tue, Dec 1, 11:00 AM, New York time"
    (event,) = Calendar.from_ical(calendar_of(message) or "").walk("VEVENT")
    assert event["uid"] == f"{made[1]}@pencilin" and event["sequence"] == desk.look(made[1]).revision > 1


def test_what_changes_before_it_leaves_is_told_once_and_as_it_is(desk: Desk) -> None:
    made = series(desk)
    move(desk, made[0])
    desk.now += LATER
    messages = {str(message["Subject"]): uids(message) for message in leave(desk)}
    assert messages == {
        "Confirmed: Tue, Nov 24, 11:00 AM, New York time": [f"{made[0]}@pencilin"],
        "Confirmed: your appointments from Tue, Dec 1, 9:00 AM, New York time": [f"{one}@pencilin" for one in made[1:]],
    }


def test_of_two_that_are_left_one_is_an_ordinary_confirmation(desk: Desk) -> None:
    made = series(desk, 2)
    revision = desk.look(made[0]).revision
    desk.do(lambda session: review.cancel(session, desk.cast.dana, made[0], revision, "", desk.now, tell=False))
    desk.now += LATER
    (message,) = leave(desk)
    assert message["Subject"] == "Confirmed: Tue, Dec 1, 9:00 AM, New York time"
    assert "View your appointment" in text_of(message)


def test_a_date_that_is_cancelled_while_its_mail_is_made_is_not_said_to_have_been_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = series(desk)
    desk.now += LATER
    desk.database.clock = lambda: desk.now
    lease, revision = outbox.lease, desk.look(made[1]).revision

    def and_cancel(session: Session, now: datetime) -> outbox.Leased | None:
        leased = lease(session, now)
        review.cancel(session, desk.cast.dana, made[1], revision, "", now, tell=False)
        return leased

    monkeypatch.setattr(outbox, "lease", and_cancel)
    left: list[bytes] = []

    async def send(server: SmtpServer, sender: str, recipient: str, raw: bytes) -> None:
        left.append(raw)

    monkeypatch.setattr(worker, "send", send)
    assert once(serving(desk.database, SmtpServer("mail.example", 587, "starttls")))
    (raw,) = left
    assert uids(message_from_bytes(raw, policy=policy.default)) == [f"{one}@pencilin" for one in (made[0], made[2])]
    told = {mail.subject_id: (mail.sent_at, mail.cancelled_at) for mail in desk.mails(Kind.CONFIRMED)}
    assert told == {made[0]: (desk.now, None), made[1]: (None, desk.now), made[2]: (desk.now, None)}


def test_two_series_of_one_client_are_two_mails(desk: Desk) -> None:
    series(desk, 2)
    cast = desk.cast
    starts = tuple(Occurrence(NINE + timedelta(weeks=number, hours=2)) for number in range(2))
    wanted = NewAppointment(cast.first_visit.id, cast.ana.id, cast.main_street.id, starts, client_id=cast.kim.id)
    desk.do(lambda session: scheduling.enter(session, cast.dana, wanted, desk.now))
    desk.now += LATER
    assert [len(uids(message)) for message in leave(desk)] == [2, 2]


@pytest.mark.parametrize("lang", ["en", "es", "fr", "de", "pt", "ar"])
def test_text_and_html_say_the_same_in_every_language(desk: Desk, lang: str) -> None:
    series(desk, 2, lang)
    desk.now += LATER
    (message,) = leave(desk)
    text, shown = re.sub(r"https?://\S+", "", text_of(message)), Shown(html_of(message))
    spoken = re.compile(r"[\w'’−&<>/+]+")
    assert set(spoken.findall(text)) ^ set(spoken.findall(re.sub(r"https?://\S+", "", shown.text))) <= {"--", "-"}
    assert message["Content-Language"] == lang and not re.search(r"[{}]", text)
    assert ("appointments" in text) == (lang == "en")


def test_send_again_sends_the_whole_of_it(desk: Desk) -> None:
    made = series(desk)
    desk.now += LATER

    def give_up(session: Session) -> None:
        for row in session.exec(select(Outbox).where(Outbox.kind == Kind.CONFIRMED)):
            row.failed_at, row.attempts = desk.now, 8

    desk.do(give_up)
    with desk.database.read() as session:
        mail = session.exec(select(Outbox.id).where(Outbox.subject_id == made[2], col(Outbox.kind) == Kind.CONFIRMED))
        failed = mail.one()
    desk.do(lambda session: outbox.retry(session, desk.cast.dana, made[2], failed, desk.now))
    (message,) = leave(desk)
    assert len(uids(message)) == 3


def test_the_reminders_stay_one_for_each_date(desk: Desk) -> None:
    practice = desk.cast.practice
    desk.do(lambda session: setattr(session.get_one(type(practice), practice.id), "reminder_hours", [24]))
    made = series(desk)
    assert sorted(mail.subject_id for mail in desk.mails(Kind.VISIT_REMINDER)) == sorted(made)
    due: set[datetime] = {mail.due_at for mail in desk.mails(Kind.VISIT_REMINDER)}
    with desk.database.read() as session:
        starts = {one.start for one in session.exec(select(Appointment))}
    assert due == {start - timedelta(hours=24) for start in starts}
