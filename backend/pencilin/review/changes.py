"""Changing what was asked for: service, practitioner, location, time. Conflicts are shown before anything is saved."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from pencilin import audit, reservations
from pencilin.catalogue import Catalogue, read_catalogue
from pencilin.conflicts import Conflict, Insist, check, find_conflicts
from pencilin.database import lock_practitioners
from pencilin.errors import Conflict as ConflictError
from pencilin.errors import Forbidden, Invalid, SlotTaken, TimeConflicts
from pencilin.mail import afterwards, messages, outbox
from pencilin.models import Appointment, Location, Outbox, Practice, Practitioner, Reservation, Role, Service, Staff
from pencilin.review.access import advance, beaten, find
from pencilin.review.decisions import NO_PROPOSAL, UNDO_SECONDS, confirmed_to, end_proposal
from pencilin.rules.states import Purpose, Status
from pencilin.rules.timeline import TICK_MINUTES, instant_of, tick_at

Named = TypeVar("Named", Service, Practitioner, Location)

# A day; no service is longer either.
MOST_MINUTES = 1440
CHANGEABLE = (Status.TENTATIVE, Status.APPROVED)


@dataclass(frozen=True, slots=True)
class Change:
    """An appointment as staff want it; all four are given, changed or not. ``start`` is aware.

    ``minutes`` is a length of its own, a multiple of 5; None is as long as its service lasts.
    """

    service_id: str
    practitioner_id: str
    location_id: str
    start: datetime
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class _Wanted:
    service: Service
    practitioner: Practitioner
    location: Location
    start: datetime
    minutes: int


def conflicts_of(session: Session, staff: Staff, appointment_id: str, change: Change, now: datetime) -> list[Conflict]:
    """What speaks against a change, the blocking reasons first; raises :class:`Invalid` for one that can't be."""
    appointment = find(session, staff, appointment_id)
    catalogue = read_catalogue(session, session.get_one(Practice, staff.practice_id))
    wanted = _read(session, staff, catalogue, appointment, change)
    return _conflicts(session, catalogue, appointment, wanted, now)


def change(
    session: Session,
    staff: Staff,
    appointment_id: str,
    change: Change,
    revision: int,
    now: datetime,
    *,
    insist: Insist = Insist.NO,
    back_to: int | None = None,
) -> None:
    """Changes the appointment and the time it takes, in one step.

    ``back_to`` is the revision that *Undo* brings back: whoever was told of that, and of nothing since, hears nothing.

    Raises :class:`TimeConflicts`, unless staff ``insist`` and nothing blocks; :class:`Invalid`
    for ids that aren't the practice's or a time off the five-minute grid; and :class:`AlreadyDecided` for a page
    that is out of date. Whoever got a confirmation gets a new one, after the time to undo.
    """
    appointment = find(session, staff, appointment_id)
    if appointment.revision != revision:
        raise beaten(session, appointment, appointment.status, now)
    if appointment.status not in CHANGEABLE:
        raise ConflictError("This appointment has ended, so it can't be changed any more.")
    practice = session.get_one(Practice, staff.practice_id)
    catalogue = read_catalogue(session, practice)
    wanted = _read(session, staff, catalogue, appointment, change)
    lock_practitioners(session, practice.id, sorted({appointment.practitioner_id, wanted.practitioner.id}))
    before = as_it_is(appointment)
    after = asdict(change) | {"minutes": wanted.minutes}
    fields = [field for field, value in asdict(before).items() if after[field] != value]
    if not fields:
        return
    if change.minutes is None and "service_id" in fields:
        fields = [field for field in fields if field != "minutes"]  # it goes without saying
    check(_conflicts(session, catalogue, appointment, wanted, now), insist)
    advance(session, appointment, appointment.status, revision, now, _values(appointment, wanted))
    end_proposal(session, appointment, now)
    _move_time(session, appointment, wanted, now, overbook=insist is Insist.OVERBOOK)
    if appointment.status == Status.APPROVED:
        _confirm_again(session, practice, appointment, back_to, now)
    elif "practitioner_id" in fields:
        messages.reassigned(session, appointment, now)
    audit.record(session, now, practice.id, staff, "appointment.changed", "appointment", appointment.id, fields)


def as_it_is(appointment: Appointment) -> Change:
    """The change that would change nothing."""
    return Change(
        appointment.service_id,
        appointment.practitioner_id,
        appointment.location_id,
        appointment.start,
        length_of(appointment),
    )


def length_of(appointment: Appointment) -> int:
    """How many minutes an appointment lasts."""
    return int((appointment.end - appointment.start).total_seconds()) // 60


def own_reservations(session: Session, appointment: Appointment) -> list[str]:
    """The ids of what takes time for this appointment."""
    return list(
        session.exec(
            select(Reservation.id).where(
                Reservation.practice_id == appointment.practice_id, Reservation.appointment_id == appointment.id
            )
        )
    )


