"""The public HTTP API: what the widget, the hosted page and anybody's script may ask.

No call knows who asks, and none reads a client file.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date

from pydantic_core import to_json
from starlette.responses import Response

from pencilin import availability, booking, holds
from pencilin.catalogue import find_practice
from pencilin.errors import HoldExpired, IdempotencyKeyMissing, Invalid, UnsupportedMediaType
from pencilin.web import asking
from pencilin.web.api_answers import show_booking, show_practice, show_slot, show_slots
from pencilin.web.api_requests import Booking, HoldRequest, parse
from pencilin.web.api_shapes import HoldExtended, HoldMade
from pencilin.web.compression import packed
from pencilin.web.http import Call, cacheable, shown
from pencilin.web.seen import noted
from pencilin.website.sightings import Seen

MOST_DAYS = 62
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
LONGEST_KEY = 255
CACHED_BRIEFLY = {"Cache-Control": "public, max-age=60"}


def practice(call: Call) -> Response:
    """Everything a visitor may choose from, and the rules that apply."""
    with call.server.database.read() as session:
        catalogue = asking.catalogue_of(call, session)
    answer = cacheable(call, packed(call, shown(show_practice(catalogue), headers=CACHED_BRIEFLY)))
    return noted(call, catalogue.practice, Seen.SCRIPT, answer)


def free_slots(call: Call) -> Response:
    """The slots of up to 62 days; after an empty window, the next one there is."""
    database = call.server.database
    with database.read() as session:
        catalogue = asking.catalogue_of(call, session)
        query = _query(call, ("service", "days"), ("practitioner", "location", "from"))
        wish = asking.wish(catalogue, query["service"], query.get("practitioner"), query.get("location"))
        now = database.clock()
        first_day, days = _days(query, now.astimezone(catalogue.zone(wish.location)).date())
        found = availability.slots(session, catalogue, wish, first_day, days, now)
        later = None if found else availability.next_slot(session, catalogue, wish, first_day, now)
    body = {
        "timezone": catalogue.zone(wish.location).key,
        "from": first_day,
        "days": days,
        "slots": show_slots(found),
        "next_available": show_slot(later) if later else None,
    }
    return packed(call, Response(to_json(body), media_type="application/json"))


def hold(call: Call) -> Response:
    """Takes a time while the visitor fills in the form."""
    database = call.server.database
    json_only(call)
    with database.read() as session:
        catalogue = asking.catalogue_of(call, session)
    wanted = parse(HoldRequest, call.body, asking.here(catalogue, database.clock()))
    wish = asking.wish(catalogue, wanted.service, wanted.practitioner, wanted.location)
    held = asking.hold(call, catalogue, wish, wanted.start)
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
        catalogue = asking.catalogue_of(call, session)
        if not key:
            raise IdempotencyKeyMissing
        if len(key) > LONGEST_KEY:
            raise Invalid({"Idempotency-Key": f"Use at most {LONGEST_KEY} characters."})
        now = database.clock()
        typed = parse(Booking, call.body, asking.here(catalogue, now))
        attempt = _attempt(key, typed)
        # First of all: a repeat is answered as before, whatever has changed since and however many there were.
        made = booking.remembered(session, catalogue.practice, attempt, now)
    if made is None:
        made = asking.request(call, catalogue, typed, attempt)
    with database.read() as session:
        return shown(show_booking(session, call.server, made), 201)


def json_only(call: Call) -> None:
    """Raises :class:`UnsupportedMediaType` for a body that isn't called JSON."""
    # A plain form of another site can't send this type without asking first.
    if call.request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType


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
        if first_day.year not in asking.YEARS:
            raise ValueError
    except ValueError:
        wrong["from"] = "Give a date like 2026-11-24."
    days = int(query["days"]) if query["days"].isascii() and query["days"].isdigit() and len(query["days"]) < 4 else 0
    if not 1 <= days <= MOST_DAYS:
        wrong["days"] = f"Give a number of days from 1 to {MOST_DAYS}."
    if wrong:
        raise Invalid(wrong)
    return first_day, days


def key_hash(key: str) -> str:
    """What is kept of a visitor's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _attempt(key: str, typed: Booking) -> booking.Attempt:
    body = json.dumps(typed.model_dump(mode="json"), sort_keys=True)
    return booking.Attempt(key_hash(key), hashlib.sha256(body.encode()).hexdigest())
