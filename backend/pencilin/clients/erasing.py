"""Erasing a client: the person goes, and what the diary and the figures need stays.

Appointments keep their time, service, practitioner and status; the audit trail holds ids only. There is no way back.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import UpdateBase, delete, null, or_, update
from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.clients.exporting import family_of
from pencilin.clients.files import find, lock, rekey
from pencilin.errors import Conflict, Invalid
from pencilin.models import (
    Appointment,
    BookedBy,
    Client,
    ClientMerge,
    DifferentPeople,
    Disclosure,
    IdempotencyKey,
    Link,
    Outbox,
    PersonalLink,
    Practice,
    Staff,
    TentativeClient,
)
from pencilin.rules.matching import normal_email, normal_name
from pencilin.rules.states import Status

ERASED = ("Erased", "client")
COMING = (Status.TENTATIVE, Status.APPROVED)


def in_the_way(session: Session, staff: Staff, client_id: str, now: datetime) -> list[Appointment]:
    """The coming appointments, which must be cancelled or declined first, the next one first."""
    client = find(session, staff, client_id)
    rows = session.exec(
        select(Appointment)
        .where(
            Appointment.practice_id == staff.practice_id,
            col(Appointment.client_id).in_(family_of(session, client)),
            col(Appointment.status).in_(COMING),
            or_(col(Appointment.start) > now, col(Appointment.status) == Status.TENTATIVE),
        )
        .order_by(col(Appointment.start))
    )
    return list(rows)


def erase(session: Session, staff: Staff, client_id: str, typed_name: str, now: datetime) -> None:
    """Erases a client with all files that were merged into this one.

    Raises :class:`Invalid` unless the client's name was typed, and :class:`Conflict` while appointments are to come.
    """
    client = lock(session, staff, client_id)
    if not typed_name.strip() or normal_name(typed_name) != normal_name(f"{client.first_name} {client.last_name}"):
        raise Invalid({"name": "Enter the client’s first and last name, as they are shown above."})
    if in_the_way(session, staff, client_id, now):
        raise Conflict("There are appointments to come. Cancel or decline them first.")
    family = family_of(session, client)
    appointments = list(
        session.exec(
            select(Appointment.id).where(
                Appointment.practice_id == staff.practice_id, col(Appointment.client_id).in_(family)
            )
        )
    )
    _forget_appointments(session, staff.practice_id, appointments, now)
    _forget_mail_elsewhere(session, staff.practice_id, family, appointments, now)
    _forget_relations(session, staff.practice_id, family)
    practice = session.get_one(Practice, staff.practice_id)
    for one in family:
        _blank(session, practice, session.get_one(Client, (staff.practice_id, one)), now)
        audit.record(session, now, staff.practice_id, staff, "client.erased", "client", one)


def _forget_appointments(session: Session, practice_id: str, appointment_ids: Collection[str], now: datetime) -> None:
    for appointment_id in appointment_ids:
        # A key is kept with a hash of all that was typed.
        for kind in (TentativeClient, BookedBy, IdempotencyKey):
            session.execute(
                delete(kind).where(col(kind.practice_id) == practice_id, col(kind.appointment_id) == appointment_id)
            )
        session.execute(
            update(Appointment)
            .where(col(Appointment.practice_id) == practice_id, col(Appointment.id) == appointment_id)
            .values(
                note=None,
                answers={},
                visitor_timezone=None,
                decline_message=None,
                revision=Appointment.revision + 1,
            )
            .execution_options(synchronize_session=False)
        )
        about = (col(Outbox.practice_id) == practice_id, col(Outbox.subject_id) == appointment_id)
        waiting = (*about, col(Outbox.sent_at).is_(None), col(Outbox.cancelled_at).is_(None))
        _run(session, update(Outbox).where(*waiting).values(cancelled_at=now))
        # A server's answer often repeats the address.
        _run(session, update(Outbox).where(*about).values(payload=null(), last_error=None))
        # Two mails of one kind may have gone to two addresses, and are still told apart.
        _run(session, update(Outbox).where(*about, col(Outbox.staff_id).is_(None)).values(recipient=Outbox.id))
        links = update(Link).where(col(Link.practice_id) == practice_id, col(Link.appointment_id) == appointment_id)
        _run(session, links.values(evidence=[]))


def _forget_mail_elsewhere(
    session: Session, practice_id: str, family: Collection[str], own: Collection[str], now: datetime
) -> None:
    """Takes the client's addresses out of mail about appointments that were linked to them once and are somebody
    else's now: those on file, and those that were written to meanwhile. What was typed there is that other person's.
    """
    filed = session.exec(
        select(Client.email).where(Client.practice_id == practice_id, col(Client.id).in_(family))
    ).all()
    addresses = {normal_email(one) for one in filed if one}
    links = session.exec(
        select(Link).where(
            Link.practice_id == practice_id,
            col(Link.client_id).in_(family),
            col(Link.appointment_id).not_in(own),
        )
    ).all()
    for link in links:
        theirs = _addresses_of(session, session.get_one(Appointment, (practice_id, link.appointment_id)))
        mails = session.exec(
            select(Outbox).where(
                Outbox.practice_id == practice_id,
                Outbox.subject_id == link.appointment_id,
                col(Outbox.staff_id).is_(None),
            )
        ).all()
        for mail in mails:
            address = normal_email(mail.recipient)
            written = link.created_at <= mail.created_at <= (link.removed_at or mail.created_at)
            if address not in theirs and (written or address in addresses):
                mail.recipient, mail.payload, mail.last_error = mail.id, None, None
                mail.cancelled_at = mail.cancelled_at if mail.sent_at else mail.cancelled_at or now


def _addresses_of(session: Session, appointment: Appointment) -> set[str | None]:
    """What was typed, and what is on file of whose appointment it is now."""
    key = (appointment.practice_id, appointment.id)
    typed = session.get(TentativeClient, key)
    client = session.get(Client, (appointment.practice_id, appointment.client_id)) if appointment.client_id else None
    return {normal_email(one.email) for one in (typed, client) if one and one.email}


def _forget_relations(session: Session, practice_id: str, family: Collection[str]) -> None:
    _run(
        session,
        update(Link).where(col(Link.practice_id) == practice_id, col(Link.client_id).in_(family)).values(evidence=[]),
    )
    for statement in (
        delete(PersonalLink).where(
            col(PersonalLink.practice_id) == practice_id, col(PersonalLink.client_id).in_(family)
        ),
        delete(Disclosure).where(col(Disclosure.practice_id) == practice_id, col(Disclosure.client_id).in_(family)),
        delete(ClientMerge).where(
            col(ClientMerge.practice_id) == practice_id,
            or_(col(ClientMerge.kept_id).in_(family), col(ClientMerge.merged_id).in_(family)),
        ),
        delete(DifferentPeople).where(
            col(DifferentPeople.practice_id) == practice_id,
            or_(col(DifferentPeople.one_id).in_(family), col(DifferentPeople.other_id).in_(family)),
        ),
    ):
        _run(session, statement)


def _blank(session: Session, practice: Practice, client: Client, now: datetime) -> None:
    client.first_name, client.last_name = ERASED
    client.email = client.phone = client.birth_date = client.external_id = client.notes = None
    client.saved_from = None
    client.archived_at = client.archived_at or now
    client.erased_at = client.updated_at = now
    session.flush()
    rekey(session, practice, client)


def _run(session: Session, statement: UpdateBase) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})
