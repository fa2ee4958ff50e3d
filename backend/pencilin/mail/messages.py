"""Which mails there are, who gets them, and what each one carries.

A mail about an appointment carries the facts as they were when it was queued: sent again or late, it says the same.
What a mail says of them is in ``letters`` and the templates.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from pencilin.mail import outbox, recipients
from pencilin.mail.visits import Payload, visit_of
from pencilin.models import Appointment, BookingMail, Client, Outbox, Practice, Staff, TentativeClient

CODE_LASTS = timedelta(minutes=10)


class Kind(StrEnum):
    """What a mail is about."""

    NEW_BOOKING = "new_booking"
    BOOKING_DIGEST = "booking_digest"
    REQUEST_RECEIVED = "request_received"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    CORRECTION = "correction"
    REVIEW_REMINDER = "review_reminder"
    SIGN_IN_CODE = "sign_in_code"
    INVITATION = "invitation"
    SECOND_FACTOR_RESET = "second_factor_reset"
    TRIAL = "trial"
    OTHER_TIMES = "other_times"
    CLIENT_ANSWERED = "client_answered"
    VISIT_REMINDER = "visit_reminder"
    CANCELLED = "cancelled"
    BY_MISTAKE = "by_mistake"


DECISIONS = (Kind.CONFIRMED, Kind.DECLINED)
BOOKED = (Kind.NEW_BOOKING, Kind.BOOKING_DIGEST)
TO_STAFF = (*BOOKED, Kind.REVIEW_REMINDER, Kind.CLIENT_ANSWERED)
TO_CLIENT = (
    Kind.REQUEST_RECEIVED,
    *DECISIONS,
    Kind.EXPIRED,
    Kind.CORRECTION,
    Kind.OTHER_TIMES,
    Kind.VISIT_REMINDER,
    Kind.CANCELLED,
    Kind.BY_MISTAKE,
)
# Wrong once the request is decided; a correction is then overtaken by the mail of the new decision.
WHILE_WAITING = (*BOOKED, Kind.REVIEW_REMINDER, Kind.CORRECTION)


def booked(session: Session, appointment: Appointment, now: datetime) -> None:
    """*Request received* to whoever booked, *new booking* to those who decide."""
    facts = visit_of(session, appointment, approved=False).payload()
    to_client(session, Kind.REQUEST_RECEIVED, appointment, _asked_from(session, appointment), facts, now)
    _announce(session, appointment, facts, now)


def address_corrected(session: Session, appointment: Appointment, now: datetime) -> None:
    """*Request received* to the address that the booker gave instead; nothing more goes to the one before."""
    outbox.cancel(session, appointment.practice_id, appointment.id, [Kind.REQUEST_RECEIVED], now)
    facts = visit_of(session, appointment, approved=False).payload()
    to_client(session, Kind.REQUEST_RECEIVED, appointment, _asked_from(session, appointment), facts, now)


def reassigned(session: Session, appointment: Appointment, now: datetime) -> None:
    """*New booking* to those who decide now that a request has another practitioner, and haven't been told of it."""
    told = session.exec(
        select(Outbox.staff_id).where(
            Outbox.practice_id == appointment.practice_id,
            Outbox.subject_id == appointment.id,
            col(Outbox.kind).in_(BOOKED),
            col(Outbox.cancelled_at).is_(None),
        )
    ).all()
    facts = visit_of(session, appointment, approved=False).payload()
    _announce(session, appointment, facts, now, except_for=told)


def confirmed(
    session: Session,
    appointment: Appointment,
    recipients: Sequence[str],
    now: datetime,
    due_at: datetime,
    group_id: str | None = None,
) -> None:
    """The appointment stands: with how to get there or join, and a calendar file. Those of a ``group_id`` in one."""
    facts = visit_of(session, appointment, approved=True).payload()
    to_client(session, Kind.CONFIRMED, appointment, recipients, facts, now, due_at, group_id)


def declined(
    session: Session, appointment: Appointment, recipients: Sequence[str], now: datetime, due_at: datetime
) -> None:
    """The time isn't possible, with the message that staff may have written; never the reason they filed."""
    facts = visit_of(session, appointment, approved=False).payload() | {"message": appointment.decline_message}
    to_client(session, Kind.DECLINED, appointment, recipients, facts, now, due_at)


def correction(session: Session, appointment: Appointment, recipients: Sequence[str], now: datetime) -> None:
    """A decision was undone after its mail had left: the request waits again.

    Who was told so already, and has heard nothing since, isn't told twice.
    """
    facts = visit_of(session, appointment, approved=False).payload()
    for recipient in recipients:
        last = _last_told(session, appointment, recipient)
        if last is not None and last.kind in DECISIONS:
            to_client(session, Kind.CORRECTION, appointment, [recipient], facts | {"undone": last.kind}, now)


def expired(
    session: Session, appointment: Appointment, now: datetime, also: Sequence[str] = (), *, offered: bool = False
) -> None:
    """Nobody answered in time; the client is told, at other addresses ``also``, so that they don't wait on.

    ``offered``: it was the client who didn't answer, when they were offered other times.
    """
    facts = visit_of(session, appointment, approved=False).payload() | {"offered": "yes" if offered else None}
    to_client(session, Kind.EXPIRED, appointment, [*also, *_asked_from(session, appointment)], facts, now)


