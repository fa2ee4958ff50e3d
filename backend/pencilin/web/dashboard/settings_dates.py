"""Settings → Practitioners & hours → Time off and other dates: what departs from one practitioner's usual week."""

from collections.abc import Sequence
from datetime import datetime, time
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin.errors import Invalid
from pencilin.models import Location, Practitioner
from pencilin.practices import absences, hours, overrides, practitioners
from pencilin.practices.upcoming import TouchesAppointments
from pencilin.web.dashboard import editing, moments, other_hours_form, time_off_form, touched
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.settings_practitioners import address, find, show_one
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall


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
        row = absences.find(session, call.staff, who.id, call.path("absence"))
    return _show(call, who, off=editing.shown(time_off_form.as_text(row)), editing_off=row.id)


def save_time_off(call: StaffCall) -> Response:
    """``POST …/{practitioner}/dates/time-off/{absence}``"""
    return _save_time_off(call, call.path("absence"))


def remove_time_off(call: StaffCall) -> Response:
    """``POST …/{practitioner}/dates/time-off/{absence}/removal``"""
    who = find(call)

    def work(session: Session, now: datetime) -> dict[str, str]:
        row = absences.find(session, call.staff, who.id, call.path("absence"))
        fields = time_off_form.as_text(row)
        absences.unblock(session, call.staff, [row.id], now)
        return fields

    undo = Undo(address(who.id, "dates/time-off"), call.server.database.write(work))
    return say(call, see_other(address(who.id, "dates")), "Removed the time off.", undo)


def add_override(call: StaffCall) -> Response:
    """``POST …/{practitioner}/dates/hours``"""
    return _save_override(call, None)


def edit_override(call: StaffCall) -> Response:
    """``GET …/{practitioner}/dates/hours/{override}``"""
    who = find(call)
    with call.server.database.read() as session:
        stored = _stored_override(session, call, who, call.path("override"))
    return _show(call, who, other=editing.shown(stored), editing_other=call.path("override"))


def save_override(call: StaffCall) -> Response:
    """``POST …/{practitioner}/dates/hours/{override}``"""
    return _save_override(call, call.path("override"))


def remove_override(call: StaffCall) -> Response:
    """``POST …/{practitioner}/dates/hours/{override}/removal``"""
    who = find(call)

    def work(session: Session, now: datetime) -> dict[str, str]:
        fields = _stored_override(session, call, who, call.path("override"))
        overrides.remove(session, call.staff, who.id, call.path("override"), touched.seen(call), now)
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
    typed = editing.sent(call, time_off_form.FIELDS)
    seen = touched.seen(call)

    def work(session: Session, now: datetime) -> None:
        practitioners.locked(session, call.staff, who.id)  # before anything is compared
        if row_id:
            stored = time_off_form.as_text(absences.find(session, call.staff, who.id, row_id))
            values = time_off_form.read(editing.merged(call, typed, stored))
            absences.change(session, call.staff, who.id, row_id, values, seen, now)
        else:
            absences.block(session, call.staff, [who.id], time_off_form.read(typed), seen, now)

    try:
        call.server.database.write(work)
    except TouchesAppointments as error:
        lines = touched.lines(call.practice, error)
        form = editing.refused(call, typed, Invalid())
        return _show(call, who, HTTPStatus.CONFLICT, off=form, editing_off=row_id, lines=lines, touching=("off", ""))
    except Invalid as error:
        form = editing.refused(call, typed, time_off_form.at_its_field(error))
        return _show(call, who, HTTPStatus.UNPROCESSABLE_ENTITY, off=form, editing_off=row_id)
    return say(call, see_other(address(who.id, "dates")), "Saved the time off.")


def _save_override(call: StaffCall, row_id: str | None) -> Response:
    who = find(call)
    typed = other_hours_form.without_gaps(editing.sent(call, other_hours_form.FIELDS))
    if call.field("act") == "add":
        return _show(call, who, other=editing.refused(call, typed, Invalid()), editing_other=row_id, added=True)

    def work(session: Session, now: datetime) -> None:
        practitioners.locked(session, call.staff, who.id)  # before anything is compared
        values = editing.merged(call, typed, _stored_override(session, call, who, row_id)) if row_id else typed
        given = other_hours_form.read(values)
        overrides.save(session, call.staff, who.id, row_id, given, touched.seen(call), now)

    try:
        call.server.database.write(work)
    except TouchesAppointments as error:
        lines = touched.lines(call.practice, error)
        form = editing.refused(call, typed, Invalid())
        return _show(
            call, who, HTTPStatus.CONFLICT, other=form, editing_other=row_id, lines=lines, touching=("other", "")
        )
    except Invalid as error:
        form = editing.refused(call, typed, error)
        return _show(call, who, HTTPStatus.UNPROCESSABLE_ENTITY, other=form, editing_other=row_id)
    return say(call, see_other(address(who.id, "dates")), "Saved the hours of that date.")


def _stored_override(session: Session, call: StaffCall, who: Practitioner, row_id: str) -> dict[str, str]:
    """The form's fields. Raises :class:`NotFound`."""
    row = overrides.find(session, call.staff, who.id, row_id)
    slugs = {place.id: slug for slug, place in hours.locations_by_slug(session, call.practice.id).items()}
    where = next(where for one, where in overrides.of(session, call.practice.id, who.id) if one.id == row.id)
    return other_hours_form.as_text(row, where, slugs)


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
    added: bool = False,
) -> Response:
    with call.server.database.read() as session:
        locations = hours.locations_by_slug(session, call.practice.id)
        away = absences.of(session, call.practice.id, who.id)
        others = overrides.of(session, call.practice.id, who.id)
    today = moments.day_in(call.server.database.clock(), call.practice.timezone)
    midnight = datetime.combine(today, time())
    locale = call.practice.staff_locale
    names = {place.id: place.name for place in locations.values()}
    other = other or editing.shown(dict.fromkeys(other_hours_form.FIELDS, ""))
    openings = other_hours_form.openings(other.values)
    return show_one(
        call,
        "dates.html",
        who,
        "dates",
        status=status,
        off=off or editing.shown(dict.fromkeys(time_off_form.FIELDS, "")),
        other=other,
        openings=[*openings, ("", "")] if added or not openings else openings,
        added=added,
        editing_off=editing_off,
        editing_other=editing_other,
        lines=lines,
        touching=touching,
        away=[(row, time_off_form.in_words(row, locale)) for row in away if row.end > midnight],
        away_before=[(row, time_off_form.in_words(row, locale)) for row in reversed(away) if row.end <= midnight],
        others=[
            (row, other_hours_form.in_words(row, where, names, locale)) for row, where in others if row.date >= today
        ],
        others_before=[
            (row, other_hours_form.in_words(row, where, names, locale))
            for row, where in reversed(others)
            if row.date < today
        ],
        locations={place.slug: place.name for place in locations.values() if _is_offered(place, other)},
    )


def _is_offered(place: Location, form: editing.Form) -> bool:
    return place.archived_at is None or place.slug in form.values["locations"].split("\n")
