"""What everybody decides for themselves: in which practice to work, and which devices are remembered."""

from zoneinfo import ZoneInfo

from starlette.responses import Response

from pencilin import i18n
from pencilin.accounts import devices, sessions
from pencilin.accounts.staff import places
from pencilin.models import Practice, RememberedDevice
from pencilin.web import cookies
from pencilin.web.arrival import go_on
from pencilin.web.http import page, see_other
from pencilin.web.security import StaffCall


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


def devices_page(call: StaffCall) -> Response:
    """``GET /devices``: the browsers on which links from mails need no password."""
    database = call.server.database
    with database.read() as session:
        remembered = devices.devices(session, call.staff.account_id, database.clock())
    this = sessions.stored(cookies.DEVICE.read(call.request, call.server.config))
    shown = [_shown(device, call.practice, here=device.id == this) for device in remembered]
    return page(call, "dashboard/devices.html", csrf=call.csrf, email=call.email, devices=shown)


def forget_device(call: StaffCall) -> Response:
    """``POST /devices/removal``: revokes one."""
    device_id = call.field("device")
    account_id = call.staff.account_id
    call.server.database.write(lambda session, now: devices.forget_device(session, account_id, device_id, now))
    return see_other("/devices")


def sign_out_everywhere(call: StaffCall) -> Response:
    """``POST /devices/sign-out``: ends every session of the account and forgets every device."""
    server, account_id = call.server, call.staff.account_id
    server.database.write(lambda session, _: devices.sign_out_everywhere(session, account_id))
    response = see_other("/login")
    cookies.SESSION.drop(response, server.config)
    cookies.DEVICE.drop(response, server.config)
    return response


def _shown(device: RememberedDevice, practice: Practice, *, here: bool) -> dict[str, str | bool]:
    until = i18n.full_date(device.expires_at.astimezone(ZoneInfo(practice.timezone)).date(), practice.staff_locale)
    return {"id": device.id, "label": device.label, "until": until, "here": here}
