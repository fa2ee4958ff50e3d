"""Sign-in and what belongs to one's own account."""

from starlette.routing import Route

from pencilin.routes.public import without_slash
from pencilin.web import invitations, own_account, own_second_factor, second_factor, sign_in, view_appointment
from pencilin.web.http import endpoint
from pencilin.web.own_account import ACCOUNT
from pencilin.web.security import SECOND_FACTOR, staff

SIGN_IN = [
    Route("/view-appointment/{token}", endpoint(view_appointment.view_appointment)),
    Route("/login", endpoint(sign_in.login_page)),
    Route("/login", endpoint(sign_in.log_in), methods=["POST"]),
    Route("/login/", without_slash),
    Route("/login/code", endpoint(sign_in.code_page)),
    Route("/login/code", endpoint(sign_in.ask_for_code), methods=["POST"]),
    Route("/login/code/check", endpoint(sign_in.check_code), methods=["POST"]),
    Route("/login/continue", endpoint(sign_in.continue_as), methods=["POST"]),
    Route("/login/second-factor", endpoint(second_factor.second_page)),
    Route("/login/second-factor", endpoint(second_factor.check_second), methods=["POST"]),
    Route("/login/practice", staff(own_account.practices_page, second_step=True)),
    Route("/login/practice", staff(own_account.choose_practice, second_step=True), methods=["POST"]),
    Route("/logout", staff(sign_in.logout_page, second_step=True)),
    Route("/logout", staff(sign_in.log_out, second_step=True), methods=["POST"]),
    Route(ACCOUNT, staff(own_account.account_page)),
    *(Route(f"{ACCOUNT}/{noun}", staff(own_account.lead_back)) for noun in own_account.POSTED),
    Route(f"{ACCOUNT}/mail", staff(own_account.save_mail), methods=["POST"]),
    Route(f"{ACCOUNT}/devices/removal", staff(own_account.forget_device), methods=["POST"]),
    Route(f"{ACCOUNT}/sign-out", staff(own_account.sign_out_everywhere), methods=["POST"]),
    Route(SECOND_FACTOR, staff(own_second_factor.second_factor_page, second_step=True)),
    Route(SECOND_FACTOR, staff(own_second_factor.begin, second_step=True), methods=["POST"]),
    *(
        Route(f"{SECOND_FACTOR}/{noun}", staff(own_second_factor.lead_back, second_step=True))
        for noun in own_second_factor.POSTED
    ),
    Route(f"{SECOND_FACTOR}/confirmation", staff(own_second_factor.confirm, second_step=True), methods=["POST"]),
    Route(f"{SECOND_FACTOR}/codes", staff(own_second_factor.renew), methods=["POST"]),
    Route(f"{SECOND_FACTOR}/removal", staff(own_second_factor.switch_off), methods=["POST"]),
    Route("/invitation/{token}", endpoint(invitations.follow_invitation)),
    Route("/invitation", endpoint(invitations.invitation_page)),
    Route("/invitation", endpoint(invitations.choose_password), methods=["POST"]),
]
