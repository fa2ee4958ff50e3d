"""The second step of signing in: a code from the app, or a recovery code.

What the first step found out is kept in a signed cookie, bound to the browser, for ten minutes; it opens nothing.
"""

from datetime import datetime

from sqlmodel import Session
from starlette.responses import Response

from pencilin import limits
from pencilin.accounts import second_factor
from pencilin.errors import LinkUnusable, SlowDown
from pencilin.links import Purpose
from pencilin.web import cookies
from pencilin.web.arrival import arrive
from pencilin.web.http import Call, see_other
from pencilin.web.next_page import next_page
from pencilin.web.security import client_address, give_back, limit, wait_words, who_is_there
from pencilin.web.sign_in_forms import form_page, posting_browser

WRONG = "That isn’t the code, or it was used already. Wait for the app’s next one, or enter a recovery code."


def second_page(call: Call) -> Response:
    """``GET /login/second-factor``: where the code is entered."""
    if who_is_there(call):
        return see_other(next_page(call))
    return _form(call) if _first_step(call) else see_other("/login?other")


def check_second(call: Call) -> Response:
    """``POST /login/second-factor``: the try is counted first, in a transaction of its own."""
    browser = posting_browser(call)
    first = _first_step(call)
    if not first or first["browser"] != browser:
        return see_other("/login?other")
    account_id, code = first["account"], call.field("code")
    counted = ((limits.CODE_TRIES_NETWORK, client_address(call)), (limits.SECOND_FACTOR_ACCOUNT, account_id))
    try:
        for kind, subject in counted:
            limit(call, kind, subject)
    except SlowDown as error:
        response = _form(call, status=429, message=wait_words(error))
        response.headers["Retry-After"] = str(error.retry_after)
        return response

    def work(session: Session, now: datetime) -> bool:
        return second_factor.check(session, call.server.links, account_id, code, now)

    if not call.server.database.write(work):
        return _form(call, status=401, message=WRONG)
    for kind, subject in counted:
        give_back(call, kind, subject)
    way = f"{first['by']} second_factor"
    response = arrive(call, account_id, by=way, remember=bool(first["remember"])) or see_other("/login?other")
    cookies.SECOND.drop(response, call.server.config)
    return response


def _first_step(call: Call) -> dict[str, str] | None:
    server = call.server
    token = cookies.SECOND.read(call.request, server.config)
    try:
        return server.links.read(Purpose.SECOND_FACTOR, token, server.database.clock()) if token else None
    except LinkUnusable:
        return None


def _form(call: Call, *, status: int = 200, message: str = "") -> Response:
    return form_page(call, "dashboard/second_factor.html", status=status, message=message)
