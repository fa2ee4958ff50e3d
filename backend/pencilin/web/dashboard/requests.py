"""The requests: every tentative appointment, the most urgent first, with how long it has waited and still may."""

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from pencilin import i18n, review
from pencilin.models import Practice
from pencilin.review import RequestRow
from pencilin.web.dashboard import moments
from pencilin.web.dashboard.shell import show
from pencilin.web.security import StaffCall


@dataclass(frozen=True, slots=True)
class Listed:
    """One request as the list shows it; times in words."""

    url: str
    name: str
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


def requests(call: StaffCall) -> Response:
    """``GET /requests``"""
    now = call.server.database.clock()
    with call.server.database.read() as session:
        rows = review.requests(session, call.staff, now)
    return show(call, "requests.html", "requests", requests=[_listed(row, call.practice, now) for row in rows])


def _listed(row: RequestRow, practice: Practice, now: datetime) -> Listed:
    return Listed(
        url=f"/appointments/{row.appointment_id}",
        name=row.name,
        booked_by=row.booked_by,
        service=row.service,
        practitioner=row.practitioner,
        location=row.location,
        time=i18n.brief_time(row.start, row.timezone, practice.staff_locale),
        zone="" if row.timezone == practice.timezone else i18n.zone_city(row.timezone, practice.staff_locale),
        waiting=moments.length(now - row.created_at),
        due=f"{'Starts' if row.start <= row.answer_due else 'Answer due'} {moments.due(row.answer_due, now)}",
        urgent=row.due_soon,
        linked=row.linked,
    )
