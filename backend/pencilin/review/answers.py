"""What a client says to other times: one of them, none, or nothing in time. Whoever holds their link may answer."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from pencilin import audit, reservations
from pencilin.database import lock_practitioners
from pencilin.errors import AlreadyDecided, ProposalClosed, SlotTaken
from pencilin.mail import afterwards, messages
from pencilin.mail import proposals as mails
from pencilin.mail.proposals import Answer
from pencilin.models import ActorKind, Appointment, Location, Practice, Practitioner, Reservation, Service
from pencilin.review.access import advance
from pencilin.review.decisions import end_proposal, told_to_wait
from pencilin.review.proposals import answer_due, whom_to_ask
from pencilin.rules.states import Purpose, Status

AT_ONCE = 100


def accept(session: Session, appointment: Appointment, time_id: str, now: datetime) -> None:
    """Moves the request to one of the proposed times, and gives the others back.

    Where staff have settled who the client is, it is approved at once: both sides have agreed. The confirmation goes
    to whom the times were proposed. Pressed twice, it is done once. Raises :class:`ProposalClosed` when there is
    nothing to accept any more: withdrawn, decided otherwise, or too late.
    """
    chosen = session.get(Reservation, (appointment.practice_id, time_id)) if time_id.isalnum() else None
    if chosen is None or chosen.appointment_id != appointment.id:
        raise ProposalClosed
    if chosen.purpose == Purpose.CURRENT:
        return  # the same press, sent twice
    _check_open(appointment, now)
    if chosen.purpose != Purpose.PROPOSED or chosen.expires_at is None or chosen.expires_at <= now:
        raise ProposalClosed
    lock_practitioners(session, appointment.practice_id, sorted({appointment.practitioner_id, chosen.practitioner_id}))
    recipients = whom_to_ask(session, appointment)
    approved = appointment.client_id is not None
    _advance(session, appointment, now, _moved(session, appointment, chosen, now, approved=approved))
    _take(session, appointment, chosen, now)
    mails.withdraw(session, appointment, now)
    _record(session, appointment, "appointment.time_accepted", now)
    if approved:
        _record(session, appointment, "appointment.approved", now, ActorKind.SYSTEM)
        messages.confirmed(session, appointment, recipients, now, due_at=now)
        afterwards.reminders(session, appointment, recipients, now)
    mails.answered(session, appointment, Answer.APPROVED if approved else Answer.ACCEPTED, now)


def refuse(session: Session, appointment: Appointment, now: datetime) -> None:
    """None of the times suits: the request is staff's again as it was, or ends, if its own time has passed.

    Raises :class:`ProposalClosed` like :func:`accept`.
    """
    _check_open(appointment, now)
    if appointment.start <= now:
        _advance(session, appointment, now, {"proposed_until": None, "status": Status.CANCELLED})
        reservations.release(session, appointment)
        _record(session, appointment, "appointment.cancelled", now)
        answer = Answer.GAVE_UP
    else:
        due = answer_due(session, session.get_one(Practice, appointment.practice_id), appointment, now)
        _advance(session, appointment, now, {"proposed_until": None, "answer_due": due})
        answer = Answer.NONE
    end_proposal(session, appointment, now)
    _record(session, appointment, "appointment.times_refused", now)
    mails.answered(session, appointment, answer, now)


def lapse_due(session: Session, now: datetime) -> int:
    """Ends the proposals of all practices that nobody answered in time: staff decide again, and are told so.

    Where the time that was asked for has passed as well, the request ends, and the client is told. At most
    :data:`AT_ONCE` per call; returns how many, so that the caller goes on while there are any.
    """
    waiting = session.exec(
        select(Appointment, Practice)
        .join(Practice, col(Practice.id) == Appointment.practice_id)
        .where(Appointment.status == Status.TENTATIVE, col(Appointment.proposed_until) <= now)
        .order_by(col(Appointment.proposed_until))
        .limit(AT_ONCE)
    ).all()
    for appointment, practice in waiting:
        over = appointment.start <= now
        status = Status.EXPIRED if over else Status.TENTATIVE
        due = answer_due(session, practice, appointment, now)
        changes = {"status": status, "answer_due": due, "proposed_until": None}
        try:
            advance(session, appointment, Status.TENTATIVE, appointment.revision, now, changes)
        except AlreadyDecided:
            continue
        end_proposal(session, appointment, now)
        _record(session, appointment, "appointment.proposal_lapsed", now, ActorKind.SYSTEM)
        if over:
            reservations.release(session, appointment)
            messages.expired(session, appointment, now, told_to_wait(session, appointment), offered=True)
            _record(session, appointment, "appointment.expired", now, ActorKind.SYSTEM)
        else:
            mails.answered(session, appointment, Answer.LAPSED, now)
    session.flush()
    return len(waiting)


def _check_open(appointment: Appointment, now: datetime) -> None:
    until = appointment.proposed_until
    if appointment.status != Status.TENTATIVE or until is None or until <= now:
        raise ProposalClosed


def _advance(session: Session, appointment: Appointment, now: datetime, changes: dict[str, object]) -> None:
    try:
        advance(session, appointment, Status.TENTATIVE, appointment.revision, now, changes)
    except AlreadyDecided:
        raise ProposalClosed from None


def _moved(
    session: Session, appointment: Appointment, chosen: Reservation, now: datetime, *, approved: bool
) -> dict[str, object]:
    """The appointment as it is at the chosen time."""
    location = session.get_one(Location, (appointment.practice_id, chosen.location_id))
    local = chosen.start.astimezone(ZoneInfo(location.timezone))
    moved: dict[str, object] = {
        "practitioner_id": chosen.practitioner_id,
        "location_id": chosen.location_id,
        "start": chosen.start,
        "end": chosen.end,
        "local_start": local.replace(tzinfo=None, fold=0),
        "timezone": location.timezone,
        "fold": local.fold,
        "proposed_until": None,
    }
    if approved:
        return moved | {"status": Status.APPROVED, "decided_at": now}
    practice = session.get_one(Practice, appointment.practice_id)
    there = Appointment(**appointment.model_dump() | {"start": chosen.start})
    return moved | {"answer_due": answer_due(session, practice, there, now)}


def _take(session: Session, appointment: Appointment, chosen: Reservation, now: datetime) -> None:
    """The chosen time becomes the appointment's only one, under the same id, so that a second press finds it.

    Its ticks may be shared with the others', so all are given back and these claimed anew, in one transaction.
    """
    key = appointment.practice_id
    wanted = chosen.model_dump()
    session.expunge(chosen)
    reservations.release(session, appointment)
    try:
        reservations.claim_time(
            session,
            session.get_one(Service, (key, wanted["service_id"])),
            session.get_one(Practitioner, (key, wanted["practitioner_id"])),
            session.get_one(Location, (key, wanted["location_id"])),
            wanted["start"],
            Purpose.CURRENT,
            now,
            appointment=appointment,
            reservation_id=wanted["id"],
            minutes=int((wanted["end"] - wanted["start"]).total_seconds()) // 60,
        )
    except SlotTaken:
        raise ProposalClosed from None


def _record(
    session: Session, appointment: Appointment, action: str, now: datetime, actor: ActorKind = ActorKind.CLIENT
) -> None:
    audit.record(session, now, appointment.practice_id, actor, action, "appointment", appointment.id)
