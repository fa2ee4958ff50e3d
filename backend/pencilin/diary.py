"""What is known of practitioners' time in a stretch of ticks: when they are there, and what takes their time."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam
from sqlmodel import Session, col, or_, select

from pencilin.models import (
    Closure,
    Override,
    OverrideLocation,
    Practice,
    Reservation,
    TimeOff,
    WorkingHours,
    WorkingHoursLocation,
)
from pencilin.rules import hours
from pencilin.rules.states import Purpose
from pencilin.rules.timeline import Window

# No reservation claims more than two days of ticks, so an index range on its first tick finds all that overlap.
LONGEST_RESERVATION = 2 * 24 * 12


@dataclass(frozen=True)
class Diary:
    """Schedules and reservations by practitioner id, for one window."""

    window: Window
    schedules: Mapping[str, hours.Schedule]
    reservations: Mapping[str, Sequence[Reservation]]

    def busy(self, practitioner_id: str) -> int:
        """The ticks that reservations take, as bits of the window."""
        bits = 0
        for reservation in self.reservations.get(practitioner_id, ()):
            bits |= self.window.mask(reservation.first_tick, reservation.end_tick)
        return bits

    def booked(self, practitioner_id: str, zone: ZoneInfo) -> Counter[date]:
        """How many visits the practitioner has on each local date in ``zone``, those being filled in included."""
        return Counter(
            reservation.start.astimezone(zone).date()
            for reservation in self.reservations.get(practitioner_id, ())
            if reservation.purpose in (Purpose.HOLD, Purpose.CURRENT)
        )


def read_diary(
    session: Session,
    practice: Practice,
    practitioner_ids: Collection[str],
    window: Window,
    now: datetime,
    ignoring: Collection[str] = (),
) -> Diary:
    """The diary of these practitioners; reservations past their expiry, and those ``ignoring`` names, don't count."""
    reservations: dict[str, list[Reservation]] = defaultdict(list)
    for reservation in session.exec(
        select(Reservation)
        .where(
            Reservation.practice_id == practice.id,
            col(Reservation.practitioner_id).in_(practitioner_ids),
            Reservation.first_tick < window.end,
            Reservation.first_tick > window.first - LONGEST_RESERVATION,
            Reservation.end_tick > window.first,
            or_(col(Reservation.expires_at).is_(None), col(Reservation.expires_at) > now),
        )
        .order_by(col(Reservation.first_tick))
    ):
        if reservation.id not in ignoring:
            reservations[reservation.practitioner_id].append(reservation)
    return Diary(window, read_schedules(session, practice, practitioner_ids), reservations)


# To build a query takes longer than to run it, so these are kept.
_HERE: BindParameter[str] = bindparam("practice_id")
_THEIRS: BindParameter[str] = bindparam("practitioner_ids", expanding=True)
_RULES = select(WorkingHours).where(WorkingHours.practice_id == _HERE, col(WorkingHours.practitioner_id).in_(_THEIRS))
_OVERRIDES = select(Override).where(Override.practice_id == _HERE, col(Override.practitioner_id).in_(_THEIRS))
_TIME_OFF = select(TimeOff).where(TimeOff.practice_id == _HERE, col(TimeOff.practitioner_id).in_(_THEIRS))
_CLOSURES = select(col(Closure.date)).where(Closure.practice_id == _HERE)
_RULE_PLACES = select(WorkingHoursLocation.working_hours_id, WorkingHoursLocation.location_id).where(
    WorkingHoursLocation.practice_id == _HERE
)
_OVERRIDE_PLACES = select(OverrideLocation.override_id, OverrideLocation.location_id).where(
    OverrideLocation.practice_id == _HERE
)


def read_schedules(
    session: Session, practice: Practice, practitioner_ids: Collection[str]
) -> dict[str, hours.Schedule]:
    """When each of these practitioners is there, as the rules want it."""
    here = {"practice_id": practice.id}
    theirs = here | {"practitioner_ids": list(practitioner_ids)}
    rules: dict[str, list[hours.WeeklyRule]] = defaultdict(list)
    overrides: dict[str, list[hours.OverrideDay]] = defaultdict(list)
    absences: dict[str, list[hours.TimeOff]] = defaultdict(list)
    served = _places(session.exec(_RULE_PLACES, params=here))
    for rule in session.exec(_RULES, params=theirs):
        rules[rule.practitioner_id].append(
            hours.WeeklyRule(
                frozenset(rule.days),
                rule.from_minute,
                rule.to_minute,
                served[rule.id],
                rule.every_weeks,
                rule.first_week_of,
                rule.valid_from,
                rule.valid_until,
            )
        )
    served = _places(session.exec(_OVERRIDE_PLACES, params=here))
    for override in session.exec(_OVERRIDES, params=theirs):
        overrides[override.practitioner_id].append(
            hours.OverrideDay(override.date, tuple((start, end) for start, end in override.hours), served[override.id])
        )
    for absence in session.exec(_TIME_OFF, params=theirs):
        absences[absence.practitioner_id].append(hours.TimeOff(absence.start, absence.end))
    closures = frozenset(session.exec(_CLOSURES, params=here))
    return {
        practitioner_id: hours.Schedule(
            tuple(rules[practitioner_id]),
            tuple(overrides[practitioner_id]),
            tuple(absences[practitioner_id]),
            closures,
        )
        for practitioner_id in practitioner_ids
    }


def _places(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for owner, location_id in pairs:
        found[owner].add(location_id)
    return defaultdict(frozenset, {owner: frozenset(places) for owner, places in found.items()})
