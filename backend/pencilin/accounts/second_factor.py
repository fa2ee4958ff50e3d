"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost.

No code works twice: the time step of a code is used up by winning an update, a recovery code by winning its row. A
remembered device was remembered after a second factor, and only shortens the way of a link from a mail: a sign-in by
password or mailed code always asks for one.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp
from sqlmodel import Session, col, delete, func, select, update

from pencilin import audit
from pencilin.accounts import devices, staffing
from pencilin.accounts.staff import account_of, places
from pencilin.database import changed
from pencilin.errors import Conflict, NotFound
from pencilin.links import Links
from pencilin.mail import messages
from pencilin.models import Account, ActorKind, Practice, RecoveryCode, RememberedDevice, SignedIn, Staff

ISSUER = "Pencilin"
STEP = 30
# Codes of the step before and after work, too: phones' clocks are off by that much.
STEPS_OFF = (-1, 0, 1)
RECOVERY_CODES = 10
# Without letters and digits that are taken for one another; two groups of five: 49 random bits.
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
GROUP = 5
OWN = "This is you. Switch it off under My account, with a code; or ask another manager, if your phone is lost."
SHARED = "This account also belongs to another practice, so only they themselves can switch its second factor off."


def is_on(session: Session, account_id: str) -> bool:
    """Whether sign-in asks this account for a code."""
    return session.get_one(Account, account_id).totp_confirmed_at is not None


def is_required(session: Session, account_id: str) -> bool:
    """Whether a practice where the account works wants everybody to have one."""
    return any(practice.second_factor_required for _, practice in places(session, account_id))


def begin(session: Session, account_id: str) -> None:
    """Makes the secret that the app is to be given; it counts once :func:`confirm` has seen a code of it."""
    session.exec(
        update(Account)
        .where(col(Account.id) == account_id, col(Account.totp_confirmed_at).is_(None))
        .values(totp_secret=pyotp.random_base32())
    )


def address(account: Account) -> str:
    """What the QR code holds: the secret, with the names that the app shows beside its codes."""
    return pyotp.TOTP(account.totp_secret or "").provisioning_uri(name=account.email, issuer_name=ISSUER)


def confirm(
    session: Session, links: Links, member: Staff, signed_in: SignedIn, code: str, now: datetime
) -> list[str] | None:
    """Switches the second factor on if ``code`` is one of the new secret's, and gives the recovery codes; else None.

    Other sessions and remembered devices, which never saw a second factor, end.
    """
    account = _account(session, member.account_id)
    step = _step(account, _digits(code), now)
    if account.totp_confirmed_at is not None or step is None:
        return None
    account.totp_confirmed_at = now
    account.totp_counter = step
    session.exec(delete(SignedIn).where(col(SignedIn.account_id) == account.id, col(SignedIn.id) != signed_in.id))
    session.exec(delete(RememberedDevice).where(col(RememberedDevice.account_id) == account.id))
    audit.record(session, now, member.practice_id, member, "staff.second_factor_set_up", "staff", member.id)
    return _new_codes(session, links, account.id, now)


def check(session: Session, links: Links, account_id: str, code: str, now: datetime) -> bool:
    """Whether ``code`` is right, and used up now: one of the app's, or a recovery code."""
    digits = _digits(code)
    if digits:
        step = _step(session.get_one(Account, account_id), digits, now)
        won = update(Account).where(
            col(Account.id) == account_id,
            col(Account.totp_confirmed_at).is_not(None),
            col(Account.totp_counter) < (step or 0),
        )
        return step is not None and changed(session, won.values(totp_counter=step)) == 1
    hashes = [_hash(key, account_id, code) for key in links.secrets("recovery code")]
    won_code = update(RecoveryCode).where(
        col(RecoveryCode.account_id) == account_id,
        col(RecoveryCode.code_hash).in_(hashes),
        col(RecoveryCode.used_at).is_(None),
    )
    return changed(session, won_code.values(used_at=now)) == 1


def renew(session: Session, links: Links, member: Staff, now: datetime) -> list[str]:
    """New recovery codes in the place of the old ones."""
    audit.record(session, now, member.practice_id, member, "staff.recovery_codes_renewed", "staff", member.id)
    return _new_codes(session, links, member.account_id, now)


