"""Proposing other times than the one that was asked for: up to three, each held for the client until they answer.

The client has 48 hours, but no longer than until two hours before the first of the times, and in a hurry half an hour.
The time that was asked for stays theirs meanwhile, and the request's own deadline waits for them. What the client says
is in :mod:`answers`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from pencilin import audit, availability, i18n, reservations
from pencilin.availability import Slot
from pencilin.catalogue import Catalogue, read_catalogue
from pencilin.conflicts import find_conflicts
from pencilin.database import lock_practitioners
from pencilin.errors import Conflict, Forbidden, Invalid, SlotTaken, TimeConflicts
from pencilin.mail import proposals as mails
from pencilin.models import (
    Appointment,
    Client,
    Location,
    Practice,
    Practitioner,
    Reservation,
    Role,
    Service,
    Staff,
    TentativeClient,
)
from pencilin.review.access import advance, beaten, find
from pencilin.review.decisions import UNDO_SECONDS, end_proposal, told_to_wait
from pencilin.rules.states import Purpose, Status
from pencilin.rules.timeline import instant_of, tick_at

MOST_TIMES = 3
ANSWER_WITHIN = timedelta(hours=48)
BEFORE_FIRST = timedelta(hours=2)
AT_LEAST = timedelta(minutes=30)

SUGGESTED = 9
A_DAY = 3
AROUND_DAYS = 7
TAKEN = "Somebody else took one of these times a moment ago. Choose another one."


@dataclass(frozen=True, slots=True)
class Time:
    """When, with whom and where an appointment could be instead; ``start`` is aware."""

    start: datetime
    practitioner_id: str
    location_id: str


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """One of the times that the client may choose; instants are UTC, ``timezone`` is the location's."""

    id: str
    start: datetime
    timezone: str
    practitioner: str
    location: Location


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the client may choose from, the earliest first, and until when."""

    until: datetime
    times: tuple[ProposedTime, ...]


def propose(
    session: Session,
    staff: Staff,
    appointment_id: str,
    times: Sequence[Time],
    revision: int,
    now: datetime,
    *,
    despite_conflicts: bool = False,
) -> None:
    """Holds ``times`` for whoever asked, and asks them to choose one by mail, after the time to undo.

    Raises :class:`TimeConflicts`, unless staff insist by ``despite_conflicts`` and nothing blocks: what is proposed is
    never overbooked. Raises :class:`Invalid` for none, too many or impossible times, :class:`Conflict` while other
    times are proposed already, and :class:`AlreadyDecided` for a page that is out of date.
    """
    appointment = find(session, staff, appointment_id)
    if appointment.status != Status.TENTATIVE or appointment.revision != revision:
        raise beaten(session, appointment, Status.TENTATIVE, now)
    if appointment.proposed_until is not None:
        raise Conflict("Other times are proposed already. Withdraw them first: then you can propose others.")
    practice = session.get_one(Practice, staff.practice_id)
    catalogue = read_catalogue(session, practice)
    wanted = _read(session, staff, appointment, times)
    until = _answer_until(wanted, now)
    recipients = whom_to_ask(session, appointment)
    if not recipients:
        raise Invalid({"times": "No email address of the client is known. Call them, and change the time yourself."})
    lock_practitioners(session, practice.id, sorted({one.practitioner_id for one in wanted}))
    _check(session, catalogue, appointment, wanted, now, despite_conflicts=despite_conflicts)
    due = answer_due(session, practice, appointment, until)
    advance(session, appointment, Status.TENTATIVE, revision, now, {"proposed_until": until, "answer_due": due})
    held = [_hold(session, appointment, one, until, now) for one in wanted]
    undo_until = now + timedelta(seconds=UNDO_SECONDS)
    mails.other_times(session, appointment, held, until, recipients, now, due_at=undo_until)
    audit.record(session, now, practice.id, staff, "appointment.proposed", "appointment", appointment.id)


def withdraw(session: Session, staff: Staff, appointment_id: str, revision: int, now: datetime) -> None:
    """Takes a proposal back: its times are free again, and the client's link says that they are gone."""
    appointment = find(session, staff, appointment_id)
    if appointment.status != Status.TENTATIVE or appointment.revision != revision:
        raise beaten(session, appointment, Status.TENTATIVE, now)
    if appointment.proposed_until is None:
        raise Conflict("No times are proposed any more, so there is nothing to withdraw.")
    due = answer_due(session, session.get_one(Practice, staff.practice_id), appointment, now)
    advance(session, appointment, Status.TENTATIVE, revision, now, {"proposed_until": None, "answer_due": due})
    end_proposal(session, appointment, now)
    action = "appointment.proposal_withdrawn"
    audit.record(session, now, staff.practice_id, staff, action, "appointment", appointment.id)


