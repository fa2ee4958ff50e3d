"""The public HTTP API: what the widget, the hosted page and anybody's script may ask.

No call knows who asks, and none reads a client file.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from sqlmodel import Session
from starlette.responses import Response

from pencilin import availability, booking, holds, limits
from pencilin.availability import Wish
from pencilin.catalogue import Catalogue, find_practice, read_catalogue
from pencilin.errors import HoldExpired, IdempotencyKeyMissing, Invalid, PencilinError, SlotTaken, UnsupportedMediaType
from pencilin.models import Appointment, BookableBy, Service
from pencilin.rules.questions import check_answers
from pencilin.web.api_answers import show_booking, show_practice, show_slot
from pencilin.web.api_shapes import (
    AvailabilityShown,
    Booking,
    Here,
    HoldExtended,
    HoldMade,
    HoldRequest,
    parse,
)
from pencilin.web.compression import packed
from pencilin.web.http import Call, cacheable, shown
from pencilin.web.security import client_address, limit

MOST_DAYS = 62
YEARS = range(1970, 2200)
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
LONGEST_KEY = 255
CACHED_BRIEFLY = {"Cache-Control": "public, max-age=60"}


def practice(call: Call) -> Response:
    """Everything a visitor may choose from, and the rules that apply."""
    with call.server.database.read() as session:
        catalogue = _catalogue(call, session)
    return cacheable(call, packed(call, shown(show_practice(catalogue), headers=CACHED_BRIEFLY)))


def free_slots(call: Call) -> Response:
    """The slots of up to 62 days; after an empty window, the next one there is."""
    database = call.server.database
    with database.read() as session:
        catalogue = _catalogue(call, session)
        query = _query(call, ("service", "days"), ("practitioner", "location", "from"))
        wish = _wish(catalogue, query["service"], query.get("practitioner"), query.get("location"))
        now = database.clock()
        first_day, days = _days(query, now.astimezone(catalogue.zone(wish.location)).date())
        found = availability.slots(session, catalogue, wish, first_day, days, now)
        later = None if found else availability.next_slot(session, catalogue, wish, first_day, now)
    body = AvailabilityShown.model_construct(
        timezone=catalogue.zone(wish.location).key,
        from_=first_day,
        days=days,
        slots=[show_slot(slot) for slot in found],
        next_available=show_slot(later) if later else None,
    )
    return packed(call, shown(body))


def hold(call: Call) -> Response:
    """Takes a time while the visitor fills in the form."""
    database = call.server.database
    json_only(call)
    with database.read() as session:
        catalogue = _catalogue(call, session)
    wanted = parse(HoldRequest, call.body, _here(catalogue, database.clock()))
    wish = _wish(catalogue, wanted.service, wanted.practitioner, wanted.location)
    limit(call, limits.HOLDS_NETWORK, f"{catalogue.practice.id} {client_address(call)}")
    limit(call, limits.HOLDS_PRACTICE, catalogue.practice.id)
    try:
        start = _bookable_instant(wanted.start)
        held = database.write(lambda session, now: holds.hold(session, catalogue.practice, wish, start, now))
    except SlotTaken as taken:
        raise _with_alternatives(call, catalogue, wish, wanted.start) from taken
    return shown(
        HoldMade(
            hold=held.id,
            expires_at=held.expires_at,
            practitioner=held.practitioner.slug,
            location=held.location.slug,
        ),
        201,
    )


def extend_hold(call: Call) -> Response:
    """*Keep it longer*, at most twice."""
    database, hold_id = call.server.database, call.path("hold")
    with database.read() as session:
        practice = find_practice(session, call.path("practice"))
        if not holds.is_held(session, practice, hold_id):
            raise HoldExpired
    expires_at = database.write(lambda session, now: holds.extend(session, practice, hold_id, now))
    return shown(HoldExtended(expires_at=expires_at))


def let_hold_go(call: Call) -> Response:
    """Gives the time back; no error when it has gone already."""
    database, hold_id = call.server.database, call.path("hold")
    with database.read() as session:
        practice = find_practice(session, call.path("practice"))
        held = holds.is_held(session, practice, hold_id)
    if held:
        database.write(lambda session, _: holds.let_go(session, practice, hold_id))
    return Response(status_code=204)


def book(call: Call) -> Response:
    """A request for an appointment; 201 only once it is stored."""
    database = call.server.database
    json_only(call)
    key = call.request.headers.get("idempotency-key", "").strip()
    with database.read() as session:
        catalogue = _catalogue(call, session)
        if not key:
            raise IdempotencyKeyMissing
        if len(key) > LONGEST_KEY:
            raise Invalid({"Idempotency-Key": f"Use at most {LONGEST_KEY} characters."})
        now = database.clock()
        typed = parse(Booking, call.body, _here(catalogue, now))
        attempt = _attempt(key, typed)
        # First of all: a repeat is answered as before, whatever has changed since and however many there were.
        made = booking.remembered(session, catalogue.practice, attempt, now)
    if made is None:
        made = _request(call, catalogue, typed, attempt)
    with database.read() as session:
        return shown(show_booking(session, call.server, made), 201)


def _request(call: Call, catalogue: Catalogue, typed: Booking, attempt: booking.Attempt) -> Appointment:
    wanted = _booking_request(catalogue, typed, attempt)
    limit(call, limits.BOOKINGS_NETWORK, f"{catalogue.practice.id} {client_address(call)}")
    limit(call, limits.BOOKINGS_PRACTICE, catalogue.practice.id)
    try:
        _bookable_instant(wanted.start)
        return call.server.database.write(
            lambda session, now: booking.request(session, catalogue.practice, wanted, now)
        )
    except SlotTaken as taken:
        raise _with_alternatives(call, catalogue, wanted.wish, wanted.start) from taken


def _catalogue(call: Call, session: Session) -> Catalogue:
    return read_catalogue(session, find_practice(session, call.path("practice")))


def _here(catalogue: Catalogue, now: datetime) -> Here:
    return Here(catalogue.practice.country, now.astimezone(catalogue.zone()).date())


def json_only(call: Call) -> None:
    """Raises :class:`UnsupportedMediaType` for a body that isn't called JSON."""
    # A plain form of another site can't send this type without asking first.
    if call.request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType


