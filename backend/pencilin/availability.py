"""Which starts are on offer: the one function that offers a slot and says whether it may be booked."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from operator import itemgetter, or_
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from pencilin.catalogue import Catalogue
from pencilin.diary import Diary, read_diary, read_schedules
from pencilin.models import Location, Practitioner, Service
from pencilin.rules import hours
from pencilin.rules.slots import Terms, by_start, last_date, offered
from pencilin.rules.timeline import Window, instant_of, tick_at, tick_from, ticks_in
from pencilin.rules.zones import dates_window

ALTERNATIVES = 6
LOOK_AHEAD_DAYS = 31


@dataclass(frozen=True)
class Wish:
    """What somebody wants to book: a service, from any of ``practitioners`` at any of ``locations``."""

    service: Service
    practitioners: tuple[Practitioner, ...]
    locations: tuple[Location, ...]

    @property
    def location(self) -> Location | None:
        """The location, if there is only one to choose from."""
        return self.locations[0] if len(self.locations) == 1 else None


class Slot(NamedTuple):
    """A start on offer at one location, by any of ``practitioners``. Instants are UTC."""

    start: datetime
    end: datetime
    location: Location
    practitioners: tuple[Practitioner, ...]


def wish(
    catalogue: Catalogue,
    service: Service,
    practitioner: Practitioner | None = None,
    location: Location | None = None,
) -> Wish:
    """The wish for a service; without a practitioner or location, any that gives it or where it is given.

    A practitioner or location that doesn't fit the service leaves nothing to choose from, hence no slots.
    """
    who = catalogue.practitioners_of(service)
    places = catalogue.locations_of(service)
    return Wish(
        service,
        tuple(one for one in who if practitioner is None or one.id == practitioner.id),
        tuple(one for one in places if location is None or one.id == location.id),
    )


def as_now(catalogue: Catalogue, wish: Wish) -> Wish:
    """The same wish by the catalogue as it is now: what has been archived or taken out is no longer part of it."""
    service = next((one for one in catalogue.services if one.id == wish.service.id), None)
    if service is None:
        return Wish(wish.service, (), ())
    whose = {practitioner.id for practitioner in wish.practitioners}
    where = {location.id for location in wish.locations}
    return Wish(
        service,
        tuple(one for one in catalogue.practitioners_of(service) if one.id in whose),
        tuple(one for one in catalogue.locations_of(service) if one.id in where),
    )


def slots(session: Session, catalogue: Catalogue, wish: Wish, first_day: date, days: int, now: datetime) -> list[Slot]:
    """Every slot that starts on the ``days`` local dates from ``first_day`` on, ascending.

    Dates are in the zone of the wished location, else of the practice.
    """
    window = dates_window(catalogue.zone(wish.location), first_day, days)
    return list(_slots_in(session, catalogue, wish, window, now))


def next_slot(session: Session, catalogue: Catalogue, wish: Wish, after_day: date, now: datetime) -> Slot | None:
    """The first slot that starts on ``after_day`` (see :func:`slots`) or later, as far as booking reaches."""
    zone = catalogue.zone(wish.location)
    # Another location's date may be one ahead of this zone's.
    last = last_date(now, zone, catalogue.practice.horizon_days) + timedelta(days=1)
    day = max(after_day, now.astimezone(zone).date())
    while day <= last:
        window = dates_window(zone, day, min(LOOK_AHEAD_DAYS, (last - day).days + 1))
        found = next(_slots_in(session, catalogue, wish, window, now), None)
        if found:
            return found
        day += timedelta(days=LOOK_AHEAD_DAYS)
    return None


def nearest(session: Session, catalogue: Catalogue, wish: Wish, start: datetime, now: datetime) -> list[Slot]:
    """Slots close to ``start``, the closest first: what to offer to somebody whose time was taken."""
    zone = catalogue.zone(wish.location)
    today = now.astimezone(zone).date()
    last = last_date(now, zone, catalogue.practice.horizon_days)
    day = min(max(start.astimezone(zone).date(), today), last)
    first = max(day - timedelta(days=7), today)
    found = slots(session, catalogue, wish, first, 21, now)
    if not found:
        later = next_slot(session, catalogue, wish, first, now)
        return [later] if later else []
    return sorted(found, key=lambda slot: (abs(slot.start - start), slot.start))[:ALTERNATIVES]


def bookable_by(
    session: Session,
    catalogue: Catalogue,
    wish: Wish,
    start: datetime,
    now: datetime,
    ignoring: Collection[str] = (),
    asked_at: datetime | None = None,
) -> list[tuple[Practitioner, Location]]:
    """Who may be booked at ``start``, and where; the least booked of that day first.

    The same rules that :func:`slots` offers by; ``ignoring`` names reservations that count as free (the asker's
    own hold, or what is being moved). ``asked_at`` is when notice and horizon were kept, if not ``now``. Empty for a
    start off the five-minute grid, and for one that has passed.
    """
    tick = tick_at(start)
    if instant_of(tick) != start.astimezone(UTC) or start <= now:
        return []
    asked = Window(tick, 1)
    terms = catalogue.terms(wish.service)
    # Who is least booked that day, only the whole day can tell.
    whole_days = bool(terms.daily_cap) or len(wish.practitioners) > 1
    diary = _read(session, catalogue, wish, _window(terms, asked, whole_days), now, ignoring)
    found = [
        (practitioner, location)
        for location in wish.locations
        for practitioner in wish.practitioners
        if diary.window.holds(_offers(diary, terms, practitioner, location, asked_at or now), tick)
    ]
    zone = catalogue.zone()
    day = start.astimezone(zone).date()
    return sorted(found, key=lambda pair: diary.booked(pair[0].id, zone)[day])


def answer_due(session: Session, catalogue: Catalogue, start: datetime, now: datetime) -> datetime:
    """Until when a request made at ``now`` should be decided: after the practice's open hours that its rules give,
    open meaning that any practitioner is there anywhere, and never after the start."""
    window = Window.between(now, start)
    ids = [practitioner.id for practitioner in catalogue.practitioners]
    schedules = read_schedules(session, catalogue.practice, ids)
    bits = reduce(
        or_,
        (
            hours.open_bits(schedule, location.id, ZoneInfo(location.timezone), window)
            for schedule in schedules.values()
            for location in catalogue.locations
        ),
        0,
    )
    due = hours.after_open_minutes(bits, window, tick_from(now), catalogue.practice.review_open_hours * 60)
    return start if due is None else min(start, instant_of(due))


def _slots_in(session: Session, catalogue: Catalogue, wish: Wish, asked: Window, now: datetime) -> Iterator[Slot]:
    terms = catalogue.terms(wish.service)
    diary = _read(session, catalogue, wish, _window(terms, asked, bool(terms.daily_cap)), now, ())
    mask = diary.window.mask(asked.first, asked.end)
    by_id = {practitioner.id: practitioner for practitioner in wish.practitioners}
    length = timedelta(minutes=terms.length)
    found: list[tuple[int, int, Location, tuple[str, ...]]] = []
    for place, location in enumerate(wish.locations):
        offers = {
            practitioner.id: _offers(diary, terms, practitioner, location, now) & mask
            for practitioner in wish.practitioners
        }
        found.extend((tick, place, location, ids) for tick, ids in by_start(diary.window, offers))
    able = {ids: tuple(by_id[one] for one in ids) for ids in {one[3] for one in found}}
    for tick, _, location, ids in sorted(found, key=itemgetter(0, 1)):
        start = instant_of(tick)
        yield Slot(start, start + length, location, able[ids])


def _window(terms: Terms, asked: Window, whole_days: bool) -> Window:
    """What must be seen to decide the starts of ``asked``; whole days, in whatever zone, to count what is booked."""
    window = terms.reach(asked)
    return window.padded(ticks_in(26 * 60), ticks_in(26 * 60)) if whole_days else window


def _read(
    session: Session, catalogue: Catalogue, wish: Wish, window: Window, now: datetime, ignoring: Collection[str]
) -> Diary:
    ids = [practitioner.id for practitioner in wish.practitioners]
    return read_diary(session, catalogue.practice, ids, window, now, ignoring)


def _offers(diary: Diary, terms: Terms, practitioner: Practitioner, location: Location, now: datetime) -> int:
    zone = ZoneInfo(location.timezone)
    return offered(
        terms,
        diary.window,
        now,
        schedule=diary.schedules[practitioner.id],
        location=location.id,
        zone=zone,
        busy=diary.busy(practitioner.id),
        booked=diary.booked(practitioner.id, zone),
    )
