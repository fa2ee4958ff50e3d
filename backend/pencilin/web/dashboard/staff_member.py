"""Settings → Staff → one of them: name and role, devices, and what a manager may end."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin.accounts import devices, second_factor, staffing
from pencilin.errors import Conflict, Invalid
from pencilin.models import Role, Staff
from pencilin.web.dashboard.editing import Form, merged, refused, sent, shown
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.settings import STAFF, show_settings
from pencilin.web.dashboard.shell import ROLES
from pencilin.web.dashboard.staff_settings import choices, role_of, when
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

FIELDS = ("name", "role", "practitioner")
POSTED = ("invitation", "suspension", "suspension/removal", "sign-out", "devices/removal", "second-factor/removal")


def address(staff_id: str) -> str:
    """The page of a staff member."""
    return f"{STAFF.address}/{staff_id}"


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts: to the page, if there is such a staff member."""
    with call.server.database.read() as session:
        return see_other(address(staffing.find(session, call.practice.id, call.path("member")).staff.id))


def member_page(call: StaffCall) -> Response:
    """``GET /settings/staff/{member}``"""
    return _page(call)


def save(call: StaffCall) -> Response:
    """``POST /settings/staff/{member}``: name, role and practitioner."""
    typed = sent(call, FIELDS)

    def work(session: Session, now: datetime) -> None:
        staffing.keep_others_out(session, call.practice.id)
        values = merged(call, typed, _stored(staffing.find(session, call.practice.id, call.path("member")).staff))
        staffing.change(
            session,
            call.staff,
            call.path("member"),
            values["name"],
            role_of(values),
            values["practitioner"] or None,
            now,
        )

    try:
        call.server.database.write(work)
    except Invalid as error:
        return _page(call, status=HTTPStatus.UNPROCESSABLE_ENTITY, form=refused(call, typed, error))
    gave_up = call.path("member") == call.staff.id and typed["role"] != Role.MANAGER
    return say(call, see_other("/calendar" if gave_up else STAFF.address), "Saved.")


def invite_again(call: StaffCall) -> Response:
    """``POST …/invitation``"""
    return _done(call, staffing.invite_again, "The invitation is on its way again.")


def disable(call: StaffCall) -> Response:
    """``POST …/suspension``: acts at once, and can be undone."""
    undo = Undo(f"{address(call.path('member'))}/suspension/removal")
    return _done(call, staffing.disable, "Disabled. All their sessions have ended.", undo)


def enable(call: StaffCall) -> Response:
    """``POST …/suspension/removal``"""
    return _done(call, staffing.enable, "Enabled again. They can sign in as before.")


def sign_out(call: StaffCall) -> Response:
    """``POST …/sign-out``"""
    return _done(call, staffing.sign_out, "Signed out everywhere; no device is remembered.")


def forget_device(call: StaffCall) -> Response:
    """``POST …/devices/removal``"""
    device = call.field("device")

    def work(session: Session, actor: Staff, staff_id: str, now: datetime) -> None:
        staffing.forget_device(session, actor, staff_id, device, now)

    return _done(call, work, "Forgotten. Links in mails ask for a sign-in there.")


def reset_second_factor(call: StaffCall) -> Response:
    """``POST …/second-factor/removal``"""
    return _done(call, second_factor.reset, "Reset, and they were signed out everywhere. They get a mail about it.")


def _done(
    call: StaffCall, work: Callable[[Session, Staff, str, datetime], None], words: str, undo: Undo | None = None
) -> Response:
    member = call.path("member")
    try:
        call.server.database.write(lambda session, now: work(session, call.staff, member, now))
    except Conflict as error:
        return _page(call, status=HTTPStatus.CONFLICT, problem=str(error))
    # Who ended their own sessions finds out by being asked to sign in.
    return say(call, see_other(address(member)), words, undo)


def _page(call: StaffCall, *, status: int = 200, form: Form | None = None, problem: str = "") -> Response:
    database = call.server.database
    with database.read() as session:
        member = staffing.find(session, call.practice.id, call.path("member"))
        remembered = devices.devices(session, member.account.id, database.clock())
        bookable = choices(session, call.practice.id, member.staff.practitioner_id)
    return show_settings(
        call,
        "staff_member.html",
        STAFF,
        status=status,
        member=member,
        here=address(member.staff.id),
        you=member.staff.id == call.staff.id,
        form=form or shown(_stored(member.staff)),
        problem=problem,
        roles={role.value: words for role, words in ROLES.items()},
        practitioners=bookable,
        last=when(call, member.last_sign_in),
        disabled=when(call, member.staff.disabled_at),
        devices=[(one.id, one.label, when(call, one.created_at), when(call, one.expires_at)) for one in remembered],
    )


def _stored(member: Staff) -> dict[str, str]:
    return {"name": member.name, "role": member.role.value, "practitioner": member.practitioner_id or ""}
