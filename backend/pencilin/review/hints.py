"""What helps to decide on a request without opening it: who it is very likely from, and what else they have here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from pencilin.models import Appointment, Practice, Service, Staff, TentativeClient
from pencilin.review.access import visible_to
from pencilin.review.requests import RequestRow
from pencilin.review.suggestions import best_shown, read_asked, typed_of
from pencilin.rules.matching import Typed, normal_email, normal_phone
from pencilin.rules.states import Status

# Matching is computed when staff look: for as many as they look at first.
MOST_MATCHED = 60


@dataclass(frozen=True, slots=True)
class NextVisit:
    """An approved appointment to come; the start is UTC, ``timezone`` the location's."""

    start: datetime
    timezone: str
    service: str


@dataclass(frozen=True, slots=True)
class Hints:
    """``suggested``: the name of the client who is very likely the booker, if the reader may see the file and none is
    linked yet; ``is_known``: there is one, whom the reader may not see. ``next_visit`` is that client's, or the linked
    one's; ``others``: how many other open requests came from the same email or phone.
    """

    suggested: str | None = None
    is_known: bool = False
    next_visit: NextVisit | None = None
    others: int = 0


def hints(session: Session, staff: Staff, rows: Sequence[RequestRow], now: datetime) -> dict[str, Hints]:
    """By appointment; only as far as the staff member may see files and appointments."""
    practice = session.get_one(Practice, staff.practice_id)
    asked: dict[str, Typed] = {}
    clients: dict[str, str] = {}
    shown = [row.appointment_id for row in rows[:MOST_MATCHED]]
    for appointment, typed, booked_by, location in read_asked(session, practice, shown):
        if appointment.client_id is not None:
            clients[appointment.id] = appointment.client_id
        elif typed is not None:
            asked[appointment.id] = typed_of(typed, booked_by, location)
    found = best_shown(session, staff, practice, asked)
    clients |= {appointment_id: best.client_id for appointment_id, best in found.items() if not best.hidden}
    visits = _next_visits(session, staff, set(clients.values()), now)
    others = _others(session, practice, rows)
    return {
        row.appointment_id: Hints(
            best.name if (best := found.get(row.appointment_id)) else None,
            best is not None,
            visits.get(clients.get(row.appointment_id, "")),
            others[row.appointment_id],
        )
        for row in rows
    }


def _next_visits(session: Session, staff: Staff, client_ids: set[str], now: datetime) -> dict[str, NextVisit]:
    rows = session.exec(
        select(Appointment, Service.name)
        .where(
            visible_to(staff),
            col(Appointment.client_id).in_(client_ids),
            Appointment.status == Status.APPROVED,
            Appointment.start > now,
            Service.practice_id == Appointment.practice_id,
            Service.id == Appointment.service_id,
        )
        .order_by(col(Appointment.start).desc())
    )
    # The earliest comes last, and stays.
    return {one.client_id: NextVisit(one.start, one.timezone, service) for one, service in rows if one.client_id}


def _others(session: Session, practice: Practice, rows: Sequence[RequestRow]) -> dict[str, int]:
    """How many of the other requests share a typed email or phone with each."""
    typed = session.exec(
        select(TentativeClient).where(
            TentativeClient.practice_id == practice.id,
            col(TentativeClient.appointment_id).in_([row.appointment_id for row in rows]),
        )
    ).all()
    contacts = {
        one.appointment_id: {normal_email(one.email), normal_phone(one.phone, practice.country)} - {None}
        for one in typed
    }
    once = Counter(contact for own in contacts.values() for contact in own)
    shared = {contact for contact, count in once.items() if count > 1}
    counts = dict.fromkeys((row.appointment_id for row in rows), 0)
    for one, own in contacts.items():
        if own & shared:
            counts[one] = sum(1 for other, theirs in contacts.items() if other != one and own & theirs)
    return counts
