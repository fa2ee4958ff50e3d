"""The one search box of every page: clients and appointments. What is searched for is posted, and stays out of
addresses.
"""

from dataclasses import dataclass

from starlette.responses import Response

from pencilin import clients as files
from pencilin import i18n, review
from pencilin.models import Practice
from pencilin.review import FoundAppointment
from pencilin.rules.states import Status
from pencilin.web.dashboard.clients import about, full_name
from pencilin.web.dashboard.shell import show
from pencilin.web.security import StaffCall

MOST_CLIENTS = 20
STATUS_WORDS = {
    Status.TENTATIVE: "Tentative",
    Status.APPROVED: "Approved",
    Status.DECLINED: "Declined",
    Status.CANCELLED: "Cancelled",
    Status.EXPIRED: "Expired",
    Status.COMPLETED: "Completed",
    Status.NO_SHOW: "No-show",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One appointment as the results show it; the time in words, with its year."""

    url: str
    name: str
    what: str
    time: str
    status: Status
    status_words: str
    reference: str


def search(call: StaffCall) -> Response:
    """``GET /search``: the box alone; ``POST /search`` with ``q``: the clients and appointments that fit."""
    text = call.field("q")
    now = call.server.database.clock()
    with call.server.database.read() as session:
        found = files.search(session, call.staff, text, MOST_CLIENTS) if text else []
        ids = [one.id for one in found]
        hits = review.find_appointments(session, call.staff, text, ids, now) if text else []
    return show(
        call,
        "search.html",
        "search",
        text=text,
        clients=[(one.id, full_name(one), about(one, call.practice)) for one in found],
        coming=[_hit(one, call.practice) for one in hits if one.start >= now],
        past=[_hit(one, call.practice) for one in hits if one.start < now],
    )


def _hit(one: FoundAppointment, practice: Practice) -> Hit:
    time = i18n.brief_time(one.start, one.timezone, practice.staff_locale)
    return Hit(
        f"/appointments/{one.appointment_id}",
        one.name,
        f"{one.service} · {one.practitioner} · {one.location}",
        f"{time}, {one.start.year}",
        one.status,
        STATUS_WORDS[one.status],
        one.reference,
    )
