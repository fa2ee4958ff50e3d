"""Holds: a visitor's time while the form is filled in. A hold protects, it is never needed to book."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col

from pencilin.availability import Wish, bookable_by
from pencilin.catalogue import Catalogue
from pencilin.database import changed, lock_practitioners
from pencilin.errors import HoldExpired, SlotTaken
from pencilin.models import Location, Practitioner, Reservation
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


def hold(session: Session, catalogue: Catalogue, wish: Wish, start: datetime, now: datetime) -> Held:
    """Takes ``start`` for the practice's hold minutes. Raises :class:`SlotTaken` when nobody has it on offer."""
    practice = catalogue.practice
    lock_practitioners(session, practice.id, [practitioner.id for practitioner in wish.practitioners])
    expires_at = now + timedelta(minutes=practice.hold_minutes)
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


def extend(session: Session, catalogue: Catalogue, hold_id: str, now: datetime) -> datetime:
    """Holds for as long again from ``now`` on, at most twice; raises :class:`HoldExpired` otherwise."""
    expires_at = now + timedelta(minutes=catalogue.practice.hold_minutes)
    extended = changed(
        session,
        update(Reservation)
        .where(
            *_live_hold(catalogue, hold_id),
            col(Reservation.expires_at) > now,
            col(Reservation.extensions) < MOST_EXTENSIONS,
        )
        .values(expires_at=expires_at, extensions=Reservation.extensions + 1),
    )
    if extended != 1:
        raise HoldExpired
    return expires_at


def let_go(session: Session, catalogue: Catalogue, hold_id: str) -> None:
    """Gives the held time back; a hold that has gone already is no error."""
    session.execute(delete(Reservation).where(*_live_hold(catalogue, hold_id)))


def _live_hold(catalogue: Catalogue, hold_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Reservation.practice_id) == catalogue.practice.id,
        col(Reservation.id) == hold_id,
        col(Reservation.purpose) == Purpose.HOLD,
    )
