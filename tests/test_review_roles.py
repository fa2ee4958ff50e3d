"""Who sees what: the practice's staff all of it, a practitioner their own, another practice nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from pencilin import clients, review
from pencilin.clients import ClientForm
from pencilin.database import Database
from pencilin.errors import Forbidden, Invalid, MatchExists, NotFound
from pencilin.models import Staff
from pencilin.review import Change, ConfirmTo, DeclineReason
from tests.cast import KIM, KIM_MOVED, NINE, NOW, ZOE, Willow, ask, willow
from tests.desk import Desk


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    database = Database(sqlite_url)
    yield Desk(database, database.write(lambda session, _: willow(session)))
    database.close()


def acts(cast: Willow, staff: Staff, appointment_id: str) -> list[Callable[[Session], object]]:
    """Everything that can be done to an appointment, as this staff member."""
    change = Change(cast.first_visit.id, cast.ana.id, cast.main_street.id, NINE)
    form = ClientForm("Zoë", "Ångström")
    return [
        lambda session: review.view(session, staff, appointment_id, NOW),
        lambda session: review.link_existing(session, staff, appointment_id, cast.kim.id, 1, NOW),
        lambda session: review.unlink(session, staff, appointment_id, 1, NOW),
        lambda session: review.save_as_new(session, staff, appointment_id, form, 1, NOW),
        lambda session: review.update_file(session, staff, appointment_id, ["email"], NOW),
        lambda session: review.change(session, staff, appointment_id, change, 1, NOW),
        lambda session: review.conflicts_of(session, staff, appointment_id, change, NOW),
        lambda session: review.approve(session, staff, appointment_id, 1, None, NOW),
        lambda session: review.decline(session, staff, appointment_id, 1, DeclineReason.TIME, "", NOW),
        lambda session: review.undo(session, staff, appointment_id, 1, NOW),
    ]


def of_ben(desk: Desk) -> str:
    """A request for Ben's time."""
    return desk.do(lambda session: ask(session, desk.cast, ZOE, practitioner=desk.cast.ben).id)


def test_nobody_of_another_practice_finds_an_appointment(desk: Desk) -> None:
    birch = desk.do(lambda session: willow(session, slug="birch"))
    asked = desk.asked()
    for act in acts(desk.cast, birch.mona, asked):
        with pytest.raises(NotFound):
            desk.do(act)
    with desk.database.read() as session:
        assert review.requests(session, birch.mona, NOW) == []
        assert review.count_waiting(session, birch.mona) == 0
        assert clients.listing(session, birch.mona).total == 1
        with pytest.raises(NotFound):
            clients.file(session, birch.mona, desk.cast.kim.id)
        assert [one.id for one in clients.search(session, birch.mona, "Kim Lee")] == [birch.kim.id]


def test_a_practitioner_finds_no_colleagues_appointment(desk: Desk) -> None:
    other = of_ben(desk)
    for act in acts(desk.cast, desk.cast.ana_signs_in, other):
        with pytest.raises(NotFound):
            desk.do(act)


@pytest.mark.parametrize("appointment_id", ["", "0" * 32, "\x00", "ü", "a' or '1'='1", "\ud800"])
def test_ids_that_are_none_are_not_found(desk: Desk, appointment_id: str) -> None:
    for act in acts(desk.cast, desk.cast.mona, appointment_id):
        with pytest.raises(NotFound):
            desk.do(act)


def test_requests_are_the_practices_or_the_practitioners_own(desk: Desk) -> None:
    own, other = desk.asked(), of_ben(desk)
    with desk.database.read() as session:
        for staff, seen in (
            (desk.cast.dana, {own, other}),
            (desk.cast.mona, {own, other}),
            (desk.cast.ana_signs_in, {own}),
        ):
            assert {row.appointment_id for row in review.requests(session, staff, NOW)} == seen
            assert review.count_waiting(session, staff) == len(seen)


