"""The signed token of the hosted page's forms: proof that a form is ours, and the key under which it books once.

There is nothing to act in the name of on these pages, so the token is bound to no browser; a site that sends its
visitors' forms here would first have to fetch one for each.
"""

import hashlib
from datetime import timedelta
from typing import NamedTuple

from pencilin.booking import REMEMBERED, Attempt
from pencilin.errors import Forbidden, LinkExpired, LinkUnusable
from pencilin.links import LEEWAY, Purpose
from pencilin.models import Practice, new_id
from pencilin.web.http import Call

FORM_LASTS = timedelta(hours=12)
# So that no form can still be sent when its booking is forgotten already.
assert FORM_LASTS + LEEWAY < REMEMBERED

FIELD = "form"


class FormToken(NamedTuple):
    """A form's key, and whether the form is too old to be taken."""

    key: str
    text: str
    expired: bool

    def attempt(self, *visit: str | None) -> Attempt:
        """One form makes one booking of a ``visit``: for whom and when, whatever else was corrected in between."""
        return Attempt(_hash(f"form {self.key}"), _hash(repr(visit)))

    @property
    def holds(self) -> str:
        """What the ids of all holds of this form begin with."""
        return _hash(f"holds {self.key}")[:16]

    def hold_id(self, *slot: str | None) -> str:
        """The id of the hold for a slot: the same if its button is pressed twice."""
        return self.holds + _hash(repr((self.key, *slot)))[:16]


def new_token(call: Call, practice: Practice) -> FormToken:
    """For a form that is shown for the first time."""
    server, key = call.server, new_id()
    claims = {"practice": practice.id, "key": key}
    expires = server.database.clock() + FORM_LASTS
    return FormToken(key, server.links.make(Purpose.BOOKING_FORM, claims, expires), expired=False)


def sent_token(call: Call, practice: Practice) -> FormToken:
    """Of the form that was posted; raises :class:`Forbidden` when it is none of ours, or another practice's."""
    server, text = call.server, call.field(FIELD)
    expired = False
    try:
        claims = server.links.read(Purpose.BOOKING_FORM, text, server.database.clock())
    except LinkExpired as old:
        claims, expired = {name: str(value) for name, value in old.claims.items()}, True
    except LinkUnusable:
        claims = {}
    if claims.get("practice") != practice.id or "key" not in claims:
        raise Forbidden("This didn’t come from our own form, so nothing was done. Open the booking page and try again.")
    return FormToken(claims["key"], text, expired)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
