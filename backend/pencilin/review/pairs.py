"""*Link and approve N*: every request whose client is very likely known, to be confirmed in one go."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from pencilin import clients
from pencilin.models import BookedBy, Client, Location, Practice, Staff, TentativeClient
from pencilin.review.comparison import Compared, compare
from pencilin.review.decisions import ConfirmTo, approve, must_choose
from pencilin.review.linking import link_existing
from pencilin.review.requests import RequestRow, requests
from pencilin.review.suggestions import Suggested, best_shown, read_asked, typed_of

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
    rows = [row for row in requests(session, staff, now, MOST_PAIRED) if not row.linked]
    read = read_asked(session, practice, [row.appointment_id for row in rows])
    asked = {appointment.id: (typed, by, location) for appointment, typed, by, location in read if typed}
    people = {appointment_id: typed_of(*one) for appointment_id, one in asked.items()}
    best = {
        appointment_id: one
        for appointment_id, one in best_shown(session, staff, practice, people).items()
        if not one.hidden
    }
    wanted = select(Client).where(
        clients.visible_to(staff), col(Client.id).in_([one.client_id for one in best.values()])
    )
    files = {client.id: client for client in session.exec(wanted)}
    return [
        _pair(row, *asked[row.appointment_id], one, files[one.client_id], practice)
        for row in rows
        if (one := best.get(row.appointment_id))
    ]


def _pair(
    row: RequestRow,
    typed: TentativeClient,
    booked_by: BookedBy | None,
    location: Location,
    best: Suggested,
    client: Client,
    practice: Practice,
) -> Pair:
    return Pair(
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
