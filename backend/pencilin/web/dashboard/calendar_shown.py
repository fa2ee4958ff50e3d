"""How the calendar tells of an appointment, of time off and of a closure: every field, and nothing else leaves us."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from operator import itemgetter
from typing import TypedDict
from zoneinfo import ZoneInfo

from pencilin import i18n
from pencilin.agenda import Entry, Held
from pencilin.attendance import Away, Closed
from pencilin.directory import Directory
from pencilin.models import Practice
from pencilin.rules.states import Status
from pencilin.web.dashboard import moments
from pencilin.web.dashboard.calendar_asked import STATUSES

MIDNIGHT = time()
PROPOSED = "proposed"
# In the place of a name that isn't the reader's to see.
SOMEBODY = "to a colleague’s client"


class _Times(TypedDict):
    start: str
    end: str
    since: str
    until: str
    day: str


class _What(TypedDict):
    service: str
    practitioner: str
    column: str
    location: str
    place: str
    colour: str


class Shown(_Times, _What):
    """One appointment as the calendar draws it, or a time that is proposed to a client, of status *proposed*.

    ``start`` and ``end`` are wall time in the practice's zone, ``since`` and ``until`` the same in words. ``there`` is
    the time at a location whose clocks differ. ``column`` and ``place`` are slugs. ``url`` is "" for what isn't the
    reader's to open.
    """

    id: str
    url: str
    revision: int
    status: str
    label: str
    overbooked: bool
    name: str
    there: str


@dataclass(frozen=True, slots=True)
class Note:
    """Why nobody is there, in ``words``: time off in one ``column``, or a closure in all ("").

    ``whole``: of whole days, ``start`` and ``end`` (wall time) being midnights.
    """

    start: str
    end: str
    whole: bool
    column: str
    words: str

    def touches(self, day: str) -> bool:
        """Whether it is of this date (*2026-11-24*)."""
        return self.start[:10] <= day < self.end[:10] or (self.start[:10] <= day <= self.end[:10] and not self.whole)


def shown(entries: Iterable[Entry], held: Iterable[Held], directory: Directory, practice: Practice) -> list[Shown]:
    """The appointments and the times proposed, at the same time in the order of practitioners."""
    locale, zone = practice.staff_locale, ZoneInfo(practice.timezone)
    position = {practitioner_id: number for number, practitioner_id in enumerate(directory.practitioners)}

    # A full week has five hundred appointments, but begins at a few dozen times, and few of them are of other kinds.
    @cache
    def times(start: datetime, until: datetime) -> _Times:
        wall = start.astimezone(zone).replace(tzinfo=None)
        return {
            "start": wall.isoformat(timespec="seconds"),
            "end": (wall + (until - start)).isoformat(timespec="seconds"),
            "since": i18n.clock(start, practice.timezone, locale),
            "until": i18n.clock(until, practice.timezone, locale),
            "day": i18n.full_date(wall.date(), locale),
        }

    @cache
    def what(service_id: str, practitioner_id: str, location_id: str) -> _What:
        service = directory.services[service_id]
        practitioner = directory.practitioners[practitioner_id]
        location = directory.locations[location_id]
        return {
            "service": service.name,
            "practitioner": practitioner.name,
            "column": practitioner.slug,
            "location": location.name,
            "place": location.slug,
            "colour": service.detail,
        }

    @cache
    def there(start: datetime, timezone: str) -> str:
        return moments.elsewhere(start, timezone, practice.timezone, locale)

    def booked(entry: Entry) -> Shown:
        return {
            "id": entry.id,
            "url": f"/appointments/{entry.id}",
            "revision": entry.revision,
            "status": entry.status.value,
            "label": "" if entry.status is Status.APPROVED else STATUSES[entry.status],
            "overbooked": entry.overbooked,
            "name": entry.name,
            "there": "" if entry.timezone == practice.timezone else there(entry.start, entry.timezone),
            **times(entry.start, entry.end),
            **what(entry.service_id, entry.practitioner_id, entry.location_id),
        }

    def proposed(time: Held) -> Shown:
        return {
            "id": time.id,
            "url": f"/appointments/{time.appointment_id}" if time.appointment_id else "",
            "revision": 0,
            "status": PROPOSED,
            "label": "Proposed",
            "overbooked": False,
            "name": time.name or SOMEBODY,
            "there": there(time.start, directory.locations[time.location_id].detail),
            **times(time.start, time.end),
            **what(time.service_id, time.practitioner_id, time.location_id),
        }

    found = [((entry.start, position[entry.practitioner_id]), booked(entry)) for entry in entries]
    found += [((time.start, position[time.practitioner_id]), proposed(time)) for time in held]
    return [drawn for _, drawn in sorted(found, key=itemgetter(0))]


def notes(closed: Iterable[Closed], away: Iterable[Away], directory: Directory, practice: Practice) -> list[Note]:
    """Closures, and then time off."""
    found = [
        Note(f"{one.day}T00:00:00", f"{one.day + timedelta(days=1)}T00:00:00", True, "", f"Closed: {one.name}")
        for one in closed
    ]
    for absence in away:
        practitioner = directory.practitioners[absence.practitioner_id]
        whole = absence.start.time() == MIDNIGHT == absence.end.time()
        words = f"{practitioner.name} off" + ("" if whole else f" {_span(absence, practice)}")
        found.append(
            Note(
                absence.start.isoformat(timespec="seconds"),
                absence.end.isoformat(timespec="seconds"),
                whole,
                practitioner.slug,
                f"{words}: {absence.note}" if absence.note else words,
            )
        )
    return found


def _span(absence: Away, practice: Practice) -> str:
    start, end = (wall.replace(tzinfo=ZoneInfo(practice.timezone)) for wall in (absence.start, absence.end))
    zone, locale = practice.timezone, practice.staff_locale
    if absence.start.date() == absence.end.date():
        return moments.span(start, end, zone, locale)
    return f"from {i18n.brief_time(start, zone, locale)} until {i18n.brief_time(end, zone, locale)}"
