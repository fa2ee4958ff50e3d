"""*Not right?* on the last screen: whoever has just booked corrects the address that they typed.

The link to change an appointment isn't enough: it went to the wrong address, too. The key of the booking did not.
"""

from datetime import datetime

from sqlmodel import Session
from starlette.responses import Response

from pencilin import booking, corrections, limits
from pencilin.catalogue import find_practice
from pencilin.errors import IdempotencyKeyMissing, LinkUnusable
from pencilin.links import Purpose
from pencilin.models import Appointment, Practice
from pencilin.rules.asks import asked
from pencilin.web.api_requests import Correction, Here, parse
from pencilin.web.http import Call
from pencilin.web.public_api import json_only, key_hash
from pencilin.web.security import client_address, limit


def correct_address(call: Call) -> Response:
    """204 whatever the new address is, as long as mail could be sent to it."""
    database = call.server.database
    json_only(call)
    key = call.request.headers.get("idempotency-key", "").strip()
    if not key:
        raise IdempotencyKeyMissing
    now = database.clock()
    with database.read() as session:
        practice = find_practice(session, call.path("practice"))
    wanted = parse(Correction, call.body, Here(practice.country, now.date(), asked(practice.asks)))
    limit(call, limits.CORRECTIONS_NETWORK, f"{practice.id} {client_address(call)}")
    claims = call.server.links.read(Purpose.MANAGE, wanted.manage_url.rpartition("/manage/")[2], now)
    named = (claims.get("practice"), claims.get("appointment"))
    database.write(
        lambda session, now: corrections.correct_email(
            session, _booked(session, practice, key, named, now), wanted.email, now
        )
    )
    return Response(status_code=204)


def _booked(
    session: Session, practice: Practice, key: str, named: tuple[str | None, ...], now: datetime
) -> Appointment:
    """The appointment that was booked under this key, if it is the one that the link names."""
    booked = booking.booked_under(session, practice.id, key_hash(key), now)
    if booked is None or (booked.practice_id, booked.id) != named:
        raise LinkUnusable
    return booked
