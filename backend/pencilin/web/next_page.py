"""Where somebody goes after signing in: kept in a signed, short-lived cookie, not in the address."""

from typing import NamedTuple

from starlette.responses import Response

from pencilin.errors import LinkExpired, LinkUnusable
from pencilin.links import Purpose
from pencilin.web import cookies
from pencilin.web.http import Call

HOME = "/calendar"


class StaffLink(NamedTuple):
    """What a genuine link from a staff mail says."""

    practice_id: str
    appointment_id: str
    staff_id: str
    expired: bool


def read_staff_link(call: Call, token: str) -> StaffLink:
    """What the link says, expired or not; raises :class:`LinkUnusable` when it isn't one of ours."""
    server = call.server
    expired = False
    try:
        claims = server.links.read(Purpose.VIEW_APPOINTMENT, token, server.database.clock())
    except LinkExpired as error:
        claims = {name: str(value) for name, value in error.claims.items()}
        expired = True
    try:
        return StaffLink(claims["practice"], claims["appointment"], claims["staff"], expired)
    except KeyError:
        raise LinkUnusable from None


def remember_page(call: Call, response: Response, path: str) -> Response:
    """Lets sign-in lead to ``path``, a path of ours with its query."""
    return _remember(call, response, {"path": path})


def remember_link(call: Call, response: Response, token: str) -> Response:
    """Lets sign-in lead to the appointment of a genuine staff link."""
    return _remember(call, response, {"link": token})


def remembered_link(call: Call) -> StaffLink | None:
    """The staff link that led to sign-in, if one did."""
    token = _remembered(call).get("link")
    return read_staff_link(call, token) if token else None


def next_page(call: Call) -> str:
    """The path to go to now that somebody is signed in."""
    link = remembered_link(call)
    if link:
        return f"/appointments/{link.appointment_id}"
    path = _remembered(call).get("path", "")
    # Two slashes, or one and a backslash, would be another website.
    return path if path.startswith("/") and path[1:2] not in ("/", "\\") else HOME


def _remember(call: Call, response: Response, claims: dict[str, str]) -> Response:
    server = call.server
    expires = server.database.clock() + cookies.NEXT_LIFETIME
    cookies.NEXT.put(response, server.config, server.links.make(Purpose.RETURN_TO, claims, expires))
    return response


def _remembered(call: Call) -> dict[str, str]:
    server = call.server
    try:
        return server.links.read(
            Purpose.RETURN_TO, cookies.NEXT.read(call.request, server.config), server.database.clock()
        )
    except LinkUnusable:
        return {}
