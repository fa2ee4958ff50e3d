"""What happens once somebody has shown who they are: a session, perhaps a remembered device, and on to the page."""

from datetime import datetime

from sqlmodel import Session
from starlette.responses import Response

from pencilin.accounts import devices, second_factor, sessions
from pencilin.accounts.staff import places, sign_in
from pencilin.links import Purpose
from pencilin.web import cookies
from pencilin.web.http import Call, see_other
from pencilin.web.next_page import next_page, remembered_link

# What browsers and systems put into User-Agent, the telling words first.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrom", "Chrome"),
            ("CriOS", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
           ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


# Ways in that an account with a second factor goes on from by entering a code. A remembered device was remembered
# after one, and with a link from the mailbox it is enough.
FIRST_STEPS = ("password", "code", "invitation")


def arrive(call: Call, account_id: str, *, by: str, remember: bool | None = None) -> Response | None:
    """Signs the account in and leads to where it was going, by way of a choice when it works in several practices.

    ``by`` is the way in; where a second factor is on, what was the first step leads to the second.
    ``remember``: whether to remember this device, if the form at hand doesn't say. None when the account has no place
    in any practice (any more).
    """
    server = call.server
    remember = bool(call.field("remember")) if remember is None else remember
    with server.database.read() as session:
        if by in FIRST_STEPS and places(session, account_id) and second_factor.is_on(session, account_id):
            return _ask_for_second(call, account_id, by, remember=remember)
    link = remembered_link(call)
    earlier = cookies.SESSION.read(call.request, server.config)

    def work(session: Session, now: datetime) -> tuple[str | None, str | None, bool]:
        secret = sign_in(session, account_id, link.practice_id if link else None, by, now)
        if secret is None:
            return None, None, False
        sessions.end_session(session, earlier)
        device = None
        where = [practice for _, practice in places(session, account_id)]
        # A device is remembered for all of an account's practices, so each of them may forbid it.
        if remember and all(practice.devices_allowed for practice in where):
            label = device_label(call.request.headers.get("user-agent", ""))
            known = cookies.DEVICE.read(call.request, server.config)
            device = devices.remember_device(session, account_id, label, known, now)
        return secret, device, link is None and len(where) > 1

    secret, device, choose = server.database.write(work)
    if secret is None:
        return None
    response = see_other("/login/practice") if choose else go_on(call)
    cookies.SESSION.put(response, server.config, secret)
    if device:
        cookies.DEVICE.put(response, server.config, device)
    return response


def _ask_for_second(call: Call, account_id: str, by: str, *, remember: bool) -> Response:
    server = call.server
    browser = sessions.stored(cookies.BROWSER.read(call.request, server.config))
    claims = {"account": account_id, "by": by, "remember": "yes" if remember else "", "browser": browser}
    expires = server.database.clock() + cookies.SECOND_LIFETIME
    response = see_other("/login/second-factor")
    cookies.SECOND.put(response, server.config, server.links.make(Purpose.SECOND_FACTOR, claims, expires))
    return response


def go_on(call: Call) -> Response:
    """To the page that led to sign-in, which is then forgotten."""
    response = see_other(next_page(call))
    cookies.NEXT.drop(response, call.server.config)
    return response


def device_label(user_agent: str) -> str:
    """What to call a browser in a list of devices: *Chrome on Android*."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "A browser")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser
