"""What everybody decides for themselves: which mails they get, where they are remembered, in which practice to work."""

from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin import i18n
from pencilin.accounts import devices, second_factor, sessions, staffing
from pencilin.accounts.staff import places
from pencilin.errors import Invalid
from pencilin.mail import recipients
from pencilin.models import Practice, RememberedDevice, Staff
from pencilin.web import cookies
from pencilin.web.arrival import go_on
from pencilin.web.dashboard.editing import Form, merged, refused, sent, shown
from pencilin.web.dashboard.mail_words import hears_choices, often_choices, preferences
from pencilin.web.dashboard.moments import day_in
from pencilin.web.dashboard.said import say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import page, see_other
from pencilin.web.security import StaffCall

ACCOUNT = "/account"
POSTED = ("mail", "devices/removal", "sign-out")
MAIL = ("hears_of", "booking_mail")


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts: to the page."""
    return see_other(ACCOUNT)


def practices_page(call: StaffCall) -> Response:
    """``GET /login/practice``: the practices where somebody works, to choose one."""
    with call.server.database.read() as session:
        choices = [practice for _, practice in places(session, call.staff.account_id)]
    return page(call, "dashboard/practices.html", csrf=call.csrf, practices=choices)


def choose_practice(call: StaffCall) -> Response:
    """``POST /login/practice``: goes on in the chosen one."""
    database = call.server.database
    with database.read() as session:
        members = [member for member, _ in places(session, call.staff.account_id)]
    chosen = next((member for member in members if member.practice_id == call.field("practice")), None)
    if chosen is None:
        return see_other("/login/practice")
    database.write(lambda session, _: sessions.work_in(session, call.signed_in, chosen))
    return go_on(call)


def account_page(call: StaffCall) -> Response:
    """``GET /account``"""
    return _page(call)


def save_mail(call: StaffCall) -> Response:
    """``POST /account/mail``: of which bookings one hears, and how often."""
    typed = sent(call, MAIL)

    def work(session: Session, now: datetime) -> None:
        staffing.keep_others_out(session, call.practice.id)
        own = staffing.find(session, call.practice.id, call.staff.id).staff
        chosen = preferences(merged(call, typed, _mail(own)), *MAIL)
        recipients.choose(session, call.staff, own, *chosen, now)

    try:
        call.server.database.write(work)
    except Invalid as error:
        return _page(call, status=HTTPStatus.UNPROCESSABLE_ENTITY, mail=refused(call, typed, error))
    return say(call, see_other(ACCOUNT), "Saved.")


def forget_device(call: StaffCall) -> Response:
    """``POST /account/devices/removal``: revokes one."""
    device_id = call.field("device")
    account_id = call.staff.account_id
    call.server.database.write(lambda session, now: devices.forget_device(session, account_id, device_id, now))
    return say(call, see_other(ACCOUNT), "Forgotten.")


def sign_out_everywhere(call: StaffCall) -> Response:
    """``POST /account/sign-out``: ends every session of the account and forgets every device."""
    server, account_id = call.server, call.staff.account_id
    server.database.write(lambda session, _: devices.sign_out_everywhere(session, account_id))
    response = see_other("/login")
    cookies.SESSION.drop(response, server.config)
    cookies.DEVICE.drop(response, server.config)
    return response


def _page(call: StaffCall, *, status: int = 200, mail: Form | None = None) -> Response:
    database, account_id = call.server.database, call.staff.account_id
    with database.read() as session:
        own = staffing.find(session, call.practice.id, call.staff.id)
        remembered = devices.devices(session, account_id, database.clock())
        codes_left = second_factor.codes_left(session, account_id)
        required = second_factor.is_required(session, account_id)
    this = sessions.stored(cookies.DEVICE.read(call.request, call.server.config))
    return show(
        call,
        "account.html",
        "account",
        status=status,
        email=call.email,
        mail=mail or shown(_mail(own.staff)),
        hears=hears_choices(own.staff.role),
        often=often_choices(),
        on=own.account.totp_confirmed_at is not None,
        required=required,
        codes_left=codes_left,
        devices=[_shown(device, call.practice, here=device.id == this) for device in remembered],
        devices_allowed=call.practice.devices_allowed,
    )


def _mail(own: Staff) -> dict[str, str]:
    return {"hears_of": own.hears_of.value, "booking_mail": own.booking_mail.value}


def _shown(device: RememberedDevice, practice: Practice, *, here: bool) -> dict[str, str | bool]:
    until = i18n.full_date(day_in(device.expires_at, practice.timezone), practice.staff_locale)
    return {"id": device.id, "label": device.label, "until": until, "here": here}
