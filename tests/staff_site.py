"""The staff's pages, with browsers that have no scripts: they keep cookies, fill in forms and say where they are."""

import pickle
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from httpx2 import Response
from sqlalchemy import Table, insert
from sqlmodel import Session, SQLModel, col, create_engine, select
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from pencilin.accounts import passwords
from pencilin.app import create_app
from pencilin.config import Config
from pencilin.database import Database
from pencilin.links import Links
from pencilin.models import Account, Appointment, Outbox, Practitioner, Staff
from tests.cast import NOW, Willow, willow

HERE = "http://127.0.0.1:8000"
KEY = "a key that is long enough and only for tests"
PASSWORD = "correct horse battery staple"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD_HASH = CHEAP.hash(PASSWORD)


class Forms(HTMLParser):
    """The hidden and filled-in fields of every form of a page, by the address that it posts to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._fields = self.forms.setdefault(given["action"] or "", {})
        elif tag == "input" and given.get("name") and given.get("type") != "checkbox":
            self._fields.setdefault(given["name"] or "", given.get("value") or "")
        elif tag == "button" and given.get("formaction"):
            self.forms[given["formaction"] or ""] = self._fields


class Browser:
    """One browser. Answers are given as they come: redirects are followed by :meth:`follow` only."""

    def __init__(self, app: Starlette, *, address: str = "203.0.113.7", url: str = HERE) -> None:
        self.url = url
        self.client = TestClient(app, base_url=url, follow_redirects=False, client=(address, 50_000))

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.client.cookies.jar}

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers={"Accept": "text/html", **headers})

    def follow(self, answer: Response) -> Response:
        """Where redirects lead in the end."""
        while answer.status_code == 303:
            answer = self.get(answer.headers["location"])
        return answer

    def post(self, path: str, fields: Mapping[str, str | list[str]], **headers: str) -> Response:
        own = {"Accept": "text/html", "Origin": self.url, "Sec-Fetch-Site": "same-origin"}
        return self.client.post(path, data=dict(fields), headers=own | headers)

    def submit(self, page: Response, action: str, **fields: str) -> Response:
        """Posts the form of ``page`` that goes to ``action``, with what was typed."""
        return self.post(action, Forms(page.text).forms[action] | fields)

    def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> Response:
        return self.submit(self.get("/login?other"), "/login", email=email, password=password, **fields)

    def signed_in_as(self) -> str | None:
        """The name on the sign-out page; None when that asks to sign in."""
        page = self.get("/logout")
        return page.text.split("signed in as <bdi>")[1].split("<")[0] if page.status_code == 200 else None


@dataclass
class Site:
    """The application with the cast in its database, and a clock that tests turn."""

    database: Database
    config: Config
    cast: Willow
    other: Willow
    now: datetime = NOW
    extra: list[Route] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database.clock = lambda: self.now
        self.app = create_app(self.config, self.database)
        self.app.router.routes[:0] = self.extra
        self.links = Links(self.config.secret_keys)

    def browser(self, address: str = "203.0.113.7") -> Browser:
        return Browser(self.app, address=address, url=self.config.base_url)

    def later(self, **how_much: float) -> None:
        self.now += timedelta(**how_much)

    def appointment(self, practitioner: Practitioner | None = None, of: Willow | None = None) -> Appointment:
        """A tentative one with Ana, or with somebody else."""
        cast = of or self.cast
        start = NOW + timedelta(days=1, hours=2)
        row = Appointment(
            practice_id=cast.practice.id,
            reference=f"R{self._count():07d}",
            service_id=cast.first_visit.id,
            practitioner_id=(practitioner or cast.ana).id,
            location_id=cast.main_street.id,
            start=start,
            end=start + timedelta(hours=1),
            local_start=datetime(2026, 11, 24, 9, 0),
            timezone="America/New_York",
            created_at=NOW,
            answer_due=NOW + timedelta(hours=8),
        )

        def work(session: Session, _: datetime) -> None:
            session.add(row)

        self.database.write(work)
        return row

    def codes(self) -> list[str]:
        """The sign-in codes that wait to be mailed, oldest first."""
        with self.database.read() as session:
            rows = session.exec(
                select(Outbox).where(Outbox.kind == "sign_in_code").order_by(col(Outbox.created_at))
            ).all()
        return [(row.payload or {})["code"] or "" for row in rows]

    def disable(self, member: Staff) -> None:
        def work(session: Session, now: datetime) -> None:
            session.get_one(Staff, (member.practice_id, member.id)).disabled_at = now

        self.database.write(work)

    def _count(self) -> int:
        with self.database.read() as session:
            return len(session.exec(select(Appointment.id)).all())


def hash_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with parameters that tests can afford."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    passwords._nobodys_hash.cache_clear()


@cache
def _both_practices() -> tuple[list[tuple[Table, list[dict[str, Any]]]], bytes]:
    """The rows of *Willow* and *Birch*, and the two casts, pickled: each test gets its own.

    They are made once, since many hundreds of tests begin with them.
    """
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        both = willow(session), willow(session, slug="birch")
        for account in session.exec(select(Account)).all():
            account.password_hash = PASSWORD_HASH
        session.commit()
        tables = [
            (table, session.execute(table.select()).mappings().all()) for table in SQLModel.metadata.sorted_tables
        ]
        session.expunge_all()
    engine.dispose()
    return [(table, [dict(row) for row in rows]) for table, rows in tables if rows], pickle.dumps(both)


def site(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    *extra: Route,
    base_url: str = HERE,
    limits: bool = True,
    proxies: str = "",
) -> Site:
    """*Willow* and *Birch*, everybody with the same password, served at ``base_url``; ``extra`` routes come first."""
    hash_cheaply(monkeypatch)
    rows, known = _both_practices()

    def work(session: Session, now: datetime) -> None:
        for table, values in rows:
            session.execute(insert(table), values)

    database.write(work)
    cast, other = pickle.loads(known)
    config = Config(
        database_url=str(database.url),
        secret_keys=(KEY,),
        base_url=base_url,
        smtp=None,
        mail_from=None,
        trusted_proxies=tuple(filter(None, proxies.split(","))),
        log="text",
        limits=limits,
    )
    return Site(database, config, cast, other, extra=list(extra))


def tells(text: str, *names: str) -> list[str]:
    """Which of the names stand in a text, as words: in random tokens three letters come together by chance."""
    return [name for name in names if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)]


def path_of(address: str) -> str:
    """The path of an absolute or relative address."""
    return urlsplit(address).path
