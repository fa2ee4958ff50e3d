"""Every cookie that Pencilin sets, all of them for staff: what for, and how long it lives."""

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from pencilin.accounts import devices
from pencilin.config import Config


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that scripts can't read. Without a ``lifetime`` it ends with the browser."""

    name: str
    lifetime: timedelta | None = None

    def read(self, request: Request, config: Config) -> str:
        """Its value, empty when it wasn't sent."""
        return request.cookies.get(self._full_name(config), "")

    def put(self, response: Response, config: Config, value: str) -> None:
        """Sets it on the browser that gets ``response``."""
        response.set_cookie(
            self._full_name(config),
            value,
            max_age=int(self.lifetime.total_seconds()) if self.lifetime else None,
            secure=config.secure,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, config: Config) -> None:
        """Removes it."""
        response.delete_cookie(self._full_name(config), secure=config.secure, httponly=True, samesite="lax")

    def _full_name(self, config: Config) -> str:
        # With this prefix a browser refuses the cookie from a subdomain or over plain http.
        return f"__Host-{self.name}" if config.secure else self.name


SESSION = Cookie("pencilin_session")
# Tells browsers apart that have no session: forms and mailed codes are bound to it.
BROWSER = Cookie("pencilin_browser")
# Where to go after signing in: a signed path, or the link that was followed.
NEXT_LIFETIME = timedelta(minutes=10)
NEXT = Cookie("pencilin_next", NEXT_LIFETIME)
# What the first step of signing in found out, until the second.
SECOND_LIFETIME = timedelta(minutes=10)
SECOND = Cookie("pencilin_second", SECOND_LIFETIME)
DEVICE = Cookie("pencilin_device", devices.LASTS)
# What the next page says about what was just done.
SAID_LIFETIME = timedelta(minutes=1)
SAID = Cookie("pencilin_said", SAID_LIFETIME)
SET_UP = Cookie("pencilin_set_up", timedelta(hours=1))
INVITATION = Cookie("pencilin_invitation", timedelta(hours=1))
