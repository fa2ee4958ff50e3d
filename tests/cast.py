"""The small named cast that the tests play with.

*Willow Nutrition* in New York: Ana Ruiz (weekdays, Main Street and video) and Ben Osei (weekdays, Main Street); Dana at
the front desk, Mona who manages, Ana who also signs in. Kim Lee is a client. *Birch* is another practice in the same
database, which must never see any of them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session, SQLModel

from pencilin import availability, booking, clients
from pencilin.booking import Attempt, Booker, BookingRequest, Person
from pencilin.catalogue import read_catalogue
from pencilin.models import (
    Account,
    Appointment,
    Client,
    Location,
    LocationKind,
    Practice,
    Practitioner,
    Role,
    Service,
    ServiceLocation,
    ServicePractitioner,
    Staff,
    WorkingHours,
    WorkingHoursLocation,
    new_id,
)

# A Monday morning in New York, 7:00 there.
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
# The next day, 9:00 in New York: the first start of Ana's and Ben's day.
NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)

# Who books: Kim as her file says, Kim with another address, her brother, and a stranger.
KIM = Person("Kim", "Lee", "kim.lee@mail.example", "(212) 555-0147", date(1985, 3, 24))
KIM_MOVED = Person("Kim", "Lee", "kim@new.example", "(212) 555-0147", date(1985, 3, 24))
SAM = Person("Sam", "Lee", "kim.lee@mail.example", "(212) 555-0147", date(1988, 8, 2))
ZOE = Person("Zoë", "Ångström", "zoe@far.example", "+46 8 465 004 00", date(1992, 12, 5))


@dataclass(frozen=True)
class Willow:
    """The rows of a practice's cast."""

    practice: Practice
    main_street: Location
    video: Location
    ana: Practitioner
    ben: Practitioner
    first_visit: Service
    follow_up: Service
    dana: Staff
    mona: Staff
    ana_signs_in: Staff
    kim: Client


def willow(session: Session, *, slug: str = "willow", now: datetime = NOW) -> Willow:
    """Adds the cast under another ``slug`` for another practice; the caller commits."""

    practice = Practice(
        slug=slug,
        name="Willow Nutrition" if slug == "willow" else slug.title(),
        timezone="America/New_York",
        country="US",
        email=f"hello@{slug}.example",
        phone="+1 212 555 0100",
        created_at=now,
    )
    session.add(practice)
    session.flush()
    of: dict[str, Any] = {"practice_id": practice.id}
    main_street = Location(
        **of, slug="main-street", name="Main Street", address="1 Main Street", timezone="America/New_York", country="US"
    )
    video = Location(
        **of,
        slug="video",
        name="Video visit",
        kind=LocationKind.VIDEO,
        timezone="America/New_York",
        country="US",
        join_url="https://meet.example/willow",
        position=1,
    )
    ana = Practitioner(**of, slug="ana", name="Ana Ruiz", title="Dietitian", email=f"ana@{slug}.example")
    ben = Practitioner(**of, slug="ben", name="Ben Osei", position=1)
    first_visit = Service(**of, slug="first-visit", name="First visit", minutes=60, step=30)
    follow_up = Service(**of, slug="follow-up", name="Follow-up", minutes=30, buffer_after=10, position=1)
    _save(session, main_street, video, ana, ben, first_visit, follow_up)
    for service in (first_visit, follow_up):
        for who in (ana, ben):
            session.add(ServicePractitioner(**of, service_id=service.id, practitioner_id=who.id))
        for place in (main_street, video):
            session.add(ServiceLocation(**of, service_id=service.id, location_id=place.id))
    for who, places in ((ana, (main_street, video)), (ben, (main_street,))):
        hours = WorkingHours(**of, practitioner_id=who.id, days=[0, 1, 2, 3, 4], from_minute=9 * 60, to_minute=17 * 60)
        _save(session, hours)
        for place in places:
            session.add(WorkingHoursLocation(**of, working_hours_id=hours.id, location_id=place.id))
    kim = Client(
        **of,
        first_name="Kim",
        last_name="Lee",
        email="kim.lee@mail.example",
        phone="+1 212 555 0147",
        birth_date=date(1985, 3, 24),
        created_at=now,
        updated_at=now,
    )
    _save(session, kim)
    clients.rekey(session, practice, kim)
    return Willow(
        practice,
        main_street,
        video,
        ana,
        ben,
        first_visit,
        follow_up,
        staff(session, practice, "Dana", Role.FRONT_DESK, now=now),
        staff(session, practice, "Mona", Role.MANAGER, now=now),
        staff(session, practice, "Ana", Role.PRACTITIONER, ana, now=now),
        kim,
    )


def ask(
    session: Session,
    cast: Willow,
    person: Person = KIM,
    start: datetime = NINE,
    *,
    practitioner: Practitioner | None = None,
    booked_by: Booker | None = None,
    now: datetime = NOW,
) -> Appointment:
    """Books a first visit at Main Street as a visitor does, with Ana unless another one is named."""
    catalogue = read_catalogue(session, cast.practice)
    wish = availability.wish(catalogue, cast.first_visit, practitioner or cast.ana, cast.main_street)
    request = BookingRequest(wish, start, person, attempt=Attempt(new_id(), ""), booked_by=booked_by)
    return booking.request(session, cast.practice, request, now)


def staff(
    session: Session,
    practice: Practice,
    name: str,
    role: Role,
    practitioner: Practitioner | None = None,
    *,
    now: datetime = NOW,
) -> Staff:
    """A staff member with an account (``dana@willow.example``) that has no password yet."""
    account = Account(email=f"{name.lower()}@{practice.slug}.example", created_at=now)
    _save(session, account)
    member = Staff(
        practice_id=practice.id,
        account_id=account.id,
        name=name,
        role=role,
        practitioner_id=practitioner.id if practitioner else None,
        created_at=now,
    )
    _save(session, member)
    return member


def _save(session: Session, *rows: SQLModel) -> None:
    session.add_all(rows)
    session.flush()
