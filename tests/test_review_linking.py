"""Who a tentative client is: link, unlink, save as new, update the file; and what none of them changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from pencilin import clients, review
from pencilin.booking import Booker
from pencilin.clients import ClientForm
from pencilin.database import Database
from pencilin.errors import AlreadyDecided, Conflict, Invalid, MatchExists, NotFound
from pencilin.models import AuditEntry, Client, Link, LinkedAs, TentativeClient
from pencilin.review import form_for_new
from tests.cast import KIM, KIM_MOVED, NINE, NOW, SAM, ZOE, willow
from tests.desk import Desk

ZOE_FORM = ClientForm("Zoë", "Ångström", "zoe@far.example", "+46 8 465 004 00", "1992-12-05")


@pytest.fixture
def desk(sqlite_url: str) -> Iterator[Desk]:
    database = Database(sqlite_url)
    yield Desk(database, database.write(lambda session, _: willow(session)))
    database.close()


def save(desk: Desk, asked: str, form: ClientForm = ZOE_FORM, *, despite_match: bool = False) -> Client:
    revision = desk.look(asked).revision
    return desk.do(
        lambda session: review.save_as_new(
            session, desk.cast.dana, asked, form, revision, desk.now, despite_match=despite_match
        )
    )


def unlink(desk: Desk, asked: str) -> None:
    revision = desk.look(asked).revision
    desk.do(lambda session: review.unlink(session, desk.cast.dana, asked, revision, desk.now))


def links(desk: Desk, asked: str) -> list[Link]:
    with desk.database.read() as session:
        return list(session.exec(select(Link).where(Link.appointment_id == asked)))


def test_linking_keeps_the_evidence_that_was_shown(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED)
    suggestion = desk.view(asked).suggestion
    assert suggestion is not None and suggestion.client_id == desk.cast.kim.id
    desk.link(asked)
    (link,) = links(desk, asked)
    assert (link.client_id, link.linked_as, link.staff_id) == (desk.cast.kim.id, LinkedAs.EXISTING, desk.cast.dana.id)
    assert "same date of birth" in link.evidence
    assert set(suggestion.agrees) <= set(link.evidence)


def test_a_client_found_by_search_is_linked_without_evidence(desk: Desk) -> None:
    asked = desk.asked(ZOE)
    desk.link(asked)
    (link,) = links(desk, asked)
    assert link.evidence == []


def test_booking_and_linking_change_no_file(desk: Desk) -> None:
    before = desk.client(desk.cast.kim.id).model_dump()
    asked = desk.asked(replace(KIM_MOVED, first_name="Kimmy"))
    desk.view(asked)
    desk.link(asked)
    assert desk.client(desk.cast.kim.id).model_dump() == before


def test_unlinking_leaves_the_record(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    unlink(desk, asked)
    (link,) = links(desk, asked)
    assert link.removed_at == NOW
    view = desk.view(asked)
    assert (view.client, view.link) == (None, None)
    assert view.missing is not None
    assert view.suggestion is not None


def test_another_client_takes_the_place_of_the_linked_one(desk: Desk) -> None:
    asked = desk.asked(SAM)
    desk.link(asked)
    sam = desk.do(lambda session: clients.create(session, desk.cast.dana, ClientForm("Sam", "Lee"), NOW))
    revision = desk.look(asked).revision
    desk.do(lambda session: review.link_existing(session, desk.cast.dana, asked, sam.id, revision, NOW))
    assert desk.look(asked).client_id == sam.id
    assert sorted(link.removed_at is None for link in links(desk, asked)) == [False, True]


def test_a_decided_appointment_keeps_its_client_until_it_is_reopened(desk: Desk) -> None:
    asked = desk.asked()
    desk.link(asked)
    desk.approve(asked)
    with pytest.raises(Conflict, match="Reopen it first"):
        unlink(desk, asked)
    with pytest.raises(Conflict, match="Reopen it first"):
        save(desk, asked)
    with pytest.raises(Conflict, match="Reopen it first"):
        desk.link(asked)
    assert desk.look(asked).client_id == desk.cast.kim.id
    desk.undo(asked)
    unlink(desk, asked)
    assert desk.look(asked).client_id is None


def test_save_as_new_files_the_fields_as_staff_leave_them(desk: Desk) -> None:
    asked = desk.asked(ZOE)
    saved = save(desk, asked, replace(form_for_new(desk.view(asked)), last_name="Ångström Lind", notes="Likes tea."))
    filed = desk.client(saved.id)
    assert (filed.first_name, filed.last_name, filed.notes) == ("Zoë", "Ångström Lind", "Likes tea.")
    assert (filed.email, filed.birth_date, filed.saved_from) == ("zoe@far.example", ZOE.birth_date, asked)
    (link,) = links(desk, asked)
    assert (link.client_id, link.linked_as) == (saved.id, LinkedAs.NEW)
    with desk.database.read() as session:
        typed = session.get_one(TentativeClient, (desk.cast.practice.id, asked))
    assert typed.last_name == "Ångström"


def test_wrong_fields_are_all_named_and_nothing_is_saved(desk: Desk) -> None:
    asked = desk.asked(ZOE)
    with pytest.raises(Invalid) as refused:
        save(desk, asked, ClientForm("", "a\u202eb", "zoe@", "12", "2027-01-01"))
    assert set(refused.value.fields) == {"first_name", "last_name", "email", "phone", "birth_date"}
    assert desk.clients() == 1
    assert desk.look(asked).revision == 1


def test_pressed_twice_one_file_is_made(desk: Desk) -> None:
    asked = desk.asked(ZOE)
    desk.now += timedelta(minutes=1)
    save(desk, asked)
    with pytest.raises(AlreadyDecided, match="Saved as a new client by Dana at 7:01 AM"):
        desk.do(lambda session: review.save_as_new(session, desk.cast.mona, asked, ZOE_FORM, 1, desk.now))
    assert desk.clients() == 2


def test_unlinked_and_saved_again_it_is_still_one_file(desk: Desk) -> None:
    asked = desk.asked(ZOE)
    first = save(desk, asked)
    unlink(desk, asked)
    assert desk.client(first.id).archived_at is not None
    view = desk.view(asked)
    assert (view.suggestion, view.possible) == (None, ())
    again = save(desk, asked, replace(ZOE_FORM, first_name="Zoé"))
    assert again.id == first.id
    assert (desk.client(first.id).first_name, desk.client(first.id).archived_at) == ("Zoé", None)
    assert desk.clients() == 2


def test_a_file_that_another_appointment_uses_is_not_saved_over(desk: Desk) -> None:
    first, second = desk.asked(ZOE), desk.asked(ZOE, NINE + timedelta(hours=2))
    shared = save(desk, first)
    revision = desk.look(second).revision
    desk.do(lambda session: review.link_existing(session, desk.cast.dana, second, shared.id, revision, NOW))
    unlink(desk, first)
    other = save(desk, first, ClientForm("Mo", "Berg", "mo@far.example"))
    assert other.id != shared.id
    kept = desk.client(shared.id)
    assert (kept.first_name, kept.email, kept.archived_at) == ("Zoë", "zoe@far.example", None)
    assert (kept.saved_from, desk.client(other.id).saved_from) == (None, first)
    assert (desk.look(first).client_id, desk.look(second).client_id) == (other.id, shared.id)


def test_each_unlink_puts_the_saved_file_away(desk: Desk) -> None:
    asked = desk.asked(ZOE)
    for _ in range(3):
        desk.now += timedelta(minutes=1)
        saved = save(desk, asked)
        desk.now += timedelta(minutes=1)
        unlink(desk, asked)
        assert desk.client(saved.id).archived_at == desk.now
    assert desk.clients() == 2


def test_a_saved_file_that_was_worked_on_is_kept(desk: Desk) -> None:
    asked = desk.asked(ZOE)
    saved = save(desk, asked)
    desk.now += timedelta(minutes=1)
    form = replace(clients.form_of(saved), notes="Called back.")
    desk.do(lambda session: clients.update(session, desk.cast.dana, saved.id, form, desk.now))
    unlink(desk, asked)
    assert desk.client(saved.id).archived_at is None
    again = save(desk, asked, despite_match=True)
    assert again.id != saved.id
    assert desk.client(saved.id).notes == "Called back."


def test_a_very_likely_match_must_be_passed_over_on_purpose(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED)
    form = form_for_new(desk.view(asked))
    with pytest.raises(MatchExists, match="very likely a client you already have"):
        save(desk, asked, form)
    assert desk.clients() == 1
    save(desk, asked, form, despite_match=True)
    assert desk.clients() == 2


def test_a_relative_is_saved_without_a_question(desk: Desk) -> None:
    asked = desk.asked(SAM)
    view = desk.view(asked)
    assert view.suggestion is None
    save(desk, asked, form_for_new(view))
    assert desk.clients() == 2


def test_only_the_chosen_fields_go_into_the_file(desk: Desk) -> None:
    asked = desk.asked(replace(KIM_MOVED, first_name="Kimberly"))
    desk.link(asked)
    differing = {row.field for row in desk.view(asked).comparison if row.can_update}
    assert differing == {"first_name", "email"}
    desk.do(lambda session: review.update_file(session, desk.cast.dana, asked, ["email"], NOW))
    kim = desk.client(desk.cast.kim.id)
    assert (kim.first_name, kim.email, kim.phone) == ("Kim", "kim@new.example", "+1 212 555 0147")
    assert not desk.view(asked).must_choose_address


def test_a_phone_is_filed_with_its_country(desk: Desk) -> None:
    asked = desk.asked(replace(KIM, phone="(646) 555-0188"))
    desk.link(asked)
    desk.do(lambda session: review.update_file(session, desk.cast.dana, asked, ["phone"], NOW))
    assert desk.client(desk.cast.kim.id).phone == "+1 646-555-0188"


def test_an_updated_file_is_found_by_its_new_values(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED)
    desk.link(asked)
    desk.do(lambda session: review.update_file(session, desk.cast.dana, asked, ["email"], NOW))
    with desk.database.read() as session:
        found = clients.search(session, desk.cast.dana, "kim@new.example")
        gone = clients.search(session, desk.cast.dana, "kim.lee@mail.example")
    assert [one.id for one in found] == [desk.cast.kim.id]
    assert gone == []


def test_what_was_left_empty_empties_nothing(desk: Desk) -> None:
    asked = desk.asked(replace(KIM, birth_date=None))
    desk.link(asked)
    desk.do(lambda session: review.update_file(session, desk.cast.dana, asked, ["birth_date"], NOW))
    assert desk.client(desk.cast.kim.id).birth_date == KIM.birth_date


@pytest.mark.parametrize("fields", [[], ["notes"], ["email", "practice_id"]])
def test_other_fields_cannot_be_copied(desk: Desk, fields: list[str]) -> None:
    asked = desk.asked(KIM_MOVED)
    desk.link(asked)
    with pytest.raises(Invalid):
        desk.do(lambda session: review.update_file(session, desk.cast.dana, asked, fields, NOW))
    assert desk.client(desk.cast.kim.id).email == "kim.lee@mail.example"


def test_the_audit_trail_names_fields_never_values(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED)
    desk.link(asked)
    desk.do(lambda session: review.update_file(session, desk.cast.dana, asked, ["email"], NOW))
    with desk.database.read() as session:
        entries = session.exec(select(AuditEntry)).all()
    (updated,) = [entry for entry in entries if entry.action == "client.updated"]
    assert (updated.subject_id, updated.fields) == (desk.cast.kim.id, ["email"])
    # Ids and instants are of digits that may be anything.
    written = " ".join(str(entry.model_dump(include={"action", "fields"})) for entry in entries).casefold()
    for secret in ("kim", "lee", "555", "example", "1985"):
        assert secret not in written


def test_someone_elses_contact_is_labelled_as_theirs(desk: Desk) -> None:
    asked = desk.asked(KIM_MOVED, booked_by=Booker("Jo", "Lee", "mother"))
    desk.link(asked)
    labels = {row.field: row.label for row in desk.view(asked).comparison}
    assert labels["email"] == "Email (of the person who booked)"
    assert labels["first_name"] == "First name"


def test_an_unknown_or_foreign_client_is_not_found(desk: Desk) -> None:
    other = desk.do(lambda session: willow(session, slug="birch"))
    asked = desk.asked()
    for client_id in ("0" * 32, other.kim.id):
        with pytest.raises(NotFound):
            desk.do(
                lambda session, client_id=client_id: review.link_existing(  # type: ignore[misc]
                    session, desk.cast.dana, asked, client_id, 1, NOW
                )
            )
    assert links(desk, asked) == []
