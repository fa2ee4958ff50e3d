"""Who of the staff hears of a booking, and how often: by role, unless somebody chose otherwise.

Usually the booked practitioner and the front desk. Where nobody is left, managers hear of it, whatever they chose: a
booking that nobody is told of would expire.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, null, update
from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import Select

from pencilin import audit
from pencilin.mail.outbox import TOGETHER
from pencilin.models import Account, BookingMail, HearsOf, Outbox, Practice, Practitioner, Role, Staff
from pencilin.rules.digests import next_hour, next_morning


def of_booking(session: Session, practice_id: str, practitioner_id: str) -> list[tuple[Staff, str]]:
    """Who is told of a booking with this practitioner, with their address, by name."""
    rows = session.exec(_present(practice_id).where(_hears(practitioner_id))).all()
    if not rows:
        managers = session.exec(_present(practice_id).where(col(Staff.role) == Role.MANAGER)).all()
        rows = [row for row in managers if row[0].hears_of is not HearsOf.NONE] or managers
    return list(rows)


def unheard(session: Session, practice_id: str) -> list[str]:
    """The names of the practitioners of whose bookings only managers hear, because nobody else would."""
    practitioners = session.exec(
        select(Practitioner)
        .where(Practitioner.practice_id == practice_id, col(Practitioner.archived_at).is_(None))
        .order_by(col(Practitioner.position), Practitioner.name)
    ).all()
    return [one.name for one in practitioners if not session.exec(_present(practice_id).where(_hears(one.id))).first()]


def due(staff: Staff, practice: Practice, now: datetime) -> datetime:
    """When a staff member is told of what is booked ``now``."""
    if staff.booking_mail is BookingMail.HOURLY:
        return next_hour(now, practice.timezone)
    return next_morning(now, practice.timezone) if staff.booking_mail is BookingMail.DAILY else now


def choose(
    session: Session, actor: Staff, staff: Staff, hears_of: HearsOf, booking_mail: BookingMail, now: datetime
) -> None:
    """What a staff member hears of and how often. News that waits already comes when the new choice says."""
    values = {"hears_of": hears_of, "booking_mail": booking_mail}
    fields = [field for field, value in values.items() if getattr(staff, field) != value]
    for field in fields:
        setattr(staff, field, values[field])
    if "booking_mail" in fields:
        practice = session.get_one(Practice, staff.practice_id)
        session.exec(
            update(Outbox)
            .where(
                col(Outbox.practice_id) == staff.practice_id,
                col(Outbox.staff_id) == staff.id,
                col(Outbox.kind).in_(TOGETHER),
                col(Outbox.sent_at).is_(null()),
                col(Outbox.cancelled_at).is_(null()),
                col(Outbox.failed_at).is_(null()),
                col(Outbox.due_at) > now,
                col(Outbox.attempts) == 0,
            )
            .values(due_at=due(staff, practice, now))
            .execution_options(synchronize_session=False)
        )
    if fields:
        audit.record(session, now, staff.practice_id, actor, "staff.mail_changed", "staff", staff.id, fields)


def _present(practice_id: str) -> Select[Staff, str]:
    return (
        select(Staff, Account.email)
        .join(Account, col(Account.id) == col(Staff.account_id))
        .where(Staff.practice_id == practice_id, col(Staff.disabled_at).is_(None))
        .order_by(Staff.name, Staff.id)
    )


def _hears(practitioner_id: str) -> ColumnElement[bool]:
    own = col(Staff.practitioner_id) == practitioner_id
    # A practitioner sees no more than their own, so they hear of no more.
    sees_all = col(Staff.role) != Role.PRACTITIONER
    return or_(
        and_(col(Staff.hears_of) == HearsOf.USUAL, or_(col(Staff.role) == Role.FRONT_DESK, own)),
        and_(col(Staff.hears_of) == HearsOf.OWN, own),
        and_(col(Staff.hears_of) == HearsOf.ALL, or_(sees_all, own)),
    )
