"""What the hosted page's forms do: look for another time, hold one, and book. Nothing that was typed gets lost.

Every refusal is the form again, with its fields as they were sent.
"""

import json
from collections.abc import Mapping
from datetime import UTC
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.responses import Response

from pencilin import booking, holds
from pencilin.errors import HoldExpired, IdempotencyKeyReused, Invalid, PencilinError, SlotTaken, SlowDown, Unavailable
from pencilin.web import asking
from pencilin.web.api_requests import Booking, parse
from pencilin.web.hosted.choice import choice_of, day_of, instant_of
from pencilin.web.hosted.form_token import new_token, sent_token
from pencilin.web.hosted.personal import here, link_of
from pencilin.web.hosted.reader import reader_of
from pencilin.web.hosted.receipt import receipt_address
from pencilin.web.hosted.steps import Visitor, details_step, service_step, time_step
from pencilin.web.hosted.times import alternatives
from pencilin.web.hosted.typed import TRAP, Problems, in_readers_words, problems_of, request_of, typed_in
from pencilin.web.http import Call, see_other

STATUSES = {SlowDown: 429, Unavailable: 503}
RETRY_UNAVAILABLE = "30"  # seconds


def look_for_time(call: Call) -> Response:
    """``POST /book/{practice}/times``: the first steps once more for whoever has typed something, or holds a time."""
    database = call.server.database
    with database.read() as session:
        visitor = _visitor(call, session)
        hold = call.field("hold")
        held = holds.is_held(session, visitor.catalogue.practice, hold) if hold else False
    if held:
        database.write(lambda session, _: holds.let_go(session, visitor.catalogue.practice, hold))
    if not visitor.typed:
        fields = ("service", "practitioner", "location", "day", "step")
        return see_other(_address(call, visitor, {name: call.field(name) for name in fields}))
    choice = None if call.field("step") == "service" else choice_of(visitor.catalogue, _sent(call))
    if choice is None:
        return service_step(visitor)
    with database.read() as session:
        return time_step(session, visitor, choice, day_of(call.field("day") or call.field("month")))


def hold_time(call: Call) -> Response:
    """``POST /book/{practice}/holds``: holds a time instead of an earlier one, and leads to the form."""
    with call.server.database.read() as session:
        visitor = _visitor(call, session)
    choice = choice_of(visitor.catalogue, _sent(call))
    start = instant_of(call.field("other") or call.field("start"))
    if choice is None or start is None:
        return see_other(_address(call, visitor, {}))
    wish, slugs = choice.wish(visitor.catalogue), choice.slugs()
    notice, status, retry = "", 422, ""
    try:
        if not visitor.token.expired:
            hold_id = visitor.token.hold_id(slugs["service"], slugs.get("practitioner"), slugs["location"], str(start))
            held = asking.hold(
                call, visitor.catalogue, wish, start, hold_id, instead_of=(visitor.token.holds, call.field("hold"))
            )
            if not visitor.typed:
                sent = slugs | {"start": start.isoformat(), "hold": held.id, "expires": held.expires_at.isoformat()}
                return see_other(_address(call, visitor, sent))
            with call.server.database.read() as session:
                return details_step(session, visitor, choice, start, held.id)
        visitor = _anew(visitor)
        notice = visitor.reader.words("pages")["book"]["tooOld"]
    except SlotTaken:
        notice, status = visitor.reader.words("picker")["takenShort"], 409
    except (SlowDown, Unavailable) as error:
        notice, status, retry = _failure(visitor, error)
    day = start.astimezone(visitor.catalogue.zone(choice.location)).date()
    with call.server.database.read() as session:
        return _retry(time_step(session, visitor, choice, day, notice=notice, status=status), retry)


