"""The personal booking link on a client's file: made, shown to be copied, and revoked."""

from starlette.responses import Response

from pencilin import addresses
from pencilin.clients import personal_links
from pencilin.errors import Conflict
from pencilin.models import Client
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall


def address_of(call: StaffCall, client: Client) -> str:
    """The address to hand to the client; empty while there is none."""
    with call.server.database.read() as session:
        link = personal_links.current(session, client)
    if link is None:
        return ""
    return addresses.personal_booking_url(call.server.config.base_url, call.server.links, call.practice, link)


def create(call: StaffCall) -> Response:
    """``POST /clients/{client}/booking-link``"""
    client = call.path("client")
    call.server.database.write(lambda session, now: personal_links.create(session, call.staff, client, now))
    return say(call, see_other(_section(call)), "The link is ready. Copy it, and send it to this client alone.")


def revoke(call: StaffCall) -> Response:
    """``POST /clients/{client}/booking-link/revocation``"""
    client = call.path("client")
    link = call.server.database.write(lambda session, now: personal_links.revoke(session, call.staff, client, now))
    undo = Undo(f"/clients/{client}/booking-link/return", {"link": link}) if link else None
    return say(call, see_other(_section(call)), "Revoked. Whoever opens it books like everybody else.", undo)


def take_back(call: StaffCall) -> Response:
    """``POST /clients/{client}/booking-link/return``"""
    client, link = call.path("client"), call.field("link")
    try:
        call.server.database.write(
            lambda session, now: personal_links.take_back(session, call.staff, client, link, now)
        )
    except Conflict as error:
        return say(call, see_other(_section(call)), str(error))
    return say(call, see_other(_section(call)), "The link works again.")


def _section(call: StaffCall) -> str:
    return f"/clients/{call.path('client')}#booking-link"
