"""Signed links: each names its purpose, its subject, its addressee and its expiry, and nothing personal.

A link finds, it does not act. Altered links, and links of another purpose, raise :class:`LinkUnusable`; genuine ones
past their time raise :class:`LinkExpired`, which carries what they said.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer

from pencilin.errors import LinkExpired, LinkUnusable

# A clock that is stepped back or forth a little must lock nobody out.
LEEWAY = timedelta(hours=1)

Claims = dict[str, str | int]


class Purpose(StrEnum):
    """What a link is for; the salt of its signature, so that none can stand for another."""

    VIEW_APPOINTMENT = "view-appointment"
    MANAGE = "manage"
    CALENDAR = "calendar"
    INVITATION = "invitation"
    FORM = "form"
    RETURN_TO = "return-to"
    BOOKING_FORM = "booking-form"
    RECEIPT = "receipt"
    WEBMASTER = "webmaster"
    SAID = "said"
    PERSONAL = "personal-booking"
    SECOND_FACTOR = "second-factor"


class Links:
    """Makes and reads links with ``keys``, newest first: the first signs, all of them verify."""

    def __init__(self, keys: Sequence[str]) -> None:
        # itsdangerous signs with the last key of a list.
        self._keys = list(reversed(keys))

    def make(self, purpose: Purpose, claims: Mapping[str, str], expires: datetime) -> str:
        """A token that is the same for the same arguments."""
        body: Claims = {**claims, "exp": int(expires.astimezone(UTC).timestamp())}
        return str(self._serializer(purpose).dumps(body))

    def read(self, purpose: Purpose, token: str, now: datetime) -> dict[str, str]:
        """The claims of a good link. Raises :class:`LinkUnusable` or :class:`LinkExpired`."""
        try:
            body = self._serializer(purpose).loads(token)
        except BadData:
            raise LinkUnusable from None
        if not isinstance(body, dict) or not isinstance(body.get("exp"), int):
            raise LinkUnusable
        claims = {name: str(value) for name, value in body.items() if name != "exp"}
        if datetime.fromtimestamp(body["exp"], UTC) + LEEWAY <= now:
            raise LinkExpired(claims)
        return claims

    def _serializer(self, purpose: Purpose) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._keys,
            salt=f"pencilin.{purpose.value}",
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def secret(self, label: str) -> bytes:
        """A key of its own for ``label``, derived from the newest one: for keyed hashes of addresses and codes."""
        return self.secrets(label)[0]

    def secrets(self, label: str) -> list[bytes]:
        """The same of every key, newest first: for hashes that outlive a change of keys."""
        return [hashlib.sha256(f"pencilin.{label}:{key}".encode()).digest() for key in reversed(self._keys)]
