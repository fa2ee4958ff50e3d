"""What the API and the hosted page do alike: from what a visitor sent to a held time or a booking.

Both go the same way through limits, checks and use cases, so that neither allows what the other refuses.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlmodel import Session

from pencilin import availability, booking, holds, limits
from pencilin.availability import Wish
from pencilin.catalogue import Catalogue, find_practice, read_catalogue
from pencilin.errors import Invalid, PencilinError, SlotTaken
from pencilin.holds import Held
from pencilin.models import Appointment, BookableBy, Service
from pencilin.review import by_link
from pencilin.rules.asks import asked
from pencilin.rules.questions import check_answers
from pencilin.web.api_answers import show_slot
from pencilin.web.api_requests import Booking, Here
from pencilin.web.http import Call
from pencilin.web.security import client_address, limit
from pencilin.website import sightings

YEARS = range(1970, 2200)


def catalogue_of(call: Call, session: Session) -> Catalogue:
    """What the practice in the path offers; raises :class:`NotFound` where there is none."""
    return read_catalogue(session, find_practice(session, call.path("practice")))


def here(catalogue: Catalogue, now: datetime) -> Here:
    """What the checks of a request depend on."""
    practice = catalogue.practice
    return Here(practice.country, now.astimezone(catalogue.zone()).date(), asked(practice.asks))


def wish(catalogue: Catalogue, service: str, practitioner: str | None, location: str | None) -> Wish:
    """The wish that these slugs name; raises :class:`Invalid` for those that the practice doesn't have."""
    service_found = catalogue.service(service)
    practitioner_found = catalogue.practitioner(practitioner) if practitioner else None
    location_found = catalogue.location(location) if location else None
    wrong = {}
    if service_found is None:
        wrong["service"] = "This practice doesn't offer that service."
    if practitioner and practitioner_found is None:
        wrong["practitioner"] = "This practice doesn't have that practitioner."
    if location and location_found is None:
        wrong["location"] = "This practice doesn't have that location."
    if service_found is None or wrong:
        raise Invalid(wrong)
    return availability.wish(catalogue, service_found, practitioner_found, location_found)


def hold(
    call: Call,
    catalogue: Catalogue,
    wanted: Wish,
    start: datetime,
    hold_id: str | None = None,
    *,
    instead_of: tuple[str, str] | None = None,
) -> Held:
    """Holds ``start`` (aware), ``instead_of`` the holds whose ids begin so, and of one more by its id.

    Raises :class:`SlowDown`, or :class:`SlotTaken` with what else is free.
    """
    practice = catalogue.practice
    limit(call, limits.HOLDS_NETWORK, f"{practice.id} {client_address(call)}")
    limit(call, limits.HOLDS_PRACTICE, practice.id)

    def work(session: Session, now: datetime) -> Held:
        held = holds.hold(session, practice, wanted, instant, now, hold_id)
        if instead_of:
            holds.let_go_others(session, practice, held.id, *instead_of)
        return held

    try:
        instant = _bookable_instant(start)
        return call.server.database.write(work)
    except SlotTaken as taken:
        raise _with_alternatives(call, catalogue, wanted, start) from taken


def request(
    call: Call, catalogue: Catalogue, typed: Booking, attempt: booking.Attempt, personal: str | None = None
) -> Appointment:
    """Books what was typed; ``personal`` is the personal booking link by which it came.

    Look up first whether it is a repeat (see :func:`pencilin.booking.remembered`).

    Raises :class:`Invalid`, :class:`SlowDown`, or :class:`SlotTaken` with what else is free.
    """

    def work(session: Session, now: datetime) -> Appointment:
        made = booking.request(session, catalogue.practice, wanted, now)
        if personal:
            by_link.settle(session, made, personal, now)
        return made

    wanted = replace(_booking_request(catalogue, typed, attempt), source=_source(call, typed.site))
    limit(call, limits.BOOKINGS_NETWORK, f"{catalogue.practice.id} {client_address(call)}")
    limit(call, limits.BOOKINGS_PRACTICE, catalogue.practice.id)
    try:
        _bookable_instant(wanted.start)
        return call.server.database.write(work)
    except SlotTaken as taken:
        raise _with_alternatives(call, catalogue, wanted.wish, wanted.start) from taken


def _bookable_instant(start: datetime) -> datetime:
    if start.year not in YEARS:
        raise SlotTaken
    return start.astimezone(UTC)


def _booking_request(catalogue: Catalogue, typed: Booking, attempt: booking.Attempt) -> booking.BookingRequest:
    wanted = wish(catalogue, typed.service, typed.practitioner, typed.location)
    answers, wrong_answers = check_answers(wanted.service.questions, typed.answers or {})
    wrong = {f"answers.{name}": reason for name, reason in wrong_answers.items()}
    if reason := _not_for(wanted.service, typed.returning):
        wrong["returning"] = reason
    if wrong:
        raise Invalid(wrong)
    person = typed.client
    booked_by = typed.booked_by
    return booking.BookingRequest(
        wish=wanted,
        start=typed.start,
        person=booking.Person(
            person.first_name,
            person.last_name,
            person.email,
            person.phone or "",
            date.fromisoformat(person.birth_date) if person.birth_date else None,
        ),
        attempt=attempt,
        hold=typed.hold if typed.hold and typed.hold.isalnum() else None,
        booked_by=booking.Booker(booked_by.first_name, booked_by.last_name, booked_by.relationship)
        if booked_by
        else None,
        been_before=typed.returning,
        answers=answers,
        note=typed.note or None,
        lang=typed.lang or catalogue.practice.locale,
        visitor_timezone=typed.timezone,
    )


def _source(call: Call, site: str | None) -> str | None:
    """The website that a booking came from; what a browser says about it is only counted."""
    own = call.server.config.base_url
    return sightings.other_site(site or "", own) or (booking.HOSTED if site == own else None)


def _not_for(service: Service, returning: str | None) -> str | None:
    if service.booking is BookableBy.NEW and returning == "yes":
        return "This service is for people who haven't been here before. Please choose another one."
    if service.booking is BookableBy.RETURNING and returning == "no":
        return "This service is for people who have been here before. Please choose another one."
    return None


def _with_alternatives(call: Call, catalogue: Catalogue, wanted: Wish, start: datetime) -> PencilinError:
    database = call.server.database
    now = database.clock()
    with database.read() as session:
        near = availability.nearest(session, catalogue, wanted, start if start.year in YEARS else now, now)
    return SlotTaken(alternatives=[show_slot(slot).model_dump(mode="json") for slot in near])
