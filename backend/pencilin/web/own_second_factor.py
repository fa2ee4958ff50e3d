"""One's own second factor: setting it up, recovery codes, switching it off."""

from datetime import datetime
from http import HTTPStatus

import segno
from sqlmodel import Session
from starlette.responses import Response

from pencilin import limits
from pencilin.accounts import second_factor
from pencilin.errors import Conflict, SlowDown
from pencilin.models import Account
from pencilin.web.dashboard.said import say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.own_account import ACCOUNT
from pencilin.web.security import SECOND_FACTOR, StaffCall, give_back, limit, wait_words

POSTED = ("confirmation", "codes", "removal")
WRONG = "That isn’t the code, or it was used already. Wait for the app’s next one."


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts: to the page."""
    return see_other(SECOND_FACTOR)


def second_factor_page(call: StaffCall) -> Response:
    """``GET /account/second-factor``"""
    return _page(call)


def begin(call: StaffCall) -> Response:
    """``POST /account/second-factor``: makes the secret to be scanned."""
    call.server.database.write(lambda session, _: second_factor.begin(session, call.staff.account_id))
    return see_other(SECOND_FACTOR)


def confirm(call: StaffCall) -> Response:
    """``POST …/confirmation``: the first code of the app switches it on; recovery codes are shown once."""
    code, links = call.field("code"), call.server.links

    def work(session: Session, now: datetime) -> list[str] | None:
        return second_factor.confirm(session, links, call.staff, call.signed_in, code, now)

    try:
        _count(call)
    except SlowDown as error:
        return _page(call, status=HTTPStatus.TOO_MANY_REQUESTS, wrong={"code": wait_words(error)})
    codes = call.server.database.write(work)
    if codes is None:
        return _page(call, status=HTTPStatus.UNPROCESSABLE_ENTITY, wrong={"code": WRONG})
    _give_back(call)
    return _codes(call, codes, new=True)


def renew(call: StaffCall) -> Response:
    """``POST …/codes``: new recovery codes, for a code of the app."""
    refusal = _refusal(call, "renewal_code")
    if refusal is not None:
        return refusal
    links = call.server.links
    return _codes(
        call,
        call.server.database.write(lambda session, now: second_factor.renew(session, links, call.staff, now)),
        new=False,
    )


def switch_off(call: StaffCall) -> Response:
    """``POST …/removal``: for a code of the app or a recovery code, where no practice requires it."""
    with call.server.database.read() as session:
        if second_factor.is_required(session, call.staff.account_id):
            return see_other(SECOND_FACTOR)
    refusal = _refusal(call, "removal_code")
    if refusal is not None:
        return refusal
    try:
        call.server.database.write(lambda session, now: second_factor.switch_off(session, call.staff, now))
    except Conflict as error:
        return _page(call, status=HTTPStatus.CONFLICT, wrong={"removal_code": str(error)})
    return say(call, see_other(ACCOUNT), "The second factor is off. Your password or a mailed code is enough.")


def _refusal(call: StaffCall, field: str) -> Response | None:
    """The page that says what is wrong with the code in ``field``; None for a right one, which is then used up."""
    try:
        _count(call)
    except SlowDown as error:
        return _page(call, status=HTTPStatus.TOO_MANY_REQUESTS, wrong={field: wait_words(error)})
    account_id, code, links = call.staff.account_id, call.field(field), call.server.links
    if call.server.database.write(lambda session, now: second_factor.check(session, links, account_id, code, now)):
        _give_back(call)
        return None
    return _page(call, status=HTTPStatus.UNPROCESSABLE_ENTITY, wrong={field: WRONG})


def _count(call: StaffCall) -> None:
    limit(call, limits.SECOND_FACTOR_ACCOUNT, call.staff.account_id)


def _give_back(call: StaffCall) -> None:
    give_back(call, limits.SECOND_FACTOR_ACCOUNT, call.staff.account_id)


def _page(call: StaffCall, *, status: int = 200, wrong: dict[str, str] | None = None) -> Response:
    with call.server.database.read() as session:
        account = session.get_one(Account, call.staff.account_id)
        required = second_factor.is_required(session, account.id)
        codes_left = second_factor.codes_left(session, account.id)
    on = account.totp_confirmed_at is not None
    begun = account.totp_secret is not None and not on
    secret = account.totp_secret or ""
    return show(
        call,
        "second_factor_own.html",
        "account",
        status=status,
        on=on,
        begun=begun,
        required=required,
        codes_left=codes_left,
        wrong=wrong or {},
        qr=segno.make(second_factor.address(account), micro=False).svg_data_uri(scale=5, border=4, light="#fff")
        if begun
        else "",
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)) if begun else "",
    )


def _codes(call: StaffCall, codes: list[str], *, new: bool) -> Response:
    return show(call, "recovery_codes.html", "account", codes=codes, new=new)
