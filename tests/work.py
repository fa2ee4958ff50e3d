"""The worker at work, in a test: hurried, for as long as it takes until something has happened."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import pytest
from jinja2 import Environment
from sqlmodel import Session

from pencilin import worker
from pencilin.config import SmtpServer
from pencilin.database import Database
from pencilin.models import Outbox
from pencilin.web.http import Server
from tests.cast import NOW
from tests.postbox import CONFIG, LINKS, rows
from tests.rig.machine import PATIENT


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks and pauses are short, since tests wait for them; mails in the middle of being sent are waited for."""
    monkeypatch.setattr(worker, "LOOK", 0.02)
    monkeypatch.setattr(worker, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(worker, "LONGEST_PAUSE", 0.1)
    monkeypatch.setattr(worker, "GRACE", PATIENT)


def serving(database: Database, address: SmtpServer | None) -> Server:
    return Server(replace(CONFIG, smtp=address), database, LINKS, Environment(autoescape=True))


def once(server: Server) -> bool:
    """One mail, as the worker sends it."""

    async def and_hang_up() -> bool:
        busy = await worker.run_due_once(server)
        await asyncio.sleep(0.02)
        return busy

    return asyncio.run(and_hang_up())


async def until(condition: Callable[[], bool]) -> None:
    """Waits for something that happens elsewhere; pytest's time-out says when it doesn't."""
    while not condition():
        await asyncio.sleep(0.02)


def at_work(servers: list[Server], condition: Callable[[], bool]) -> None:
    """Has the workers of all ``servers`` run until the condition holds, then stops them."""

    async def play() -> None:
        stop = asyncio.Event()
        tasks = [asyncio.create_task(worker.run(server, stop)) for server in servers]
        await until(condition)
        stop.set()
        await asyncio.gather(*tasks)

    asyncio.run(play())


@contextmanager
def chores(*instead: Callable[[Session, datetime], object]) -> Iterator[None]:
    """Has the worker do these."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(worker, "CHORES", instead)
        patched.setattr(worker, "REST", 0.02)
        yield


def queue(database: Database) -> list[Outbox]:
    with database.read() as session:
        return rows(session)
