"""Deciding on a request: approve, decline, and take either back.

A decision's mail waits until it can no longer be undone at once; until then a declined time stays taken.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from pencilin import audit, clients, reservations
from pencilin.availability import answer_due
from pencilin.catalogue import read_catalogue
from pencilin.database import lock_practitioners
from pencilin.errors import Conflict, Invalid, SlotTaken
from pencilin.mail import afterwards, messages, outbox, proposals
from pencilin.models import (
    Appointment,
    Client,
    Disclosure,
    Location,
    Outbox,
    Practice,
    Practitioner,
    Service,
    Staff,
    TentativeClient,
)
from pencilin.review.access import advance, beaten, find
from pencilin.review.words import DeclineReason
from pencilin.rules.matching import normal_email
from pencilin.rules.states import Purpose, Status

UNDO_SECONDS = 20
NO_PROPOSAL = {"proposed_until": None}
# Where an address was erased with its client's file, the mail's own id stands in its place: nobody to write to.
HAS_ADDRESS = col(Outbox.recipient) != col(Outbox.id)
MISSING_CLIENT = "Link an existing client or save a new one: then you can approve."
MISSING_ADDRESS = (
    "The typed email is not the one on file. Choose where the confirmation goes: filed address, typed address or both."
)


class ConfirmTo(StrEnum):
    """Which address the confirmation goes to, where the typed one differs from the filed one."""

    FILED = "filed"
    TYPED = "typed"
    BOTH = "both"


def approve(
    session: Session, staff: Staff, appointment_id: str, revision: int, confirm_to: ConfirmTo | None, now: datetime
) -> None:
    """Makes a request an ordinary appointment; the client's confirmation leaves after the time to undo.

    ``confirm_to`` is needed only where typed and filed email differ. Raises :class:`Invalid` that says what is
    missing, and :class:`AlreadyDecided` for everybody but the first.
    """
    appointment = _open_request(session, staff, appointment_id, revision, now)
    if appointment.client_id is None:
        raise Invalid({"client": MISSING_CLIENT}, MISSING_CLIENT)
    recipients = _recipients(session, appointment, appointment.client_id, confirm_to)
    undo_until = now + timedelta(seconds=UNDO_SECONDS)
    _decide(session, staff, appointment, Status.APPROVED, revision, undo_until, now)
    practice = session.get_one(Practice, staff.practice_id)
    messages.confirmed(session, appointment, recipients, now, due_at=undo_until)
    afterwards.reminders(session, appointment, recipients, now)
    audit.record(session, now, practice.id, staff, "appointment.approved", "appointment", appointment.id)


def decline(
    session: Session,
    staff: Staff,
    appointment_id: str,
    revision: int,
    reason: DeclineReason,
    message: str,
    now: datetime,
) -> None:
    """Turns a request down. ``reason`` stays in the practice; ``message``, if any, goes to the client.

    The time stays taken until the decision can no longer be undone at once. Raises like :func:`approve`.
    """
    appointment = _open_request(session, staff, appointment_id, revision, now)
    try:
        text = clients.prose(message, clients.LONGEST_MESSAGE)
    except ValueError as error:
        raise Invalid({"message": str(error)}) from None
    undo_until = now + timedelta(seconds=UNDO_SECONDS)
    _decide(
        session,
        staff,
        appointment,
        Status.DECLINED,
        revision,
        undo_until,
        now,
        decline_reason=reason.value,
        decline_message=text or None,
    )
    reservations.let_expire(session, appointment, undo_until)
    practice = session.get_one(Practice, staff.practice_id)
    messages.declined(session, appointment, _who_asked(session, appointment), now, due_at=undo_until)
    audit.record(session, now, practice.id, staff, "appointment.declined", "appointment", appointment.id)


def undo(session: Session, staff: Staff, appointment_id: str, revision: int, now: datetime) -> None:
    """Takes an approval or a refusal back: at once before its mail has left, or later, then with a correction.

    A declined time must still be free once it isn't kept any more; raises :class:`Conflict` when it is not, when the
    appointment has begun, or when there is no request to go back to: staff entered it, or what was typed is erased.
    """
    appointment = find(session, staff, appointment_id)
    decided = appointment.status
    if appointment.revision != revision or decided not in (Status.APPROVED, Status.DECLINED):
        raise beaten(session, appointment, decided, now)
    if appointment.start <= now:
        raise Conflict("This appointment's time has come, so the decision can't be taken back any more.")
    if session.get(TentativeClient, (appointment.practice_id, appointment.id)) is None:
        raise Conflict("Nobody's request is kept with this appointment, so it can't be reopened. Change or cancel it.")
    at_once = appointment.undo_until is not None and now < appointment.undo_until
    practice = session.get_one(Practice, staff.practice_id)
    due = appointment.answer_due
    if due is None or due <= now:
        due = answer_due(session, read_catalogue(session, practice), appointment.start, now)
    changes = dict.fromkeys(("decided_at", "decided_by", "undo_until", "decline_reason", "decline_message"))
    advance(session, appointment, decided, revision, now, {**changes, "status": Status.TENTATIVE, "answer_due": due})
    if decided == Status.DECLINED:
        _take_again(session, appointment, now)
    outbox.cancel(session, practice.id, appointment.id, messages.DECISIONS, now)
    afterwards.cancel_reminders(session, appointment, now)
    messages.correction(session, appointment, addressed(session, appointment), now)
    action = "appointment.undone" if at_once else "appointment.reopened"
    audit.record(session, now, practice.id, staff, action, "appointment", appointment.id)


def end_proposal(session: Session, appointment: Appointment, now: datetime) -> None:
    """Gives the times back that were proposed to the client, and stops the mail that names them.

    To go with :data:`NO_PROPOSAL` in the compare-and-set of whatever ends the proposal.
    """
    reservations.release(session, appointment, Purpose.PROPOSED)
    proposals.withdraw(session, appointment, now)


def addressed(session: Session, appointment: Appointment) -> list[str]:
    """Everybody to whom a decision on this appointment was ever addressed, whether or not the mail left."""
    rows = session.exec(
        select(Outbox.recipient)
        .where(
            Outbox.practice_id == appointment.practice_id,
            Outbox.subject_id == appointment.id,
            col(Outbox.kind).in_(messages.DECISIONS),
            HAS_ADDRESS,
            col(Outbox.id).not_in(disclosed(session, appointment)),
        )
        .order_by(Outbox.recipient)
        .distinct()
    )
    return list(rows)


def confirmed_to(session: Session, appointment: Appointment) -> list[str]:
    """Who got the last confirmation, or is to get it: the addresses that staff chose."""
    rows = session.exec(
        select(Outbox)
        .where(
            Outbox.practice_id == appointment.practice_id,
            Outbox.subject_id == appointment.id,
            Outbox.kind == messages.Kind.CONFIRMED,
            HAS_ADDRESS,
            col(Outbox.id).not_in(disclosed(session, appointment)),
        )
        .order_by(col(Outbox.revision).desc(), Outbox.recipient)
    ).all()
    return [row.recipient for row in rows if row.revision == rows[0].revision]


def disclosed(session: Session, appointment: Appointment) -> list[str]:
    """The ids of the mails about an appointment that reached somebody whom it doesn't concern."""
    found = session.exec(
        select(Disclosure.mails).where(
            Disclosure.practice_id == appointment.practice_id, Disclosure.appointment_id == appointment.id
        )
    )
    return [one for mails in found for one in mails]


