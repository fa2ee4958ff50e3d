"""Another client for an appointment that was approved: whoever was linked wasn't the one. Mail may have gone astray.

Links that went out stop working, what waits for the wrong address doesn't leave, and what has reached it is kept in the
right client's file as a disclosure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from pencilin import audit, clients
from pencilin.clients import ClientForm
from pencilin.errors import Conflict, Invalid, MatchExists
from pencilin.mail import afterwards, messages, outbox
from pencilin.mail.messages import Kind
from pencilin.models import Appointment, Client, Disclosure, LinkedAs, Location, Outbox, Practice, Role, Staff, new_id
from pencilin.review.access import advance, beaten, find
from pencilin.review.decisions import HAS_ADDRESS, ConfirmTo
from pencilin.review.history import TITLES
from pencilin.review.linking import current_link, is_very_likely_known, make_link, put_away, save_file, saved_from
from pencilin.review.suggestions import read_typed
from pencilin.rules.matching import normal_email
from pencilin.rules.states import Status

CHANGEABLE_CLIENT = (Status.APPROVED, Status.COMPLETED, Status.NO_SHOW)
ASTRAY = tuple(kind for kind in messages.TO_CLIENT if kind != Kind.BY_MISTAKE)


@dataclass(frozen=True, slots=True)
class Reached:
    """What went, or may have gone, to one address; ``id`` is that of its latest mail and stands for the address.

    ``address`` is None for one that the reader may not see. ``at`` (UTC) is when the latest left or was tried.
    """

    id: str
    address: str | None
    mails: tuple[str, ...]
    at: datetime
    typed: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """How a mix-up is put right: ids of :class:`Reached` that weren't the client's, whether they are told, and to which
    of the right client's addresses a confirmation goes, if to any."""

    astray: Collection[str] = ()
    apologise: bool = False
    confirm_to: ConfirmTo | None = None


def reached(session: Session, staff: Staff, appointment: Appointment) -> tuple[Reached, ...]:
    """To which addresses mail about the appointment went, the latest first."""
    typed, _ = read_typed(session, appointment)
    typed_email = normal_email(typed.email) if typed else None
    found: dict[str, list[Outbox]] = {}
    for row in _left(session, appointment):
        found.setdefault(row.recipient.casefold(), []).append(row)
    known = _known(session, staff, appointment)
    return tuple(
        Reached(
            rows[0].id,
            rows[0].recipient if known is None or normal_email(rows[0].recipient) in known else None,
            tuple(dict.fromkeys(TITLES[Kind(row.kind)] for row in rows)),
            rows[0].sent_at or rows[0].due_at,
            normal_email(rows[0].recipient) == typed_email,
        )
        for rows in found.values()
    )


def change_client(
    session: Session,
    staff: Staff,
    appointment_id: str,
    chosen: str | ClientForm,
    repair: Repair,
    revision: int,
    now: datetime,
    *,
    despite_match: bool = False,
) -> None:
    """Links ``chosen``, an existing client's id or the details of a new one, and puts right what the mix-up did.

    A practitioner may choose among the files that they may see. A file that was made for the wrong person alone is put
    away. Raises like ``linking``: :class:`NotFound`, :class:`Invalid`, :class:`MatchExists`, :class:`AlreadyDecided`.
    """
    appointment = find(session, staff, appointment_id)
    if appointment.revision != revision:
        raise beaten(session, appointment, appointment.status, now)
    if appointment.status not in CHANGEABLE_CLIENT:
        raise Conflict("Only an approved appointment's client is changed like this. Link another one on its page.")
    practice = session.get_one(Practice, staff.practice_id)
    before = current_link(session, appointment)
    astray = _astray(session, appointment, repair.astray)
    links = appointment.link_version + 1
    if isinstance(chosen, ClientForm):
        advance(session, appointment, appointment.status, revision, now, {"link_version": links})
        client = _save(session, practice, appointment, chosen, staff, now, despite_match=despite_match)
        make_link(session, staff, appointment, client, LinkedAs.NEW, [], now)
    else:
        # Nobody archives or merges the file while it gets this appointment.
        client = clients.lock(session, staff, chosen)
        if client.archived_at is not None:
            raise Conflict("This file is archived. Choose another client, or save a new one.")
        if before is not None and before.client_id == client.id:
            raise Conflict("This client is linked already.")
        advance(session, appointment, appointment.status, revision, now, {"link_version": links})
        make_link(session, staff, appointment, client, LinkedAs.EXISTING, [], now)
    outbox.cancel(session, practice.id, appointment.id, ASTRAY, now)
    _disclose(session, staff, appointment, client, astray, now)
    if appointment.status == Status.APPROVED and appointment.start > now:
        recipients = _confirm_to(session, appointment, client, repair.confirm_to)
        messages.confirmed(session, appointment, recipients, now, due_at=now)
        afterwards.reminders(session, appointment, recipients, now)
    if repair.apologise:
        afterwards.by_mistake(session, appointment, [row.recipient for row in astray], now)
    audit.record(session, now, practice.id, staff, "appointment.client_changed", "appointment", appointment.id)


