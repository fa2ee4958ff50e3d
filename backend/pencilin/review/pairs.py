"""*Link and approve N*: every request whose client is very likely known, to be confirmed in one go."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from pencilin import clients
from pencilin.models import Appointment, Location, Practice, Staff
from pencilin.review.comparison import Compared, compare
from pencilin.review.decisions import ConfirmTo, approve, must_choose
from pencilin.review.linking import link_existing
from pencilin.review.requests import RequestRow, requests
from pencilin.review.suggestions import find_matches, read_typed, shown_to, typed_of
from pencilin.rules.matching import Confidence

# More than anybody confirms with care at one time.
MOST_PAIRED = 60


@dataclass(frozen=True, slots=True)
class Pair:
    """A request beside the file that is very likely the booker's. ``revision`` is the request's as it was read."""

    request: RequestRow
    client_id: str
    client_name: str
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    rows: tuple[Compared, ...]
    must_choose_address: bool
    filed_email: str | None
    typed_email: str


def pairs(session: Session, staff: Staff, now: datetime) -> list[Pair]:
    """The requests with a very likely client whose file the staff member may see, the most urgent first."""
    practice = session.get_one(Practice, staff.practice_id)
    found = []
    for row in requests(session, staff, now, MOST_PAIRED):
        appointment = session.get_one(Appointment, (practice.id, row.appointment_id))
        typed, booked_by = read_typed(session, appointment)
        if row.linked or typed is None:
            continue
        location = session.get_one(Location, (practice.id, appointment.location_id))
        best, _ = shown_to(session, staff, find_matches(session, practice, typed_of(typed, booked_by, location)))
        if best is None or best.hidden or best.confidence is not Confidence.VERY_LIKELY:
            continue
        client = clients.find(session, staff, best.client_id)
        found.append(
            Pair(
                row,
                client.id,
                f"{client.first_name} {client.last_name}",
                best.agrees,
                best.differs,
                compare(typed, booked_by, client, practice, location),
                must_choose(typed.email, client.email),
                client.email,
                typed.email,
            )
        )
    return found


def link_and_approve(
    session: Session,
    staff: Staff,
    appointment_id: str,
    client_id: str,
    revision: int,
    confirm_to: ConfirmTo | None,
    now: datetime,
) -> None:
    """Links the client, with the evidence of this moment, and approves; both or neither. Raises like the two."""
    link_existing(session, staff, appointment_id, client_id, revision, now)
    approve(session, staff, appointment_id, revision + 1, confirm_to, now)
