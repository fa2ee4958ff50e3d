"""What managers decide about staff members: who they are, what they may, and when they may no more.

A practice always keeps a manager: whoever takes one away locks the practice's row first, so that of two managers who
demote each other at once, one stays.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, delete, func, select
from sqlmodel.sql.expression import Select

from pencilin import audit
from pencilin.accounts import devices
from pencilin.accounts.staff import add_staff, invited
from pencilin.errors import Conflict, Invalid, NotFound
from pencilin.mail import messages
from pencilin.models import Account, AuditEntry, Practice, Practitioner, Role, SignedIn, Staff
from pencilin.rules import people

LAST_MANAGER = "This is the practice’s last manager. Make somebody else a manager first."
OWN_PLACE = "This is you. Ask another manager to disable you, so that nobody locks themselves out."


class Member(NamedTuple):
    """A staff member as the list shows them. ``invited``: they have yet to choose a password."""

    staff: Staff
    account: Account
    last_sign_in: datetime | None

    @property
    def invited(self) -> bool:
        """Whether they have never been in: an account without a password signs in by mailed codes, too."""
        return self.account.password_hash is None and self.last_sign_in is None


def members(session: Session, practice_id: str) -> list[Member]:
    """Everybody who has or had a place in the practice, who may sign in first, by name."""
    rows = session.exec(
        _members(practice_id).order_by(col(Staff.disabled_at).is_not(None), func.lower(Staff.name), col(Staff.id))
    )
    return [Member(*row) for row in rows]


def find(session: Session, practice_id: str, staff_id: str) -> Member:
    """One of them; raises :class:`NotFound`."""
    row = session.exec(
        _members(practice_id).where(Staff.id == staff_id).execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound("There is no such staff member.")
    return Member(*row)


def _members(practice_id: str) -> Select[Staff, Account, datetime | None]:
    """Staff members with their accounts, and when each signed in last."""
    signed_in = (
        select(AuditEntry.at)
        .where(
            AuditEntry.practice_id == Staff.practice_id,
            AuditEntry.subject_id == Staff.id,
            AuditEntry.action == "staff.signed_in",
        )
        .order_by(col(AuditEntry.at).desc())
        .limit(1)
        .correlate(Staff)
        .scalar_subquery()
    )
    return (
        select(Staff, Account, signed_in)
        .join(Account, col(Account.id) == Staff.account_id)
        .where(Staff.practice_id == practice_id)
    )


def invite(
    session: Session, actor: Staff, email: str, name: str, role: Role, practitioner_id: str | None, now: datetime
) -> bool:
    """Gives somebody a place in the actor's practice, and mails an invitation unless their account has a password.

    Returns whether it is mailed. Raises :class:`Invalid` naming the field.
    """
    practice = session.get_one(Practice, actor.practice_id)
    member = add_staff(session, practice, email, name, role, practitioner_id, None, now, by=actor)
    return _mail_invitation(session, practice, member, now)


def invite_again(session: Session, actor: Staff, staff_id: str, now: datetime) -> None:
    """Mails the invitation once more. Raises :class:`Conflict` for somebody who has a password already."""
    member = find(session, actor.practice_id, staff_id).staff
    if not _mail_invitation(session, session.get_one(Practice, actor.practice_id), member, now):
        raise Conflict("Nobody waits for an invitation here: they can sign in already, or were disabled.")
    audit.record(session, now, actor.practice_id, actor, "staff.invited_again", "staff", staff_id)


def change(
    session: Session, actor: Staff, staff_id: str, name: str, role: Role, practitioner_id: str | None, now: datetime
) -> None:
    """Changes what a staff member is called and may do, from their next click on.

    Raises :class:`Invalid` naming the field, also for the last manager's role.
    """
    keep_others_out(session, actor.practice_id)
    member = find(session, actor.practice_id, staff_id).staff
    wrong: dict[str, str] = {}
    try:
        name = people.name(name)
    except ValueError as error:
        wrong["name"] = str(error)
    if role is Role.PRACTITIONER and practitioner_id is None:
        wrong["practitioner"] = "Choose whose calendar they see."
    elif practitioner_id and session.get(Practitioner, (actor.practice_id, practitioner_id)) is None:
        wrong["practitioner"] = "The practice has no such practitioner."
    if role is not Role.MANAGER and is_last_manager(session, member):
        wrong["role"] = LAST_MANAGER
    if wrong:
        raise Invalid(wrong)
    values = {"name": name, "role": role, "practitioner_id": practitioner_id}
    fields = [field for field, value in values.items() if getattr(member, field) != value]
    for field in fields:
        setattr(member, field, values[field])
    if fields:
        audit.record(session, now, actor.practice_id, actor, "staff.changed", "staff", staff_id, fields)


def disable(session: Session, actor: Staff, staff_id: str, now: datetime) -> None:
    """Ends a staff member's place, at once: their open pages lead to sign-in. Raises :class:`Conflict`."""
    keep_others_out(session, actor.practice_id)
    member = find(session, actor.practice_id, staff_id).staff
    if member.id == actor.id:
        raise Conflict(OWN_PLACE)
    if is_last_manager(session, member):
        raise Conflict(LAST_MANAGER)
    if member.disabled_at is None:
        member.disabled_at = now
        session.exec(
            delete(SignedIn).where(col(SignedIn.practice_id) == member.practice_id, col(SignedIn.staff_id) == member.id)
        )
        audit.record(session, now, actor.practice_id, actor, "staff.disabled", "staff", staff_id)


