"""When practitioners work: the lists that a file mentions replace those stored, the others stay."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from pencilin.models import (
    Location,
    Override,
    OverrideLocation,
    Practitioner,
    TimeOff,
    WorkingHours,
    WorkingHoursLocation,
    new_id,
)
from pencilin.practices.drafts import Draft
from pencilin.practices.lines import Path
from pencilin.practices.schedules import overlapping, places_among, two_places
from pencilin.practices.shapes import (
    DAYS,
    HoursTable,
    OverrideTable,
    PracticeFile,
    PractitionerTable,
    Table,
    TimeOffTable,
)
from pencilin.practices.stored import Content, hours_of, overrides_of, time_off_of


def check(draft: Draft, file: PracticeFile) -> None:
    """Notes what can't be kept: unknown locations, two places at once, the same time twice."""
    for owner, practitioner in enumerate(file.practitioner):
        path: Path = ("practitioner", owner)
        for number, table in enumerate(practitioner.hours or ()):
            _check_locations(draft, (*path, "hours", number, "locations"), table.locations)
        for number, override in enumerate(practitioner.override or ()):
            _check_locations(draft, (*path, "override", number, "locations"), override.locations)
        for later, earlier, day in overlapping(practitioner.hours or (), draft.locations):
            line = draft.refusals.lines.of((*path, "hours", earlier))
            reason = f"overlaps the hours of line {line}, first on {day}"
            draft.refusals.add((*path, "hours", later, "from"), reason)
    replaced = {table.slug for table in file.practitioner if table.hours is not None}
    for number, location in enumerate(file.location):
        if location.kind == "place" and f"location.{location.slug}.kind" in draft.changed:
            for slug in draft.practitioners.keys() - replaced:
                _check_stored(draft, ("location", number, "kind"), draft.practitioners[slug])


def _check_locations(draft: Draft, path: Path, slugs: Sequence[str]) -> None:
    for slug in slugs:
        if slug not in draft.locations:
            draft.refusals.add(path, f"{slug} is none of the practice's locations")
    if reason := two_places([draft.locations[slug] for slug in slugs if slug in draft.locations]):
        draft.refusals.add(path, reason)


def _check_stored(draft: Draft, path: Path, practitioner: Practitioner) -> None:
    for content in hours_of(draft.session, practitioner):
        places = places_among([draft.locations[slug] for slug in content["locations"]])
        if len(places) > 1:
            names = " and ".join(place.slug for place in places)
            draft.refusals.add(path, f"would have {practitioner.name} at {names} at once")


def write(draft: Draft, tables: Sequence[PractitionerTable]) -> None:
    """Replaces each list that the file mentions, if it says something else than what is stored."""
    for table in tables:
        row = draft.practitioners[table.slug]
        label = f"practitioner.{table.slug}"
        if table.hours is not None and not is_stored(draft.session, row, table.hours, hours_of):
            replace_hours(draft.session, row, table.hours, draft.locations)
            draft.changed.append(f"{label}.hours")
        if table.override is not None and not is_stored(draft.session, row, table.override, overrides_of):
            _replace_overrides(draft, row, table.override)
            draft.changed.append(f"{label}.override")
        if table.time_off is not None and not is_stored(draft.session, row, table.time_off, time_off_of):
            _replace_time_off(draft, row, table.time_off)
            draft.changed.append(f"{label}.time_off")


def is_stored(
    session: Session,
    practitioner: Practitioner,
    tables: Sequence[Table],
    stored: Callable[[Session, Practitioner], list[Content]],
) -> bool:
    """Whether the tables say what is stored, in whatever order."""
    found = stored(session, practitioner)
    if len(found) != len(tables):
        return False
    kind = type(tables[0]) if tables else Table
    return sorted(map(_in_order, tables)) == sorted(_in_order(kind.model_validate(one)) for one in found)


def _in_order(table: Table) -> str:
    content: dict[str, Any] = table.model_dump(mode="json")
    return json.dumps({key: sorted(value) if isinstance(value, list) else value for key, value in content.items()})


def replace_hours(
    session: Session, practitioner: Practitioner, tables: Sequence[HoursTable], locations: Mapping[str, Location]
) -> None:
    """Puts these checked rules in the place of all that the practitioner has; ``locations`` are by slug."""
    _delete(session, WorkingHours, practitioner)
    rows = [
        WorkingHours(
            practice_id=practitioner.practice_id,
            id=new_id(),
            practitioner_id=practitioner.id,
            days=sorted(DAYS.index(day) for day in table.days),
            from_minute=table.from_,
            to_minute=table.to,
            every_weeks=table.every_weeks,
            first_week_of=table.first_week_of,
            valid_from=table.valid_from,
            valid_until=table.valid_until,
        )
        for table in tables
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        WorkingHoursLocation(practice_id=row.practice_id, working_hours_id=row.id, location_id=locations[slug].id)
        for row, table in zip(rows, tables, strict=True)
        for slug in table.locations
    )


def _replace_overrides(draft: Draft, practitioner: Practitioner, tables: Sequence[OverrideTable]) -> None:
    _delete(draft.session, Override, practitioner)
    rows = [
        Override(
            practice_id=practitioner.practice_id,
            id=new_id(),
            practitioner_id=practitioner.id,
            date=table.date,
            hours=[[start, end] for start, end in table.hours],
        )
        for table in tables
    ]
    draft.session.add_all(rows)
    draft.session.flush()
    draft.session.add_all(
        OverrideLocation(practice_id=row.practice_id, override_id=row.id, location_id=draft.locations[slug].id)
        for row, table in zip(rows, tables, strict=True)
        for slug in table.locations
    )


def _replace_time_off(draft: Draft, practitioner: Practitioner, tables: Sequence[TimeOffTable]) -> None:
    _delete(draft.session, TimeOff, practitioner)
    draft.session.add_all(
        TimeOff(
            practice_id=practitioner.practice_id,
            practitioner_id=practitioner.id,
            start=table.start,
            end=table.end,
            note=table.note or None,
        )
        for table in tables
    )


def _delete(
    session: Session, kind: type[WorkingHours] | type[Override] | type[TimeOff], practitioner: Practitioner
) -> None:
    session.execute(
        delete(kind).where(
            col(kind.practice_id) == practitioner.practice_id, col(kind.practitioner_id) == practitioner.id
        )
    )