def _conflicts(
    session: Session, catalogue: Catalogue, appointment: Appointment, wanted: _Wanted, now: datetime
) -> list[Conflict]:
    return find_conflicts(
        session,
        catalogue,
        wanted.service,
        wanted.practitioner,
        wanted.location,
        wanted.start,
        now,
        own_reservations(session, appointment),
        past_blocks=appointment.status == Status.TENTATIVE,
        minutes=wanted.minutes,
    )


def _read(session: Session, staff: Staff, catalogue: Catalogue, appointment: Appointment, change: Change) -> _Wanted:
    """The rows that the change names. What is archived may stay as it is, but not be chosen anew."""
    wrong: dict[str, str] = {}

    def pick(kind: type[Named], offered: tuple[Named, ...], wanted_id: str, current_id: str, field: str) -> Named:
        found = next((row for row in offered if row.id == wanted_id), None)
        if found is None and wanted_id != current_id:
            wrong[field] = "Choose one of the list."
        return found or session.get_one(kind, (appointment.practice_id, current_id))

    service = pick(Service, catalogue.services, change.service_id, appointment.service_id, "service_id")
    who = pick(
        Practitioner, catalogue.practitioners, change.practitioner_id, appointment.practitioner_id, "practitioner_id"
    )
    where = pick(Location, catalogue.locations, change.location_id, appointment.location_id, "location_id")
    start = change.start.astimezone(UTC)
    if instant_of(tick_at(start)) != start:
        wrong["start"] = "Choose a time on a full five minutes."
    minutes = service.minutes if change.minutes is None else change.minutes
    if minutes % TICK_MINUTES or not TICK_MINUTES <= minutes <= MOST_MINUTES:
        wrong["minutes"] = f"Enter a multiple of 5, from 5 to {MOST_MINUTES} minutes."
    if wrong:
        raise Invalid(wrong)
    if staff.role == Role.PRACTITIONER and who.id != staff.practitioner_id:
        raise Forbidden("You can't give an appointment to a colleague. Ask the front desk to do it.")
    return _Wanted(service, who, where, start, minutes)


def _values(appointment: Appointment, wanted: _Wanted) -> dict[str, object]:
    local = wanted.start.astimezone(ZoneInfo(wanted.location.timezone))
    due = appointment.answer_due
    return {
        "service_id": wanted.service.id,
        "practitioner_id": wanted.practitioner.id,
        "location_id": wanted.location.id,
        "start": wanted.start,
        "end": wanted.start + timedelta(minutes=wanted.minutes),
        "local_start": local.replace(tzinfo=None, fold=0),
        "timezone": wanted.location.timezone,
        "fold": local.fold,
        "answer_due": min(due, wanted.start) if due else None,
        **NO_PROPOSAL,
    }


def _move_time(session: Session, appointment: Appointment, wanted: _Wanted, now: datetime, *, overbook: bool) -> None:
    """Takes the new time and gives the old one back: in one transaction, so nobody sees the moment in between.

    The old one goes first, since the two may overlap.
    """
    reservations.release(session, appointment)
    try:
        reservations.claim_time(
            session,
            wanted.service,
            wanted.practitioner,
            wanted.location,
            wanted.start,
            Purpose.CURRENT,
            now,
            appointment=appointment,
            minutes=wanted.minutes,
            overbook=overbook,
        )
    except SlotTaken:
        raise TimeConflicts(["Somebody else took this time a moment ago. Choose another one."], blocking=True) from None


def _confirm_again(
    session: Session, practice: Practice, appointment: Appointment, back_to: int | None, now: datetime
) -> None:
    """A confirmation that has left is wrong now, and one that waits would be: the new one goes to the same people."""
    recipients = confirmed_to(session, appointment)
    outbox.cancel(session, practice.id, appointment.id, messages.DECISIONS, now)
    afterwards.reminders(session, appointment, recipients, now)
    if back_to is not None and _is_told(session, appointment, back_to):
        return
    messages.confirmed(session, appointment, recipients, now, due_at=now + timedelta(seconds=UNDO_SECONDS))


def is_to_be_told(session: Session, appointment: Appointment) -> bool:
    """Whether a confirmation of the appointment as it is now is about to leave."""
    waiting = session.exec(
        select(Outbox.id).where(
            Outbox.practice_id == appointment.practice_id,
            Outbox.subject_id == appointment.id,
            Outbox.kind == messages.Kind.CONFIRMED,
            Outbox.revision == appointment.revision,
            col(Outbox.cancelled_at).is_(None),
        )
    )
    return waiting.first() is not None


def _is_told(session: Session, appointment: Appointment, revision: int) -> bool:
    """Whether the last confirmation that may have left told of the appointment as it was at this revision."""
    rows = session.exec(
        select(Outbox.revision, Outbox.cancelled_at).where(
            Outbox.practice_id == appointment.practice_id,
            Outbox.subject_id == appointment.id,
            Outbox.kind == messages.Kind.CONFIRMED,
        )
    ).all()
    left = max((number for number, cancelled in rows if cancelled is None), default=None)
    return left is not None and left == max((number for number, _ in rows if number <= revision), default=None)
