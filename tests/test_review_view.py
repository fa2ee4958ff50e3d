"""What Edit Appointment shows, in one reading."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event

from pencilin import clients, review
from pencilin.booking import Booker
from pencilin.clients import ClientForm
from pencilin.database import Database
from pencilin.review import form_for_new
from tests.cast import KIM, KIM_MOVED, NINE, NOW, SAM, ZOE, willow
from tests.desk import Desk

MOST_QUERIES = 40


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    database = Database(sqlite_url)
    yield Desk(database, database.write(lambda session, _: willow(session)))
    database.close()


def test_a_very_likely_client_is_shown_with_the_reasons(desk: Desk) -> None:
    view = desk.view(desk.asked(KIM_MOVED))
    assert view.suggestion is not None
    assert (view.suggestion.name, view.suggestion.confidence) == ("Kim Lee", "very_likely")
    assert {"same name", "same date of birth", "same phone"} <= set(view.suggestion.agrees)
    assert any("email" in words for words in view.suggestion.differs)
    assert view.missing == "Link an existing client or save a new one: then you can approve."


def test_a_brother_is_listed_not_suggested(desk: Desk) -> None:
    view = desk.view(desk.asked(SAM))
    assert view.suggestion is None
    (possible,) = view.possible
    assert (possible.name, possible.confidence) == ("Kim Lee", "possible")
    assert possible.caution is not None and "relative" in possible.caution


def test_a_stranger_matches_nobody(desk: Desk) -> None:
    view = desk.view(desk.asked(ZOE))
    assert (view.suggestion, view.possible) == (None, ())
    assert form_for_new(view) == ClientForm("Zoë", "Ångström", "zoe@far.example", "+46 8 465 004 00", "1992-12-05")


def test_an_archived_client_is_not_suggested(desk: Desk) -> None:
    kim = desk.cast.kim
    desk.do(
        lambda session: clients.rewrite(
            session, desk.cast.practice, session.merge(kim), {"archived_at": NOW}, desk.cast.dana, NOW
        )
    )
    view = desk.view(desk.asked(KIM))
    assert (view.suggestion, view.possible) == (None, ())


def test_typed_and_filed_stand_side_by_side(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED)
    desk.link(asked)
    view = desk.view(asked)
    rows = {row.field: row for row in view.comparison}
    assert (rows["email"].typed, rows["email"].filed, rows["email"].can_update) == (
        "kim@new.example",
        "kim.lee@mail.example",
        True,
    )
    assert (rows["phone"].same, rows["phone"].can_update) == (True, False)
    assert rows["birth_date"].typed == "March 24, 1985"
    assert (view.must_choose_address, view.missing, view.client_label) == (True, None, "Kim Lee")


def test_the_day_around_it_is_the_practitioners(desk: Desk) -> None:
    before, asked = desk.asked(KIM), desk.asked(ZOE, NINE + timedelta(hours=2))
    desk.link(before)
    desk.approve(before)
    declined = desk.asked(SAM, NINE + timedelta(hours=4))
    desk.decline(declined)
    desk.asked(SAM, NINE + timedelta(days=1))
    day = desk.view(asked).day
    assert [(one.appointment_id, one.this) for one in day] == [(before, False), (asked, True)]
    assert [(one.name, one.service, one.location) for one in day] == [
        ("Kim Lee", "First visit", "Main Street"),
        ("Zoë Ångström", "First visit", "Main Street"),
    ]


def test_answers_come_with_their_questions(desk: Desk) -> None:
    asked = desk.asked()
    appointment = desk.look(asked)
    appointment.answers = {"gone": "something", "vegan": True}
    service = desk.cast.first_visit
    service.questions = [{"id": "vegan", "label": "Vegan?", "kind": "yes_no", "choices": [], "required": False}]
    desk.do(lambda session: (session.merge(appointment), session.merge(service)))
    assert [(one.label, one.text) for one in desk.view(asked).answers] == [("Vegan?", "Yes"), ("gone", "something")]


def test_history_and_mails_are_told_in_words(desk: Desk) -> None:
    asked = desk.asked()
    desk.now += timedelta(minutes=1)
    desk.link(asked)
    desk.now += timedelta(minutes=1)
    desk.approve(asked)
    view = desk.view(asked)
    assert [(one.who, one.what) for one in view.history] == [
        ("Dana", "Approved"),
        ("Dana", "Linked to a client"),
        ("The client", "Requested"),
    ]
    mails = {(mail.kind, mail.to): mail for mail in view.mails}
    confirmation = mails["confirmed", "kim.lee@mail.example"]
    assert (confirmation.title, confirmation.state, confirmation.at) == (
        "Confirmation",
        "waiting",
        desk.now + timedelta(seconds=20),
    )
    desk.undo(asked)
    assert {mail.state for mail in desk.view(asked).mails if mail.kind == "confirmed"} == {"cancelled"}


def test_a_mail_that_failed_says_why(desk: Desk) -> None:
    asked = desk.asked()

    (row,) = desk.mails("request_received")
    row.failed_at, row.last_error = NOW, "The server refused the address."
    desk.do(lambda session: session.merge(row))
    (mail,) = [one for one in desk.view(asked).mails if one.kind == "request_received"]
    assert (mail.state, mail.reason) == ("failed", "The server refused the address.")


def test_the_way_back_is_named_for_what_it_is(desk: Desk) -> None:
    asked = desk.asked()
    assert (desk.view(asked).undo, desk.view(asked).decided) == (None, None)
    desk.decline(asked)
    view = desk.view(asked)
    assert (view.undo, view.decided, view.may_change) == ("undo", "Declined by Dana at 7:00 AM", False)
    desk.now += timedelta(minutes=1)
    assert desk.view(asked).undo == "reopen"
    desk.now = NINE
    assert desk.view(asked).undo is None


def test_what_speaks_against_the_time_is_shown(desk: Desk) -> None:
    asked = desk.asked()
    assert desk.view(asked).conflicts == ()
    desk.now = NINE
    assert desk.view(asked).conflicts == ("This time has passed.",)


def test_who_booked_for_somebody_else_is_named(desk: Desk) -> None:
    asked = desk.asked(SAM, booked_by=Booker("Jo", "Lee", "mother"))
    view = desk.view(asked)
    assert view.booked_by is not None and view.booked_by.relationship == "mother"
    with desk.database.read() as session:
        (row,) = review.requests(session, desk.cast.dana, NOW)
    assert (row.name, row.booked_by) == ("Sam Lee", "Jo Lee")


def test_a_look_changes_nothing_and_takes_few_queries(desk: Desk) -> None:
    for hour in range(5):
        asked = desk.asked(KIM_MOVED, NINE + timedelta(hours=hour))
    statements: list[str] = []
    event.listen(
        desk.database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: statements.append(statement),
    )
    desk.view(asked)
    assert [one for one in statements if not one.startswith(("SELECT", "BEGIN"))] == []
    assert len(statements) <= MOST_QUERIES
