"""Moving an appointment, or changing its length, as the calendar's script does: asked and answered in JSON."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from sqlmodel import Session
from starlette.responses import Response

from pencilin import i18n, review
from pencilin.catalogue import read_catalogue
from pencilin.conflicts import Insist
from pencilin.errors import Invalid, TimeConflicts
from pencilin.models import Appointment, Location, Practitioner
from pencilin.practices.checks import YEARS
from pencilin.review import Change, ReviewView
from pencilin.rules.states import Status
from pencilin.web.dashboard import moments
from pencilin.web.dashboard.appointments import insisting
from pencilin.web.http import answer
from pencilin.web.security import StaffCall


def move(call: StaffCall) -> Response:
    """``POST /appointments/{appointment}/time``: ``start`` (wall time in the practice's zone, or with an offset),
    ``minutes``, ``practitioner`` (slug) and ``revision``; what is left out stays.

    ``despite_conflicts`` after a warning; ``back_to``, a revision, for *Undo*. Answers what was done, what undoes it.
    """
    appointment_id = call.path("appointment")
    back_to = call.field("back_to")

    def work(session: Session, now: datetime) -> dict[str, object]:
        before = review.view(session, call.staff, appointment_id, now)
        revision, change = _number(call, "revision"), _read(session, call, before)
        earlier = review.as_it_is(before.appointment)
        review.change(
            session,
            call.staff,
            appointment_id,
            change,
            revision,
            now,
            insist=insisting(call),
            back_to=_number(call, "back_to") if back_to else None,
        )
        appointment = review.find(session, call.staff, appointment_id)
        return {
            "words": _words(session, call, appointment, earlier),
            "revision": appointment.revision,
            "undo": {
                "start": earlier.start.isoformat(),
                "minutes": earlier.minutes,
                "practitioner": before.practitioner.slug,
                "revision": appointment.revision,
                "back_to": revision,
                "despite_conflicts": Insist.OVERBOOK if before.overbooked else Insist.REASONS,
            },
        }

    try:
        return answer(call.server.database.write(work))
    except TimeConflicts as error:
        told = {"conflicts": error.reasons, "may_insist": not error.blocking, "overlap": error.overlap}
        return answer({"code": error.code, "detail": str(error), **told}, HTTPStatus.CONFLICT)


def _read(session: Session, call: StaffCall, view: ReviewView) -> Change:
    change = review.as_it_is(view.appointment)
    start, minutes, slug = call.field("start"), call.field("minutes"), call.field("practitioner")
    if start:
        change = replace(change, start=_instant(start, call.practice.timezone))
    if minutes:
        change = replace(change, minutes=_number(call, "minutes"))
    if slug and slug != view.practitioner.slug:
        who = read_catalogue(session, call.practice).practitioner(slug)
        if who is None:
            raise Invalid({"practitioner": "There is no such practitioner here."})
        change = replace(change, practitioner_id=who.id)
    return change


def _instant(text: str, zone: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
        if start.year not in YEARS:
            raise ValueError
    except ValueError:
        raise Invalid({"start": "Choose a date and time."}) from None
    there = start if start.tzinfo else start.replace(tzinfo=ZoneInfo(zone))
    wall = datetime.fromtimestamp(there.timestamp(), ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    if not start.tzinfo and wall != start.replace(fold=0):
        wrong = "The clocks are put forward over this time, so it doesn’t exist on this day."
        raise Invalid({"start": wrong}, wrong)
    return there


def _number(call: StaffCall, name: str) -> int:
    sent = call.field(name)
    if not (sent.isascii() and sent.isdigit() and len(sent) < 10):
        raise Invalid({name: "Send a number."}, "The request was incomplete, so nothing was changed. Reload the page.")
    return int(sent)


def _words(session: Session, call: StaffCall, appointment: Appointment, earlier: Change) -> str:
    """*Moved to Tue, Nov 24, 11:30 AM (10:30 AM, Chicago time), with Ben Osei. The client is emailed in 20 s.*

    The times are those of the calendar that it was moved in.
    """
    locale, zone = call.practice.staff_locale, call.practice.timezone
    key = appointment.practice_id
    if appointment.start == earlier.start and appointment.practitioner_id == earlier.practitioner_id:
        words = f"Now {moments.span(appointment.start, appointment.end, zone, locale)}"
    else:
        words = f"Moved to {i18n.brief_time(appointment.start, zone, locale)}"
        location = session.get_one(Location, (key, appointment.location_id))
        if there := moments.elsewhere(appointment.start, location.timezone, zone, locale):
            words += f" ({there})"
        if appointment.practitioner_id != earlier.practitioner_id:
            words += f", with {session.get_one(Practitioner, (key, appointment.practitioner_id)).name}"
    if appointment.status == Status.APPROVED and review.is_to_be_told(session, appointment):
        words += f". The client is emailed in {review.UNDO_SECONDS} s"
    return f"{words}."
