"""Settings → Practitioners & hours → Time off and other dates: what departs from one practitioner's usual week."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin import i18n
from pencilin.errors import Invalid
from pencilin.models import Location, Override, Practitioner, TimeOff
from pencilin.practices import absences, hours
from pencilin.practices.stored import clock
from pencilin.practices.upcoming import TouchesAppointments
from pencilin.web.dashboard import editing, moments, touched
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.settings_practitioners import address, find, show_one
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

OFF = ("from_date", "from_time", "until_date", "until_time", "note")
OTHER = ("date", "spans", "locations")
# Keys of the practice file, by the field that shows what is wrong with them.
_OFF_FIELDS = {"start": "from_date", "end": "until_date", "note": "note"}
_MIDNIGHT = time()


def dates_page(call: StaffCall) -> Response:
    """``GET …/{practitioner}/dates``"""
    return _show(call, find(call))


def add_time_off(call: StaffCall) -> Response:
    """``POST …/{practitioner}/dates/time-off``"""
    return _save_time_off(call, None)


def edit_time_off(call: StaffCall) -> Response:
    """``GET …/{practitioner}/dates/time-off/{absence}``"""
    who = find(call)
    with call.server.database.read() as session:
        row = absences.find(session, TimeOff, call.staff, who.id, call.path("absence"))
    return _show(call, who, off=editing.shown(_off_as_text(row)), editing_off=row.id)


def save_time_off(call: StaffCall) -> Response:
    """``POST …/{practitioner}/dates/time-off/{absence}``"""
    return _save_time_off(call, call.path("absence"))


def remove_time_off(call: StaffCall) -> Response:
    """``POST …/{practitioner}/dates/time-off/{absence}/removal``"""
    who = find(call)

    def work(session: Session, now: datetime) -> dict[str, str]:
        row = absences.find(session, TimeOff, call.staff, who.id, call.path("absence"))
        fields = _off_as_text(row)
        absences.remove(session, call.staff, TimeOff, who.id, row.id, touched.seen(call), now)
        return fields

    fields = call.server.database.write(work)
    undo = Undo(address(who.id, "dates/time-off"), fields)
    return say(call, see_other(address(who.id, "dates")), "Removed the time off.", undo)


def add_override(call: StaffCall) -> Response:
    """``POST …/{practitioner}/dates/hours``"""
    return _save_override(call, None)


def edit_override(call: StaffCall) -> Response:
    """``GET …/{practitioner}/dates/hours/{override}``"""
    who = find(call)
    with call.server.database.read() as session:
        absences.find(session, Override, call.staff, who.id, call.path("override"))
        slugs = {place.id: slug for slug, place in hours.locations_by_slug(session, call.practice.id).items()}
        rows = absences.overrides(session, call.practice.id, who.id)
    (stored,) = (_other_as_text(row, where, slugs) for row, where in rows if row.id == call.path("override"))
    return _show(call, who, other=editing.shown(stored), editing_other=call.path("override"))


def save_override(call: StaffCall) -> Response:
    """``POST …/{practitioner}/dates/hours/{override}``"""
    return _save_override(call, call.path("override"))


def remove_override(call: StaffCall) -> Response:
    """``POST …/{practitioner}/dates/hours/{override}/removal``"""
    who = find(call)

    def work(session: Session, now: datetime) -> dict[str, str]:
        slugs = {place.id: slug for slug, place in hours.locations_by_slug(session, call.practice.id).items()}
        row = absences.find(session, Override, call.staff, who.id, call.path("override"))
        where = next(where for one, where in absences.overrides(session, call.practice.id, who.id) if one.id == row.id)
        fields = _other_as_text(row, where, slugs)
        absences.remove(session, call.staff, Override, who.id, row.id, touched.seen(call), now)
        return fields

    try:
        fields = call.server.database.write(work)
    except TouchesAppointments as error:
        action = address(who.id, f"dates/hours/{call.path('override')}/removal")
        lines = touched.lines(call.practice, error)
        return _show(call, who, HTTPStatus.CONFLICT, lines=lines, touching=("removal", action))
    undo = Undo(address(who.id, "dates/hours"), fields)
    return say(call, see_other(address(who.id, "dates")), "Removed: the usual hours hold again.", undo)


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts: to the page it stands on."""
    return see_other(address(find(call).id, "dates"))


