"""A booking that came by a client's personal booking link: linked by it, and approved at once where its service is.

It runs in the transaction of the booking, after everything that the public is answered from. That is the one place
where something public reads a client's file, and only for whoever holds the link; the answer is the same whatever is
found there.
"""

from datetime import datetime

from sqlmodel import Session

from pencilin import audit
from pencilin.mail import afterwards, messages, outbox
from pencilin.models import (
    ActorKind,
    Appointment,
    Approval,
    BookedBy,
    Client,
    LinkedAs,
    PersonalLink,
    Service,
    Staff,
    TentativeClient,
)
from pencilin.review.access import advance
from pencilin.review.linking import make_link
from pencilin.rules.matching import normal_email, normal_name
from pencilin.rules.states import Status

EVIDENCE = "booked by the client’s personal booking link"


def settle(session: Session, appointment: Appointment, link_id: str, now: datetime) -> None:
    """Links a booking of this transaction to the link's client, if the typed name is the filed one; whoever books for
    somebody else, or under another name, is reviewed like everybody. Approves it if the email is the filed one, too,
    and the service is approved at once."""
    personal = session.get(PersonalLink, (appointment.practice_id, link_id))
    if personal is None or appointment.created_at != now:
        return
    # Nobody archives or merges the file while it gets this appointment.
    client = session.get_one(Client, (appointment.practice_id, personal.client_id), with_for_update=True)
    typed = session.get_one(TentativeClient, (appointment.practice_id, appointment.id))
    for_another = session.get(BookedBy, (appointment.practice_id, appointment.id)) is not None
    if client.archived_at is not None or for_another or not _same_person(typed, client):
        return
    # It may have been revoked while we waited. The row is there: it goes with an erased file, and that is archived.
    session.refresh(personal)
    if personal.revoked_at is not None:
        return
    staff = session.get_one(Staff, (appointment.practice_id, personal.staff_id))
    advance(session, appointment, Status.TENTATIVE, appointment.revision, now, {})
    make_link(session, staff, appointment, client, LinkedAs.EXISTING, [EVIDENCE], now)
    _record(session, appointment, "appointment.linked", now)
    service = session.get_one(Service, (appointment.practice_id, appointment.service_id))
    if service.approval is Approval.PERSONAL_LINK and client.email and _same_email(typed, client):
        decision = {"status": Status.APPROVED, "decided_at": now}
        advance(session, appointment, Status.TENTATIVE, appointment.revision, now, decision)
        # It would say that an answer is still to come.
        outbox.cancel(session, appointment.practice_id, appointment.id, [messages.Kind.REQUEST_RECEIVED], now)
        messages.confirmed(session, appointment, [client.email], now, due_at=now)
        afterwards.reminders(session, appointment, [client.email], now)
        _record(session, appointment, "appointment.approved", now)


def _same_person(typed: TentativeClient, client: Client) -> bool:
    names = ((typed.first_name, client.first_name), (typed.last_name, client.last_name))
    known = typed.birth_date and client.birth_date
    return all(normal_name(one) == normal_name(other) for one, other in names) and (
        not known or typed.birth_date == client.birth_date
    )


def _same_email(typed: TentativeClient, client: Client) -> bool:
    return normal_email(typed.email) == normal_email(client.email)


def _record(session: Session, appointment: Appointment, action: str, now: datetime) -> None:
    practice_id = appointment.practice_id
    audit.record(session, now, practice_id, ActorKind.SYSTEM, action, "appointment", appointment.id)