def book(call: Call) -> Response:
    """``POST /book/{practice}/bookings``: books, then leads to the last screen; or shows what is wrong."""
    database = call.server.database
    with database.read() as session:
        visitor = _visitor(call, session)
        personal = link_of(call, session, visitor.catalogue.practice)
    practice = visitor.catalogue.practice
    choice, start, hold = choice_of(visitor.catalogue, _sent(call)), instant_of(call.field("start")), call.field("hold")
    if choice is None or start is None:
        return look_for_time(call)
    person = (visitor.typed.get(f"client.{name}", "") for name in ("first_name", "last_name"))
    slugs = (choice.slugs().get(name) for name in ("service", "practitioner", "location"))
    attempt = visitor.token.attempt(*slugs, start.astimezone(UTC).isoformat(), *person)
    problems: Problems = {}
    failure, status, retry, taken = "", 422, "", None
    words = visitor.reader.words("details")
    try:
        # First of all: a form that was booked already leads to its booking, however often and late it comes.
        with database.read() as session:
            made = booking.remembered(session, practice, attempt, database.clock())
        if made:
            return see_other(receipt_address(call, practice, made))
        if call.field("act") == "longer":
            status = 200
            _extend(call, visitor, hold)
        elif visitor.token.expired:
            visitor = _anew(visitor)
            failure = visitor.reader.words("pages")["book"]["tooOld"]
        elif call.field(TRAP):
            failure = visitor.reader.words("pages")["book"]["trapped"]
        else:
            here = asking.here(visitor.catalogue, database.clock())
            problems = problems_of(visitor.typed, choice.service.questions, here.asks, visitor.reader, here.today)
            if not problems:
                wanted = request_of(visitor.typed, choice, call.field("start"), hold, visitor.reader, here.today)
                typed = parse(Booking, json.dumps(wanted | {"site": call.server.config.base_url}).encode(), here)
                made = asking.request(call, visitor.catalogue, typed, attempt, personal)
                return see_other(receipt_address(call, practice, made))
    except IdempotencyKeyReused:
        # Back from the last screen, and on to another visit: that is booked once more only if they say so.
        visitor = _anew(visitor)
        failure = visitor.reader.words("pages")["book"]["sentBefore"]
    except Invalid as invalid:
        problems = in_readers_words(invalid.fields, visitor.reader)
    except SlotTaken as gone:
        taken, status = alternatives(gone.alternatives, visitor.reader), 409
    except (SlowDown, Unavailable) as error:
        failure, status, retry = _failure(visitor, error)
    if failure and practice.phone:
        failure = f"{failure} {words['orCall'].format(phone=practice.phone)}"
    with database.read() as session:
        return _retry(
            details_step(
                session, visitor, choice, start, hold, problems=problems, failure=failure, taken=taken, status=status
            ),
            retry,
        )


def _visitor(call: Call, session: Session) -> Visitor:
    catalogue = asking.catalogue_of(call, session)
    token = sent_token(call, catalogue.practice)
    typed = typed_in(call)
    # Which is chosen before anybody has typed anything.
    if typed.keys() == {"who"} and typed["who"] != "other":
        typed = {}
    return Visitor(call, catalogue, reader_of(call, catalogue.practice), token, typed)


def _anew(visitor: Visitor) -> Visitor:
    token = new_token(visitor.call, visitor.catalogue.practice)
    return Visitor(visitor.call, visitor.catalogue, visitor.reader, token, visitor.typed)


def _extend(call: Call, visitor: Visitor, hold: str) -> None:
    practice = visitor.catalogue.practice
    with call.server.database.read() as session:
        known = holds.is_held(session, practice, hold)
    if known:
        try:
            call.server.database.write(lambda session, now: holds.extend(session, practice, hold, now))
        except HoldExpired:
            return  # the form says so


def _failure(visitor: Visitor, error: PencilinError) -> tuple[str, int, str]:
    """What to say, the status, and when to try again."""
    words = visitor.reader.words("details")
    if isinstance(error, SlowDown):
        return words["busy"], 429, str(error.retry_after)
    return words["failed"], 503, RETRY_UNAVAILABLE


def _retry(response: Response, seconds: str) -> Response:
    if seconds:
        response.headers["Retry-After"] = seconds
    return response


def _sent(call: Call) -> Mapping[str, str]:
    return {name: call.field(name) for name in ("service", "practitioner", "location")}


def _address(call: Call, visitor: Visitor, query: Mapping[str, str]) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"{here(call, visitor.catalogue.practice)}?{urlencode(given | {'lang': visitor.reader.locale})}"