def reminder(session: Session, appointment: Appointment, now: datetime) -> None:
    """To those who decide: an answer is due soon. Once per deadline, whatever else changes before it."""
    due = appointment.answer_due or appointment.start
    facts = visit_of(session, appointment, approved=False).payload()
    to_staff(session, Kind.REVIEW_REMINDER, appointment, int(due.timestamp()) // 60, facts, now)


def sign_in_code(
    session: Session, practice_id: str, account_id: str, email: str, code: str, revision: int, now: datetime
) -> None:
    """A six-digit code to sign in with; goes before everything else, and not at all once it has run out."""
    outbox.enqueue(
        session,
        practice_id,
        Kind.SIGN_IN_CODE,
        account_id,
        revision,
        email,
        {"code": code, "expires": (now + CODE_LASTS).isoformat()},
        now,
        priority=outbox.FIRST,
    )


def invitation(session: Session, practice: Practice, staff: Staff, email: str, now: datetime) -> None:
    """A link to choose a password. Inviting again sends again."""
    outbox.enqueue(
        session, practice.id, Kind.INVITATION, staff.id, int(now.timestamp()), email, {}, now, staff_id=staff.id
    )


def second_factor_reset(session: Session, practice: Practice, staff: Staff, email: str, now: datetime) -> None:
    """A manager switched somebody's second factor off: they should know, whoever asked for it."""
    kind, number = Kind.SECOND_FACTOR_RESET, int(now.timestamp())
    outbox.enqueue(session, practice.id, kind, staff.id, number, email, {}, now, staff_id=staff.id)


def trial(session: Session, staff: Staff, email: str, now: datetime) -> None:
    """A mail to oneself, to see whether mail arrives; as many as one asks for, but one a second."""
    outbox.enqueue(
        session,
        staff.practice_id,
        Kind.TRIAL,
        staff.id,
        int(now.timestamp()),
        email,
        {},
        now,
        priority=outbox.FIRST,
        staff_id=staff.id,
    )


def to_client(
    session: Session,
    kind: Kind,
    appointment: Appointment,
    recipients: Sequence[str],
    facts: Payload,
    now: datetime,
    due_at: datetime | None = None,
    group_id: str | None = None,
) -> None:
    """Queues one mail per address."""
    for recipient in one_each(recipients):
        outbox.enqueue(
            session,
            appointment.practice_id,
            kind,
            appointment.id,
            appointment.revision,
            recipient,
            facts,
            now,
            due_at=due_at,
            group_id=group_id,
        )


def one_each(addresses: Sequence[str]) -> list[str]:
    """The addresses without repetition; two spellings of one address are one person."""
    return list({address.casefold(): address for address in addresses}.values())


def to_staff(
    session: Session, kind: Kind, appointment: Appointment, revision: int, facts: Payload, now: datetime
) -> None:
    """Queues one mail per staff member who decides on the appointment, to leave at once."""
    facts = facts | _named(session, appointment)
    for staff, email in recipients.of_booking(session, appointment.practice_id, appointment.practitioner_id):
        outbox.enqueue(
            session, appointment.practice_id, kind, appointment.id, revision, email, facts, now, staff_id=staff.id
        )


def _announce(
    session: Session, appointment: Appointment, facts: Payload, now: datetime, except_for: Collection[str | None] = ()
) -> None:
    """*New booking* to those who decide: at once, or as a line of each one's next digest."""
    practice = session.get_one(Practice, appointment.practice_id)
    facts = facts | _named(session, appointment)
    for staff, email in recipients.of_booking(session, practice.id, appointment.practitioner_id):
        if staff.id not in except_for:
            outbox.enqueue(
                session,
                practice.id,
                Kind.NEW_BOOKING if staff.booking_mail is BookingMail.EACH else Kind.BOOKING_DIGEST,
                appointment.id,
                appointment.revision,
                email,
                facts,
                now,
                due_at=recipients.due(staff, practice, now),
                staff_id=staff.id,
            )


def _asked_from(session: Session, appointment: Appointment) -> list[str]:
    """The address that the booker typed; of an appointment that staff entered, the client's."""
    typed = session.get(TentativeClient, (appointment.practice_id, appointment.id))
    if typed is not None:
        return [typed.email]
    client = session.get(Client, (appointment.practice_id, appointment.client_id)) if appointment.client_id else None
    return [client.email] if client and client.email else []


def _named(session: Session, appointment: Appointment) -> Payload:
    """The client's first name, for mails to the staff of a practice that wants it there."""
    if not session.get_one(Practice, appointment.practice_id).mail_first_name:
        return {}
    person = session.get(TentativeClient, (appointment.practice_id, appointment.id))
    return {"first_name": person.first_name} if person else {}


def _perhaps_told() -> ColumnElement[bool]:
    """Of mails that arrived, or may have: a try that ended in an error can have been taken before the error.

    *Send again* counts the tries anew, but the error of the last one stays.
    """
    return or_(col(Outbox.sent_at).is_not(None), Outbox.attempts > 0, col(Outbox.last_error).is_not(None))


def _last_told(session: Session, appointment: Appointment, recipient: str) -> Outbox | None:
    rows = session.exec(
        select(Outbox)
        .where(
            Outbox.practice_id == appointment.practice_id,
            Outbox.subject_id == appointment.id,
            or_(
                and_(col(Outbox.kind).in_(DECISIONS), _perhaps_told()),
                and_(Outbox.kind == Kind.CORRECTION, col(Outbox.cancelled_at).is_(None)),
            ),
        )
        .order_by(col(Outbox.revision).desc())
    )
    return next((row for row in rows if row.recipient.casefold() == recipient.casefold()), None)
