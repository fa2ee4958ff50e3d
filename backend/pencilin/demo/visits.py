"""Three weeks of appointments around today, as staff entered them: last week's, this week's and next week's."""

from collections import deque
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from pencilin import audit, availability
from pencilin.availability import Slot
from pencilin.booking import REFERENCE_LENGTH, REFERENCE_LETTERS
from pencilin.catalogue import Catalogue
from pencilin.demo.online import SHARE, ask_online
from pencilin.errors import SlotTaken
from pencilin.models import Appointment, Client, Practitioner, Service, Staff, new_id
from pencilin.reservations import claim_time
from pencilin.rules.states import Purpose, Status
from pencilin.scheduling.entering import SOURCE as DESK

WEEKS = 3
PER_DAY = (2, 3, 4, 5)
ADULT_YEARS = 18
CHILDREN_ONLY = "child-visit"
VISITS_OF_A_CHILD = 2
NO_SHOWS = 0.04
# Nobody has marked yesterday's appointments yet.
NOT_YET_MARKED = timedelta(hours=20)


class Waiting:
    """Who is next: adults in turn without end, children a few times each."""

    def __init__(self, clients: list[Client], today: date) -> None:
        grown_up = today.replace(day=1) - timedelta(days=round(365.25 * ADULT_YEARS))
        self.adults = deque(one for one in clients if one.birth_date is None or one.birth_date <= grown_up)
        self.children = deque([one for one in clients if one not in self.adults] * VISITS_OF_A_CHILD)

    def next_for(self, service: Service) -> Client | None:
        """The next client for a service; None when no child is left for a children's one."""
        if service.slug == CHILDREN_ONLY:
            return self.children.popleft() if self.children else None
        self.adults.rotate(-1)
        return self.adults[-1]


def everybody(session: Session, catalogue: Catalogue, now: datetime) -> Waiting:
    """All clients, in an order of no meaning."""
    clients = list(
        session.exec(
            select(Client).where(Client.practice_id == catalogue.practice.id).order_by(col(Client.external_id))
        )
    )
    Random(1736).shuffle(clients)
    return Waiting(clients, now.astimezone(catalogue.zone()).date())


def fill(session: Session, catalogue: Catalogue, waiting: Waiting, desk: Staff, now: datetime) -> None:
    """Enters appointments where the practitioners have time; those in the past took place, mostly."""
    dice = Random(1736)
    today = now.astimezone(catalogue.zone()).date()
    first = today - timedelta(days=today.weekday() + 7)
    for practitioner in catalogue.practitioners:
        for offers in _days(session, catalogue, practitioner, first):
            dice.shuffle(offers)
            left = dice.choice(PER_DAY)
            for service, slot in offers:
                if left and _enter(session, service, practitioner, slot, waiting, desk, now, dice):
                    left -= 1


def _days(
    session: Session, catalogue: Catalogue, practitioner: Practitioner, first: date
) -> Iterator[list[tuple[Service, Slot]]]:
    """What could be booked with the practitioner on each day, looked at from before the first."""
    zone = catalogue.zone()
    before = datetime.combine(first - timedelta(days=2), datetime.min.time(), zone)
    days: dict[date, list[tuple[Service, Slot]]] = {}
    for service in catalogue.services:
        wish = availability.wish(catalogue, service, practitioner)
        for slot in availability.slots(session, catalogue, wish, first, 7 * WEEKS, before):
            days.setdefault(slot.start.astimezone(zone).date(), []).append((service, slot))
    for day in sorted(days):
        yield days[day]


def _enter(
    session: Session,
    service: Service,
    practitioner: Practitioner,
    slot: Slot,
    waiting: Waiting,
    desk: Staff,
    now: datetime,
    dice: Random,
) -> bool:
    """One appointment, unless its time is taken."""
    status = _status(slot, now, dice)
    entered = min(slot.start, now) - timedelta(days=dice.randrange(2, 15), minutes=dice.randrange(600))
    local = slot.start.astimezone(ZoneInfo(slot.location.timezone))
    appointment = Appointment(
        practice_id=practitioner.practice_id,
        id=new_id(),
        reference=new_reference(dice),
        status=status,
        service_id=service.id,
        practitioner_id=practitioner.id,
        location_id=slot.location.id,
        start=slot.start,
        end=slot.end,
        local_start=local.replace(tzinfo=None, fold=0),
        timezone=slot.location.timezone,
        fold=local.fold,
        created_at=entered,
        decided_at=entered,
        decided_by=desk.id,
        source=DESK,
    )
    try:
        with session.begin_nested():
            session.add(appointment)
            session.flush()
            claim_time(
                session,
                service,
                practitioner,
                slot.location,
                slot.start,
                Purpose.CURRENT,
                now,
                appointment=appointment,
            )
            client = waiting.next_for(service)
            if client is None:
                raise SlotTaken
            appointment.client_id = client.id
    except SlotTaken:
        return False
    if dice.random() < SHARE:
        ask_online(session, appointment, client, status, desk, dice)
    else:
        audit.record(session, entered, desk.practice_id, desk, "appointment.entered", "appointment", appointment.id)
    if status != Status.APPROVED:
        marked = slot.end + timedelta(minutes=dice.randrange(5, 60))
        action = f"appointment.{status.value}"
        audit.record(session, marked, desk.practice_id, desk, action, "appointment", appointment.id)
    return True


def new_reference(dice: Random) -> str:
    """A booking's reference, the same each time."""
    return "".join(dice.choices(REFERENCE_LETTERS, k=REFERENCE_LENGTH))


def _status(slot: Slot, now: datetime, dice: Random) -> Status:
    if slot.end > now - NOT_YET_MARKED:
        return Status.APPROVED
    return Status.NO_SHOW if dice.random() < NO_SHOWS else Status.COMPLETED
