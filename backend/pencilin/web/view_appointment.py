"""*View appointment*: the link in a staff mail. It finds and never acts, since mail scanners open links, too."""

from starlette.responses import Response

from pencilin.accounts.staff import check_sees_appointment, places
from pencilin.errors import LinkUnusable, NotFound
from pencilin.web.http import Call, page, see_other
from pencilin.web.next_page import read_staff_link, remember_link
from pencilin.web.security import who_is_there

ALTERED = (
    "It was cut off or changed on its way. Open the one in the email again; or go on here, all requests are listed."
)


def view_appointment(call: Call) -> Response:
    """``GET /view-appointment/{token}``: to the appointment as it is now, through sign-in if need be.

    Expired links lead there, too, and so do those of colleagues who may see it: who may is decided by sign-in.
    Whoever isn't signed in learns nothing, not even whether there is such an appointment.
    """
    token = call.path("token")
    present = who_is_there(call)
    try:
        link = read_staff_link(call, token)
    except LinkUnusable:
        signed_in = present is not None
        return page(call, "dashboard/link_problem.html", status=404, message=ALTERED, signed_in=signed_in)
    if present is None:
        return remember_link(call, see_other("/login"), token)
    with call.server.database.read() as session:
        if present.practice.id == link.practice_id:
            check_sees_appointment(session, present.staff, link.practice_id, link.appointment_id)
            return see_other(f"/appointments/{link.appointment_id}")
        if any(practice.id == link.practice_id for _, practice in places(session, present.account.id)):
            return remember_link(call, see_other("/login/practice"), token)
    raise NotFound
