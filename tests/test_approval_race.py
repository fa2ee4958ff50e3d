"""Of 32 who decide at once one wins: one change, one client file, one mail, one audit entry (security row 2).

Threads in several processes press at one moment. With the compare-and-set of ``access.advance`` taken away, the test
fails: that is what the last one shows.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from unittest import mock

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from pencilin import review
from pencilin.clients import ClientForm
from pencilin.database import Database
from pencilin.errors import AlreadyDecided
from pencilin.models import Appointment, AuditEntry, Client, Link, Outbox, Staff
from pencilin.review import ConfirmTo, DeclineReason, decisions
from pencilin.rules.states import Status
from tests.cast import NOW, ZOE, Willow, ask, willow
from tests.rig.machine import PATIENT
from tests.rig.rush import together

PRESSES = 32
PROCESSES = 2
FORM = ClientForm("Zoë", "Ångström", "zoe@far.example", "+46 8 465 004 00")


def approve(session: Session, staff: Staff, asked: str, revision: int, now: datetime) -> None:
    review.approve(session, staff, asked, revision, ConfirmTo.TYPED, now)


def decline(session: Session, staff: Staff, asked: str, revision: int, now: datetime) -> None:
    review.decline(session, staff, asked, revision, DeclineReason.TIME, "", now)


def save(session: Session, staff: Staff, asked: str, revision: int, now: datetime) -> None:
    review.save_as_new(session, staff, asked, FORM, revision, now)


def save_and_approve(session: Session, staff: Staff, asked: str, revision: int, now: datetime) -> None:
    save(session, staff, asked, revision, now)
    approve(session, staff, asked, revision + 1, now)


def approve_or_decline(session: Session, staff: Staff, asked: str, revision: int, now: datetime) -> None:
    (approve if staff.name == "Dana" else decline)(session, staff, asked, revision, now)


ACTS = {act.__name__: act for act in (approve, save, save_and_approve, approve_or_decline)}


def press(url: str, act: str, staff: list[Staff], asked: str, revision: int, go_at: float, guarded: bool) -> list[str]:
    """One process's share of the presses: what each was told, or *done*."""
    database = Database(url, clock=lambda: NOW, patience=PATIENT)

    def one(by: Staff) -> str:
        # As at the edge: what the page showed is known before the write transaction begins.
        database.write(lambda session, now: ACTS[act](session, by, asked, revision, now))
        return "done"

    with ExitStack() as patches:
        if not guarded:
            patches.enter_context(mock.patch.object(decisions, "advance", advance_unguarded))
            patches.enter_context(mock.patch.object(decisions, "_open_request", look_early(database, asked)))
        time.sleep(max(0.0, go_at - time.time()))
        results = together([partial(one, by) for by in staff])
    database.close()
    return [str(result) if isinstance(result, str | AlreadyDecided) else repr(result) for result in results]


def advance_unguarded(
    session: Session, appointment: Appointment, status: Status, revision: int, now: datetime, changes: dict[str, object]
) -> None:
    """What the guard would be without its conditions."""
    session.execute(
        update(Appointment)
        .where(col(Appointment.id) == appointment.id)
        .values(revision=Appointment.revision + 1, **changes)
    )
    session.refresh(appointment)


def look_early(database: Database, asked: str) -> Callable[..., Appointment]:
    """A check before the change that saw the appointment before anybody changed it: check-then-act at its worst."""
    with database.read() as session:
        seen = session.exec(select(Appointment).where(Appointment.id == asked)).one()

    def check(session: Session, *_: object) -> Appointment:
        return session.merge(Appointment(**seen.model_dump()))

    return check


Rush = Callable[..., Counter[str]]


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    """Processes that have imported everything, so that all of them are there when the presses begin."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for ready in [pool.submit(time.sleep, 0.5) for _ in range(PROCESSES)]:
            ready.result()
        yield pool


@pytest.fixture
def rush(pool: ProcessPoolExecutor, database_url: str, cast: Willow) -> Rush:
    """``rush(act, asked, revision)``: what 32 presses were told, by Dana in one process and Mona in the other."""

    def run(act: str, asked: str, revision: int, *, guarded: bool = True) -> Counter[str]:
        go_at = time.time() + 0.5
        jobs = [
            pool.submit(press, database_url, act, [by] * (PRESSES // PROCESSES), asked, revision, go_at, guarded)
            for by in (cast.dana, cast.mona)
        ]
        return sum((Counter(job.result()) for job in jobs), Counter())

    return run


@pytest.fixture
def cast(database: Database) -> Willow:
    return database.write(lambda session, _: willow(session))


@pytest.fixture
def asked(database: Database, cast: Willow) -> str:
    return database.write(lambda session, _: ask(session, cast, ZOE).id)


@pytest.fixture
def saved(database: Database, cast: Willow, asked: str) -> str:
    database.write(lambda session, now: save(session, cast.dana, asked, 1, NOW))
    return asked


def counted(database: Database, asked: str) -> dict[str, int]:
    """How often each thing happened to the appointment."""
    with database.read() as session:
        actions = Counter(session.exec(select(AuditEntry.action).where(AuditEntry.subject_id == asked)))
        kinds = Counter(session.exec(select(Outbox.kind).where(Outbox.subject_id == asked)))
        return {
            "approved": actions["appointment.approved"],
            "declined": actions["appointment.declined"],
            "saved": actions["appointment.saved_as_new"],
            "confirmed": kinds["confirmed"],
            "refused": kinds["declined"],
            "files": len(session.exec(select(Client.id).where(Client.saved_from == asked)).all()),
            "links": len(session.exec(select(Link.id).where(Link.appointment_id == asked)).all()),
        }


def test_of_32_who_approve_one_does(database: Database, rush: Rush, cast: Willow, saved: str) -> None:
    outcomes = rush("approve", saved, 2)
    assert outcomes.pop("done") == 1
    assert sum(outcomes.values()) == 31
    (told,) = outcomes
    assert told in {"Approved by Dana at 7:00 AM", "Approved by Mona at 7:00 AM"}
    assert counted(database, saved) == {
        "approved": 1, "declined": 0, "saved": 1, "confirmed": 1, "refused": 0, "files": 1, "links": 1
    }  # fmt: skip
    with database.read() as session:
        appointment = session.get_one(Appointment, (cast.practice.id, saved))
    assert (appointment.status, appointment.revision) == (Status.APPROVED, 3)


def test_of_32_who_save_and_approve_one_does_both(database: Database, rush: Rush, asked: str) -> None:
    outcomes = rush("save_and_approve", asked, 1)
    assert (outcomes["done"], sum(outcomes.values()), len(outcomes)) == (1, 32, 2), outcomes
    assert counted(database, asked) == {
        "approved": 1, "declined": 0, "saved": 1, "confirmed": 1, "refused": 0, "files": 1, "links": 1
    }  # fmt: skip


def test_of_32_who_approve_or_decline_one_decides(database: Database, rush: Rush, saved: str) -> None:
    outcomes = rush("approve_or_decline", saved, 2)
    assert (outcomes.pop("done"), sum(outcomes.values())) == (1, 31)
    (told,) = outcomes
    found = counted(database, saved)
    assert found["approved"] + found["declined"] == 1
    assert (found["confirmed"], found["refused"]) == (found["approved"], found["declined"])
    assert told == ("Approved by Dana at 7:00 AM" if found["approved"] else "Declined by Mona at 7:00 AM")


def test_without_the_guard_several_would(database: Database, rush: Rush, saved: str) -> None:
    assert rush("approve", saved, 2, guarded=False)["done"] > 1
    assert counted(database, saved)["approved"] > 1