def enable(session: Session, actor: Staff, staff_id: str, now: datetime) -> None:
    """Gives a disabled staff member their place back, with the role they had."""
    member = find(session, actor.practice_id, staff_id).staff
    if member.disabled_at is not None:
        member.disabled_at = None
        audit.record(session, now, actor.practice_id, actor, "staff.enabled", "staff", staff_id)


def sign_out(session: Session, actor: Staff, staff_id: str, now: datetime) -> None:
    """Ends every session of a staff member's account and forgets its devices: for a lost or stolen one."""
    member = find(session, actor.practice_id, staff_id).staff
    devices.sign_out_everywhere(session, member.account_id)
    audit.record(session, now, actor.practice_id, actor, "staff.signed_out", "staff", staff_id)


def forget_device(session: Session, actor: Staff, staff_id: str, device_id: str, now: datetime) -> None:
    """Forgets one remembered device of a staff member."""
    member = find(session, actor.practice_id, staff_id).staff
    devices.forget_device(session, member.account_id, device_id, now)
    audit.record(session, now, actor.practice_id, actor, "staff.device_forgotten", "staff", staff_id)


def secure(
    session: Session,
    actor: Staff,
    idle_minutes: int,
    *,
    second_factor_required: bool,
    devices_allowed: bool,
    now: datetime,
) -> None:
    """How everybody in the practice signs in. Forbidding remembered devices forgets those there are."""
    keep_others_out(session, actor.practice_id)
    practice = session.get_one(Practice, actor.practice_id)
    values: dict[str, int | bool] = {
        "idle_minutes": idle_minutes,
        "second_factor_required": second_factor_required,
        "devices_allowed": devices_allowed,
    }
    fields = [field for field, value in values.items() if getattr(practice, field) != value]
    for field in fields:
        setattr(practice, field, values[field])
    if "devices_allowed" in fields and not devices_allowed:
        devices.forget_all(session, practice.id)
    if fields:
        audit.record(session, now, practice.id, actor, "practice.sign_in_changed", "practice", practice.id, fields)


def keep_others_out(session: Session, practice_id: str) -> None:
    """Takes the practice's row lock until the transaction ends; SQLite has one writer anyhow."""
    session.exec(
        select(Practice)
        .where(Practice.id == practice_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def is_last_manager(session: Session, member: Staff) -> bool:
    """Whether nobody else could manage the practice. The answer holds while the practice's row is locked."""
    if member.role is not Role.MANAGER or member.disabled_at is not None:
        return False
    others = session.exec(
        select(Staff.id).where(
            Staff.practice_id == member.practice_id,
            Staff.id != member.id,
            Staff.role == Role.MANAGER,
            col(Staff.disabled_at).is_(None),
        )
    )
    return others.first() is None


def works_elsewhere(session: Session, member: Staff) -> bool:
    """Whether the account has a place in another practice, too: then no practice may weaken its sign-in."""
    others = select(Staff.id).where(Staff.account_id == member.account_id, Staff.practice_id != member.practice_id)
    return session.exec(others.limit(1)).first() is not None


def practitioners(session: Session, practice_id: str) -> Sequence[Practitioner]:
    """Whom a staff member may be."""
    return session.exec(
        select(Practitioner)
        .where(Practitioner.practice_id == practice_id)
        .order_by(col(Practitioner.position), Practitioner.name)
    ).all()


def _mail_invitation(session: Session, practice: Practice, member: Staff, now: datetime) -> bool:
    new = invited(session, practice.id, member.id)
    if new is not None:
        messages.invitation(session, practice, member, new.email, now)
    return new is not None
