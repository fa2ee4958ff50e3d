"""Taking practitioner time and giving it back: every reservation is made and moved here, so none is double.

The guard is the primary key of ``claim``. What is asked before (is it on offer?) only makes for better answers.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Update, delete, update
from sqlmodel import Session, col

from pencilin.database import changed, conflict_free_insert
from pencilin.errors import SlotTaken
from pencilin.models import Appointment, Claim, Location, Practitioner, Reservation, Service, new_id
from pencilin.rules.states import Purpose
from pencilin.rules.timeline import ticks_between


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
) -> Reservation:
    """Takes the service's time from ``start`` (aware), buffers included; ``reservation_id`` must be new.

    What has expired there is taken over. Raises :class:`SlotTaken` when any tick is somebody else's, and then leaves
    nothing behind: it works in a savepoint.
    """
    ticks = ticks_between(
        start - timedelta(minutes=service.buffer_before),
        start + timedelta(minutes=service.minutes + service.buffer_after),
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
            end=start + timedelta(minutes=service.minutes),
            first_tick=ticks.start,
            end_tick=ticks.stop,
            purpose=purpose,
            created_at=now,
            expires_at=expires_at,
        )
        session.add(reservation)
        session.flush()
        _claim(session, reservation, ticks)
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


def release(session: Session, appointment: Appointment) -> None:
    """Gives back all of the appointment's time at once."""
    session.execute(
        delete(Reservation).where(
            col(Reservation.practice_id) == appointment.practice_id,
            col(Reservation.appointment_id) == appointment.id,
        )
    )


def sweep(session: Session, now: datetime) -> int:
    """Deletes what expired, of every practice; returns how many. Nothing depends on it but the size of the table."""
    return changed(session, delete(Reservation).where(col(Reservation.expires_at) <= now))


def _claim(session: Session, reservation: Reservation, ticks: Iterable[int]) -> None:
    # Ascending, so that two that overlap meet at their first common tick and none waits for the other in a circle.
    rows = [
        {
            "practice_id": reservation.practice_id,
            "practitioner_id": reservation.practitioner_id,
            "tick": tick,
            "lane": 0,
            "reservation_id": reservation.id,
        }
        for tick in ticks
    ]
    insert = conflict_free_insert(session)
    if changed(session, insert(Claim).values(rows).on_conflict_do_nothing()) != len(rows):
        raise SlotTaken


def _of(appointment: Appointment) -> Update:
    return update(Reservation).where(
        col(Reservation.practice_id) == appointment.practice_id,
        col(Reservation.appointment_id) == appointment.id,
        col(Reservation.purpose) == Purpose.CURRENT,
    )
