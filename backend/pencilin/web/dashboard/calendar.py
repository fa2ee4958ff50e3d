"""The calendar: its page, which lists the period without scripts, the feed that scripts draw it from, and on paper."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session
from starlette.responses import Response

from pencilin import agenda, attendance, i18n, review
from pencilin.directory import Directory, Named, current, read_directory
from pencilin.errors import Invalid
from pencilin.models import Practice, Staff
from pencilin.web.dashboard import moments
from pencilin.web.dashboard.calendar_asked import Asked, read_asked, read_date
from pencilin.web.dashboard.calendar_shown import Note, Shown, notes, shown
from pencilin.web.dashboard.period import VIEWS, Period, View, period
from pencilin.web.dashboard.shell import show
from pencilin.web.http import answer, page
from pencilin.web.security import StaffCall

# Left out of a week, and of a month on a phone, when nobody works then and nothing is booked: more room for the days
# that matter.
WEEKEND = (5, 6)
SPARING: tuple[View, ...] = ("week", "month")

# More than the six weeks that a month's grid shows; and how many have room for hours of the day.
LONGEST_FEED = 62
WITH_HOURS = 7


@dataclass(frozen=True, slots=True)
class Waiting:
    """What stands above the calendar: how much waits for a decision, and for how long the oldest has."""

    waiting: int
    text: str
    oldest: str


@dataclass(frozen=True, slots=True)
class Day:
    """One date in the list."""

    title: str
    notes: list[Note]
    appointments: list[Shown]


@dataclass(frozen=True, slots=True)
class Listed:
    """A period as a list: the page without scripts, and on paper."""

    asked: Asked
    directory: Directory
    period: Period
    days: list[Day]
    working: set[int]
    waiting: Waiting


def calendar(call: StaffCall) -> Response:
    """``GET /calendar?view=day|week|month|list&date=YYYY-MM-DD``, and ``practitioner``, ``location``, ``service`` by
    their slugs, and ``status``.

    What is left out is the week of the next day on which anybody works, and everybody: on a Saturday nobody wants to
    see the week that was. So is an odd view, date or status, and the page says so. Raises :class:`NotFound` for a slug
    that nobody knows.
    """
    now, zone = call.server.database.clock(), call.practice.timezone
    locale = call.practice.staff_locale
    listed = _listed(call)
    asked, shown_now = listed.asked, listed.period
    view, day = shown_now.view, shown_now.day
    elsewhere = [one for one in current(listed.directory.locations) if _differs(one.detail, zone, now)]
    return show(
        call,
        "calendar.html",
        "calendar",
        notice=listed.waiting,
        odd=asked.odd,
        period=shown_now,
        is_chosen="view" in call.request.query_params,
        days=listed.days,
        tabs=[(one, asked.address(one, day)) for one in VIEWS],
        previous=asked.address(view, shown_now.previous),
        following=asked.address(view, shown_now.following),
        today=asked.address(view, moments.day_in(now, zone)),
        everything=asked.address(view, day, filtered=False),
        on_paper=asked.address(view, day, "/calendar/print"),
        choices=asked.choices(listed.directory, call.staff),
        filtered_by=asked.in_words if agenda.own_practitioner(call.staff) is None else asked.in_words[1:],
        query=asked.address(view, day).partition("?")[2],
        zone=i18n.zone_name(now, zone, locale),
        elsewhere=[(one.name, i18n.zone_name(now, one.detail, locale)) for one in elsewhere],
        free_days=sorted((day + 1) % 7 for day in WEEKEND if day not in listed.working) if view in SPARING else [],
        locale=i18n.language_tag(locale),
        offset=now.astimezone(ZoneInfo(zone)).isoformat()[-6:],
    )


def on_paper(call: StaffCall) -> Response:
    """``GET /calendar/print``, asked as the calendar is: the same period as a list for printing."""
    now, practice = call.server.database.clock(), call.practice
    listed = _listed(call)
    return page(
        call,
        "dashboard/calendar_print.html",
        practice=practice.name,
        period=listed.period,
        filtered_by=listed.asked.in_words,
        days=listed.days,
        back=listed.asked.address(listed.period.view, listed.period.day),
        zone=i18n.zone_name(now, practice.timezone, practice.staff_locale),
        printed=i18n.brief_time(now, practice.timezone, practice.staff_locale),
    )


def events(call: StaffCall) -> Response:
    """``GET /calendar/events?start=YYYY-MM-DD&end=YYYY-MM-DD``, dates in the practice's zone, and what the page takes.

    In the day view, each practitioner's closed hours are told apart. ``lapses``: seconds until a time that is proposed
    stops being so, of which nothing else tells. Raises :class:`Invalid` unless ``end`` is a date
    after ``start``, at most 62 days later, and :class:`NotFound` as the page does.
    """
    params = call.request.query_params
    start, end = read_date(params.get("start")), read_date(params.get("end"))
    if start is None or end is None or not 0 < (end - start).days <= LONGEST_FEED:
        raise Invalid(
            {"start": "a date like 2026-11-24", "end": f"a date after start, at most {LONGEST_FEED} days later"}
        )
    now, practice, days = call.server.database.clock(), call.practice, (end - start).days
    with call.server.database.read() as session:
        directory = read_directory(session, practice)
        asked = read_asked(params, directory, call.staff)
        entries = agenda.entries(session, practice, call.staff, start, days, asked.wanted)
        held = agenda.held(session, practice, call.staff, start, days, now, asked.wanted)
        present = _present(asked, directory, call.staff)
        told = _notes(session, practice, directory, present, start, days)
        hours = None
        if days <= WITH_HOURS:
            places = [asked.location] if asked.location else current(directory.locations)
            ids = [one.id for one in present]
            each = asked.view == "day"
            hours = attendance.closed_hours(session, practice, ids, places, start, days, each=each)
        waiting = _waiting(session, call.staff, now)
    booked = {entry.practitioner_id for entry in entries} | {one.practitioner_id for one in held}
    columns = [one for one in directory.practitioners.values() if one in present or one.id in booked]
    slugs = {one.id: one.slug for one in columns}
    return answer(
        {
            "waiting": waiting.waiting,
            "notice": waiting.text,
            "oldest": waiting.oldest,
            "lapses": min((round((one.expires_at - now).total_seconds()) for one in held), default=None),
            "columns": [{"id": one.slug, "title": one.name} for one in columns],
            "closed": [
                {"column": slugs.get(who or "", ""), "start": since.isoformat(), "end": until.isoformat()}
                for who, since, until in (hours.closed if hours else ())
            ],
            "opens": _clock(hours.opens if hours else None),
            "closes": _clock(hours.closes if hours else None),
            "notes": told,
            "events": shown(entries, held, directory, practice),
        }
    )


def _listed(call: StaffCall) -> Listed:
    practice, now = call.practice, call.server.database.clock()
    with call.server.database.read() as session:
        directory = read_directory(session, practice)
        asked = read_asked(call.request.query_params, directory, call.staff)
        today = moments.day_in(now, practice.timezone)
        day = asked.day or attendance.next_working_day(session, practice, today)
        stretch = period(asked.view, day, practice.staff_locale)
        entries = agenda.entries(session, practice, call.staff, stretch.first, stretch.days, asked.wanted)
        held = agenda.held(session, practice, call.staff, stretch.first, stretch.days, now, asked.wanted)
        present = _present(asked, directory, call.staff)
        told = _notes(session, practice, directory, present, stretch.first, stretch.days)
        working = attendance.working_weekdays(session, practice, stretch.first, stretch.days)
        waiting = _waiting(session, call.staff, now)
    days = _by_day(stretch, shown(entries, held, directory, practice), told, practice.staff_locale)
    return Listed(asked, directory, stretch, days, working, waiting)


def _present(asked: Asked, directory: Directory, staff: Staff) -> list[Named]:
    """Whose hours and time off are shown."""
    if asked.practitioner:
        return [asked.practitioner]
    return current(directory.practitioners) if agenda.own_practitioner(staff) is None else []


def _notes(
    session: Session, practice: Practice, directory: Directory, present: list[Named], first: date, days: int
) -> list[Note]:
    closed = attendance.closures(session, practice, first, days)
    away = attendance.time_off(session, practice, [one.id for one in present], first, days)
    return notes(closed, away, directory, practice)


def _by_day(stretch: Period, appointments: list[Shown], told: list[Note], locale: str) -> list[Day]:
    """The dates on which anything is."""
    by_date: dict[str, list[Shown]] = {}
    for one in appointments:
        by_date.setdefault(one["start"][:10], []).append(one)
    dates = sorted({*by_date, *(str(stretch.first + timedelta(days=number)) for number in range(stretch.days))})
    days = [
        Day(
            i18n.full_date(date.fromisoformat(day), locale),
            [note for note in told if note.touches(day)],
            by_date.get(day, []),
        )
        for day in dates
    ]
    return [day for day in days if day.notes or day.appointments]


def _waiting(session: Session, staff: Staff, now: datetime) -> Waiting:
    waiting, since = review.waiting(session, staff)
    return Waiting(
        waiting,
        f"{waiting} tentative appointment{'' if waiting == 1 else 's'} to review",
        f"oldest waits {moments.length(now - since)}" if since else "all is decided",
    )


def _differs(zone: str, here: str, now: datetime) -> bool:
    return now.astimezone(ZoneInfo(zone)).utcoffset() != now.astimezone(ZoneInfo(here)).utcoffset()


def _clock(at: time | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
