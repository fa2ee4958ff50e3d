"""Whom an appointment is for that staff enter: an existing client, or a new one who doesn't have a file yet."""

from datetime import datetime

from sqlmodel import Session, col, select

from pencilin import clients
from pencilin.clients import ClientForm, Details
from pencilin.errors import Conflict, Invalid, MatchExists
from pencilin.models import Appointment, Client, Location, Practice, Staff
from pencilin.review.suggestions import find_matches
from pencilin.rules.matching import Confidence, Typed


def details(
    session: Session,
    staff: Staff,
    practice: Practice,
    location: Location,
    form: ClientForm | None,
    now: datetime,
    *,
    despite_match: bool,
) -> Details | None:
    """The new client's details, checked; None for an existing one. Raises :class:`Invalid` and :class:`MatchExists`."""
    if form is None:
        return None
    read = clients.read_form(form, location.country, clients.today_of(practice, now))
    if not despite_match and _likely(session, staff, practice, read):
        raise MatchExists
    return read


def existing(session: Session, staff: Staff, client_id: str | None) -> Client:
    """The client's file, which nobody archives or merges while it gets appointments.

    Raises :class:`Invalid` for none, and :class:`NotFound` for one that isn't for them to see.
    """
    if not client_id:
        raise Invalid({"client": "Choose a client, or enter a new one."})
    client = clients.lock(session, staff, client_id)
    if client.archived_at is not None:
        raise Conflict("This file is archived. Choose another client, or enter a new one.")
    return client


def language(session: Session, practice: Practice, client: Client) -> str:
    """What the client booked in last, else the practice's."""
    last = session.exec(
        select(Appointment.lang)
        .where(Appointment.practice_id == practice.id, Appointment.client_id == client.id)
        .order_by(col(Appointment.created_at).desc())
        .limit(1)
    ).first()
    return last or practice.locale


def likely_client(session: Session, staff: Staff, form: ClientForm, now: datetime) -> Client | None:
    """The file that a new client very likely has already, if this staff member may see it."""
    practice = session.get_one(Practice, staff.practice_id)
    details = clients.read_form(form, practice.country, clients.today_of(practice, now))
    return _likely(session, staff, practice, details)


def _likely(session: Session, staff: Staff, practice: Practice, details: Details) -> Client | None:
    person = Typed(
        details.first_name, details.last_name, details.email, details.phone, details.birth_date, practice.country, None
    )
    (found,) = find_matches(session, practice, person)
    listed = ((found.suggestion,) if found.suggestion else ()) + found.possible
    ids = [one.file.id for one in listed if one.confidence == Confidence.VERY_LIKELY]
    # Whoever may not search all files isn't told by this warning what is in them.
    seen = session.exec(select(Client).where(clients.visible_to(staff), col(Client.id).in_(ids))).all()
    return min(seen, key=lambda client: ids.index(client.id), default=None)
