"""How long a visitor waits for free times, beside a bare Starlette that answers with the same data."""

import http.client
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from sqlmodel import Session

from pencilin.database import Database
from pencilin.models import Practitioner, ServicePractitioner, WorkingHours, WorkingHoursLocation
from tests.bench.figures import Figure, p50, p95, times
from tests.cast import Willow, willow
from tests.rig.machine import ROOT, free_port
from tests.rig.server import serving, stop, wait_until_ready

ROUNDS, REQUESTS = 12, 25
PRACTITIONERS = 20


def measure() -> Iterator[Figure]:
    """31 days of one practitioner, and of any of twenty: medians of 300 requests, each beside the ceiling's."""
    with tempfile.TemporaryDirectory(prefix="pencilin-bench-") as folder, ExitStack() as running:
        url = f"sqlite:///{folder}/bench.db"
        prepare(url)
        ours = Client(running.enter_context(serving(url, PENCILIN_LIMITS="off")).url)
        first = datetime.now(UTC).date() + timedelta(days=2)
        path = f"/api/v1/practices/willow/availability?service=follow-up&from={first}&days=31"
        for who, query, budget in (
            ("one practitioner", f"{path}&practitioner=ana", 2),
            (f"any of {PRACTITIONERS}", path, 5),
        ):
            answer = Path(folder) / "answer.json"
            answer.write_bytes(ours.get(query))
            with bare(answer) as address:
                own, other = in_turns(partial(ours.get, query), partial(Client(address).get, "/"))
            note = f"bare Starlette {p50(other):.2f} ms: {p50(own) / p50(other):.1f} times; p95 {p95(own):.1f} ms"
            yield Figure(f"availability, 31 days, {who}, p50", p50(own), "ms", budget, note)


def in_turns(one: Callable[[], object], other: Callable[[], object]) -> tuple[list[float], list[float]]:
    """How long each took, in milliseconds: taken in turns, so that what else the machine does strikes both."""
    first, second = [], []
    for _ in range(ROUNDS):
        first += times(one, REQUESTS)
        second += times(other, REQUESTS)
    return first, second


class Client:
    """One connection that is kept, as a browser keeps it."""

    def __init__(self, address: str, headers: dict[str, str] | None = None) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        self.headers = headers or {}

    def get(self, path: str) -> bytes:
        """The body; anything but a 200 ends the benchmark."""
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {body.decode()}")
        return body


@contextmanager
def bare(answer: Path) -> Iterator[str]:
    """Runs the ceiling; yields its address."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.bench.bare:app", "--port", str(port), "--no-access-log"]
    command += ["--timeout-keep-alive", "60"]
    log = answer.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"BARE_ANSWER": str(answer)},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/", process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


def prepare(url: str) -> None:
    """The cast's practice, with twenty practitioners who work on weekdays."""
    database = Database(url)
    database.migrate()
    database.write(fill)
    database.close()


def fill(session: Session, now: datetime) -> Willow:
    """Adds the cast, and eighteen more who give the follow-up."""
    cast = willow(session, now=now)
    practice = cast.practice.id
    for number in range(PRACTITIONERS - 2):
        person = Practitioner(practice_id=practice, slug=f"person-{number}", name=f"Person {number}", position=number)
        session.add(person)
        session.flush()
        hours = WorkingHours(
            practice_id=practice,
            practitioner_id=person.id,
            days=[0, 1, 2, 3, 4],
            from_minute=9 * 60,
            to_minute=17 * 60,
        )
        session.add(hours)
        session.flush()
        session.add(
            WorkingHoursLocation(practice_id=practice, working_hours_id=hours.id, location_id=cast.main_street.id)
        )
        session.add(ServicePractitioner(practice_id=practice, service_id=cast.follow_up.id, practitioner_id=person.id))
    session.flush()
    return cast
