"""Staff members: an account's places in practices, and what each of them may see."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, select, update

from pencilin import audit
from pencilin.accounts import sessions
from pencilin.errors import Invalid, NotFound
from pencilin.models import Account, ActorKind, Appointment, Practice, Practitioner, Role, Staff
from pencilin.rules import people


def email_key(typed: str) -> str:
    """The form in which addresses are stored and compared; empty for what is no address."""
    try:
        return people.email(typed).casefold()
    except ValueError:
        return ""


def add_staff(
    session: Session,
    practice: Practice,
    email: str,
    name: str,
    role: Role,
    practitioner_id: str | None,
    password_hash: str | None,
    now: datetime,
    by: Staff | ActorKind = ActorKind.SYSTEM,
) -> Staff:
    """Gives the account with this email, made if need be, a place in the practice.

    Raises :class:`Invalid` naming the field; also when the account has a password already and another is given,
    because one practice must not change how somebody signs in to another.
    """
    fields: dict[str, str] = {}
    for field, check, typed in (("email", people.email, email), ("name", people.name, name)):
        try:
            check(typed)
        except ValueError as error:
            fields[field] = str(error)
    if role is Role.PRACTITIONER and practitioner_id is None:
        fields["practitioner"] = "A practitioner’s role needs the practitioner whose calendar it is."
    if practitioner_id is not None and session.get(Practitioner, (practice.id, practitioner_id)) is None:
        fields["practitioner"] = "The practice has no such practitioner."
    account = account_of(session, email)
    if account and password_hash and account.password_hash:
        fields["password"] = "This account has a password already; leave it out."
    if account and _place(session, account.id, practice.id):
        fields["email"] = "This address belongs to a staff member of the practice already."
    if fields:
        raise Invalid(fields)
    if account is None:
        account = Account(email=email_key(email), created_at=now)
        session.add(account)
    account.password_hash = account.password_hash or password_hash
    session.flush()
    member = Staff(
        practice_id=practice.id,
        account_id=account.id,
        name=people.name(name),
        role=role,
        practitioner_id=practitioner_id,
        created_at=now,
    )
    session.add(member)
    session.flush()
    audit.record(session, now, practice.id, by, "staff.added", "staff", member.id, ["role"])
    return member


def account_of(session: Session, email: str) -> Account | None:
    """The account that signs in with this email."""
    return session.exec(select(Account).where(Account.email == email_key(email))).first()


def places(session: Session, account_id: str) -> list[tuple[Staff, Practice]]:
    """Where the account works now, by the practices' names; none when every place was disabled."""
    rows = session.exec(
        select(Staff, Practice)
        .join(Practice, col(Practice.id) == Staff.practice_id)
        .where(Staff.account_id == account_id, col(Staff.disabled_at).is_(None))
        .order_by(Practice.name, Practice.id)
    )
    return list(rows)


def set_password_hash(session: Session, account_id: str, old: str | None, new: str) -> bool:
    """Replaces the hash ``old`` (None: no password yet); False when it was changed in the meantime."""
    unchanged = col(Account.password_hash).is_(None) if old is None else col(Account.password_hash) == old
    changed = session.exec(
        update(Account)
        .where(col(Account.id) == account_id, unchanged)
        .values(password_hash=new)
        .returning(col(Account.id))
    )
    return changed.first() is not None


class Invited(NamedTuple):
    """A staff member whose account has no password yet."""

    account_id: str
    email: str
    name: str
    practice: str


def invited(session: Session, practice_id: str, staff_id: str) -> Invited | None:
    """Who an invitation is for; None once the account has a password, or the person was disabled."""
    row = session.exec(
        select(Account, Staff, Practice)
        .join(Staff, col(Staff.account_id) == Account.id)
        .join(Practice, col(Practice.id) == Staff.practice_id)
        .where(
            Staff.practice_id == practice_id,
            Staff.id == staff_id,
            col(Staff.disabled_at).is_(None),
            col(Account.password_hash).is_(None),
        )
    ).first()
    if row is None:
        return None
    account, member, practice = row
    return Invited(account.id, account.email, member.name, practice.name)


def sign_in(session: Session, account_id: str, practice_id: str | None, by: str, now: datetime) -> str | None:
    """Opens a session in ``practice_id`` if the account has a place there, else in its first; gives the cookie's value.

    ``by`` is the way in (*password*, *code second_factor*, …), for the record. None when the account has no place.
    """
    open_places = [member for member, _ in places(session, account_id)]
    if not open_places:
        return None
    member = next((member for member in open_places if member.practice_id == practice_id), open_places[0])
    audit.record(session, now, member.practice_id, member, "staff.signed_in", "staff", member.id, by.split())
    return sessions.open_session(session, member, now)


def check_sees_appointment(session: Session, member: Staff, practice_id: str, appointment_id: str) -> None:
    """Raises :class:`NotFound` unless it is of their practice and, for the role practitioner, their own."""
    appointment = session.get(Appointment, (practice_id, appointment_id)) if member.practice_id == practice_id else None
    if appointment is None:
        raise NotFound
    if member.role is Role.PRACTITIONER and appointment.practitioner_id != member.practitioner_id:
        raise NotFound


def _place(session: Session, account_id: str, practice_id: str) -> Staff | None:
    return session.exec(select(Staff).where(Staff.practice_id == practice_id, Staff.account_id == account_id)).first()
