"""Invitations: the mailed link with which a new staff member chooses a password, once."""

from datetime import datetime

from sqlmodel import Session
from starlette.responses import Response

from pencilin.accounts import passwords
from pencilin.accounts.staff import Invited, invited, set_password_hash
from pencilin.errors import Invalid, LinkExpired, LinkUnusable
from pencilin.links import Purpose
from pencilin.web import cookies
from pencilin.web.arrival import arrive
from pencilin.web.http import Call, page, see_other
from pencilin.web.sign_in_forms import form_page, posting_browser

EXPIRED = (
    "This invitation has expired. Sign in by an emailed code, or ask a manager of the practice to invite you again."
)
USED = "This invitation was used already. Sign in with your password, or have a code emailed to you."
DIFFERENT = "The two passwords differ. Type the same one twice."


def follow_invitation(call: Call) -> Response:
    """``GET /invitation/{token}``: puts the token into a cookie and out of the address."""
    response = see_other("/invitation")
    cookies.INVITATION.put(response, call.server.config, call.path("token"))
    return response


def invitation_page(call: Call) -> Response:
    """``GET /invitation``: where the password is chosen."""
    try:
        return _form(call, _invited(call))
    except LinkUnusable as problem:
        return _no_invitation(call, problem)


def choose_password(call: Call) -> Response:
    """``POST /invitation``: sets it, if nobody did since the link was made, and signs in."""
    posting_browser(call)
    try:
        person = _invited(call)
    except LinkUnusable as problem:
        return _no_invitation(call, problem)
    password, again = (str(call.form.get(name, "")) for name in ("password", "again"))
    try:
        passwords.check_choice(password, person.email)
        if password != again:
            raise Invalid({"again": DIFFERENT})
    except Invalid as error:
        return _form(call, person, status=422, problems=error.fields)
    password_hash = passwords.hash_password(password)

    def work(session: Session, _: datetime) -> bool:
        return set_password_hash(session, person.account_id, None, password_hash)

    if not call.server.database.write(work):
        return see_other("/invitation")
    response = arrive(call, person.account_id, by="invitation") or see_other("/login")
    cookies.INVITATION.drop(response, call.server.config)
    return response


def _invited(call: Call) -> Invited:
    server = call.server
    now = server.database.clock()
    try:
        claims = server.links.read(Purpose.INVITATION, cookies.INVITATION.read(call.request, server.config), now)
    except LinkExpired:
        raise LinkUnusable(EXPIRED) from None
    with server.database.read() as session:
        person = invited(session, claims.get("practice", ""), claims.get("staff", ""))
    if person is None:
        raise LinkUnusable(USED)
    return person


def _form(call: Call, person: Invited, *, status: int = 200, problems: dict[str, str] | None = None) -> Response:
    return form_page(
        call,
        "dashboard/invitation.html",
        status=status,
        name=person.name,
        email=person.email,
        practice=person.practice,
        problems=problems or {},
    )


def _no_invitation(call: Call, problem: LinkUnusable) -> Response:
    return page(call, "dashboard/link_problem.html", status=404, message=str(problem), signed_in=False)
