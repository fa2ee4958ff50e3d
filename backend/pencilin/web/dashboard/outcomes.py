"""What becomes of an approved appointment, as staff send it from Edit Appointment. *Undo* there takes it back."""

from datetime import datetime

from sqlmodel import Session
from starlette.responses import Response

from pencilin import review
from pencilin.rules.states import Status
from pencilin.web.dashboard.appointments import change, revision_of
from pencilin.web.dashboard.edit_page import Refused
from pencilin.web.security import StaffCall


def cancel(call: StaffCall) -> Response:
    """``POST /appointments/{appointment}/cancellation`` with perhaps a ``message``; ``silent`` for no mail."""
    message, tell = call.field("message"), call.field("silent") != "yes"

    def work(session: Session, now: datetime) -> None:
        review.cancel(session, call.staff, call.path("appointment"), revision_of(call), message, now, tell=tell)

    return change(call, work, entered=Refused("", cancelling=True, decline_message=message))


def complete(call: StaffCall) -> Response:
    """``POST …/completion``: it took place."""
    return _mark(call, Status.COMPLETED)


def note_absence(call: StaffCall) -> Response:
    """``POST …/absence``: nobody came."""
    return _mark(call, Status.NO_SHOW)


def _mark(call: StaffCall, outcome: Status) -> Response:
    return change(
        call,
        lambda session, now: review.mark(
            session, call.staff, call.path("appointment"), outcome, revision_of(call), now
        ),
    )
