"""Fifty visitors, one time, two server processes: one gets 201, the others 409, and nobody a 5xx."""

import json
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

from sqlmodel import select

from pencilin.database import Database
from pencilin.models import Appointment, Outbox
from tests.cast import willow
from tests.rig.machine import PATIENT
from tests.rig.rush import together
from tests.rig.server import serving

NEW_YORK = ZoneInfo("America/New_York")


def a_weekday_morning() -> datetime:
    """Nine o'clock in New York, on the first weekday that is three days away or more."""
    day = datetime.now(NEW_YORK).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=3)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def book(url: str, start: datetime, service: str, visitor: int) -> int:
    """The status that one visitor's booking gets."""
    body: dict[str, Any] = {
        "service": service,
        "practitioner": "ana",
        "location": "main-street",
        "start": start.isoformat(),
        "client": {
            "first_name": f"Visitor {visitor}",
            "last_name": "Lee",
            "email": f"visitor{visitor}@mail.example",
            "phone": "+1 212 555 0147",
        },
        "consent": True,
    }
    request = Request(
        f"{url}/api/v1/practices/willow/bookings",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Idempotency-Key": f"visitor {visitor}"},
        method="POST",
    )
    try:
        with urlopen(request, timeout=PATIENT) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code


def test_fifty_at_once_over_http(database: Database, database_url: str) -> None:
    database.write(lambda session, now: willow(session, now=now))
    nine = a_weekday_morning()
    # Fifty want one time, then fifty others two times that overlap, as visits of an hour do.
    rushes = [[nine], [nine + timedelta(hours=2), nine + timedelta(hours=2, minutes=30)]]

    def visitor(rush: int, place: int, url: str) -> int:
        starts = rushes[rush]
        return book(url, starts[place % len(starts)], "first-visit", 50 * rush + place)

    with serving(database_url, "--workers", "2", PENCILIN_LIMITS="off") as server:
        for rush in range(len(rushes)):
            statuses = together([partial(visitor, rush, place, server.url) for place in range(50)])
            assert Counter(statuses) == Counter({201: 1, 409: 49})
    with database.read() as session:
        appointments = session.exec(select(Appointment.id)).all()
        mails = session.exec(select(Outbox.subject_id, Outbox.kind)).all()
    assert len(appointments) == len(rushes)
    # Ana and Dana; who booked
    assert Counter(mails) == Counter(
        {(one, kind): count for one in appointments for kind, count in (("new_booking", 2), ("request_received", 1))}
    )
