"""Staff change service, practitioner, location and time; what speaks against it is said before it is saved."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from pencilin import review
from pencilin.conflicts import Insist
from pencilin.database import Database
from pencilin.errors import AlreadyDecided, Conflict, Forbidden, Invalid, SlotTaken, TimeConflicts
from pencilin.models import AuditEntry, Location, Reservation, Staff
from pencilin.review import Change
from tests.cast import KIM, NINE, NOW, ZOE, willow
from tests.desk import Desk


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, database.write(lambda session, _: willow(session)))


def as_is(desk: Desk, asked: str) -> Change:
    appointment = desk.look(asked)
    return Change(appointment.service_id, appointment.practitioner_id, appointment.location_id, appointment.start)


def change(desk: Desk, asked: str, wanted: Change, *, staff: Staff | None = None, insist: Insist = Insist.NO) -> None:
    revision = desk.look(asked).revision
    desk.do(
        lambda session: review.change(
            session,
            staff or desk.cast.dana,
            asked,
            wanted,
            revision,
            desk.now,
            insist=insist,
        )
    )


def taken(desk: Desk) -> list[tuple[str, datetime]]:
    """Whose time is taken, and from when."""
    with desk.database.read() as session:
        return [(row.practitioner_id, row.start) for row in session.exec(select(Reservation))]


def test_a_new_time_is_taken_and_the_old_one_free(desk: Desk) -> None:
    asked = desk.asked()
    later = NINE + timedelta(hours=3)
    change(desk, asked, replace(as_is(desk, asked), start=later))
    appointment = desk.look(asked)
    assert (appointment.start, appointment.end) == (later, later + timedelta(hours=1))
    assert appointment.local_start == datetime(2026, 11, 24, 12, 0)
    assert (appointment.timezone, appointment.fold, appointment.revision) == ("America/New_York", 0, 2)
    assert taken(desk) == [(desk.cast.ana.id, later)]
    assert desk.asked(ZOE)
    with pytest.raises(SlotTaken):
        desk.asked(ZOE, later)


def test_an_appointment_may_move_onto_its_own_old_time(desk: Desk) -> None:
    asked = desk.asked()
    change(desk, asked, replace(as_is(desk, asked), start=NINE + timedelta(minutes=30)))
    assert taken(desk) == [(desk.cast.ana.id, NINE + timedelta(minutes=30))]


def test_everything_at_once_is_one_change(desk: Desk) -> None:
    asked = desk.asked()
    cast = desk.cast
    desk.now += timedelta(minutes=1)
    change(
        desk,
        asked,
        Change(cast.follow_up.id, cast.ben.id, cast.video.id, NINE + timedelta(days=1)),
        insist=Insist.REASONS,
    )
    appointment = desk.look(asked)
    assert (appointment.service_id, appointment.practitioner_id) == (cast.follow_up.id, cast.ben.id)
    assert appointment.end - appointment.start == timedelta(minutes=30)
    with desk.database.read() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "appointment.changed")).one()
    assert entry.fields == ["service_id", "practitioner_id", "location_id", "start"]
    assert desk.view(asked).history[0].what == "Changed: service, practitioner, location, time"


def test_the_local_time_is_the_new_locations(desk: Desk) -> None:
    chicago = desk.do(
        lambda session: session.merge(
            Location(
                practice_id=desk.cast.practice.id,
                id="c" * 32,
                slug="lake",
                name="Lake Shore",
                timezone="America/Chicago",
                country="US",
            )
        )
    )
    asked = desk.asked()
    # 1:30 in Chicago, the second time that night.
    twice = datetime(2027, 11, 7, 7, 30, tzinfo=UTC)
    wanted = replace(as_is(desk, asked), location_id=chicago.id, start=twice)
    change(desk, asked, wanted, insist=Insist.REASONS)
    appointment = desk.look(asked)
    assert (appointment.local_start, appointment.fold) == (datetime(2027, 11, 7, 1, 30), 1)
    assert appointment.timezone == "America/Chicago"


def test_outside_hours_staff_may_insist(desk: Desk) -> None:
    asked = desk.asked()
    evening = replace(as_is(desk, asked), start=NINE + timedelta(hours=10))
    with pytest.raises(TimeConflicts) as told:
        change(desk, asked, evening)
    assert told.value.reasons == ["Ana Ruiz doesn't work at Main Street at that time."]
    assert not told.value.blocking
    assert desk.look(asked).revision == 1
    change(desk, asked, evening, insist=Insist.REASONS)
    assert desk.look(asked).start == evening.start


def test_another_appointment_is_in_the_way_unless_staff_overbook_on_purpose(desk: Desk) -> None:
    asked = desk.asked()
    other = desk.asked(ZOE, NINE + timedelta(hours=2))
    onto = replace(as_is(desk, asked), start=NINE + timedelta(hours=1, minutes=30))
    for insist in (Insist.NO, Insist.REASONS):
        with pytest.raises(TimeConflicts, match="overlaps the appointment at 11:00 AM") as told:
            change(desk, asked, onto, insist=insist)
        assert told.value.overlap and not told.value.blocking
    assert (desk.cast.ana.id, NINE) in taken(desk)
    with desk.database.read() as session:
        shown = review.conflicts_of(session, desk.cast.dana, asked, onto, NOW)
    assert [one.overlap for one in shown] == [True]
    change(desk, asked, onto, insist=Insist.OVERBOOK)
    assert desk.look(asked).start == onto.start
    assert desk.view(asked).overbooked and desk.view(other).overbooked


def test_an_appointment_may_be_longer_than_its_service(desk: Desk) -> None:
    asked = desk.asked()
    change(desk, asked, replace(as_is(desk, asked), minutes=90))
    assert desk.look(asked).end == NINE + timedelta(minutes=90)
    with pytest.raises(SlotTaken):
        desk.asked(ZOE, NINE + timedelta(hours=1))
    change(desk, asked, replace(as_is(desk, asked), start=NINE + timedelta(minutes=30), minutes=30))
    assert desk.asked(ZOE, NINE + timedelta(hours=1))
    for minutes in (0, 7, 1445):
        with pytest.raises(Invalid) as refused:
            change(desk, asked, replace(as_is(desk, asked), minutes=minutes))
        assert set(refused.value.fields) == {"minutes"}


def test_of_two_changes_made_from_one_page_the_second_is_told(desk: Desk) -> None:
    asked = desk.asked()
    first = replace(as_is(desk, asked), start=NINE + timedelta(hours=1))
    desk.now += timedelta(minutes=3)
    change(desk, asked, first)
    with pytest.raises(AlreadyDecided, match="Changed by Dana at 7:03 AM"):
        desk.do(lambda session: review.change(session, desk.cast.mona, asked, first, 1, desk.now))


def test_no_change_is_no_entry(desk: Desk) -> None:
    asked = desk.asked()
    change(desk, asked, as_is(desk, asked))
    assert desk.look(asked).revision == 1
    assert "appointment.changed" not in desk.actions(asked)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("service_id", "0" * 32),
        ("practitioner_id", ""),
        ("location_id", "\x00"),
        ("start", NINE + timedelta(minutes=2)),
        ("start", NINE + timedelta(seconds=1)),
    ],
)
def test_what_the_practice_does_not_have_is_named(desk: Desk, field: str, value: str | datetime) -> None:
    asked = desk.asked()
    with pytest.raises(Invalid) as refused:
        change(desk, asked, replace(as_is(desk, asked), **{field: value}), insist=Insist.REASONS)  # type: ignore[arg-type]
    assert set(refused.value.fields) == {field}


def test_another_practices_rows_cannot_be_chosen(desk: Desk) -> None:
    asked = desk.asked()
    birch = desk.do(lambda session: willow(session, slug="birch"))
    foreign = Change(birch.first_visit.id, birch.ana.id, birch.video.id, NINE)
    with pytest.raises(Invalid) as refused:
        change(desk, asked, foreign, insist=Insist.REASONS)
    assert set(refused.value.fields) == {"service_id", "practitioner_id", "location_id"}


def test_a_request_is_not_moved_into_the_past(desk: Desk) -> None:
    asked = desk.asked()
    yesterday = replace(as_is(desk, asked), start=NINE - timedelta(days=2))
    with pytest.raises(TimeConflicts, match="has passed") as refused:
        change(desk, asked, yesterday, insist=Insist.REASONS)
    assert refused.value.blocking
    assert desk.look(asked).start == NINE
    desk.link(asked)
    desk.approve(asked)
    change(desk, asked, yesterday, insist=Insist.REASONS)
    assert desk.look(asked).start == NINE - timedelta(days=2)


def test_what_has_ended_is_not_changed(desk: Desk) -> None:
    asked = desk.asked()
    desk.decline(asked)
    with pytest.raises(Conflict, match="has ended"):
        change(desk, asked, replace(as_is(desk, asked), start=NINE + timedelta(hours=1)))


def test_a_practitioner_gives_nothing_to_a_colleague(desk: Desk) -> None:
    asked = desk.asked()
    ana = desk.cast.ana_signs_in
    with pytest.raises(Forbidden, match="front desk"):
        change(desk, asked, replace(as_is(desk, asked), practitioner_id=desk.cast.ben.id), staff=ana)
    change(desk, asked, replace(as_is(desk, asked), start=NINE + timedelta(hours=1)), staff=ana)
    assert desk.look(asked).start == NINE + timedelta(hours=1)


def test_whoever_was_confirmed_is_confirmed_anew(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    desk.now += timedelta(minutes=1)
    desk.send_all()
    change(desk, asked, replace(as_is(desk, asked), start=NINE + timedelta(hours=1)))
    waiting = [mail for mail in desk.mails("confirmed") if mail.sent_at is None and mail.cancelled_at is None]
    assert [(mail.recipient, mail.due_at) for mail in waiting] == [(KIM.email, desk.now + timedelta(seconds=20))]


def test_a_confirmation_that_waits_is_replaced(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    change(desk, asked, replace(as_is(desk, asked), start=NINE + timedelta(hours=1)))
    assert desk.addressed("confirmed") == [KIM.email]


def test_reopened_after_a_change_the_first_confirmation_is_corrected(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    desk.now += timedelta(minutes=1)
    desk.send_all()
    change(desk, asked, replace(as_is(desk, asked), start=NINE + timedelta(hours=1)))
    desk.undo(asked)
    assert desk.addressed("correction") == [KIM.email]


def test_a_tentative_change_writes_to_nobody(desk: Desk) -> None:
    asked = desk.asked()
    change(desk, asked, replace(as_is(desk, asked), start=NINE + timedelta(hours=1)))
    assert desk.mails("confirmed", "correction") == []