def read_proposal(session: Session, appointment: Appointment, now: datetime) -> Proposal | None:
    """What the client may choose from at this moment, if anything."""
    until = appointment.proposed_until
    if appointment.status != Status.TENTATIVE or until is None or until <= now:
        return None
    rows = session.exec(
        select(Reservation, Practitioner.name, Location)
        .where(
            Reservation.practice_id == appointment.practice_id,
            Reservation.appointment_id == appointment.id,
            Reservation.purpose == Purpose.PROPOSED,
            col(Reservation.expires_at) > now,
            Practitioner.practice_id == Reservation.practice_id,
            Practitioner.id == Reservation.practitioner_id,
            Location.practice_id == Reservation.practice_id,
            Location.id == Reservation.location_id,
        )
        .order_by(col(Reservation.start), Practitioner.name)
    )
    times = tuple(ProposedTime(one.id, one.start, where.timezone, who, where) for one, who, where in rows)
    return Proposal(until, times) if times else None


def suggestions(session: Session, staff: Staff, appointment_id: str, now: datetime) -> tuple[Slot, ...]:
    """Free times near the one that was asked for, the earliest first: with the same practitioner where there are some,
    else with any who gives the service and whom the staff member may give it to."""
    appointment = find(session, staff, appointment_id)
    catalogue = read_catalogue(session, session.get_one(Practice, staff.practice_id))
    key = appointment.practice_id
    service = session.get_one(Service, (key, appointment.service_id))
    practitioner = session.get_one(Practitioner, (key, appointment.practitioner_id))
    location = session.get_one(Location, (key, appointment.location_id))
    found = _near(session, catalogue, appointment, availability.wish(catalogue, service, practitioner, location), now)
    if not found and staff.role != Role.PRACTITIONER:
        found = _near(session, catalogue, appointment, availability.wish(catalogue, service), now)
    return found


def whom_to_ask(session: Session, appointment: Appointment) -> list[str]:
    """The addresses of whoever asked; of the client's file only where nobody typed one."""
    typed = session.get(TentativeClient, (appointment.practice_id, appointment.id))
    if typed is not None and typed.email:
        return [typed.email, *told_to_wait(session, appointment)]
    client = session.get(Client, (appointment.practice_id, appointment.client_id)) if appointment.client_id else None
    return [client.email] if client and client.email else []


def answer_due(session: Session, practice: Practice, appointment: Appointment, since: datetime) -> datetime:
    """When staff should have decided, given that they can from ``since`` on; never after the start."""
    if since >= appointment.start:
        return appointment.start
    return availability.answer_due(session, read_catalogue(session, practice), appointment.start, since)


def _answer_until(times: Sequence[Time], now: datetime) -> datetime:
    first = min(one.start for one in times)
    if first < now + AT_LEAST:
        raise Invalid({"times": "One of these times is too soon to be answered by email. Call the client instead."})
    until = min(now + ANSWER_WITHIN, max(first - BEFORE_FIRST, now + AT_LEAST))
    return until.replace(second=0, microsecond=0)


