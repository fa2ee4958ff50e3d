"""What speaks against a time that staff choose: said before saving, in words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from pencilin import i18n
from pencilin.catalogue import Catalogue
from pencilin.diary import read_diary
from pencilin.models import Location, Practitioner, Reservation, Service
from pencilin.rules import hours
from pencilin.rules.states import Purpose
from pencilin.rules.timeline import Window, ticks_in


@dataclass(frozen=True)
class Conflict:
    """One reason against a time. ``blocking``: it can't be taken at all; otherwise staff may decide to go on."""

    words: str
    blocking: bool


def find_conflicts(
    session: Session,
    catalogue: Catalogue,
    service: Service,
    practitioner: Practitioner,
    location: Location,
    start: datetime,
    now: datetime,
    ignoring: Collection[str] = (),
    *,
    past_blocks: bool = False,
) -> list[Conflict]:
    """Every reason against ``start`` (aware), the blocking ones first.

    ``ignoring`` names reservations to overlook; ``past_blocks`` is for a request, which would end at once.
    """
    terms = catalogue.terms(service)
    visit = Window.between(start, start + timedelta(minutes=terms.length))
    claimed = visit.padded(ticks_in(terms.buffer_before), ticks_in(terms.buffer_after))
    diary = read_diary(session, catalogue.practice, [practitioner.id], claimed, now, ignoring)
    zone = ZoneInfo(location.timezone)
    locale = catalogue.practice.staff_locale
    found = [
        Conflict(_overlap(reservation, location.timezone, locale), blocking=True)
        for reservation in diary.reservations.get(practitioner.id, ())
    ]
    if start <= now and past_blocks:
        found.append(Conflict("This time has passed.", blocking=True))
    if visit.full & ~hours.open_bits(diary.schedules[practitioner.id], location.id, zone, visit):
        found.append(Conflict(f"{practitioner.name} doesn't work at {location.name} at that time.", blocking=False))
    if service.id not in catalogue.given_by or practitioner.id not in catalogue.given_by[service.id]:
        found.append(Conflict(f"{practitioner.name} doesn't give {service.name}.", blocking=False))
    if service.id not in catalogue.given_at or location.id not in catalogue.given_at[service.id]:
        found.append(Conflict(f"{service.name} isn't given at {location.name}.", blocking=False))
    if start <= now and not past_blocks:
        found.append(Conflict("This time has passed.", blocking=False))
    return found


def _overlap(reservation: Reservation, zone: str, locale: str) -> str:
    clock = i18n.clock(reservation.start, zone, locale)
    if reservation.purpose is Purpose.HOLD:
        return f"Somebody is filling in the booking form for {clock}."
    return f"This overlaps the appointment at {clock}, buffers included."
