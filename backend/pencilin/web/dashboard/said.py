"""What the next page says about what was just done, with *Undo* where it can be taken back.

It travels in a signed cookie, so that it may name a client: an address would keep the name in histories and logs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

from pencilin.errors import LinkUnusable
from pencilin.links import Purpose
from pencilin.web import cookies
from pencilin.web.security import StaffCall

# Browsers drop a cookie above 4,096 bytes whole, its name and attributes included.
MOST = 3800


@dataclass(frozen=True, slots=True)
class Undo:
    """What pressing *Undo* posts; the session's token is added where it is shown.

    ``seconds``: how long it does so, if not for ever. From then on the page that ``action`` lies under says what is
    still possible, and scripts show that instead.
    """

    action: str
    fields: Mapping[str, str] = field(default_factory=dict)
    label: str = "Undo"
    seconds: int = 0

    @property
    def page(self) -> str:
        """The address that ``action`` lies under."""
        return self.action.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence for the person who just did something."""

    words: str
    undo: Undo | None = None


def say(call: StaffCall, response: Response, words: str, undo: Undo | None = None) -> Response:
    """The response, whose next page says ``words``, once, to this staff member alone.

    Where it would take more than a browser keeps to undo it, it is said without *Undo*.
    """
    server = call.server
    claims = {"staff": call.staff.id, "words": words}
    expires = server.database.clock() + cookies.SAID_LIFETIME
    token = server.links.make(Purpose.SAID, claims, expires)
    if undo:
        claims |= {"action": undo.action, "fields": json.dumps(dict(undo.fields)), "label": undo.label}
        claims["seconds"] = str(undo.seconds)
        longer = server.links.make(Purpose.SAID, claims, expires)
        token = longer if len(longer) <= MOST else token
    cookies.SAID.put(response, server.config, token)
    return response


def heard(call: StaffCall) -> Said | None:
    """What is to be said on this page."""
    token = cookies.SAID.read(call.request, call.server.config)
    if not token:
        return None
    try:
        claims = call.server.links.read(Purpose.SAID, token, call.server.database.clock())
    except LinkUnusable:
        return None
    if claims.get("staff") != call.staff.id:
        return None
    if "action" not in claims:
        return Said(claims["words"])
    fields = json.loads(claims["fields"])
    return Said(claims["words"], Undo(claims["action"], fields, claims["label"], int(claims["seconds"])))


def was_said(call: StaffCall, response: Response) -> Response:
    """The response after which nothing is left to say."""
    if cookies.SAID.read(call.request, call.server.config):
        cookies.SAID.drop(response, call.server.config)
    return response
