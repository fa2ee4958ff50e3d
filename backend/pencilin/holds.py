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


def hold(session: Session, practice: Practice, wish: Wish, start: datetime, now: datetime) -> Held:
    """Takes ``start`` for the practice's hold minutes. Raises :class:`SlotTaken` when nobody has it on offer."""
    lock_practitioners(session, practice.id, [practitioner.id for practitioner in wish.practitioners])
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
            )
        except SlotTaken:
            continue
        return Held(reservation.id, expires_at, practitioner, location)
    raise SlotTaken


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


def _hold(practice: Practice, hold_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Reservation.practice_id) == practice.id,
        col(Reservation.id) == hold_id,
        col(Reservation.purpose) == Purpose.HOLD,
    )
