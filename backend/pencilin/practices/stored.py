"""What is stored of a practitioner's calendar, in the form of the practice file and in a steady order."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeAlias

from sqlmodel import Session, col, select

from pencilin.models import (
    Location,
    Override,
    OverrideLocation,
    Practitioner,
    TimeOff,
    WorkingHours,
    WorkingHoursLocation,
)
from pencilin.practices.shapes import DAYS

Content: TypeAlias = dict[str, Any]
"""One table of a practice file, without keys that have no value."""


def hours_of(session: Session, practitioner: Practitioner) -> list[Content]:
    """The weekly rules, by day and time."""
    rows = session.exec(
        select(WorkingHours).where(
            WorkingHours.practice_id == practitioner.practice_id, WorkingHours.practitioner_id == practitioner.id
        )
    ).all()
    served = _slugs(
        session.exec(
            select(WorkingHoursLocation.working_hours_id, Location.slug)
            .join(
                Location,
                (col(Location.practice_id) == WorkingHoursLocation.practice_id)
                & (col(Location.id) == WorkingHoursLocation.location_id),
            )
            .where(WorkingHoursLocation.practice_id == practitioner.practice_id)
            .order_by(col(Location.position), col(Location.slug))
        )
    )
    ordered = sorted(rows, key=lambda row: (sorted(row.days), row.from_minute, str(row.first_week_of), str(row.id)))
    return [
        _without_none(
            {
                "days": [DAYS[day] for day in sorted(row.days)],
                "from": clock(row.from_minute),
                "to": clock(row.to_minute),
                "locations": served[row.id],
                "every_weeks": row.every_weeks,
                "first_week_of": row.first_week_of,
                "valid_from": row.valid_from,
                "valid_until": row.valid_until,
            }
        )
        for row in ordered
    ]


def overrides_of(session: Session, practitioner: Practitioner) -> list[Content]:
    """Other hours on single dates, by date."""
    rows = session.exec(
        select(Override)
        .where(Override.practice_id == practitioner.practice_id, Override.practitioner_id == practitioner.id)
        .order_by(col(Override.date))
    ).all()
    served = _slugs(
        session.exec(
            select(OverrideLocation.override_id, Location.slug)
            .join(
                Location,
                (col(Location.practice_id) == OverrideLocation.practice_id)
                & (col(Location.id) == OverrideLocation.location_id),
            )
            .where(OverrideLocation.practice_id == practitioner.practice_id)
            .order_by(col(Location.position), col(Location.slug))
        )
    )
    return [
        {
            "date": row.date,
            "hours": [[clock(start), clock(end)] for start, end in row.hours],
            "locations": served[row.id],
        }
        for row in rows
    ]


def time_off_of(session: Session, practitioner: Practitioner) -> list[Content]:
    """Absences, by start."""
    rows = session.exec(
        select(TimeOff)
        .where(TimeOff.practice_id == practitioner.practice_id, TimeOff.practitioner_id == practitioner.id)
        .order_by(col(TimeOff.start), col(TimeOff.end), col(TimeOff.id))
    )
    return [_without_none({"start": row.start, "end": row.end, "note": row.note}) for row in rows]


def clock(minute: int) -> str:
    """A minute of the day as the file has it: 540 is ``09:00``, 1440 ``24:00``."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _slugs(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for owner, slug in pairs:
        found[owner].append(slug)
    return found


def _without_none(content: Content) -> Content:
    return {key: value for key, value in content.items() if value is not None}
