"""Digests: when they are due over clock changes, that each booking is told exactly once, and what one says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from pencilin.database import Database
from pencilin.mail import messages, outbox, recipients
from pencilin.mail.messages import Kind
from pencilin.mail.outbox import Leased
from pencilin.mail.overtaken import still_news
from pencilin.models import Appointment, BookingMail, HearsOf, Outbox, Role, Staff
from pencilin.rules.digests import MORNING, next_hour, next_morning
from pencilin.rules.states import Status
from tests.cast import NINE, NOW, Willow, staff, willow
from tests.postbox import html_of, letter, request, text_of
from tests.staff_site import tells

ZONES = st.sampled_from(
    [
        "America/New_York",
        "Europe/Lisbon",
        "Asia/Kolkata",
        "Pacific/Chatham",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "UTC",
    ]
)
INSTANTS = st.datetimes(datetime(2011, 1, 1), datetime(2031, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))
EIGHT = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # 8:00 in New York, an hour after NOW


@given(INSTANTS, ZONES)
def test_a_morning_is_the_next_time_that_clocks_show_eight(now: datetime, zone: str) -> None:
    due = next_morning(now, zone)
    assert due > now and due.astimezone(ZoneInfo(zone)).time() == MORNING
    # None was passed over: clocks of these zones repeat or leave out no eight in the morning, but Apia lost a day.
    before = datetime.combine(due.astimezone(ZoneInfo(zone)).date() - timedelta(days=1), MORNING, ZoneInfo(zone))
    assert before.astimezone(UTC) <= now


@given(INSTANTS, ZONES)
def test_a_full_hour_is_at_most_an_hour_away(now: datetime, zone: str) -> None:
    due = next_hour(now, zone)
    assert now < due <= now + timedelta(hours=1)
    shift = due.astimezone(ZoneInfo(zone)).utcoffset() != now.astimezone(ZoneInfo(zone)).utcoffset()
    assert shift or due.astimezone(ZoneInfo(zone)).minute == 0


def test_eight_is_eight_on_the_days_when_clocks_change() -> None:
    for day in (datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC)):
        due = next_morning(day, "America/New_York")
        assert due.astimezone(ZoneInfo("America/New_York")).time() == time(8) and due.date() == day.date()


@pytest.fixture
def cast(database: Database) -> Willow:
    return database.write(lambda session, _: willow(session))


def often(database: Database, member: Staff, booking_mail: BookingMail, hears_of: HearsOf = HearsOf.USUAL) -> None:
    def work(session: Session, _: datetime) -> None:
        one = session.get_one(Staff, (member.practice_id, member.id))
        recipients.choose(session, one, one, hears_of, booking_mail, NOW)

    database.write(work)


def booked(database: Database, cast: Willow, number: int = 0, now: datetime = NOW) -> str:
    def work(session: Session, _: datetime) -> str:
        start = NINE + timedelta(hours=number)
        appointment = request(session, cast, start=start, reference=f"R{number:07d}", now=now)
        messages.booked(session, appointment, now)
        return appointment.id

    return database.write(work)


def digest_rows(database: Database) -> list[Outbox]:
    with database.read() as session:
        return list(session.exec(select(Outbox).where(Outbox.kind == Kind.BOOKING_DIGEST)))


def take_all(database: Database, now: datetime) -> list[list[str]]:
    """What each mail that leaves now tells of: its rows' appointments; sign-ins and other mails are left out."""
    told = []
    while leased := database.write(lambda session, _: outbox.lease(session, now)):
        with database.read() as session:
            row = session.get_one(Outbox, (leased.practice_id, leased.id))
            if row.kind == Kind.BOOKING_DIGEST:
                told.append(sorted(one.subject_id for one in outbox.together(session, row)))
        assert database.write(lambda session, _, leased=leased: outbox.mark_sent(session, leased, now))  # type: ignore[misc]
    return told


def test_one_mail_in_the_morning_tells_of_all_that_was_booked(database: Database, cast: Willow) -> None:
    often(database, cast.dana, BookingMail.DAILY)
    ids = [booked(database, cast, number) for number in range(3)]
    assert {row.due_at for row in digest_rows(database)} == {EIGHT}
    assert take_all(database, EIGHT - timedelta(seconds=1)) == []
    assert take_all(database, EIGHT) == [sorted(ids)]
    assert take_all(database, EIGHT + timedelta(days=2)) == []
    # Ana, who hears of every booking, got hers at once.
    with database.read() as session:
        each = session.exec(select(Outbox.recipient).where(Outbox.kind == Kind.NEW_BOOKING)).all()
    assert set(each) == {"ana@willow.example"}


def test_a_booking_that_comes_as_the_digest_leaves_is_told_by_another(database: Database, cast: Willow) -> None:
    often(database, cast.dana, BookingMail.HOURLY)
    first = booked(database, cast, 0)
    leased = database.write(lambda session, _: outbox.lease(session, EIGHT))
    while leased:
        with database.read() as session:
            if session.get_one(Outbox, (leased.practice_id, leased.id)).kind == Kind.BOOKING_DIGEST:
                break
        leased = database.write(lambda session, _: outbox.lease(session, EIGHT))
    late = booked(database, cast, 1)  # written with the same due time, committed after the lease
    assert leased
    held = leased
    assert database.write(lambda session, _: outbox.mark_sent(session, held, EIGHT))
    assert take_all(database, EIGHT) == [[late]]
    assert {row.subject_id for row in digest_rows(database) if row.sent_at} == {first, late}


