"""Taking practitioner time and giving it back: every reservation is made and moved here, so none is double.

The guard is the primary key of ``claim``. What is asked before (is it on offer?) only makes for better answers.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import Update, and_, delete, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from pencilin.database import changed, conflict_free_insert
from pencilin.diary import LONGEST_RESERVATION
from pencilin.errors import SlotTaken
from pencilin.models import Appointment, Claim, Location, Practitioner, Reservation, Service, new_id
from pencilin.rules.states import Purpose
from pencilin.rules.timeline import Window, ticks_between


def claim_time(
    session: Session,
    service: Service,
    practitioner: Practitioner,
    location: Location,
    start: datetime,
    purpose: Purpose,
    now: datetime,
    *,
    appointment: Appointment | None = None,
    expires_at: datetime | None = None,
    reservation_id: str | None = None,
    minutes: int | None = None,
    overbook: bool = False,
    beside_own: bool = False,
) -> Reservation:
    """Takes the service's time from ``start`` (aware), buffers included; ``reservation_id`` must be new.

    ``minutes`` is the visit's own length, if it isn't the service's; ``overbook`` takes the first lane that is free
    all through, beside whatever has the time already: for staff who were asked, and hold the practitioner's lock.
    With ``beside_own``, what the ``appointment`` has claimed already counts for this reservation, too: other times may
    overlap each other and the one that was asked for. What has expired there is taken over. Raises :class:`SlotTaken`
    when any tick is somebody else's, and then leaves nothing behind: it works in a savepoint.
    """
    length = timedelta(minutes=service.minutes if minutes is None else minutes)
    ticks = ticks_between(
        start - timedelta(minutes=service.buffer_before),
        start + length + timedelta(minutes=service.buffer_after),
    )
    with session.begin_nested():
        session.execute(
            delete(Reservation).where(
                col(Reservation.practice_id) == practitioner.practice_id,
                col(Reservation.practitioner_id) == practitioner.id,
                col(Reservation.first_tick) < ticks.stop,
                col(Reservation.end_tick) > ticks.start,
                col(Reservation.expires_at) <= now,
            )
        )
        reservation = Reservation(
            practice_id=practitioner.practice_id,
            id=reservation_id or new_id(),
            appointment_id=appointment.id if appointment else None,
            service_id=service.id,
            practitioner_id=practitioner.id,
            location_id=location.id,
            start=start,
            end=start + length,
            first_tick=ticks.start,
            end_tick=ticks.stop,
            purpose=purpose,
            created_at=now,
            expires_at=expires_at,
            lane=_free_lane(session, practitioner, ticks) if overbook else 0,
        )
        session.add(reservation)
        session.flush()
        own = _own_ticks(session, reservation) if beside_own else frozenset()
        _claim(session, reservation, [tick for tick in ticks if tick not in own])
    return reservation


def turn_into_appointment(session: Session, hold_id: str, appointment: Appointment, now: datetime) -> bool:
    """Gives a live hold's time to the appointment that it was held for; False when the hold has ended meanwhile."""
    taken = changed(
        session,
        update(Reservation)
        .where(
            col(Reservation.practice_id) == appointment.practice_id,
            col(Reservation.id) == hold_id,
            col(Reservation.purpose) == Purpose.HOLD,
            col(Reservation.expires_at) > now,
        )
        .values(purpose=Purpose.CURRENT, appointment_id=appointment.id, expires_at=None),
    )
    return taken == 1


def let_expire(session: Session, appointment: Appointment, at: datetime) -> None:
    """Keeps the appointment's time until ``at``, and no longer: a declined time until it can't be undone."""
    session.execute(_of(appointment).values(expires_at=at))


def keep(session: Session, appointment: Appointment, now: datetime) -> bool:
    """Keeps time that was to expire after all; False when it had ended already."""
    return changed(session, _of(appointment).where(col(Reservation.expires_at) > now).values(expires_at=None)) == 1


