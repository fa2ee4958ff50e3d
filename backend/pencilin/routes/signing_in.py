"""Sign-in and what belongs to one's own account."""

from starlette.routing import Route

from pencilin.routes.public import without_slash
from pencilin.web import invitations, own_account, sign_in, view_appointment
from pencilin.web.http import endpoint
from pencilin.web.security import staff

SIGN_IN = [
    Route("/view-appointment/{token}", endpoint(view_appointment.view_appointment)),
    Route("/login", endpoint(sign_in.login_page)),
    Route("/login", endpoint(sign_in.log_in), methods=["POST"]),
    Route("/login/", without_slash),
    Route("/login/code", endpoint(sign_in.code_page)),
    Route("/login/code", endpoint(sign_in.ask_for_code), methods=["POST"]),
    Route("/login/code/check", endpoint(sign_in.check_code), methods=["POST"]),
    Route("/login/continue", endpoint(sign_in.continue_as), methods=["POST"]),
    Route("/login/practice", staff(own_account.practices_page)),
    Route("/login/practice", staff(own_account.choose_practice), methods=["POST"]),
    Route("/logout", staff(sign_in.logout_page)),
    Route("/logout", staff(sign_in.log_out), methods=["POST"]),
    Route("/devices", staff(own_account.devices_page)),
    Route("/devices/removal", staff(own_account.forget_device), methods=["POST"]),
    Route("/devices/sign-out", staff(own_account.sign_out_everywhere), methods=["POST"]),
    Route("/invitation/{token}", endpoint(invitations.follow_invitation)),
    Route("/invitation", endpoint(invitations.invitation_page)),
    Route("/invitation", endpoint(invitations.choose_password), methods=["POST"]),
]
