"""The four requests that wait in the demo, each for another reason; made as visitors make them, so mails leave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from pencilin import availability, booking
from pencilin.booking import HOSTED, Attempt, Booker, BookingRequest, Person
from pencilin.catalogue import Catalogue
from pencilin.models import new_id

# Practitioners who come every other week are there within two.
DAYS = 21


@dataclass(frozen=True)
class Visitor:
    """Somebody who asks for ``service``, at the earliest in so many ``days``, at about ``at`` o'clock.

    None is sooner than in two days, so that nothing expires while a demo is looked at.
    """

    person: Person
    service: str
    practitioner: str
    location: str
    days: int
    at: time
    hours_ago: int
    been_before: str
    note: str
    answers: Mapping[str, str | bool] = field(default_factory=dict)
    booked_by: Booker | None = None


# On file as Jonathan, with another email: very likely the same.
MATCH = Visitor(
    Person("Johnathan", "Meyer", "jon@meyer.example", "(212) 555-0103", date(1979, 11, 28)),
    "first-visit",
    "ana-ruiz",
    "main-street",
    2,
    time(10),
    5,
    "yes",
    "My blood sugar is up again, and my doctor said to come back to you.",
    {"allergies": False, "goal": "Lower blood sugar without giving up bread"},
)

# The father's file fits, but this is the son, who has a file under an earlier name.
NAMESAKE = Visitor(
    Person("Daniel", "Kim", "daniel.kim@post.example", "312 555 0104"),
    "sports-check",
    "ben-osei",
    "lakeside",
    3,
    time(14),
    4,
    "yes",
    "I'm the younger Daniel: my father, also Daniel Kim, comes to you too, and we share his phone and email. "
    "I used to be called Danny Park when I saw Ben before my first marathon.",
    {"sport": "Endurance"},
)

# A child who has no file, with the contact of a mother and a sister who have one.
CHILD = Visitor(
    Person("Leo", "Okafor", "ngozi.okafor@post.example", "+1 212 555 0101", date(2017, 2, 11)),
    "child-visit",
    "ana-ruiz",
    "main-street",
    5,
    time(15),
    3,
    "no",
    "He eats hardly anything but pasta. His sister Ada comes to you as well.",
    booked_by=Booker("Ngozi", "Okafor", "Mother"),
)

NEWCOMER = Visitor(
    Person("Solveig", "Aubert", "solveig@aubert.example", "+1 312 555 0188", date(1990, 6, 3)),
    "first-visit",
    "ben-osei",
    "video",
    2,
    time(9),
    1,
    "no",
    "A friend told me about you. I'm tired all the time.",
    {"allergies": True},
)

VISITORS = (MATCH, NAMESAKE, CHILD, NEWCOMER)


def ask(session: Session, catalogue: Catalogue, now: datetime) -> None:
    """Books for each visitor the start nearest to their time of day on the first day that has any."""
    for visitor in VISITORS:
        asked = now - timedelta(hours=visitor.hours_ago)
        service = catalogue.service(visitor.service)
        assert service is not None
        wish = availability.wish(
            catalogue,
            service,
            catalogue.practitioner(visitor.practitioner),
            catalogue.location(visitor.location),
        )
        request = BookingRequest(
            wish,
            _start(session, catalogue, wish, visitor, now),
            visitor.person,
            Attempt(new_id(), ""),
            booked_by=visitor.booked_by,
            been_before=visitor.been_before,
            answers=visitor.answers,
            note=visitor.note,
            visitor_timezone=catalogue.practice.timezone,
            source=HOSTED,
        )
        booking.request(session, catalogue.practice, request, asked)


def _start(
    session: Session, catalogue: Catalogue, wish: availability.Wish, visitor: Visitor, now: datetime
) -> datetime:
    zone = catalogue.zone(wish.location)
    first = (now + timedelta(days=visitor.days)).astimezone(zone).date()
    slots = availability.slots(session, catalogue, wish, first, DAYS, now)
    day = slots[0].start.astimezone(zone).date()
    wanted = datetime.combine(day, visitor.at, zone)
    return min((slot.start for slot in slots), key=lambda start: abs(start - wanted))