def test_a_match_beyond_their_own_shows_a_practitioner_no_file(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED)
    ana = desk.cast.ana_signs_in
    seen = desk.view(asked, ana).suggestion
    assert seen is not None and seen.hidden
    assert set(seen.agrees) == {"name", "date of birth", "phone"}
    assert (seen.name, seen.email, seen.phone, seen.birth_date, seen.caution) == (None,) * 5
    assert seen.differs == ()
    assert "kim.lee@mail.example" not in str(seen)
    by_dana = desk.view(asked).suggestion
    assert by_dana is not None and not by_dana.hidden and by_dana.name == "Kim Lee"


def test_a_practitioner_links_a_match_without_seeing_it(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED)
    ana = desk.cast.ana_signs_in
    desk.do(lambda session: review.link_existing(session, ana, asked, desk.cast.kim.id, 1, NOW))
    view = desk.view(asked, ana)
    assert (view.client, view.client_hidden, view.client_label) == (None, True, "the client")
    assert view.link is not None and view.link.evidence == []
    assert (view.comparison, view.filed_email, view.must_choose_address) == ((), None, True)
    with desk.database.read() as session:
        assert clients.search(session, ana, "Kim Lee") == []
        with pytest.raises(NotFound):
            clients.file(session, ana, desk.cast.kim.id)
    with pytest.raises(Forbidden, match="front desk"):
        desk.do(lambda session: review.update_file(session, ana, asked, ["email"], NOW))


def test_a_practitioner_confirms_to_an_address_that_stays_hidden_until_approval(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED)
    ana = desk.cast.ana_signs_in
    desk.do(lambda session: review.link_existing(session, ana, asked, desk.cast.kim.id, 1, NOW))
    with pytest.raises(Invalid):
        desk.do(lambda session: review.approve(session, ana, asked, 2, None, NOW))
    desk.do(lambda session: review.approve(session, ana, asked, 2, ConfirmTo.FILED, NOW))
    assert desk.addressed("confirmed") == ["kim.lee@mail.example"]
    view = desk.view(asked, ana)
    assert view.client is not None and view.client.id == desk.cast.kim.id
    desk.do(lambda session: review.undo(session, ana, asked, 3, NOW))
    hidden = desk.view(asked, ana)
    assert hidden.client_hidden
    assert [mail.to for mail in hidden.mails if mail.kind == "confirmed"] == [None]
    assert "kim.lee@mail.example" not in str(hidden)


def test_a_practitioner_links_nobody_whom_matching_does_not_list(desk: Desk) -> None:
    asked = desk.asked(ZOE)
    ana = desk.cast.ana_signs_in
    with pytest.raises(NotFound):
        desk.do(lambda session: review.link_existing(session, ana, asked, desk.cast.kim.id, 1, NOW))


def test_a_practitioner_sees_the_files_of_those_they_treat(desk: Desk) -> None:
    treated, ana = desk.asked(KIM), desk.cast.ana_signs_in
    with desk.database.read() as session:
        assert clients.listing(session, ana).clients == ()
    desk.link(treated)
    desk.approve(treated)
    with desk.database.read() as session:
        assert [one.id for one in clients.listing(session, ana).clients] == [desk.cast.kim.id]
        assert [one.id for one in clients.search(session, ana, "kim")] == [desk.cast.kim.id]
        assert len(clients.file(session, ana, desk.cast.kim.id).appointments) == 1


def test_in_a_shared_clients_file_a_practitioner_sees_own_appointments_only(desk: Desk) -> None:
    for practitioner, start in ((desk.cast.ana, NINE), (desk.cast.ben, NINE + timedelta(hours=2))):
        asked = desk.do(lambda session, p=practitioner, s=start: ask(session, desk.cast, KIM, s, practitioner=p).id)  # type: ignore[misc]
        desk.link(asked)
        desk.approve(asked)
    with desk.database.read() as session:
        assert len(clients.file(session, desk.cast.ana_signs_in, desk.cast.kim.id).appointments) == 1
        assert len(clients.file(session, desk.cast.dana, desk.cast.kim.id).appointments) == 2