def _left(session: Session, appointment: Appointment) -> Sequence[Outbox]:
    """The mails to clients that have left, or may have."""
    return session.exec(
        select(Outbox)
        .where(
            Outbox.practice_id == appointment.practice_id,
            Outbox.subject_id == appointment.id,
            col(Outbox.kind).in_(ASTRAY),
            HAS_ADDRESS,
            or_(col(Outbox.sent_at).is_not(None), col(Outbox.attempts) > 0, col(Outbox.last_error).is_not(None)),
        )
        .order_by(col(Outbox.created_at).desc(), col(Outbox.id))
    ).all()


def _known(session: Session, staff: Staff, appointment: Appointment) -> set[str | None] | None:
    """The addresses that a practitioner may see, in their normal form; None means all."""
    if staff.role != Role.PRACTITIONER:
        return None
    typed, _ = read_typed(session, appointment)
    filed = session.exec(
        select(Client.email).where(clients.visible_to(staff), Client.id == (appointment.client_id or ""))
    ).first()
    return {normal_email(one) for one in (typed.email if typed else None, filed) if one}


def _astray(session: Session, appointment: Appointment, ids: Collection[str]) -> list[Outbox]:
    """All mails that went to the addresses for which ``ids`` stand; raises :class:`Invalid` for others' ids."""
    left = _left(session, appointment)
    addresses = {row.recipient.casefold() for row in left if row.id in ids}
    if not set(ids) <= {row.id for row in left}:
        raise Invalid({"astray": "Choose from the addresses that were written to."})
    return [row for row in left if row.recipient.casefold() in addresses]


def _save(
    session: Session,
    practice: Practice,
    appointment: Appointment,
    form: ClientForm,
    staff: Staff,
    now: datetime,
    *,
    despite_match: bool,
) -> Client:
    location = session.get_one(Location, (practice.id, appointment.location_id))
    details = clients.read_form(form, location.country, clients.today_of(practice, now))
    if not despite_match and is_very_likely_known(session, staff, practice, appointment, location, details):
        raise MatchExists
    # The file that was made for the wrong person isn't written over: it goes, and another one is made.
    link, earlier = current_link(session, appointment), saved_from(session, appointment)
    if link is not None:
        put_away(session, appointment, link, staff, now)
    if earlier is not None:
        earlier.saved_from = None
        session.flush()
    return save_file(session, practice, appointment, details, staff, now)


def _disclose(
    session: Session, staff: Staff, appointment: Appointment, client: Client, astray: Sequence[Outbox], now: datetime
) -> None:
    if not astray:
        return
    session.add(
        Disclosure(
            practice_id=appointment.practice_id,
            id=new_id(),
            appointment_id=appointment.id,
            client_id=client.id,
            mails=[row.id for row in astray],
            staff_id=staff.id,
            created_at=now,
        )
    )
    session.flush()


def _confirm_to(session: Session, appointment: Appointment, client: Client, to: ConfirmTo | None) -> list[str]:
    typed, _ = read_typed(session, appointment)
    filed = [client.email] if client.email and to in (ConfirmTo.FILED, ConfirmTo.BOTH) else []
    return filed + ([typed.email] if typed and typed.email and to in (ConfirmTo.TYPED, ConfirmTo.BOTH) else [])
