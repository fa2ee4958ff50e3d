"""Which queued mails have been overtaken by what happened since: nobody would miss them, and they might mislead."""

from datetime import datetime

from sqlmodel import Session, and_, col, or_, select

from pencilin.mail import outbox
from pencilin.mail.messages import DECISIONS, WHILE_WAITING, Kind
from pencilin.models import Account, Appointment, Outbox, Staff
from pencilin.rules.states import Status


def still_news(session: Session, row: Outbox, now: datetime) -> list[Outbox]:
    """Of the rows that leave as one mail with this one, those that haven't been overtaken. None: it needn't leave."""
    return [one for one in outbox.together(session, row) if not _is_overtaken(session, one, now)]


def _is_overtaken(session: Session, row: Outbox, now: datetime) -> bool:
    if row.cancelled_at is not None or row.payload is None:
        return True
    if row.kind == Kind.SIGN_IN_CODE:
        return datetime.fromisoformat(row.payload["expires"] or "") <= now
    staff = session.get(Staff, (row.practice_id, row.staff_id)) if row.staff_id else None
    if row.staff_id is not None and (staff is None or staff.disabled_at is not None):
        return True
    if row.kind == Kind.INVITATION:
        return staff is not None and session.get_one(Account, staff.account_id).password_hash is not None
    if row.kind in (Kind.SECOND_FACTOR_RESET, Kind.TRIAL):
        return False
    appointment = session.get(Appointment, (row.practice_id, row.subject_id))
    if appointment is None or (staff is not None and not outbox.may_see(staff, appointment)):
        return True
    if row.kind == Kind.REQUEST_RECEIVED:
        return _is_decision_told(session, appointment, now)
    if row.kind == Kind.OTHER_TIMES:
        return appointment.proposed_until is None or appointment.proposed_until <= now
    if row.kind == Kind.VISIT_REMINDER:
        return appointment.status != Status.APPROVED or appointment.start <= now
    return row.kind in WHILE_WAITING and appointment.status != Status.TENTATIVE


def _is_decision_told(session: Session, appointment: Appointment, now: datetime) -> bool:
    """Whether a mail about how the request ended has left, or leaves as soon as mail does.

    One that may still be undone at once doesn't count: the client would hear nothing at all.
    """
    on_its_way = and_(col(Outbox.cancelled_at).is_(None), or_(Outbox.attempts > 0, Outbox.due_at <= now))
    decision = session.exec(
        select(Outbox.id)
        .where(
            Outbox.practice_id == appointment.practice_id,
            Outbox.subject_id == appointment.id,
            col(Outbox.kind).in_((*DECISIONS, Kind.EXPIRED)),
            or_(col(Outbox.sent_at).is_not(None), on_its_way),
        )
        .limit(1)
    )
    return decision.first() is not None