def codes_left(session: Session, account_id: str) -> int:
    """How many recovery codes are unused."""
    return session.exec(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, col(RecoveryCode.used_at).is_(None))
    ).one()


def switch_off(session: Session, member: Staff, now: datetime) -> None:
    """Their own decision. Raises :class:`Conflict` where a practice wants everybody to have one."""
    if is_required(session, member.account_id):
        raise Conflict("Your practice wants everybody to have a second factor, so it stays on.")
    _clear(session, member.account_id)
    audit.record(session, now, member.practice_id, member, "staff.second_factor_switched_off", "staff", member.id)


def reset(session: Session, actor: Staff, staff_id: str, now: datetime) -> None:
    """A manager's help for somebody who lost phone and codes: ends their sessions, and tells them by mail.

    Raises :class:`Conflict` for the manager's own, which takes a code, and for an account of another practice's, too:
    no practice weakens how somebody signs in to another.
    """
    found = staffing.find(session, actor.practice_id, staff_id)
    if found.account.id == actor.account_id:
        raise Conflict(OWN)
    if staffing.works_elsewhere(session, found.staff):
        raise Conflict(SHARED)
    if found.account.totp_confirmed_at is None:
        raise Conflict("Their second factor is off already.")
    _clear(session, found.account.id)
    devices.sign_out_everywhere(session, found.account.id)
    practice = session.get_one(Practice, actor.practice_id)
    messages.second_factor_reset(session, practice, found.staff, found.account.email, now)
    audit.record(session, now, actor.practice_id, actor, "staff.second_factor_reset", "staff", staff_id)


def reset_by_operator(session: Session, email: str, now: datetime) -> None:
    """The same from the server's own command line, for a manager whom no other manager can help.

    Raises :class:`NotFound` for an address that nobody signs in with, and :class:`Conflict` where it is off.
    """
    account = account_of(session, email)
    if account is None:
        raise NotFound("Nobody signs in with this address.")
    if account.totp_confirmed_at is None:
        raise Conflict("Their second factor is off already.")
    _clear(session, account.id)
    devices.sign_out_everywhere(session, account.id)
    for number, (member, practice) in enumerate(places(session, account.id)):
        if number == 0:
            messages.second_factor_reset(session, practice, member, account.email, now)
        system = ActorKind.SYSTEM
        audit.record(session, now, practice.id, system, "staff.second_factor_reset", "staff", member.id)


def _clear(session: Session, account_id: str) -> None:
    session.exec(update(Account).where(col(Account.id) == account_id).values(totp_secret=None, totp_confirmed_at=None))
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))


def _account(session: Session, account_id: str) -> Account:
    """With its lock: of two confirmations at once, the second finds it done."""
    return session.exec(
        select(Account).where(Account.id == account_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _digits(code: str) -> str:
    """The six digits that were typed, however grouped; empty for anything else."""
    digits = re.sub(r"[\s-]", "", code)
    return digits if re.fullmatch(r"[0-9]{6}", digits) else ""


def _step(account: Account, digits: str, now: datetime) -> int | None:
    """The time step whose code this is. All are compared, so that the answer takes as long whichever it is."""
    if not account.totp_secret or not digits:
        return None
    totp, step = pyotp.TOTP(account.totp_secret, interval=STEP), int(now.timestamp()) // STEP
    fitting = [step + off for off in STEPS_OFF if hmac.compare_digest(totp.generate_otp(step + off), digits)]
    return max(fitting, default=None)


def _new_codes(session: Session, links: Links, account_id: str, now: datetime) -> list[str]:
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    codes = [f"{_group()}-{_group()}" for _ in range(RECOVERY_CODES)]
    key = links.secret("recovery code")
    for code in codes:
        session.add(RecoveryCode(account_id=account_id, code_hash=_hash(key, account_id, code), created_at=now))
    return codes


def _group() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(GROUP))


def _hash(key: bytes, account_id: str, code: str) -> str:
    letters = re.sub(r"[\s-]", "", code).casefold()
    return hmac.new(key, f"{account_id}:{letters}".encode(), hashlib.sha256).hexdigest()
