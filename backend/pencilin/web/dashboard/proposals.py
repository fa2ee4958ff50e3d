"""*Propose another time*: a page of its own, with free times to tick and room for others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin import i18n, review
from pencilin.availability import Slot
from pencilin.errors import Conflict, Invalid, TimeConflicts
from pencilin.practices.checks import YEARS
from pencilin.review import ReviewView, Time
from pencilin.web.dashboard import visit_form
from pencilin.web.dashboard.appointments import do_and_say, revision_of
from pencilin.web.dashboard.edit_page import Refused, edit_page
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.shell import show
from pencilin.web.dashboard.visit_form import VisitForm
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

TYPED = (1, 2, 3)
INCOMPLETE = "Enter both a date and a time, or neither."


@dataclass(frozen=True, slots=True)
class Entered:
    """What was sent and refused, and why, so that none of it is lost. ``typed`` are dates and times by row."""

    ticked: Sequence[str] = ()
    typed: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    message: str = ""
    wrong: Mapping[int, str] = field(default_factory=dict)
    reasons: Sequence[str] = ()
    may_insist: bool = False


def proposal(call: StaffCall) -> Response:
    """``GET /appointments/{appointment}/proposal``."""
    return _page(call, Entered())


def propose(call: StaffCall) -> Response:
    """``POST …/proposal`` with ``times`` ticked, or ``date-1`` and ``time-1`` to 3; ``despite_conflicts``."""
    appointment_id, despite = call.path("appointment"), call.field("despite_conflicts") == "yes"
    entered = Entered(
        [one for one in call.form.getlist("times") if isinstance(one, str)],
        {row: (call.field(f"date-{row}"), call.field(f"time-{row}")) for row in TYPED},
    )
    with call.server.database.read() as session:
        view = review.view(session, call.staff, appointment_id, call.server.database.clock())
    typed, wrong = _typed(entered.typed, view)
    if wrong:
        return _again(call, entered, HTTPStatus.UNPROCESSABLE_ENTITY, Invalid.default, wrong=wrong)
    revision = revision_of(call)

    def work(session: Session, now: datetime) -> None:
        times = [*(_ticked(one) for one in entered.ticked), *typed]
        review.propose(session, call.staff, appointment_id, times, revision, now, despite_conflicts=despite)

    try:
        call.server.database.write(work)
    except TimeConflicts as error:
        message = "Not sent yet: something speaks against this."
        return _again(call, entered, HTTPStatus.CONFLICT, message, reasons=error.reasons, may_insist=not error.blocking)
    except Conflict as error:
        return edit_page(call, status=HTTPStatus.CONFLICT, refused=Refused(str(error)))
    except Invalid as error:
        message = error.fields.get("times", str(error))
        return _again(call, entered, HTTPStatus.UNPROCESSABLE_ENTITY, message)
    words = f"The client is asked by email in {review.UNDO_SECONDS} s."
    undo = Undo(f"/appointments/{appointment_id}/proposal/removal", {"revision": str(revision + 1)})
    return say(call, see_other(f"/appointments/{appointment_id}"), words, undo)


def withdraw(call: StaffCall) -> Response:
    """``POST …/proposal/removal``: the times are free again."""

    def work(session: Session, now: datetime) -> None:
        review.withdraw(session, call.staff, call.path("appointment"), revision_of(call), now)

    return do_and_say(call, work, "The other times are withdrawn, and free again.")


def _again(call: StaffCall, entered: Entered, status: int, message: str, **why: object) -> Response:
    return _page(call, replace(entered, message=message, **why), status)  # type: ignore[arg-type]


def _page(call: StaffCall, entered: Entered, status: int = 200) -> Response:
    now = call.server.database.clock()
    with call.server.database.read() as session:
        view = review.view(session, call.staff, call.path("appointment"), now)
        if not view.may_propose:
            return see_other(f"/appointments/{view.appointment.id}")
        slots = review.suggestions(session, call.staff, view.appointment.id, now)
    appointment, locale = view.appointment, call.practice.staff_locale
    offered = {_value(one): one for one in slots}
    return show(
        call,
        "proposal.html",
        "requests",
        status=status,
        view=view,
        entered=entered,
        times=[(value, *_told(one, view, locale)) for value, one in offered.items()],
        typed=TYPED,
        when=i18n.full_time(appointment.start, appointment.timezone, locale),
        zone=i18n.zone_name(appointment.start, appointment.timezone, locale),
    )


def _value(slot: Slot) -> str:
    return f"{slot.start.isoformat()} {slot.practitioners[0].id} {slot.location.id}"


def _told(slot: Slot, view: ReviewView, locale: str) -> tuple[str, str]:
    """Date and time; then what is different from what was asked for."""
    other = [
        f"with {slot.practitioners[0].name}" if slot.practitioners[0].id != view.practitioner.id else "",
        f"at {slot.location.name}" if slot.location.id != view.location.id else "",
    ]
    return i18n.brief_time(slot.start, slot.location.timezone, locale), " ".join(filter(None, other))


def _ticked(value: str) -> Time:
    start, _, rest = value.partition(" ")
    practitioner, _, location = rest.partition(" ")
    try:
        instant = datetime.fromisoformat(start)
    except ValueError:
        instant = None
    is_meant = instant is not None and instant.tzinfo is not None and instant.year in YEARS
    if instant is None or not is_meant or not (practitioner.isalnum() and location.isalnum()):
        raise Invalid({"times": "Choose times of the list, or enter others."})
    return Time(instant.astimezone(UTC), practitioner, location)


def _typed(rows: Mapping[int, tuple[str, str]], view: ReviewView) -> tuple[list[Time], dict[int, str]]:
    """The times that were typed, by the clock of the appointment's location; and what is wrong with which row."""
    appointment, times, wrong = view.appointment, [], {}
    for row, (day, clock) in rows.items():
        if not day and not clock:
            continue
        form = VisitForm(
            appointment.service_id, appointment.practitioner_id, appointment.location_id, day, clock, minutes=""
        )
        try:
            start = visit_form.read(form, view).start
        except Invalid as error:
            wrong[row] = INCOMPLETE if not (day and clock) else " ".join(error.fields.values())
        else:
            times.append(Time(start, appointment.practitioner_id, appointment.location_id))
    return times, wrong
