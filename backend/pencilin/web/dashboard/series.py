"""*Cancel this and the later ones*: which those are is shown first, and one *Undo* takes all of them back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin import review
from pencilin.errors import Conflict, Invalid
from pencilin.web.dashboard.appointments import change
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.series_shown import lines
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall


def later_cancellation(call: StaffCall) -> Response:
    """``GET /appointments/{appointment}/later-cancellation``: which would be cancelled, and whether a mail goes out."""
    return _page(call)


def cancel_later(call: StaffCall) -> Response:
    """``POST …/later-cancellation`` with ``which``; perhaps a ``message``; ``silent`` for no mail."""
    appointment_id, shown = call.path("appointment"), _shown(call)
    message, tell = call.field("message"), call.field("silent") != "yes"

    def work(session: Session, now: datetime) -> bool:
        told = tell and _has_address(session, call, shown)
        review.cancel_series(session, call.staff, appointment_id, shown, message, now, tell=tell)
        return told

    try:
        told = call.server.database.write(work)
    except Conflict as error:
        return _page(call, HTTPStatus.CONFLICT, str(error))
    except Invalid as error:
        return _page(call, HTTPStatus.UNPROCESSABLE_ENTITY, str(error), error.fields)
    words = f"{_count(len(shown))} cancelled." + (
        f" The client will be emailed in {review.UNDO_SECONDS} s." if told else ""
    )
    which = ",".join(f"{one}.{revision + 1}" for one, revision in shown.items())
    undo = Undo(f"/appointments/{appointment_id}/restoration", {"which": which}, "Undo all")
    return say(call, see_other(f"/appointments/{appointment_id}"), words, undo)


def restore(call: StaffCall) -> Response:
    """``POST …/restoration`` with ``which``: they take place after all, and nobody is told."""
    appointment_id, shown = call.path("appointment"), _shown(call)
    done = change(call, lambda session, now: review.restore_series(session, call.staff, appointment_id, shown, now))
    if done.status_code != HTTPStatus.SEE_OTHER:
        return done
    return say(call, done, f"{_count(len(shown))} back in the calendar.")


def _page(
    call: StaffCall, status: int = HTTPStatus.OK, refused: str = "", wrong: Mapping[str, str] | None = None
) -> Response:
    now = call.server.database.clock()
    with call.server.database.read() as session:
        view = review.view(session, call.staff, call.path("appointment"), now)
        series = view.series
        if series is None or not series.has_later:
            back = see_other(f"/appointments/{view.appointment.id}")
            return say(call, back, refused) if refused else back
        tells = _has_address(session, call, [one.appointment_id for one in series.to_cancel])
    return show(
        call,
        "later_cancellation.html",
        "calendar",
        status=status,
        view=view,
        refused=refused,
        wrong=wrong or {},
        message=call.field("message"),
        silent=call.field("silent") == "yes",
        tells=tells,
        begins_with_this=any(one.this for one in series.to_cancel),
        to_cancel=lines(series.to_cancel, call.practice),
        waiting=lines(series.waiting, call.practice),
    )


def _has_address(session: Session, call: StaffCall, ids: Iterable[str]) -> bool:
    return any(review.whom_to_tell(session, review.find(session, call.staff, one)) for one in ids)


def _shown(call: StaffCall) -> dict[str, int]:
    """Which appointments the form is about, with the revisions that it showed: *ID.REVISION*, with commas between.

    None of a form that doesn't say so as it should.
    """
    pairs = [one.partition(".") for one in call.field("which").split(",")]
    if not all(number.isascii() and number.isdigit() and len(number) < 10 for _, _, number in pairs):
        return {}
    return {one: int(number) for one, _, number in pairs}


def _count(number: int) -> str:
    return "1 appointment is" if number == 1 else f"{number} appointments are"