def _bookable_instant(start: datetime) -> datetime:
    if start.year not in YEARS:
        raise SlotTaken
    return start.astimezone(UTC)


def _query(call: Call, required: Sequence[str], optional: Sequence[str]) -> dict[str, str]:
    """The query's parameters that aren't empty; refuses unknown ones and wants the required ones."""
    given = {name: value for name, value in call.request.query_params.items() if value}
    wrong = dict.fromkeys(given.keys() - {*required, *optional}, "This parameter isn't known here. Leave it out.")
    wrong |= {name: "This is required." for name in required if name not in given}
    if wrong:
        raise Invalid(wrong)
    return given


def _days(query: Mapping[str, str], today: date) -> tuple[date, int]:
    wrong = {}
    first_day = today
    try:
        if "from" in query and not ISO_DATE.fullmatch(query["from"]):
            raise ValueError
        first_day = date.fromisoformat(query.get("from", today.isoformat()))
        if first_day.year not in YEARS:
            raise ValueError
    except ValueError:
        wrong["from"] = "Give a date like 2026-11-24."
    days = int(query["days"]) if query["days"].isascii() and query["days"].isdigit() and len(query["days"]) < 4 else 0
    if not 1 <= days <= MOST_DAYS:
        wrong["days"] = f"Give a number of days from 1 to {MOST_DAYS}."
    if wrong:
        raise Invalid(wrong)
    return first_day, days


def _wish(catalogue: Catalogue, service: str, practitioner: str | None, location: str | None) -> Wish:
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


def key_hash(key: str) -> str:
    """What is kept of a visitor's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _attempt(key: str, typed: Booking) -> booking.Attempt:
    body = json.dumps(typed.model_dump(mode="json"), sort_keys=True)
    return booking.Attempt(key_hash(key), hashlib.sha256(body.encode()).hexdigest())


def _booking_request(catalogue: Catalogue, typed: Booking, attempt: booking.Attempt) -> booking.BookingRequest:
    wish = _wish(catalogue, typed.service, typed.practitioner, typed.location)
    answers, wrong_answers = check_answers(wish.service.questions, typed.answers or {})
    wrong = {f"answers.{name}": reason for name, reason in wrong_answers.items()}
    if reason := _not_for(wish.service, typed.returning):
        wrong["returning"] = reason
    if wrong:
        raise Invalid(wrong)
    person = typed.client
    booked_by = typed.booked_by
    return booking.BookingRequest(
        wish=wish,
        start=typed.start,
        person=booking.Person(
            person.first_name,
            person.last_name,
            person.email,
            person.phone,
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
        lang=typed.lang or "en",
        visitor_timezone=typed.timezone,
    )


def _not_for(service: Service, returning: str | None) -> str | None:
    if service.booking is BookableBy.NEW and returning == "yes":
        return "This service is for people who haven't been here before. Please choose another one."
    if service.booking is BookableBy.RETURNING and returning == "no":
        return "This service is for people who have been here before. Please choose another one."
    return None


def _with_alternatives(call: Call, catalogue: Catalogue, wish: Wish, start: datetime) -> PencilinError:
    database = call.server.database
    now = database.clock()
    with database.read() as session:
        near = availability.nearest(session, catalogue, wish, start if start.year in YEARS else now, now)
    return SlotTaken(alternatives=[show_slot(slot).model_dump(mode="json") for slot in near])
