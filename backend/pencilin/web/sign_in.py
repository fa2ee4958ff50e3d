"""Signing in and out: by password, by a mailed code, or on a remembered device that followed a link."""

import re

from starlette.responses import Response

from pencilin import limits
from pencilin.accounts import devices, passwords, sessions, sign_in_codes
from pencilin.accounts.staff import account_of, email_key, set_password_hash
from pencilin.errors import SlowDown
from pencilin.models import Practice, Staff
from pencilin.web import cookies
from pencilin.web.arrival import arrive
from pencilin.web.http import Call, page, see_other
from pencilin.web.next_page import next_page, remembered_link
from pencilin.web.security import StaffCall, client_address, give_back, limit, wait_words, who_is_there
from pencilin.web.sign_in_forms import form_page, posting_browser

WRONG = "This email and password don’t belong together. Try again, or let us email you a code."
NO_CODE = "Enter the six digits from the email."
WRONG_CODE = "That isn’t the code. Check the newest mail; after five tries, ask for another code."
NO_EMAIL = "Enter your email address, like name@example.com."


def login_page(call: Call) -> Response:
    """``GET /login``: the form, or on a remembered device *Continue as NAME*."""
    if who_is_there(call):
        return see_other(next_page(call))
    known = _addressee(call)
    if known and "other" not in call.request.query_params:
        return form_page(call, "dashboard/continue.html", name=known[0].name, practice=known[1].name)
    return _login_form(call)


def log_in(call: Call) -> Response:
    """``POST /login``: email and password."""
    posting_browser(call)
    typed, password = call.field("email"), str(call.form.get("password", ""))
    email = email_key(typed)
    counted = ((limits.SIGN_IN_NETWORK, client_address(call)), (limits.SIGN_IN_ACCOUNT, email or typed))
    try:
        for kind, subject in counted:
            limit(call, kind, subject)
    except SlowDown as error:
        return _told_to_wait(call, error)
    with call.server.database.read() as session:
        account = account_of(session, email)
    # Hashing is slow on purpose, and as slow for an address that nobody has.
    right = passwords.is_right(account.password_hash if account else None, password)
    response = arrive(call, account.id, by="password") if account and right else None
    if account is None or account.password_hash is None or response is None:
        return _login_form(call, status=401, message=WRONG)
    for kind, subject in counted:
        give_back(call, kind, subject)
    if passwords.is_outdated(account.password_hash):
        old, new = account.password_hash, passwords.hash_password(password)
        call.server.database.write(lambda session, _: set_password_hash(session, account.id, old, new))
    return response


def ask_for_code(call: Call) -> Response:
    """``POST /login/code``: mails a code; says the same whether or not anybody has the address."""
    browser, server = posting_browser(call), call.server
    email = email_key(call.field("email"))
    if not email:
        return _login_form(call, status=422, email_error=NO_EMAIL)
    try:
        limit(call, limits.CODES_NETWORK, client_address(call))
        server.database.write(
            lambda session, now: sign_in_codes.request_code(session, server.links, browser, email, now)
        )
    except SlowDown as error:
        return _told_to_wait(call, error)
    return see_other("/login/code?remember=yes" if call.field("remember") else "/login/code")


def code_page(call: Call) -> Response:
    """``GET /login/code``: where the code is entered."""
    if who_is_there(call):
        return see_other(next_page(call))
    browser = sessions.stored(cookies.BROWSER.read(call.request, call.server.config))
    return _code_form(call, browser, remember="remember" in call.request.query_params)


def check_code(call: Call) -> Response:
    """``POST /login/code/check``: the try is counted first, in a transaction of its own; what is no code is no try."""
    browser, server, remember = posting_browser(call), call.server, bool(call.field("remember"))
    code = re.sub(r"\D", "", call.field("code"), flags=re.ASCII)
    if len(code) != sign_in_codes.DIGITS:
        return _code_form(call, browser, remember=remember, status=422, message=NO_CODE)
    try:
        limit(call, limits.CODE_TRIES_NETWORK, client_address(call))
    except SlowDown as error:
        return _told_to_wait(call, error)
    row_id = server.database.write(lambda session, now: sign_in_codes.count_try(session, browser, now))
    account_id = row_id and server.database.write(
        lambda session, now: sign_in_codes.use_code(session, server.links, row_id, code, now)
    )
    response = arrive(call, account_id, by="code") if account_id else None
    return response or _code_form(call, browser, remember=remember, status=401, message=WRONG_CODE)


def continue_as(call: Call) -> Response:
    """``POST /login/continue``: on a remembered device, an unexpired link made for its owner needs nothing else."""
    posting_browser(call)
    known = _addressee(call)
    response = arrive(call, known[0].account_id, by="device") if known else None
    return response or see_other("/login?other")


def logout_page(call: StaffCall) -> Response:
    """``GET /logout``: asks, because opening an address changes nothing."""
    return page(call, "dashboard/logout.html", csrf=call.csrf, name=call.staff.name)


def log_out(call: StaffCall) -> Response:
    """``POST /logout``: deletes the session's row."""
    server = call.server
    secret = cookies.SESSION.read(call.request, server.config)
    server.database.write(lambda session, _: sessions.end_session(session, secret))
    response = see_other("/login")
    cookies.SESSION.drop(response, server.config)
    cookies.NEXT.drop(response, server.config)
    return response


def _addressee(call: Call) -> tuple[Staff, Practice] | None:
    secret = cookies.DEVICE.read(call.request, call.server.config)
    link = remembered_link(call)
    if not secret or link is None or link.expired:
        return None
    database = call.server.database
    with database.read() as session:
        return devices.addressee(session, secret, link.practice_id, link.staff_id, database.clock())


def _login_form(call: Call, *, status: int = 200, message: str = "", email_error: str = "") -> Response:
    return form_page(
        call,
        "dashboard/login.html",
        status=status,
        message=message,
        email_error=email_error,
        email=call.field("email"),
        remember=bool(call.field("remember")),
        to_appointment=remembered_link(call) is not None,
    )


def _code_form(call: Call, browser: str, *, remember: bool, status: int = 200, message: str = "") -> Response:
    database = call.server.database
    with database.read() as session:
        code = sign_in_codes.newest(session, browser, database.clock())
    if code is None or code.tries >= sign_in_codes.TRIES:
        used_up = "That code can’t be used any more. Ask for a new one." if message or code else ""
        return _login_form(call, status=status, message=used_up)
    return form_page(call, "dashboard/code.html", status=status, email=code.email, message=message, remember=remember)


def _told_to_wait(call: Call, error: SlowDown) -> Response:
    response = _login_form(call, status=429, message=wait_words(error))
    response.headers["Retry-After"] = str(error.retry_after)
    return response
