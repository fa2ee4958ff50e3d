"""The first page of a new server: a practice and its manager, for whoever has the address that the server printed."""

from datetime import datetime
from zoneinfo import available_timezones

from babel import Locale
from sqlmodel import Session
from starlette.responses import Response

from pencilin.accounts import passwords
from pencilin.errors import Invalid, LinkUnusable
from pencilin.models import Staff
from pencilin.practices import first_run
from pencilin.web import cookies
from pencilin.web.arrival import arrive
from pencilin.web.dashboard.editing import Form
from pencilin.web.http import Call, page, see_other
from pencilin.web.invitations import DIFFERENT
from pencilin.web.sign_in_forms import form_page, posting_browser

PRACTICE = ("name", "country", "timezone", "email", "phone")
# What the list of names has beside countries: unions, outlying parts, and one for nowhere.
NO_COUNTRY = ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO")
MANAGER = {"manager_name": "name", "manager_email": "email"}


def follow_address(call: Call) -> Response:
    """``GET /set-up/begin/{token}``: puts the token into a cookie and out of the address."""
    response = see_other("/set-up")
    cookies.SET_UP.put(response, call.server.config, call.path("token"))
    return response


def set_up_page(call: Call) -> Response:
    """``GET /set-up``"""
    try:
        _check(call)
    except LinkUnusable as problem:
        return _unusable(call, problem)
    return _form(call, {})


def set_up(call: Call) -> Response:
    """``POST /set-up``: makes the practice and its manager, who is signed in and led on."""
    posting_browser(call)
    typed = {name: call.field(name) for name in (*PRACTICE, *MANAGER)}
    password, again = (str(call.form.get(name, "")) for name in ("password", "again"))
    token = _token(call)
    try:
        _check(call)
        wrong = _wrong_password(password, again, typed["manager_email"])
        password_hash = "" if wrong else passwords.hash_password(password)

        def work(session: Session, now: datetime) -> Staff:
            try:
                manager = {name: typed[field] for field, name in MANAGER.items()}
                practice = {name: typed[name] for name in PRACTICE}
                member = first_run.begin(session, token, practice, manager, password_hash, now)
            except Invalid as error:
                raise Invalid(error.fields | wrong) from None
            if wrong:
                raise Invalid(wrong)
            return member

        member = call.server.database.write(work)
    except LinkUnusable as problem:
        return _unusable(call, problem)
    except Invalid as error:
        return _form(call, typed, status=422, problems=error.fields)
    response = arrive(call, member.account_id, by="set-up") or see_other("/login")
    response.headers["Location"] = "/set-up/service"
    cookies.SET_UP.drop(response, call.server.config)
    return response


def countries() -> dict[str, str]:
    """The names of countries by their codes (ISO 3166), in the order of the names."""
    territories = Locale("en").territories
    named = {code: name for code, name in territories.items() if len(code) == 2 and code not in NO_COUNTRY}
    return dict(sorted(named.items(), key=lambda one: one[1]))


def _check(call: Call) -> None:
    with call.server.database.read() as session:
        first_run.check_token(session, _token(call))


def _token(call: Call) -> str:
    return cookies.SET_UP.read(call.request, call.server.config)


def _wrong_password(password: str, again: str, email: str) -> dict[str, str]:
    try:
        passwords.check_choice(password, email)
    except Invalid as error:
        return error.fields
    return {} if password == again else {"again": DIFFERENT}


def _form(call: Call, typed: dict[str, str], *, status: int = 200, problems: dict[str, str] | None = None) -> Response:
    return form_page(
        call,
        "dashboard/first_run/practice.html",
        status=status,
        form=Form(typed, {}, problems or {}),
        countries={"": "Choose…"} | countries(),
        zones=sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")),
    )


def _unusable(call: Call, problem: LinkUnusable) -> Response:
    return page(call, "dashboard/link_problem.html", status=404, message=str(problem), signed_in=False)
