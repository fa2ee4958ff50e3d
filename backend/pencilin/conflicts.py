"""What speaks against a time that staff choose: said before saving, in words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel import Session

from pencilin import i18n
from pencilin.catalogue import Catalogue
from pencilin.diary import read_diary
from pencilin.errors import TimeConflicts
from pencilin.models import Location, Practitioner, Reservation, Service
from pencilin.rules import hours
from pencilin.rules.states import Purpose
from pencilin.rules.timeline import Window, ticks_in


class Insist(StrEnum):
    """How far staff go on in spite of what speaks against a time. They are asked first, and again if there is more."""

    NO = ""
    REASONS = "yes"
    OVERBOOK = "overbook"


@dataclass(frozen=True)
class Conflict:
    """One reason against a time. ``blocking``: it can't be taken at all; otherwise staff may decide to go on.

    ``overlap``: the time is somebody else's, so that going on is overbooking.
    """

    words: str
    blocking: bool = False
    overlap: bool = False


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
    minutes: int | None = None,
) -> list[Conflict]:
    """Every reason against ``start`` (aware), the weightiest first.

    ``ignoring`` names reservations to overlook; ``past_blocks`` is for a request, which would end at once; ``minutes``
    is the visit's own length, if it isn't the service's.
    """
    terms = catalogue.terms(service)
    visit = Window.between(start, start + timedelta(minutes=terms.length if minutes is None else minutes))
    claimed = visit.padded(ticks_in(terms.buffer_before), ticks_in(terms.buffer_after))
    diary = read_diary(session, catalogue.practice, [practitioner.id], claimed, now, ignoring)
    zone = ZoneInfo(location.timezone)
    locale = catalogue.practice.staff_locale
    found = [Conflict("This time has passed.", blocking=True)] if start <= now and past_blocks else []
    found += [
        Conflict(_overlap(reservation, location.timezone, catalogue.practice.timezone, locale), overlap=True)
        for reservation in diary.reservations.get(practitioner.id, ())
    ]
    if visit.full & ~hours.open_bits(diary.schedules[practitioner.id], location.id, zone, visit):
        found.append(Conflict(f"{practitioner.name} doesn't work at {location.name} at that time."))
    if service.id not in catalogue.given_by or practitioner.id not in catalogue.given_by[service.id]:
        found.append(Conflict(f"{practitioner.name} doesn't give {service.name}."))
    if service.id not in catalogue.given_at or location.id not in catalogue.given_at[service.id]:
        found.append(Conflict(f"{service.name} isn't given at {location.name}."))
    if start <= now and not past_blocks:
        found.append(Conflict("This time has passed."))
    return found


def needed(found: Sequence[Conflict]) -> Insist:
    """What it takes to go on in spite of all that was found."""
    if any(one.overlap for one in found):
        return Insist.OVERBOOK
    return Insist.REASONS if found else Insist.NO


def check(found: Sequence[Conflict], insist: Insist) -> None:
    """Raises :class:`TimeConflicts` unless staff insist on all that was found, and nothing blocks."""
    blocking = any(one.blocking for one in found)
    overlap = any(one.overlap for one in found)
    if blocking or (overlap and insist is not Insist.OVERBOOK) or (found and insist is Insist.NO):
        raise TimeConflicts([one.words for one in found], blocking=blocking, overlap=overlap)


def _overlap(reservation: Reservation, zone: str, here: str, locale: str) -> str:
    clock = i18n.clock(reservation.start, zone, locale)
    # The calendar shows the practice's own time.
    if clock != i18n.clock(reservation.start, here, locale):
        clock = i18n.listed(locale, clock, i18n.zone_city(zone, locale))
    if reservation.purpose is Purpose.HOLD:
        return f"Somebody is filling in the booking form for {clock}."
    if reservation.purpose is Purpose.PROPOSED:
        return f"{clock} is proposed to a client, who may still choose it."
    return f"This overlaps the appointment at {clock}, buffers included."
