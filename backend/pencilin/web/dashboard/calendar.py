"""The calendar: its page, which lists the period without scripts, and the feed that scripts draw it from."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlmodel import Session
from starlette.responses import Response

from pencilin import agenda, i18n, review
from pencilin.agenda import Entry
from pencilin.catalogue import Catalogue, read_catalogue
from pencilin.errors import Invalid, NotFound
from pencilin.models import Practice, Role, Staff
from pencilin.rules.states import Status
from pencilin.web.dashboard import moments
from pencilin.web.dashboard.period import VIEWS, View, period, view_named
from pencilin.web.dashboard.shell import show
from pencilin.web.http import answer
from pencilin.web.security import StaffCall

# Left out of a week when nobody works then and nothing is booked: more room for the days that matter.
WEEKEND = (5, 6)

# More than the six weeks that a month's grid shows.
LONGEST_FEED = 62

STATUS_WORDS = {Status.TENTATIVE: "Tentative", Status.NO_SHOW: "No-show", Status.COMPLETED: "Completed"}


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands above the calendar: how much waits for a decision, and for how long the oldest has."""

    waiting: int
    text: str
    oldest: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One appointment as the calendar draws it; every field of the feed, and nothing else leaves the server.

    ``start`` and ``end`` are wall time in the practice's zone, ``since`` and ``until`` the same in words. ``there`` is
    the time at a location whose clocks differ.
    """

    id: str
    url: str
    start: str
    end: str
    since: str
    until: str
    day: str
    status: str
    label: str
    name: str
    service: str
    practitioner: str
    location: str
    colour: str
    there: str


def calendar(call: StaffCall) -> Response:
    """``GET /calendar?view=day|week|month|list&date=YYYY-MM-DD&practitioner=SLUG``

    What is left out is the week of the next day on which anybody works, and everybody: on a Saturday nobody wants to
    see the week that was. So is an odd view or date, and the page says so. Raises :class:`NotFound` for a practitioner
    whom nobody knows, lest everybody's appointments be taken for theirs.
    """
    asked = call.request.query_params
    now = call.server.database.clock()
    zone = call.practice.timezone
    today = moments.day_in(now, zone)
    view = view_named(asked.get("view", ""))
    day = _date(asked.get("date"))
    odd = []
    if asked.get("view", "") not in ("", view):
        odd.append("This calendar has no such view, so here is the week.")
    if asked.get("date") and day is None:
        odd.append("There is no such date, so here is today.")
    with call.server.database.read() as session:
        shown = period(view, day or agenda.next_working_day(session, call.practice, today), call.practice.staff_locale)
        catalogue = read_catalogue(session, call.practice)
        chosen = _practitioner_id(catalogue, asked.get("practitioner", ""))
        entries = agenda.entries(session, call.practice, call.staff, shown.first, shown.days, chosen)
        working = agenda.working_weekdays(session, call.practice, shown.first, shown.days)
        notice = _notice(session, call.staff, now)

    def address(view: View, day: date | None) -> str:
        query = {"view": view, "date": day.isoformat() if day else "", "practitioner": asked.get("practitioner", "")}
        return "/calendar?" + urlencode({name: value for name, value in query.items() if value})

    return show(
        call,
        "calendar.html",
        "calendar",
        notice=notice,
        odd=odd,
        period=shown,
        is_chosen="view" in asked,
        days=_by_day([_shown(entry, call.practice) for entry in entries]),
        tabs=[(one, address(one, shown.day)) for one in VIEWS],
        previous=address(view, shown.previous),
        following=address(view, shown.following),
        today=address(view, today),
        practitioners=catalogue.practitioners if call.staff.role != Role.PRACTITIONER else (),
        practitioner=asked.get("practitioner", ""),
        zone=i18n.zone_name(now, zone, call.practice.staff_locale),
        free_days=sorted((day + 1) % 7 for day in WEEKEND if day not in working) if view == "week" else [],
        locale=i18n.language_tag(call.practice.staff_locale),
        offset=now.astimezone(ZoneInfo(zone)).isoformat()[-6:],
    )


def events(call: StaffCall) -> Response:
    """``GET /calendar/events?start=YYYY-MM-DD&end=YYYY-MM-DD&practitioner=SLUG``: dates in the practice's zone.

    Raises :class:`Invalid` unless ``end`` is a date after ``start``, at most 62 days later, and :class:`NotFound` for
    a practitioner whom nobody knows.
    """
    asked = call.request.query_params
    start, end = _date(asked.get("start")), _date(asked.get("end"))
    if start is None or end is None or not 0 < (end - start).days <= LONGEST_FEED:
        raise Invalid(
            {"start": "a date like 2026-11-24", "end": f"a date after start, at most {LONGEST_FEED} days later"}
        )
    now = call.server.database.clock()
    with call.server.database.read() as session:
        chosen = _practitioner_id(read_catalogue(session, call.practice), asked.get("practitioner", ""))
        entries = agenda.entries(session, call.practice, call.staff, start, (end - start).days, chosen)
        notice = _notice(session, call.staff, now)
    shown = (_shown(entry, call.practice) for entry in entries)
    return answer(
        {
            "waiting": notice.waiting,
            "notice": notice.text,
            "oldest": notice.oldest,
            "events": [{name: getattr(one, name) for name in Shown.__slots__} for one in shown],
        }
    )


def _notice(session: Session, staff: Staff, now: datetime) -> Notice:
    waiting = review.count_waiting(session, staff)
    since = review.oldest_waiting(session, staff)
    return Notice(
        waiting,
        f"{waiting} tentative appointment{'' if waiting == 1 else 's'} to review",
        f"oldest waits {moments.length(now - since)}" if since else "all is decided",
    )


def _shown(entry: Entry, practice: Practice) -> Shown:
    appointment, locale = entry.appointment, practice.staff_locale
    start = appointment.start.astimezone(ZoneInfo(practice.timezone)).replace(tzinfo=None)
    end = start + (appointment.end - appointment.start)
    there = i18n.clock(appointment.start, appointment.timezone, locale)
    same_clocks = there == i18n.clock(appointment.start, practice.timezone, locale)
    return Shown(
        id=appointment.id,
        url=f"/appointments/{appointment.id}",
        start=start.isoformat(timespec="seconds"),
        end=end.isoformat(timespec="seconds"),
        since=i18n.clock(appointment.start, practice.timezone, locale),
        until=i18n.clock(appointment.end, practice.timezone, locale),
        day=i18n.full_date(start.date(), locale),
        status=appointment.status.value,
        label=STATUS_WORDS.get(appointment.status, ""),
        name=entry.name,
        service=entry.service.name,
        practitioner=entry.practitioner.name,
        location=entry.location.name,
        colour=entry.service.colour or "",
        there="" if same_clocks else f"{there}, {i18n.zone_city(appointment.timezone, locale)}",
    )


def _by_day(shown: list[Shown]) -> dict[str, list[Shown]]:
    days: dict[str, list[Shown]] = {}
    for one in shown:
        days.setdefault(one.day, []).append(one)
    return days


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _practitioner_id(catalogue: Catalogue, slug: str) -> str | None:
    if not slug:
        return None
    found = catalogue.practitioner(slug)
    if found is None:
        raise NotFound("There is no such practitioner here. Choose one in the calendar.")
    return found.id