def release(session: Session, appointment: Appointment, purpose: Purpose | None = None) -> None:
    """Gives back all of the appointment's time at once, or what is taken for one ``purpose``."""
    own = delete(Reservation).where(
        col(Reservation.practice_id) == appointment.practice_id,
        col(Reservation.appointment_id) == appointment.id,
    )
    session.execute(own if purpose is None else own.where(col(Reservation.purpose) == purpose))


def sweep(session: Session, now: datetime) -> int:
    """Deletes what expired, of every practice; returns how many. Nothing depends on it but the size of the table."""
    return changed(session, delete(Reservation).where(col(Reservation.expires_at) <= now))


def overbooked(session: Session, practice_id: str, practitioner_ids: Collection[str], window: Window) -> set[str]:
    """The ids of the appointments that share a practitioner's time with another one within ``window``.

    Both of the two count: whoever looks at one of them should know.
    """
    one, other = aliased(Reservation), aliased(Reservation)
    pairs = session.exec(
        select(one.appointment_id, other.appointment_id).where(
            col(one.practice_id) == practice_id,
            col(one.practitioner_id).in_(practitioner_ids),
            col(one.first_tick) < window.end,
            col(one.first_tick) > window.first - LONGEST_RESERVATION,
            col(one.end_tick) > window.first,
            # Of two that share time, one at least isn't in the ordinary lane.
            col(one.lane) > 0,
            col(one.expires_at).is_(None),
            col(other.practice_id) == practice_id,
            col(other.practitioner_id) == one.practitioner_id,
            col(other.first_tick) < one.end_tick,
            col(other.first_tick) > one.first_tick - LONGEST_RESERVATION,
            col(other.end_tick) > one.first_tick,
            col(other.expires_at).is_(None),
            col(other.id) != one.id,
        )
    )
    return {appointment for pair in pairs if pair[0] != pair[1] for appointment in pair if appointment}


def _free_lane(session: Session, practitioner: Practitioner, ticks: range) -> int:
    taken = set(
        session.exec(
            select(Claim.lane)
            .where(
                Claim.practice_id == practitioner.practice_id,
                Claim.practitioner_id == practitioner.id,
                Claim.tick >= ticks.start,
                Claim.tick < ticks.stop,
            )
            .distinct()
        )
    )
    return next(lane for lane in count() if lane not in taken)


def _claim(session: Session, reservation: Reservation, ticks: Iterable[int]) -> None:
    # Ascending, so that two that overlap meet at their first common tick and none waits for the other in a circle.
    rows = [
        {
            "practice_id": reservation.practice_id,
            "practitioner_id": reservation.practitioner_id,
            "tick": tick,
            "lane": reservation.lane,
            "reservation_id": reservation.id,
        }
        for tick in ticks
    ]
    insert = conflict_free_insert(session)
    if changed(session, insert(Claim).values(rows).on_conflict_do_nothing()) != len(rows):
        raise SlotTaken


def _own_ticks(session: Session, reservation: Reservation) -> frozenset[int]:
    """What other reservations of the same appointment have claimed of the practitioner's time, in the same lane."""
    claims = session.exec(
        select(Claim.tick)
        .join(
            Reservation,
            and_(col(Reservation.practice_id) == Claim.practice_id, col(Reservation.id) == Claim.reservation_id),
        )
        .where(
            Claim.practice_id == reservation.practice_id,
            Claim.practitioner_id == reservation.practitioner_id,
            Claim.lane == reservation.lane,
            Reservation.appointment_id == reservation.appointment_id,
        )
    )
    return frozenset(claims)


def _of(appointment: Appointment) -> Update:
    return update(Reservation).where(
        col(Reservation.practice_id) == appointment.practice_id,
        col(Reservation.appointment_id) == appointment.id,
        col(Reservation.purpose) == Purpose.CURRENT,
    )
