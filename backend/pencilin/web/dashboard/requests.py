"""The requests: every tentative appointment, the most urgent first, with how long it has waited and still may."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from starlette.responses import Response

from pencilin import i18n, review
from pencilin.models import Practice
from pencilin.review import Hints, RequestRow
from pencilin.web.dashboard import moments
from pencilin.web.dashboard.shell import show
from pencilin.web.security import StaffCall


@dataclass(frozen=True, slots=True)
class Listed:
    """One request as the list shows it; times in words. ``dial`` is the typed phone, as a phone dials it."""

    id: str
    revision: int
    url: str
    name: str
    phone: str
    dial: str
    booked_by: str | None
    service: str
    practitioner: str
    location: str
    time: str
    zone: str
    waiting: str
    due: str
    urgent: bool
    linked: bool
    suggested: str | None
    is_known: bool
    next_visit: str
    others: str


@dataclass(frozen=True, slots=True)
class Declining:
    """What was entered to decline several, and what is wrong with it."""

    chosen: frozenset[str] = frozenset()
    reason: str = ""
    message: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


def requests(call: StaffCall) -> Response:
    """``GET /requests``"""
    return requests_page(call)


def requests_page(call: StaffCall, declining: Declining | None = None) -> Response:
    """The list; with ``declining``, what an attempt to decline several met."""
    now = call.server.database.clock()
    with call.server.database.read() as session:
        rows = review.requests(session, call.staff, now)
        known = review.hints(session, call.staff, rows, now)
    listed = [_listed(row, known[row.appointment_id], call.practice, now) for row in rows]
    return show(
        call,
        "requests.html",
        "requests",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if declining else HTTPStatus.OK,
        requests=listed,
        likely=sum(1 for one in listed if one.suggested and not one.linked),
        declining=declining or Declining(),
        reasons=review.DECLINE_REASONS,
    )


def _listed(row: RequestRow, known: Hints, practice: Practice, now: datetime) -> Listed:
    locale = practice.staff_locale
    visit = known.next_visit
    return Listed(
        id=row.appointment_id,
        revision=row.revision,
        url=f"/appointments/{row.appointment_id}",
        name=row.name,
        phone=row.phone,
        dial="".join(one for one in row.phone if one.isdigit() or one == "+"),
        booked_by=row.booked_by,
        service=row.service,
        practitioner=row.practitioner,
        location=row.location,
        time=i18n.brief_time(row.start, row.timezone, locale),
        zone="" if row.timezone == practice.timezone else i18n.zone_city(row.timezone, locale),
        waiting=_waiting(row, practice, now),
        due=f"{'Starts' if row.start <= row.answer_due else 'Answer due'} {moments.due(row.answer_due, now)}",
        urgent=row.due_soon,
        linked=row.linked,
        suggested=known.suggested,
        is_known=known.is_known,
        next_visit=f"{i18n.brief_time(visit.start, visit.timezone, locale)} · {visit.service}" if visit else "",
        others="" if not known.others else _others(known.others),
    )


def _waiting(row: RequestRow, practice: Practice, now: datetime) -> str:
    if row.proposed_until:
        until = i18n.brief_time(row.proposed_until, practice.timezone, practice.staff_locale)
        return f"Waiting for the client until {until}"
    return f"Waits {moments.length(now - row.created_at)}"


def _others(count: int) -> str:
    return "1 more request from this contact" if count == 1 else f"{count} more requests from this contact"
