"""Everything that the Edit Appointment page shows, read at once."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlmodel import Session, select

from pencilin import clients
from pencilin.catalogue import Catalogue, read_catalogue
from pencilin.clients import ClientForm
from pencilin.conflicts import find_conflicts
from pencilin.models import (
    Appointment,
    BookedBy,
    Client,
    Link,
    Location,
    Practice,
    Practitioner,
    Role,
    Service,
    Staff,
    TentativeClient,
)
from pencilin.reservations import overbooked
from pencilin.review.access import find, told
from pencilin.review.changes import CHANGEABLE, length_of, own_reservations
from pencilin.review.changing_client import CHANGEABLE_CLIENT
from pencilin.review.comparison import Compared, compare
from pencilin.review.day import DayEntry, read_day
from pencilin.review.decisions import MISSING_CLIENT, must_choose
from pencilin.review.history import HistoryEntry, MailEntry, read_history, read_mails
from pencilin.review.linking import current_link
from pencilin.review.outcomes import MARKS, whom_to_tell
from pencilin.review.proposals import Proposal, read_proposal
from pencilin.review.series import Series, read_series
from pencilin.review.suggestions import Suggested, find_matches, read_typed, shown_to, typed_of
from pencilin.rules.states import Status
from pencilin.rules.timeline import Window


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the service's questions with what the booker answered."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One appointment as a staff member may see it; instants are UTC.

    ``client`` is the linked file, None also when it is ``client_hidden`` from a practitioner; ``client_label`` names
    it for *Unlink NAME*. ``missing`` says why *Approve* doesn't work yet. ``undo`` is the way back that is open:
    at once, or later by *Reopen*. ``proposal`` is set while the client is asked to choose another time;
    ``to_tell`` are the addresses to which a cancellation would go.
    """

    practice: Practice
    appointment: Appointment
    service: Service
    practitioner: Practitioner
    location: Location
    catalogue: Catalogue
    typed: TentativeClient | None
    booked_by: BookedBy | None
    client: Client | None
    client_hidden: bool
    client_label: str | None
    link: Link | None
    suggestion: Suggested | None
    possible: tuple[Suggested, ...]
    comparison: tuple[Compared, ...]
    must_choose_address: bool
    filed_email: str | None
    typed_email: str | None
    answers: tuple[Answer, ...]
    history: tuple[HistoryEntry, ...]
    mails: tuple[MailEntry, ...]
    day: tuple[DayEntry, ...]
    conflicts: tuple[str, ...]
    overbooked: bool
    missing: str | None
    decided: str | None
    undo: Literal["undo", "reopen"] | None
    may_change: bool
    proposal: Proposal | None
    may_propose: bool
    to_tell: tuple[str, ...]
    may_change_client: bool
    series: Series | None


def view(session: Session, staff: Staff, appointment_id: str, now: datetime) -> ReviewView:
    """The appointment as it is now; raises :class:`~pencilin.errors.NotFound`. Changes nothing."""
    appointment = find(session, staff, appointment_id)
    practice = session.get_one(Practice, staff.practice_id)
    key = practice.id
    service = session.get_one(Service, (key, appointment.service_id))
    practitioner = session.get_one(Practitioner, (key, appointment.practitioner_id))
    location = session.get_one(Location, (key, appointment.location_id))
    catalogue = read_catalogue(session, practice)
    typed, booked_by = read_typed(session, appointment)
    filed, hidden = _client(session, staff, appointment)
    client = None if hidden else filed
    link = current_link(session, appointment)
    if link is not None and hidden:
        link = Link(**(link.model_dump() | {"evidence": []}))  # it tells what is in the file
    suggestion: Suggested | None = None
    possible: tuple[Suggested, ...] = ()
    if filed is None and typed is not None:
        (matches,) = find_matches(session, practice, typed_of(typed, booked_by, location))
        ((suggestion, possible),) = shown_to(session, staff, matches)
    return ReviewView(
        practice=practice,
        appointment=appointment,
        service=service,
        practitioner=practitioner,
        location=location,
        catalogue=_choices(catalogue, staff),
        typed=typed,
        booked_by=booked_by,
        client=client,
        client_hidden=hidden,
        client_label=_client_label(client, hidden=hidden),
        link=link,
        suggestion=suggestion,
        possible=possible,
        comparison=compare(typed, booked_by, client, practice, location) if typed and client else (),
        must_choose_address=filed is not None and must_choose(typed.email if typed else None, filed.email),
        filed_email=client.email if client else None,
        typed_email=typed.email if typed else None,
        answers=_answers(service, appointment),
        history=read_history(session, appointment),
        mails=read_mails(session, appointment, _known_addresses(staff, client, typed)),
        day=read_day(session, staff, appointment, location),
        conflicts=_conflicts(session, catalogue, appointment, service, practitioner, location, now),
        overbooked=_is_overbooked(session, appointment),
        missing=MISSING_CLIENT if appointment.status == Status.TENTATIVE and filed is None else None,
        decided=told(session, appointment, appointment.status, now),
        undo=_undo(appointment, typed, now),
        may_change=appointment.status in CHANGEABLE,
        proposal=read_proposal(session, appointment, now),
        to_tell=tuple(whom_to_tell(session, appointment)) if appointment.status == Status.APPROVED else (),
        may_change_client=appointment.status in CHANGEABLE_CLIENT,
        may_propose=appointment.status == Status.TENTATIVE and appointment.proposed_until is None,
        series=read_series(session, staff, appointment, now),
    )


