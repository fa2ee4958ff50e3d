"""Many visitors at once: real threads in real processes, all set off at one moment."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from unittest import mock

from pencilin import availability, booking
from pencilin.booking import BookingRequest, Person
from pencilin.catalogue import find_practice, read_catalogue
from pencilin.database import Database
from pencilin.errors import PencilinError
from pencilin.models import new_id
from tests.rig.machine import PATIENT


@dataclass(frozen=True)
class Attempt:
    """One visitor's request. ``hold`` is the id of a hold of theirs."""

    service: str
    start: datetime
    practitioner: str | None = None
    hold: str | None = None


def rush(
    url: str, now: datetime, attempts: Sequence[Attempt], processes: int = 3, *, unchecked: bool = False
) -> Counter[str]:
    """What became of the attempts: ``booked``, or the code of the error, or the name of an unforeseen one.

    ``unchecked`` takes the application's own check and its locks away, so that only the claims' key is left.
    """
    shares = [list(attempts[part::processes]) for part in range(processes)]
    # The fork server has imported everything already, so the processes are there at once.
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    go_at = time.time() + 1.5
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        jobs = [pool.submit(_visitors, url, now, share, go_at, unchecked) for share in shares]
        return sum((Counter(job.result()) for job in jobs), Counter())


def together(works: Sequence[Callable[[], object]]) -> list[object]:
    """Runs each in a thread of its own, at once; an exception is a result."""
    gate = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(place: int) -> None:
        gate.wait()
        try:
            results[place] = works[place]()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _visitors(url: str, now: datetime, attempts: list[Attempt], go_at: float, unchecked: bool) -> list[str]:
    store = Database(url, clock=lambda: now, patience=PATIENT)
    time.sleep(max(0.0, go_at - time.time()))
    with ExitStack() as patches:
        if unchecked:
            patches.enter_context(mock.patch.object(booking, "bookable_by", _anything_goes))
            patches.enter_context(mock.patch.object(booking, "lock_practitioners", lambda *_: None))
        results = together([lambda one=one: attempt(store, one) for one in attempts])  # type: ignore[misc]
    store.close()
    return [result if isinstance(result, str) else repr(result) for result in results]


def attempt(store: Database, wanted: Attempt) -> str:
    """Books as the public API does, and says what became of it."""
    with store.read() as session:
        catalogue = read_catalogue(session, find_practice(session, "willow"))
    service = catalogue.service(wanted.service)
    assert service
    practitioner = catalogue.practitioner(wanted.practitioner) if wanted.practitioner else None
    request = BookingRequest(
        wish=availability.wish(catalogue, service, practitioner, catalogue.location("main-street")),
        start=wanted.start,
        person=Person("Kim", "Lee", "kim.lee@mail.example", "+1 212 555 0147"),
        attempt=booking.Attempt(new_id(), ""),
        hold=wanted.hold,
    )
    try:
        store.write(lambda session, now: booking.request(session, catalogue.practice, request, now))
    except PencilinError as error:
        return error.code
    return "booked"


def _anything_goes(
    session: object, catalogue: object, wish: availability.Wish, *_: object, **__: object
) -> list[tuple[object, object]]:
    return [(wish.practitioners[0], wish.locations[0])]
