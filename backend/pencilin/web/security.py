"""Who may call a handler: the session, the role, and the proof that a form is our own.

``staff`` wraps a handler for signed-in people. Everything that changes something passes the checks of
``refuse_other_sites`` and of a token that is bound to the session.
"""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import ceil
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from pencilin import limits
from pencilin.accounts import sessions
from pencilin.errors import Forbidden, SignInNeeded, SlowDown, Unavailable
from pencilin.limits import Limit
from pencilin.models import Practice, Role, SignedIn, Staff
from pencilin.web import cookies
from pencilin.web.http import SAFE_METHODS, Call, in_thread, read_call, see_other
from pencilin.web.next_page import remember_page

EVERYONE = tuple(Role)
# Where somebody is led who needs a second factor first.
SECOND_FACTOR = "/account/second-factor"
# Seconds that a page waits to note that somebody is active; the next one notes it as well.
NOTE_WITHIN = 1.0


@dataclass(frozen=True, kw_only=True)
class StaffCall(Call):
    """A request of somebody who is signed in, may call this handler, and sent it from our own pages.

    ``works_elsewhere``: in other practices, too. ``revision`` is the practice's before anything of the answer was read:
    what changes later, an open page will notice.
    """

    staff: Staff
    practice: Practice
    signed_in: SignedIn
    email: str
    works_elsewhere: bool
    revision: str

    @property
    def csrf(self) -> str:
        """The token that every form of this session must send as ``csrf``, scripts as ``X-CSRF-Token``."""
        return self.signed_in.csrf_token


StaffHandler = Callable[[StaffCall], Response]


def staff(
    handler: StaffHandler, *, roles: Sequence[Role] = EVERYONE, activity: bool = True, second_step: bool = False
) -> Callable[[Request], Awaitable[Response]]:
    """A Starlette endpoint of a handler for staff with one of ``roles``; everybody else is led through sign-in.

    ``activity=False`` is for what pages fetch by themselves: it must not keep a forgotten session alive.
    ``second_step=True`` is for who has yet to set up the second factor that their practice requires.
    """
    return partial(_run, handler=handler, roles=roles, activity=activity, second_step=second_step)


async def _run(
    request: Request, *, handler: StaffHandler, roles: Sequence[Role], activity: bool, second_step: bool
) -> Response:
    call = await read_call(request)
    try:
        return await in_thread(request, _as_staff, call, handler, roles, activity, second_step)
    finally:
        await call.form.close()


def _as_staff(call: Call, handler: StaffHandler, roles: Sequence[Role], activity: bool, second_step: bool) -> Response:
    present = who_is_there(call)
    if present is None:
        return lead_to_sign_in(call)
    if call.request.method not in SAFE_METHODS:
        refuse_other_sites(call)
        sent = call.field("csrf") or call.request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(sent.encode(), present.signed_in.csrf_token.encode()):
            raise Forbidden("This page was open across a sign-in. Nothing was changed: reload it and try again.")
    if present.staff.role not in roles:
        raise Forbidden
    if present.practice.second_factor_required and not second_step and present.account.totp_confirmed_at is None:
        if _wants_json(call):
            raise Forbidden("Your practice wants everybody to have a second factor. Set it up on My account first.")
        return see_other(SECOND_FACTOR)
    if activity:
        _note_activity(call, present.signed_in)
    return handler(
        StaffCall(
            request=call.request,
            server=call.server,
            body=call.body,
            form=call.form,
            staff=present.staff,
            practice=present.practice,
            signed_in=present.signed_in,
            email=present.account.email,
            works_elsewhere=present.works_elsewhere,
            revision=present.revision,
        )
    )


def who_is_there(call: Call) -> sessions.Present | None:
    """Who the session cookie of this request stands for."""
    secret = cookies.SESSION.read(call.request, call.server.config)
    if not secret:
        return None
    database = call.server.database
    with database.read() as session:
        return sessions.load_session(session, secret, database.clock())


def _note_activity(call: Call, signed_in: SignedIn) -> None:
    database = call.server.database
    if database.clock() - signed_in.seen_at >= sessions.SEEN_EVERY:
        # Reading goes on when nothing can be written.
        with suppress(Unavailable):
            database.write(lambda session, now: sessions.note_activity(session, signed_in, now), NOTE_WITHIN)


def lead_to_sign_in(call: Call) -> Response:
    """To the sign-in page, and back afterwards to the page that somebody was on or asked for.

    Raises :class:`SignInNeeded` for scripts that expect JSON.
    """
    if _wants_json(call):
        raise SignInNeeded
    headers = call.request.headers
    page = str(call.request.url) if call.request.method in SAFE_METHODS else headers.get("referer", "")
    return remember_page(call, see_other("/login"), _own_page(call, page))


def _wants_json(call: Call) -> bool:
    accepted = call.request.headers.get("accept", "*/*")
    return "json" in accepted and "html" not in accepted


def _own_page(call: Call, address: str) -> str:
    """Path and query of an address of ours, empty for another one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.netloc.lower() != call.request.headers.get("host", "").lower():
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def refuse_other_sites(call: Call) -> None:
    """Raises :class:`Forbidden` when a browser says that another site, or another page's frame, sent this.

    A client that sends neither header is no browser of the last years; the token decides about it.
    """
    headers = call.request.headers
    fetched_from = headers.get("sec-fetch-site", "same-origin")
    scheme = "https" if call.server.config.secure else "http"
    own = f"{scheme}://{headers.get('host', '')}".lower()
    if fetched_from not in ("same-origin", "none") or headers.get("origin", own).lower() != own:
        raise Forbidden("This came from another website, so nothing was changed. Please use the form on our own page.")


def client_address(call: Call) -> str:
    """The network to count requests of: an IPv4 address, or the /64 that an IPv6 customer has to themselves."""
    client = call.request.client
    host = client.host if client else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def limit(call: Call, kind: Limit, subject: str) -> None:
    """Counts one try of ``subject``; raises :class:`SlowDown` when there were too many. Call it outside ``write``."""
    server = call.server
    limits.take(server.database, server.config, server.links, kind, subject)


def wait_words(error: SlowDown) -> str:
    """What a page says to somebody who tried too often."""
    minutes = ceil(error.retry_after / 60)
    wait = f"{minutes} minutes" if minutes > 1 else "a minute"
    return f"Too many tries. Please wait {wait} and try again."


def give_back(call: Call, kind: Limit, subject: str) -> None:
    """Takes one try back, because it turned out well: only failures should count."""
    server = call.server
    limits.give_back(server.database, server.config, server.links, kind, subject)