def test_a_practitioner_sees_whom_they_saved(desk: Desk) -> None:
    asked, ana = desk.asked(ZOE), desk.cast.ana_signs_in
    saved = desk.do(lambda session: review.save_as_new(session, ana, asked, ClientForm("Zoë", "Ångström"), 1, NOW))
    view = desk.view(asked, ana)
    assert view.client is not None and view.client.id == saved.id


def test_a_practitioner_chooses_among_themselves_only(desk: Desk) -> None:
    asked = desk.asked()
    assert [one.id for one in desk.view(asked, desk.cast.ana_signs_in).catalogue.practitioners] == [desk.cast.ana.id]
    assert len(desk.view(asked).catalogue.practitioners) == 2


def test_a_practitioner_without_a_calendar_sees_nothing(desk: Desk) -> None:
    asked = desk.asked()
    nobody = Staff(**(desk.cast.ana_signs_in.model_dump() | {"practitioner_id": None}))
    with desk.database.read() as session:
        assert review.requests(session, nobody, NOW) == []
        assert clients.listing(session, nobody).clients == ()
        with pytest.raises(NotFound):
            review.view(session, nobody, asked, NOW)


def test_a_new_file_is_compared_with_files_that_are_hidden(desk: Desk) -> None:
    asked = desk.asked(replace(KIM_MOVED, first_name="Kim"))
    ana = desk.cast.ana_signs_in
    form = review.form_for_new(desk.view(asked, ana))
    with pytest.raises(Exception, match="very likely a client you already have") as told:
        desk.do(lambda session: review.save_as_new(session, ana, asked, form, 1, NOW))
    assert "Lee" not in str(told.value)


def test_a_new_file_tells_a_practitioner_nothing_about_files_that_were_not_typed(desk: Desk) -> None:
    asked, ana = desk.asked(ZOE), desk.cast.ana_signs_in
    kims = ClientForm("Kim", "Lee", "kim.lee@mail.example", "(212) 555-0147", "1985-03-24")
    with pytest.raises(MatchExists):
        desk.do(lambda session: review.save_as_new(session, desk.cast.dana, asked, kims, 1, NOW))
    desk.do(lambda session: review.save_as_new(session, ana, asked, kims, 1, NOW))
    assert desk.clients() == 2


@pytest.mark.parametrize("end", ["declined", "expired"])
def test_a_practitioner_must_not_see_whom_an_ended_request_was_linked_to(desk: Desk, end: str) -> None:
    ana = desk.cast.ana_signs_in
    asked = desk.asked(replace(KIM_MOVED, first_name="Kimmy", last_name="Leigh"))
    desk.link(asked)
    if end == "declined":
        desk.decline(asked)
    else:
        desk.now = NINE
        desk.do(lambda session: review.expire_due(session, desk.now))
    assert desk.look(asked).status == end
    seen = desk.view(asked, ana)
    assert [one.name for one in seen.day] == ["Kimmy Leigh"]
    assert "Kim Lee" not in str(seen)
    assert "kim.lee@mail.example" not in str(seen)
    assert [one.name for one in desk.view(asked).day] == ["Kim Lee"]


def test_a_practitioner_must_not_see_the_address_of_a_client_who_was_linked_before(desk: Desk) -> None:
    ana = desk.cast.ana_signs_in
    asked = desk.asked(KIM_MOVED)
    desk.link(asked)
    desk.approve(asked, ConfirmTo.BOTH)
    desk.now += timedelta(minutes=1)
    desk.send_all()
    desk.undo(asked)
    revision = desk.look(asked).revision
    desk.do(lambda session: review.unlink(session, desk.cast.dana, asked, revision, desk.now))
    mails = desk.view(asked, ana).mails
    assert [mail.to for mail in mails if mail.kind == "confirmed"].count(None) == 1
    assert {mail.to for mail in mails if mail.kind in ("confirmed", "correction")} == {None, "kim@new.example"}
    assert "kim.lee@mail.example" in {mail.to for mail in desk.view(asked).mails}
