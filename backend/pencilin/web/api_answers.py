"""How the public API shows what is stored: slugs for ids, times with the location's offset."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlmodel import Session

from pencilin import addresses
from pencilin.availability import Slot
from pencilin.catalogue import Catalogue
from pencilin.models import Appointment, Location, Practitioner, Service
from pencilin.rules.asks import asked
from pencilin.web.api_shapes import (
    AsksShown,
    BookingMade,
    ContactShown,
    LocationShown,
    PoliciesShown,
    PracticeShown,
    PractitionerShown,
    QuestionShown,
    ServiceShown,
    SlotShown,
    ThemeShown,
)
from pencilin.web.http import Server


def show_slot(slot: Slot) -> SlotShown:
    """A slot as the public sees it: times with the location's offset, slugs for ids."""
    zone = ZoneInfo(slot.location.timezone)
    return SlotShown.model_construct(
        start=slot.start.astimezone(zone),
        end=slot.end.astimezone(zone),
        timezone=slot.location.timezone,
        location=slot.location.slug,
        practitioners=[practitioner.slug for practitioner in slot.practitioners],
    )


def show_slots(slots: Sequence[Slot]) -> list[dict[str, object]]:
    """The same of the thousand and more of a month, as plain data: what they have in common is looked up once."""
    places = {id(slot.location): slot.location for slot in slots}
    zones = {key: ZoneInfo(place.timezone) for key, place in places.items()}
    about = {key: {"timezone": place.timezone, "location": place.slug} for key, place in places.items()}
    able = {id(slot.practitioners): slot.practitioners for slot in slots}
    slugs = {key: [practitioner.slug for practitioner in those] for key, those in able.items()}

    @cache  # one ends where others start, and there may be several locations
    def local(instant: datetime, zone: ZoneInfo) -> str:
        return instant.astimezone(zone).isoformat(timespec="seconds")

    return [
        {
            "start": local(start, zones[id(location)]),
            "end": local(end, zones[id(location)]),
            **about[id(location)],
            "practitioners": slugs[id(practitioners)],
        }
        for start, end, location, practitioners in slots
    ]


def show_booking(session: Session, server: Server, made: Appointment) -> BookingMade:
    """What a visitor gets for a booking: the same for the same appointment, also when its service has gone since."""
    zone = ZoneInfo(made.timezone)
    practitioner = session.get_one(Practitioner, (made.practice_id, made.practitioner_id))
    location = session.get_one(Location, (made.practice_id, made.location_id))
    return BookingMade(
        reference=made.reference,
        status="tentative",
        start=made.start.astimezone(zone),
        end=made.end.astimezone(zone),
        timezone=made.timezone,
        practitioner=practitioner.slug,
        location=location.slug,
        answer_due=(made.answer_due or made.start).astimezone(zone),
        manage_url=addresses.manage_url(server.config.base_url, server.links, made),
        calendar_url=addresses.calendar_url(server.config.base_url, server.links, made),
    )


def show_practice(catalogue: Catalogue) -> PracticeShown:
    """What can be booked, and the rules that apply; nothing that only staff should see."""
    practice = catalogue.practice
    return PracticeShown(
        slug=practice.slug,
        name=practice.name,
        timezone=practice.timezone,
        locale=practice.locale,
        country=practice.country,
        contact=ContactShown(email=practice.email, phone=practice.phone),
        policies=PoliciesShown(
            notice_minutes=practice.notice_minutes,
            horizon_days=practice.horizon_days,
            hold_minutes=practice.hold_minutes,
            cancel_notice_minutes=practice.cancel_notice_minutes,
            privacy_url=practice.privacy_url,
        ),
        theme=ThemeShown(accent=practice.accent),
        asks=AsksShown(**asked(practice.asks)),
        services=[_service(catalogue, service) for service in catalogue.services],
        practitioners=[_practitioner(catalogue, one) for one in catalogue.practitioners],
        locations=[_location(one) for one in catalogue.locations],
    )


def _service(catalogue: Catalogue, service: Service) -> ServiceShown:
    return ServiceShown(
        id=service.slug,
        name=service.name,
        description=service.description,
        minutes=service.minutes,
        price=service.price,
        booking=service.booking.value,
        practitioners=[one.slug for one in catalogue.practitioners_of(service)],
        locations=[one.slug for one in catalogue.locations_of(service)],
        questions=[QuestionShown.model_validate(question) for question in service.questions],
    )


def _practitioner(catalogue: Catalogue, practitioner: Practitioner) -> PractitionerShown:
    return PractitionerShown(
        id=practitioner.slug,
        name=practitioner.name,
        title=practitioner.title,
        locations=[one.slug for one in catalogue.locations if one.id in catalogue.works_at[practitioner.id]],
    )


def _location(location: Location) -> LocationShown:
    return LocationShown(
        id=location.slug,
        name=location.name,
        kind=location.kind.value,
        address=location.address,
        timezone=location.timezone,
    )
