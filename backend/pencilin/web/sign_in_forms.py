"""Forms of people who have no session yet.

They carry a signed token that is bound to a cookie of this browser, so that another site can't sign somebody in as
somebody else. Mailed codes are bound to the same cookie.
"""

from datetime import timedelta
from typing import Any

from starlette.responses import Response

from pencilin.accounts.sessions import new_secret, stored
from pencilin.errors import Forbidden, LinkUnusable
from pencilin.links import Purpose
from pencilin.web import cookies
from pencilin.web.http import Call, page
from pencilin.web.security import refuse_other_sites

FORM_LASTS = timedelta(hours=12)
USE = "sign-in"


def form_page(call: Call, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page with such a form; the template puts ``form_token`` into a hidden field ``form``."""
    server = call.server
    browser = cookies.BROWSER.read(call.request, server.config) or new_secret()
    claims = {"use": USE, "browser": stored(browser)}
    token = server.links.make(Purpose.FORM, claims, server.database.clock() + FORM_LASTS)
    response = page(call, template, status=status, form_token=token, **context)
    cookies.BROWSER.put(response, server.config, browser)
    return response


def posting_browser(call: Call) -> str:
    """The hash of the cookie of the browser that posted one of our forms; raises :class:`Forbidden` otherwise."""
    refuse_other_sites(call)
    server = call.server
    browser = stored(cookies.BROWSER.read(call.request, server.config))
    try:
        claims = server.links.read(Purpose.FORM, call.field("form"), server.database.clock())
    except LinkUnusable:
        claims = {}
    if claims != {"use": USE, "browser": browser}:
        raise Forbidden("This form is too old, or your browser refuses our cookies. Open the page anew and try again.")
    return browser
