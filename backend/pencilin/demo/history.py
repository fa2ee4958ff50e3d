"""The ten weeks before those that are filled: as lively as these, and a little less the longer ago."""

from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from pencilin import audit
from pencilin.catalogue import Catalogue
from pencilin.demo.online import SHARE, ask_online
from pencilin.demo.visits import Waiting, new_reference
from pencilin.models import Appointment, Staff, new_id
from pencilin.rules.states import Status
from pencilin.scheduling.entering import SOURCE as DESK

# Whoever comes every other week comes in one of each two weeks.
CYCLE = timedelta(weeks=2)
CYCLES = 5
GROWTH = 0.9
BECAME = (Status.COMPLETED,) * 22 + (Status.NO_SHOW, Status.CANCELLED, Status.DECLINED, Status.DECLINED, Status.EXPIRED)


def look_back(session: Session, catalogue: Catalogue, waiting: Waiting, desk: Staff) -> None:
    """Repeats the first two weeks of the filled ones before them, with other clients.

    These visits have no reservations: their time is over, and nobody can be booked into it.
    """
    dice = Random(1861)
    order = [one.id for one in catalogue.practitioners]
    entered = session.exec(
        select(Appointment).where(
            Appointment.practice_id == catalogue.practice.id, Appointment.status != Status.TENTATIVE
        )
    ).all()
    end = min(one.local_start for one in entered).replace(hour=0) + CYCLE
    pattern = [one for one in entered if one.local_start < end]
    # Ids are new each time, but a demo of the same day is to be the same.
    pattern.sort(key=lambda one: (one.start, order.index(one.practitioner_id)))
    services = {one.id: one for one in catalogue.services}
    for cycle in range(1, CYCLES + 1):
        for later in pattern:
            client = waiting.next_for(services[later.service_id]) if dice.random() < GROWTH**cycle else None
            if client is None:
                continue
            visit = _before(later, cycle, desk, dice)
            visit.client_id = client.id
            session.add(visit)
            if dice.random() < SHARE:
                ask_online(session, visit, client, dice.choice(BECAME), desk, dice)
            else:
                audit.record(
                    session, visit.created_at, desk.practice_id, desk, "appointment.entered", "appointment", visit.id
                )


def _before(later: Appointment, cycle: int, desk: Staff, dice: Random) -> Appointment:
    """The same visit so many cycles earlier, at the same time by the clock."""
    local = later.local_start - cycle * CYCLE
    start = local.replace(tzinfo=ZoneInfo(later.timezone))
    entered = start - timedelta(days=dice.randrange(2, 9), minutes=dice.randrange(600))
    return Appointment(
        practice_id=later.practice_id,
        id=new_id(),
        reference=new_reference(dice),
        status=Status.COMPLETED,
        service_id=later.service_id,
        practitioner_id=later.practitioner_id,
        location_id=later.location_id,
        start=start,
        end=start + (later.end - later.start),
        local_start=local,
        timezone=later.timezone,
        created_at=entered,
        decided_at=entered,
        decided_by=desk.id,
        source=DESK,
    )