def _save_time_off(call: StaffCall, row_id: str | None) -> Response:
    who = find(call)
    typed = editing.sent(call, OFF)

    def work(session: Session, now: datetime) -> None:
        values = typed
        if row_id:
            row = absences.find(session, TimeOff, call.staff, who.id, row_id)
            values = editing.merged(call, typed, _off_as_text(row))
        given = _off_for_file(values)
        absences.save_time_off(session, call.staff, who.id, row_id, given, touched.seen(call), now)

    try:
        call.server.database.write(work)
    except TouchesAppointments as error:
        lines = touched.lines(call.practice, error)
        form = editing.refused(call, typed, Invalid())
        return _show(call, who, HTTPStatus.CONFLICT, off=form, editing_off=row_id, lines=lines, touching=("off", ""))
    except Invalid as error:
        form = editing.refused(call, typed, _renamed(error, _OFF_FIELDS))
        return _show(call, who, HTTPStatus.UNPROCESSABLE_ENTITY, off=form, editing_off=row_id)
    return say(call, see_other(address(who.id, "dates")), "Saved the time off.")


def _save_override(call: StaffCall, row_id: str | None) -> Response:
    who = find(call)
    typed = editing.sent(call, OTHER)

    def work(session: Session, now: datetime) -> None:
        values = typed
        if row_id:
            absences.find(session, Override, call.staff, who.id, row_id)
            slugs = {place.id: slug for slug, place in hours.locations_by_slug(session, call.practice.id).items()}
            rows = absences.overrides(session, call.practice.id, who.id)
            (stored,) = (_other_as_text(row, where, slugs) for row, where in rows if row.id == row_id)
            values = editing.merged(call, typed, stored)
        given = _other_for_file(values)
        absences.save_override(session, call.staff, who.id, row_id, given, touched.seen(call), now)

    try:
        call.server.database.write(work)
    except TouchesAppointments as error:
        lines = touched.lines(call.practice, error)
        form = editing.refused(call, typed, Invalid())
        return _show(
            call, who, HTTPStatus.CONFLICT, other=form, editing_other=row_id, lines=lines, touching=("other", "")
        )
    except Invalid as error:
        form = editing.refused(call, typed, _renamed(error, {"hours": "spans"}))
        return _show(call, who, HTTPStatus.UNPROCESSABLE_ENTITY, other=form, editing_other=row_id)
    return say(call, see_other(address(who.id, "dates")), "Saved the hours of that date.")


def _renamed(error: Invalid, names: Mapping[str, str]) -> Invalid:
    if isinstance(error, editing.Changed):
        return error
    return Invalid({names.get(key, key): reason for key, reason in error.fields.items()})


def _show(
    call: StaffCall,
    who: Practitioner,
    status: int = HTTPStatus.OK,
    *,
    off: editing.Form | None = None,
    other: editing.Form | None = None,
    editing_off: str | None = None,
    editing_other: str | None = None,
    lines: Sequence[touched.Touched] = (),
    touching: tuple[str, str] = ("", ""),
) -> Response:
    with call.server.database.read() as session:
        locations = hours.locations_by_slug(session, call.practice.id)
        away = absences.time_off(session, call.practice.id, who.id)
        others = absences.overrides(session, call.practice.id, who.id)
    today = moments.day_in(call.server.database.clock(), call.practice.timezone)
    midnight = datetime.combine(today, time())
    names = {place.id: place.name for place in locations.values()}
    return show_one(
        call,
        "dates.html",
        who,
        "dates",
        status=status,
        off=off or editing.shown(dict.fromkeys(OFF, "")),
        other=other or editing.shown(dict.fromkeys(OTHER, "")),
        editing_off=editing_off,
        editing_other=editing_other,
        lines=lines,
        touching=touching,
        away=[(row, _off_in_words(call, row)) for row in away if row.end > midnight],
        away_before=[(row, _off_in_words(call, row)) for row in reversed(away) if row.end <= midnight],
        others=[(row, _other_in_words(call, row, where, names)) for row, where in others if row.date >= today],
        others_before=[
            (row, _other_in_words(call, row, where, names)) for row, where in reversed(others) if row.date < today
        ],
        locations={place.slug: place.name for place in locations.values() if _is_offered(place, other)},
    )


