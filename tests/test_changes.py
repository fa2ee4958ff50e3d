"""What open pages ask every few seconds: the revision differs after every change, whoever made it and however late."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from pencilin import audit
from pencilin.database import Database
from pencilin.models import ActorKind
from pencilin.review.deadlines import expire_due
from tests.cast import ZOE
from tests.screens import asked, link_kim, press, row, signed_in
from tests.staff_site import Browser, Site, site


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


def told(browser: Browser) -> tuple[str, int]:
    """The revision, and how much waits."""
    answer = browser.get("/changes", Accept="application/json")
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"revision", "waiting"}
    return answer.json()["revision"], answer.json()["waiting"]


def test_each_kind_of_change_is_another_revision(here: Site) -> None:
    dana = signed_in(here, "dana")
    elsewhere = here.browser()
    elsewhere.sign_in("dana@birch.example")
    before = told(elsewhere)
    seen = [told(dana)]

    def is_another(waiting: int) -> None:
        seen.append(told(dana))
        assert seen[-1][1] == waiting

    appointment = asked(here)
    is_another(waiting=1)
    link_kim(here, dana, appointment)
    is_another(waiting=1)
    press(dana, appointment, "approval")
    is_another(waiting=0)
    press(dana, appointment, "undo")
    is_another(waiting=1)
    cast = here.cast
    where = {"service": cast.first_visit.id, "practitioner": cast.ana.id, "location": cast.main_street.id}
    press(dana, appointment, "visit", **where, date="2026-11-24", time="11:00")
    is_another(waiting=1)
    press(dana, appointment, "refusal", reason="time")
    is_another(waiting=0)
    late = asked(here, ZOE, hours=5)
    is_another(waiting=1)
    assert told(elsewhere) == before

    here.now = row(here, late).start
    dana = signed_in(here, "dana")
    is_another(waiting=1)
    here.database.write(lambda session, _: expire_due(session, here.now))
    is_another(waiting=0)
    assert len({revision for revision, _ in seen}) == len(seen)


def test_what_commits_late_is_noticed_too(here: Site) -> None:
    """A transaction that began before another one, and ends after it, has the earlier time."""
    practice = here.cast.practice.id
    dana = signed_in(here, "dana")
    revisions = []

    def note() -> None:
        revisions.append(told(dana)[0])

    def record(session: Session, at: datetime) -> None:
        audit.record(session, at, practice, ActorKind.SYSTEM, "practice.updated", "practice", practice)
        session.flush()

    def earlier(session: Session, _: datetime) -> None:
        record(session, here.now - timedelta(seconds=9))
        if not here.database.is_sqlite:  # which lets only one in
            here.database.write(record)
        note()

    note()
    here.database.write(record)
    note()
    here.database.write(earlier)
    note()
    assert len(set(revisions)) == (3 if here.database.is_sqlite else 4)


def test_a_page_that_knows_the_revision_gets_an_empty_answer(here: Site) -> None:
    dana = signed_in(here, "dana")
    answer = dana.get("/changes", Accept="application/json")
    assert dana.get("/changes", **{"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert f'data-revision="{answer.json()["revision"]}" data-waiting="0"' in dana.get("/clients").text
    asked(here, practitioner=here.cast.ben)
    assert told(dana)[1] == 1
    assert told(signed_in(here, "ana"))[1] == 0  # Ben's is not hers to see


def test_asking_for_changes_keeps_no_forgotten_session_alive(here: Site) -> None:
    dana = signed_in(here, "dana")
    for _ in range(4):
        here.later(minutes=10)
        answer = dana.get("/changes", Accept="application/json")
    assert answer.status_code == 401