def form_for_new(view: ReviewView) -> ClientForm:
    """What *Save As New Client* begins with: everything as it was typed."""
    typed = view.typed
    if typed is None:
        return ClientForm()
    born = typed.birth_date.isoformat() if typed.birth_date else ""
    return ClientForm(typed.first_name, typed.last_name, typed.email, typed.phone, born)


def _client(session: Session, staff: Staff, appointment: Appointment) -> tuple[Client | None, bool]:
    """The linked client, and whether the staff member may not see the file."""
    if appointment.client_id is None:
        return None, False
    client = session.get_one(Client, (appointment.practice_id, appointment.client_id))
    if staff.role != Role.PRACTITIONER:
        return client, False
    seen = session.exec(select(Client.id).where(clients.visible_to(staff), Client.id == client.id)).first()
    return client, seen is None


def _client_label(client: Client | None, *, hidden: bool) -> str | None:
    if hidden:
        return "the client"
    return f"{client.first_name} {client.last_name}" if client else None


def _known_addresses(staff: Staff, client: Client | None, typed: TentativeClient | None) -> list[str] | None:
    """The clients' addresses that a practitioner may see: the typed one and that of a file shown; None means all."""
    if staff.role != Role.PRACTITIONER:
        return None
    return [address for address in (typed and typed.email, client and client.email) if address]


def _choices(catalogue: Catalogue, staff: Staff) -> Catalogue:
    """What the staff member may choose from; a practitioner can't give an appointment to a colleague."""
    if staff.role != Role.PRACTITIONER:
        return catalogue
    own = tuple(one for one in catalogue.practitioners if one.id == staff.practitioner_id)
    return replace(catalogue, practitioners=own)


def _answers(service: Service, appointment: Appointment) -> tuple[Answer, ...]:
    """In the order of the service's questions, each as it was put, whatever became of it since."""
    labels = {question["id"]: question["label"] for question in service.questions} | appointment.asked
    order = [
        *(id for id in labels if id in appointment.answers),
        *(id for id in appointment.answers if id not in labels),
    ]
    return tuple(Answer(labels.get(id, id), _in_words(appointment.answers[id])) for id in order)


def _in_words(answer: str | bool) -> str:
    if isinstance(answer, str):
        return answer
    return "Yes" if answer else "No"


def _conflicts(
    session: Session,
    catalogue: Catalogue,
    appointment: Appointment,
    service: Service,
    practitioner: Practitioner,
    location: Location,
    now: datetime,
) -> tuple[str, ...]:
    if appointment.status not in CHANGEABLE:
        return ()
    own = own_reservations(session, appointment)
    found = find_conflicts(
        session,
        catalogue,
        service,
        practitioner,
        location,
        appointment.start,
        now,
        own,
        minutes=length_of(appointment),
    )
    return tuple(one.words for one in found)


def _is_overbooked(session: Session, appointment: Appointment) -> bool:
    visit = Window.between(appointment.start, appointment.end)
    found = overbooked(session, appointment.practice_id, [appointment.practitioner_id], visit)
    return appointment.id in found


def _undo(appointment: Appointment, typed: TentativeClient | None, now: datetime) -> Literal["undo", "reopen"] | None:
    at_once = appointment.undo_until is not None and now < appointment.undo_until
    if appointment.status in MARKS or (appointment.status == Status.CANCELLED and at_once):
        return "undo"
    if appointment.status not in (Status.APPROVED, Status.DECLINED) or appointment.start <= now or typed is None:
        return None
    return "undo" if at_once else "reopen"