def _is_offered(place: Location, form: editing.Form | None) -> bool:
    return place.archived_at is None or bool(form and place.slug in form.values["locations"].split("\n"))


def _off_in_words(call: StaffCall, row: TimeOff) -> str:
    """*Thu, Dec 24, 2026 – Sat, Dec 26, 2026*, with times where it isn't whole days."""
    locale = call.practice.staff_locale
    last = row.end - timedelta(days=1) if row.end.time() == _MIDNIGHT else row.end
    if row.start.time() == row.end.time() == _MIDNIGHT:
        first = i18n.dated_day(row.start.date(), locale)
        return first if row.start.date() == last.date() else f"{first} – {i18n.dated_day(last.date(), locale)}"
    start = f"{i18n.dated_day(row.start.date(), locale)}, {row.start:%H:%M}"
    end = "24:00" if row.end.time() == _MIDNIGHT else f"{row.end:%H:%M}"
    if row.start.date() == last.date():
        return f"{start}–{end}"
    return f"{start} – {i18n.dated_day(last.date(), locale)}, {end}"


def _other_in_words(
    call: StaffCall, row: Override, where: Sequence[str], names: Mapping[str, str]
) -> tuple[str, str, str]:
    spans = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in row.hours)
    places = ", ".join(names[one] for one in where) if row.hours else ""
    return i18n.dated_day(row.date, call.practice.staff_locale), spans or "Not there", places


def _off_as_text(row: TimeOff) -> dict[str, str]:
    """The form's fields: whole days have no times, and their last day is the day before the midnight of the end."""
    ends_at_midnight = row.end.time() == _MIDNIGHT
    last = row.end - timedelta(days=1) if ends_at_midnight else row.end
    return {
        "from_date": row.start.date().isoformat(),
        "from_time": "" if row.start.time() == _MIDNIGHT else f"{row.start:%H:%M}",
        "until_date": last.date().isoformat(),
        "until_time": "" if ends_at_midnight else f"{row.end:%H:%M}",
        "note": row.note or "",
    }


def _off_for_file(values: Mapping[str, str]) -> dict[str, object]:
    wrong: dict[str, str] = {}
    start = _wall_clock(values["from_date"], values["from_time"] or "00:00")
    end = _wall_clock(values["until_date"] or values["from_date"], values["until_time"] or "24:00")
    for prefix, found in (("from", start), ("until", end)):
        if found is None:
            wrong[f"{prefix}_date"] = "Enter a date, and a time like 9:00 if it isn’t the whole day."
    if start and end and end <= start:
        wrong["until_date"] = "This should be later than the start."
    if wrong:
        raise Invalid(wrong)
    return {"start": start, "end": end, "note": values["note"]}


def _wall_clock(day: str, clock_typed: str) -> datetime | None:
    read = hours.read_time(clock_typed)
    try:
        whole = datetime.fromisoformat(day) if len(day) == 10 else None
        if whole and read == "24:00":
            return whole + timedelta(days=1)
        return datetime.combine(whole.date(), time.fromisoformat(read)) if whole else None
    except (ValueError, OverflowError):
        return None


def _other_as_text(row: Override, where: Sequence[str], slugs: Mapping[str, str]) -> dict[str, str]:
    spans = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in row.hours)
    return {"date": row.date.isoformat(), "spans": spans, "locations": "\n".join(slugs[one] for one in where)}


def _other_for_file(values: Mapping[str, str]) -> dict[str, object]:
    """What was typed as the practice file has it. Raises :class:`Invalid` for hours that can't be read."""
    pairs = []
    for span in filter(None, (part.strip() for part in values["spans"].replace(";", ",").split(","))):
        start, _, end = span.replace("–", "-").partition("-")
        pair = [hours.read_time(start.strip()), hours.read_time(end.strip())]
        if not all(one[:2].isdigit() and one[2:3] == ":" for one in pair):
            raise Invalid({"spans": "Enter hours like 10:00–12:00, 14:00–18:00; leave it empty for none."})
        pairs.append(pair)
    if not values["date"]:
        raise Invalid({"date": "Enter a date."})
    locations = [one for one in values["locations"].split("\n") if one]
    return {"date": values["date"], "hours": pairs, "locations": locations}