def _read(session: Session, staff: Staff, appointment: Appointment, times: Sequence[Time]) -> list[Time]:
    """The times in their order, once each. Raises :class:`Invalid` for what can't be proposed."""
    distinct = {Time(one.start.astimezone(UTC), one.practitioner_id, one.location_id) for one in times}
    if not 1 <= len(distinct) <= MOST_TIMES:
        raise Invalid({"times": "Choose one to three times."})
    asked = Time(appointment.start.astimezone(UTC), appointment.practitioner_id, appointment.location_id)
    for one in distinct:
        if one == asked:
            raise Invalid({"times": "One of these is the time that was asked for: approve it, or leave it out."})
        if instant_of(tick_at(one.start)) != one.start:
            raise Invalid({"times": "Choose times on a full five minutes."})
        if staff.role == Role.PRACTITIONER and one.practitioner_id != staff.practitioner_id:
            raise Forbidden("You can't propose a colleague's time. Ask the front desk to do it.")
        known = session.get(Practitioner, (appointment.practice_id, one.practitioner_id))
        where = session.get(Location, (appointment.practice_id, one.location_id))
        if known is None or where is None:
            raise Invalid({"times": "Choose times of the list, or enter others."})
    return sorted(distinct, key=lambda one: (one.start, one.practitioner_id))


def _check(
    session: Session,
    catalogue: Catalogue,
    appointment: Appointment,
    times: Sequence[Time],
    now: datetime,
    *,
    despite_conflicts: bool,
) -> None:
    own = list(
        session.exec(
            select(Reservation.id).where(
                Reservation.practice_id == appointment.practice_id, Reservation.appointment_id == appointment.id
            )
        )
    )
    service = session.get_one(Service, (appointment.practice_id, appointment.service_id))
    reasons, blocking = [], False
    for one in times:
        who = session.get_one(Practitioner, (appointment.practice_id, one.practitioner_id))
        where = session.get_one(Location, (appointment.practice_id, one.location_id))
        when = i18n.brief_time(one.start, where.timezone, catalogue.practice.staff_locale)
        for conflict in find_conflicts(
            session,
            catalogue,
            service,
            who,
            where,
            one.start,
            now,
            own,
            past_blocks=True,
            minutes=_minutes(appointment),
        ):
            reasons.append(f"{when}: {conflict.words}")
            blocking = blocking or conflict.blocking or conflict.overlap
    if reasons and (blocking or not despite_conflicts):
        raise TimeConflicts(reasons, blocking=blocking)


def _hold(session: Session, appointment: Appointment, time: Time, until: datetime, now: datetime) -> Reservation:
    try:
        return reservations.claim_time(
            session,
            session.get_one(Service, (appointment.practice_id, appointment.service_id)),
            session.get_one(Practitioner, (appointment.practice_id, time.practitioner_id)),
            session.get_one(Location, (appointment.practice_id, time.location_id)),
            time.start,
            Purpose.PROPOSED,
            now,
            appointment=appointment,
            expires_at=until,
            minutes=_minutes(appointment),
            beside_own=True,
        )
    except SlotTaken:
        raise TimeConflicts([TAKEN], blocking=True) from None


def _minutes(appointment: Appointment) -> int:
    return int((appointment.end - appointment.start).total_seconds()) // 60


def _near(
    session: Session, catalogue: Catalogue, appointment: Appointment, wish: availability.Wish, now: datetime
) -> tuple[Slot, ...]:
    """The nearest slots of the weeks before and after, not too many of one day."""
    zone = ZoneInfo(appointment.timezone)
    first = max(appointment.start.astimezone(zone).date() - timedelta(days=AROUND_DAYS), now.astimezone(zone).date())
    found = availability.slots(session, catalogue, wish, first, 3 * AROUND_DAYS, now)
    chosen: list[Slot] = []
    of_day: Counter[object] = Counter()
    for slot in sorted(found, key=lambda one: (abs(one.start - appointment.start), one.start)):
        day = slot.start.astimezone(zone).date()
        if slot.start >= now + AT_LEAST and of_day[day] < A_DAY and len(chosen) < SUGGESTED:
            of_day[day] += 1
            chosen.append(slot)
    return tuple(sorted(chosen, key=lambda one: one.start))