def test_with_several_who_send_at_once_nothing_is_lost_and_nothing_told_twice(database: Database, cast: Willow) -> None:
    often(database, cast.dana, BookingMail.DAILY)
    often(database, cast.ana_signs_in, BookingMail.DAILY)
    ids = [booked(database, cast, number) for number in range(6)]

    def send(_: int) -> list[list[str]]:
        return take_all(database, EIGHT)

    with ThreadPoolExecutor(4) as workers:
        told = [mail for mails in workers.map(send, range(4)) for mail in mails]
    assert told == [sorted(ids)] * 2


def test_a_digest_that_failed_is_tried_again_whole_under_its_own_name(database: Database, cast: Willow) -> None:
    often(database, cast.dana, BookingMail.DAILY)
    for number in range(3):
        booked(database, cast, number)

    def lease(now: datetime) -> tuple[Leased, str]:
        while True:
            leased = database.write(lambda session, _: outbox.lease(session, now))
            assert leased
            with database.read() as session:
                row = session.get_one(Outbox, (leased.practice_id, leased.id))
                if row.kind == Kind.BOOKING_DIGEST:
                    return leased, row.message_id

    leased, name = lease(EIGHT)
    assert database.write(lambda session, _: outbox.mark_failed(session, leased, "The server is away.", EIGHT))
    assert {row.attempts for row in digest_rows(database)} == {1}
    again, same = lease(EIGHT + timedelta(hours=1))
    assert same == name
    with database.read() as session:
        assert len(outbox.together(session, session.get_one(Outbox, (again.practice_id, again.id)))) == 3


def test_what_was_decided_is_left_out_and_an_empty_digest_stays_here(database: Database, cast: Willow) -> None:
    often(database, cast.dana, BookingMail.DAILY)
    ids = [booked(database, cast, number) for number in range(3)]

    def decide(session: Session, some: list[str]) -> None:
        for one in some:
            session.get_one(Appointment, (cast.practice.id, one)).status = Status.DECLINED
        session.flush()

    with database.read() as session:
        row = session.exec(select(Outbox).where(Outbox.kind == Kind.BOOKING_DIGEST)).first()
        assert row
        for one in session.exec(select(Outbox).where(Outbox.kind == Kind.BOOKING_DIGEST)):
            one.lease_token = "x"
        decide(session, ids[:1])
        mail = letter(session, row)
        assert mail["Subject"] == "2 new appointment requests"
        links = [line for line in text_of(mail).splitlines() if "/view-appointment/" in line]
        assert len(links) == len(set(links)) == 2 and html_of(mail).count(">View appointment</a>") == 2
        assert still_news(session, row, NOW)
        decide(session, ids)
        assert not still_news(session, row, NOW)


def test_who_wants_every_booking_again_gets_what_waited_at_once(database: Database, cast: Willow) -> None:
    often(database, cast.dana, BookingMail.DAILY)
    booked(database, cast)
    often(database, cast.dana, BookingMail.EACH)
    assert len(take_all(database, NOW)) == 1


def test_a_reminder_comes_at_once_whatever_was_chosen(database: Database, cast: Willow) -> None:
    often(database, cast.dana, BookingMail.DAILY)
    appointment = booked(database, cast)
    database.write(
        lambda session, _: messages.reminder(
            session, session.get_one(Appointment, (cast.practice.id, appointment)), NOW
        )
    )
    with database.read() as session:
        due = session.exec(select(Outbox.due_at).where(Outbox.kind == Kind.REVIEW_REMINDER)).all()
    assert set(due) == {NOW}


def test_who_hears_of_what(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    cast = database.write(lambda session, _: willow(session))
    ben = database.write(lambda session, _: staff(session, cast.practice, "Ben", Role.PRACTITIONER, cast.ben))
    of = {"dana": cast.dana, "mona": cast.mona, "ana": cast.ana_signs_in, "ben": ben}

    def hear(**chosen: HearsOf) -> set[str]:
        def work(session: Session, _: datetime) -> set[str]:
            for name, hears_of in chosen.items():
                session.get_one(Staff, (cast.practice.id, of[name].id)).hears_of = hears_of
            session.flush()
            return {
                email.partition("@")[0] for _, email in recipients.of_booking(session, cast.practice.id, cast.ana.id)
            }

        return database.write(work)

    assert hear() == {"ana", "dana"}
    assert hear(mona=HearsOf.ALL) == {"ana", "dana", "mona"}
    assert hear(ben=HearsOf.ALL) == {"ana", "dana", "mona"}, "a practitioner hears of no more than they may see"
    assert hear(dana=HearsOf.OWN, mona=HearsOf.OWN) == {"ana"}
    assert hear(ana=HearsOf.NONE, dana=HearsOf.NONE, mona=HearsOf.NONE) == {"mona"}, "somebody always hears"
    with database.read() as session:
        assert recipients.unheard(session, cast.practice.id) == ["Ana Ruiz"]
        assert session.exec(select(Outbox).where(col(Outbox.kind) == "new_booking")).all() == []
    database.close()


def test_the_first_name_stands_in_mails_to_staff_of_practices_that_want_it(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.read() as session:
        cast = willow(session)
        for wanted, number in ((False, 0), (True, 1)):
            cast.practice.mail_first_name = wanted
            session.flush()
            appointment = request(session, cast, reference=f"R{number:07d}", first_name="Zaphira")
            messages.booked(session, appointment, NOW)
            for row in session.exec(select(Outbox).where(Outbox.subject_id == appointment.id)):
                mail = letter(session, row)
                expected = wanted and row.kind == Kind.NEW_BOOKING
                assert ("Zaphira" in text_of(mail), "Zaphira" in html_of(mail)) == (expected, expected)
                assert not tells(text_of(mail), "Lee") and "Zaphira" not in str(mail["Subject"])
    database.close()