def told_to_wait(session: Session, appointment: Appointment) -> list[str]:
    """Everybody whom a correction told that the request waits again: they must hear how it ends."""
    rows = session.exec(
        select(Outbox.recipient)
        .where(
            Outbox.practice_id == appointment.practice_id,
            Outbox.subject_id == appointment.id,
            Outbox.kind == messages.Kind.CORRECTION,
            HAS_ADDRESS,
        )
        .order_by(Outbox.recipient)
        .distinct()
    )
    return list(rows)


def must_choose(typed: str | None, filed: str | None) -> bool:
    """Whether somebody has to say where the confirmation goes: there are two addresses, and they differ."""
    return bool(typed and filed) and normal_email(typed) != normal_email(filed)


def _open_request(session: Session, staff: Staff, appointment_id: str, revision: int, now: datetime) -> Appointment:
    appointment = find(session, staff, appointment_id)
    if appointment.status != Status.TENTATIVE or appointment.revision != revision:
        raise beaten(session, appointment, Status.TENTATIVE, now)
    return appointment


def _decide(
    session: Session,
    staff: Staff,
    appointment: Appointment,
    status: Status,
    revision: int,
    undo_until: datetime,
    now: datetime,
    **more: str | None,
) -> None:
    decision = {"status": status, "decided_at": now, "decided_by": staff.id, "undo_until": undo_until}
    advance(session, appointment, Status.TENTATIVE, revision, now, decision | NO_PROPOSAL | more)
    end_proposal(session, appointment, now)


def _recipients(session: Session, appointment: Appointment, client_id: str, confirm_to: ConfirmTo | None) -> list[str]:
    client = session.get_one(Client, (appointment.practice_id, client_id))
    typed = session.get(TentativeClient, (appointment.practice_id, appointment.id))
    if typed is None or not must_choose(typed.email, client.email):
        known = client.email or (typed.email if typed else None)
        return [known] if known else []
    if confirm_to is None:
        raise Invalid({"confirm_to": MISSING_ADDRESS}, MISSING_ADDRESS)
    chosen: dict[ConfirmTo, list[str | None]] = {
        ConfirmTo.FILED: [client.email],
        ConfirmTo.TYPED: [typed.email],
        ConfirmTo.BOTH: [client.email, typed.email],
    }
    return [address for address in chosen[confirm_to] if address]


def _who_asked(session: Session, appointment: Appointment) -> list[str]:
    """Where a refusal goes: to whoever asked, and to an address that only the file knows if it was written to."""
    typed = session.get(TentativeClient, (appointment.practice_id, appointment.id))
    return ([typed.email] if typed else []) + told_to_wait(session, appointment)


def _take_again(session: Session, appointment: Appointment, now: datetime) -> None:
    """Keeps the time of a declined appointment after all, or takes it anew once it was given back."""
    if reservations.keep(session, appointment, now):
        return
    practice_id = appointment.practice_id
    lock_practitioners(session, practice_id, [appointment.practitioner_id])
    reservations.release(session, appointment)
    try:
        reservations.claim_time(
            session,
            session.get_one(Service, (practice_id, appointment.service_id)),
            session.get_one(Practitioner, (practice_id, appointment.practitioner_id)),
            session.get_one(Location, (practice_id, appointment.location_id)),
            appointment.start,
            Purpose.CURRENT,
            now,
            appointment=appointment,
            minutes=int((appointment.end - appointment.start).total_seconds()) // 60,
        )
    except SlotTaken:
        raise Conflict("Somebody else has this time by now, so the request can't be reopened.") from None
