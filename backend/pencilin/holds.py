"""Holds: a visitor's time while the form is filled in. A hold protects, it is never needed to book."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from pencilin.availability import Wish, as_now, bookable_by
from pencilin.catalogue import read_catalogue
from pencilin.database import changed, lock_practitioners
from pencilin.errors import HoldExpired, SlotTaken
from pencilin.models import Location, Practice, Practitioner, Reservation
from pencilin.reservations import claim_time
from pencilin.rules.states import Purpose

MOST_EXTENSIONS = 2


@dataclass(frozen=True)
class Held:
    """A new hold; ``expires_at`` is UTC."""

    id: str
    expires_at: datetime
    practitioner: Practitioner
    location: Location


def hold(
    session: Session, practice: Practice, wish: Wish, start: datetime, now: datetime, hold_id: str | None = None
) -> Held:
    """Takes ``start`` for the practice's hold minutes. Raises :class:`SlotTaken` when nobody has it on offer.

    A repeat under the same ``hold_id``, which has to be of this slot alone, gives the hold of the first time.
    """
    lock_practitioners(session, practice.id, [practitioner.id for practitioner in wish.practitioners])
    if hold_id and (earlier := live(session, practice, hold_id, now)):
        return _held(session, earlier)
    if hold_id and session.get(Reservation, (practice.id, hold_id)):
        hold_id = None  # it has ended, or become an appointment
    # Read behind the lock: hours, caps and terms may have changed while this waited.
    catalogue = read_catalogue(session, session.get_one(Practice, practice.id))
    wish = as_now(catalogue, wish)
    expires_at = now + timedelta(minutes=catalogue.practice.hold_minutes)
    for practitioner, location in bookable_by(session, catalogue, wish, start, now):
        try:
            reservation = claim_time(
                session,
                wish.service,
                practitioner,
                location,
                start,
                Purpose.HOLD,
                now,
                expires_at=expires_at,
                reservation_id=hold_id,
            )
        except SlotTaken:
            continue
        return Held(reservation.id, expires_at, practitioner, location)
    raise SlotTaken


def live(session: Session, practice: Practice, hold_id: str, now: datetime) -> Reservation | None:
    """The hold, while it lasts."""
    return session.exec(
        select(Reservation).where(*_hold(practice, hold_id), col(Reservation.expires_at) > now)
    ).one_or_none()


def is_held(session: Session, practice: Practice, hold_id: str) -> bool:
    """Whether there is such a hold, alive or ended: asked before anything is written for an invented one."""
    return session.exec(select(Reservation.id).where(*_hold(practice, hold_id))).first() is not None


def extend(session: Session, practice: Practice, hold_id: str, now: datetime) -> datetime:
    """Holds for as long again from ``now`` on, at most twice; raises :class:`HoldExpired` otherwise."""
    expires_at = now + timedelta(minutes=practice.hold_minutes)
    extended = changed(
        session,
        update(Reservation)
        .where(
            *_hold(practice, hold_id),
            col(Reservation.expires_at) > now,
            col(Reservation.extensions) < MOST_EXTENSIONS,
        )
        .values(expires_at=expires_at, extensions=Reservation.extensions + 1),
    )
    if extended != 1:
        raise HoldExpired
    return expires_at


def let_go(session: Session, practice: Practice, hold_id: str) -> None:
    """Gives the held time back; a hold that has gone already is no error."""
    session.execute(delete(Reservation).where(*_hold(practice, hold_id)))


def let_go_others(session: Session, practice: Practice, kept: str, beginning: str, earlier: str) -> None:
    """Gives back every held time but ``kept`` whose hold's id has this ``beginning``, or is ``earlier``."""
    family = col(Reservation.id).startswith(beginning, autoescape=True) | (col(Reservation.id) == earlier)
    session.execute(
        delete(Reservation).where(
            col(Reservation.practice_id) == practice.id,
            col(Reservation.purpose) == Purpose.HOLD,
            family,
            col(Reservation.id) != kept,
        )
    )


def _held(session: Session, reservation: Reservation) -> Held:
    of = reservation.practice_id
    assert reservation.expires_at
    return Held(
        reservation.id,
        reservation.expires_at,
        session.get_one(Practitioner, (of, reservation.practitioner_id)),
        session.get_one(Location, (of, reservation.location_id)),
    )


def _hold(practice: Practice, hold_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Reservation.practice_id) == practice.id,
        col(Reservation.id) == hold_id,
        col(Reservation.purpose) == Purpose.HOLD,
    )
