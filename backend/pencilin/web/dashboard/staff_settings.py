"""Settings → Staff: who works here, invitations, and how everybody signs in."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin import i18n
from pencilin.accounts import sessions, staffing
from pencilin.errors import Invalid
from pencilin.models import Practice, Role
from pencilin.web.dashboard.editing import Form, merged, refused, sent, shown
from pencilin.web.dashboard.said import say
from pencilin.web.dashboard.settings import STAFF, show_settings
from pencilin.web.dashboard.shell import ROLES
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

# What is posted to the list's own addresses. A page that refuses stands there, and may be loaded again.
POSTED = ("invitations", "sign-in")
NEW = {"name": "", "email": "", "role": Role.FRONT_DESK.value, "practitioner": ""}
SIGN_IN = ("idle_minutes", "second_factor_required", "devices_allowed")


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts: to the list."""
    return see_other(STAFF.address)


def staff_page(call: StaffCall) -> Response:
    """``GET /settings/staff``"""
    return _page(call)


def invite(call: StaffCall) -> Response:
    """``POST /settings/staff/invitations``: a new staff member."""
    typed = sent(call, NEW)

    def work(session: Session, now: datetime) -> bool:
        return staffing.invite(
            session, call.staff, typed["email"], typed["name"], role_of(typed), typed["practitioner"] or None, now
        )

    try:
        mailed = call.server.database.write(work)
    except Invalid as error:
        return _page(call, status=HTTPStatus.UNPROCESSABLE_ENTITY, new=refused(call, typed, error))
    done = "An invitation is on its way." if mailed else "They sign in with the account they have."
    return say(call, see_other(STAFF.address), f"Added {typed['name']}. {done}")


def save_sign_in(call: StaffCall) -> Response:
    """``POST /settings/staff/sign-in``: second factor, remembered devices and idle time-out of everybody."""
    typed = sent(call, SIGN_IN)

    def work(session: Session, now: datetime) -> None:
        staffing.keep_others_out(session, call.practice.id)
        values = merged(call, typed, _sign_in(session.get_one(Practice, call.practice.id)))
        staffing.secure(
            session,
            call.staff,
            _minutes(values["idle_minutes"]),
            second_factor_required=bool(values["second_factor_required"]),
            devices_allowed=bool(values["devices_allowed"]),
            now=now,
        )

    try:
        call.server.database.write(work)
    except Invalid as error:
        return _page(call, status=HTTPStatus.UNPROCESSABLE_ENTITY, sign_in=refused(call, typed, error))
    return say(call, see_other(STAFF.address), "Saved.")


def role_of(typed: Mapping[str, str]) -> Role:
    """The role that was chosen; raises :class:`Invalid` for a word that is none."""
    try:
        return Role(typed["role"])
    except ValueError:
        raise Invalid({"role": "Choose one of the roles."}) from None


def choices(session: Session, practice_id: str, chosen: str | None = None) -> dict[str, str]:
    """Whom a staff member may be, for a select; who left the practice only while they are ``chosen``."""
    present = [
        one for one in staffing.practitioners(session, practice_id) if one.archived_at is None or one.id == chosen
    ]
    return {"": "Nobody: not booked by clients", **{one.id: one.name for one in present}}


def when(call: StaffCall, instant: datetime | None) -> str:
    """An instant in the practice's zone, or a dash."""
    if instant is None:
        return "–"
    return i18n.dated_time(instant, call.practice.timezone, call.practice.staff_locale)


def _page(call: StaffCall, *, status: int = 200, new: Form | None = None, sign_in: Form | None = None) -> Response:
    with call.server.database.read() as session:
        everybody = staffing.members(session, call.practice.id)
        bookable = choices(session, call.practice.id)
        who = {one.id: one.name for one in staffing.practitioners(session, call.practice.id)}
        practice = session.get_one(Practice, call.practice.id)
    rows = [
        {
            "member": one,
            "role": ROLES[one.staff.role],
            "practitioner": who.get(one.staff.practitioner_id or "", ""),
            "last": when(call, one.last_sign_in),
            "second_factor": one.account.totp_confirmed_at is not None,
            "you": one.staff.id == call.staff.id,
        }
        for one in everybody
    ]
    return show_settings(
        call,
        "staff.html",
        STAFF,
        status=status,
        rows=rows,
        zone=i18n.zone_city(practice.timezone, practice.staff_locale),
        roles={role.value: words for role, words in ROLES.items()},
        practitioners=bookable,
        new=new or shown(NEW),
        sign_in=sign_in or shown(_sign_in(practice)),
        shortest=sessions.SHORTEST_IDLE,
        longest=sessions.LONGEST_IDLE,
    )


def _sign_in(practice: Practice) -> dict[str, str]:
    return {
        "idle_minutes": str(practice.idle_minutes),
        "second_factor_required": "yes" if practice.second_factor_required else "",
        "devices_allowed": "yes" if practice.devices_allowed else "",
    }


def _minutes(typed: str) -> int:
    shortest, longest = sessions.SHORTEST_IDLE, sessions.LONGEST_IDLE
    if typed.isascii() and typed.isdigit() and len(typed) < 5 and shortest <= int(typed) <= longest:
        return int(typed)
    raise Invalid({"idle_minutes": f"Enter a number of minutes from {shortest} to {longest}."})
