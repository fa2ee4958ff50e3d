"""What becomes of an approved appointment: cancelled by staff, completed, nobody came; one winner, and a way back."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from pencilin import review
from pencilin.database import Database
from pencilin.errors import AlreadyDecided, Conflict
from pencilin.mail.messages import Kind
from pencilin.models import Practice
from pencilin.rules.states import Status
from tests.cast import NINE, NOW, ZOE, willow
from tests.desk import Desk
from tests.proposing import claimed
from tests.rig.rush import together
from tests.screens import asked, link_kim, press, row, signed_in
from tests.staff_site import Site, site

TWENTY = timedelta(seconds=review.UNDO_SECONDS)


@pytest.fixture
def desk(sqlite_url: str) -> Desk:
    database = Database(sqlite_url, clock=lambda: NOW)
    return Desk(database, database.write(lambda session, _: willow(session)))


def approved(desk: Desk) -> str:
    made = desk.asked()
    desk.link(made)
    desk.approve(made)
    return made


def cancel(desk: Desk, made: str, message: str = "", *, tell: bool = True) -> None:
    revision = desk.look(made).revision
    desk.do(lambda session: review.cancel(session, desk.cast.dana, made, revision, message, desk.now, tell=tell))


def mark(desk: Desk, made: str, outcome: Status) -> None:
    revision = desk.look(made).revision
    desk.do(lambda session: review.mark(session, desk.cast.dana, made, outcome, revision, desk.now))


def test_a_cancelled_time_is_free_once_it_cannot_be_undone(desk: Desk) -> None:
    made = approved(desk)
    desk.now += timedelta(minutes=1)
    desk.send_all()
    cancel(desk, made, "Ana is ill.")
    assert desk.look(made).status == Status.CANCELLED
    (mail,) = desk.mails(Kind.CANCELLED)
    assert (mail.recipient, mail.due_at) == ("kim.lee@mail.example", desk.now + TWENTY)
    assert (mail.payload or {})["message"] == "Ana is ill."
    with pytest.raises(Conflict):
        desk.asked(ZOE)
    assert desk.view(made).undo == "undo"
    desk.now += TWENTY
    assert desk.view(made).undo is None
    with pytest.raises(Conflict, match="has been told"):
        desk.undo(made)
    desk.asked(ZOE)


def test_undo_brings_all_back_and_tells_nobody(desk: Desk) -> None:
    desk.do(lambda s: setattr(s.get_one(Practice, desk.cast.practice.id), "reminder_hours", [2]))
    made = approved(desk)
    cancel(desk, made)
    assert desk.addressed(Kind.VISIT_REMINDER) == []
    desk.undo(made)
    assert desk.look(made).status == Status.APPROVED
    assert desk.addressed(Kind.CANCELLED) == []
    # The confirmation that hadn't left yet leaves after all; once only.
    assert desk.addressed(Kind.CONFIRMED) == ["kim.lee@mail.example"]
    assert len(desk.addressed(Kind.VISIT_REMINDER)) == 1
    assert len(claimed(desk)) == 12
    desk.now += timedelta(minutes=5)
    desk.send_all()
    cancel(desk, made)
    desk.undo(made)
    assert len(desk.addressed(Kind.CONFIRMED)) == 1


def test_who_knows_already_gets_no_mail(desk: Desk) -> None:
    made = approved(desk)
    cancel(desk, made, tell=False)
    assert desk.mails(Kind.CANCELLED) == []


def test_an_outcome_is_noted_after_the_start_and_can_change(desk: Desk) -> None:
    made = approved(desk)
    with pytest.raises(Conflict, match="hasn't begun yet"):
        mark(desk, made, Status.COMPLETED)
    desk.now = NINE
    for outcome in (Status.COMPLETED, Status.NO_SHOW, Status.COMPLETED):
        mark(desk, made, outcome)
        assert desk.look(made).status == outcome
    with pytest.raises(Conflict, match="is completed already"):
        mark(desk, made, Status.COMPLETED)
    with pytest.raises(Conflict, match="so it can't be cancelled"):
        cancel(desk, made)
    desk.undo(made)
    assert desk.look(made).status == Status.APPROVED
    assert {"appointment.completed", "appointment.no_show", "appointment.outcome_undone"} <= desk.actions(made)
    cancel(desk, made)
    assert desk.mails(Kind.CANCELLED) == []


@pytest.mark.parametrize("status", [Status.TENTATIVE, Status.DECLINED])
def test_only_what_was_approved_has_an_outcome(desk: Desk, status: Status) -> None:
    made = desk.asked()
    if status is Status.DECLINED:
        desk.decline(made)
    desk.now = NINE
    for act in (cancel, partial(mark, outcome=Status.NO_SHOW)):
        with pytest.raises(Conflict):
            act(desk, made)


def test_of_those_who_press_at_once_one_wins(database: Database) -> None:
    database.clock = lambda: NINE
    desk = Desk(database, database.write(lambda session, _: willow(session)))
    made = approved(desk)
    revision, cast = desk.look(made).revision, desk.cast
    told = together(
        [
            partial(database.write, lambda s, now: review.cancel(s, cast.dana, made, revision, "", now)),
            partial(database.write, lambda s, now: review.mark(s, cast.mona, made, Status.NO_SHOW, revision, now)),
            partial(database.write, lambda s, now: review.mark(s, cast.dana, made, Status.COMPLETED, revision, now)),
            partial(database.write, lambda s, now: review.cancel(s, cast.mona, made, revision, "", now)),
        ]
    )
    assert [type(one) for one in told if one is not None] == [AlreadyDecided] * 3
    assert desk.look(made).revision == revision + 1
    (loser, *_) = [one for one in told if isinstance(one, AlreadyDecided)]
    assert " by " in str(loser)


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


def test_the_page_offers_what_is_possible_at_each_moment(here: Site) -> None:
    dana, made = signed_in(here, "dana"), asked(here)
    link_kim(here, dana, made)
    press(dana, made, "approval")
    page = dana.get(f"/appointments/{made}").text
    assert "Cancel appointment…" in page and "No-show" not in page
    refused = press(dana, made, "cancellation", message="x" * 3000)
    assert refused.status_code == 422 and "x" * 3000 in refused.text
    told = press(dana, made, "cancellation", message="Ana is ill.").text
    assert "Cancelled. Kim will be emailed in 20 s." in told and ">Undo<" in told
    assert "Appointment · Cancelled" in told and "Cancel appointment…" not in told
    assert "Appointment · Approved" in press(dana, made, "undo").text
    here.now = NINE + timedelta(minutes=5)
    dana = signed_in(here, "dana")
    told = press(dana, made, "absence").text
    assert "Marked as a no-show by Dana" in told and "Mark as completed" in told
    assert "Appointment · Completed" in press(dana, made, "completion").text
    assert "Appointment · Approved" in press(dana, made, "undo").text
    assert row(here, made).status is Status.APPROVED


def test_a_second_person_hears_who_was_first(here: Site) -> None:
    dana, mona, made = signed_in(here, "dana"), signed_in(here, "mona"), asked(here)
    link_kim(here, dana, made)
    press(dana, made, "approval")
    page = mona.get(f"/appointments/{made}")
    press(dana, made, "cancellation")
    late = mona.submit(page, f"/appointments/{made}/cancellation")
    assert late.status_code == 409 and "Cancelled by Dana at" in late.text
