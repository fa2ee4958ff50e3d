"""Settling who a tentative client is. What was typed stays as it was; a file changes only field by field."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session, col, select

from pencilin import audit, clients
from pencilin.clients import ClientForm, Details
from pencilin.errors import Conflict, Forbidden, Invalid, MatchExists, NotFound
from pencilin.models import (
    Appointment,
    Client,
    Link,
    LinkedAs,
    Location,
    Practice,
    Role,
    Staff,
    TentativeClient,
    new_id,
)
from pencilin.review.access import advance, beaten, find
from pencilin.review.suggestions import booker_of, find_matches, read_typed, typed_of
from pencilin.rules import people
from pencilin.rules.matching import Match, Typed
from pencilin.rules.states import Status

# Once decided, mail may have gone to the client: whoever links another one reopens the request first.
LINKABLE = (Status.TENTATIVE,)
FILEABLE = ("first_name", "last_name", "email", "phone", "birth_date")


def link_existing(
    session: Session, staff: Staff, appointment_id: str, client_id: str, revision: int, now: datetime
) -> None:
    """Links an existing client, in the place of one that may be linked already.

    The evidence of that moment is stored with the link. A practitioner may link any client that matching lists for
    the request, even one whose file they may not see; others raise :class:`NotFound`.
    """
    appointment = _linkable(session, staff, appointment_id, revision, now)
    practice = session.get_one(Practice, staff.practice_id)
    matched = _match_of(session, practice, appointment, client_id)
    if staff.role != Role.PRACTITIONER or matched is None:
        clients.find(session, staff, client_id)
    # Nobody archives or merges the file while it gets this appointment.
    client = session.get_one(Client, (practice.id, client_id), with_for_update=True, populate_existing=True)
    if client.archived_at is not None:
        raise Conflict("This file is archived. Choose another client, or save a new one.")
    evidence = [point.words for point in matched.points if point.agreement != "missing"] if matched else []
    advance(session, appointment, appointment.status, revision, now, {})
    make_link(session, staff, appointment, client, LinkedAs.EXISTING, evidence, now)
    audit.record(session, now, practice.id, staff, "appointment.linked", "appointment", appointment.id)


def save_as_new(
    session: Session,
    staff: Staff,
    appointment_id: str,
    form: ClientForm,
    revision: int,
    now: datetime,
    *,
    despite_match: bool = False,
) -> Client:
    """Turns the tentative client into a client, with the fields as staff leave them, and links it.

    However often it is pressed, an appointment makes one file. Raises :class:`Invalid` with the fields to correct,
    and :class:`MatchExists` when a file fits very likely, unless staff insist by ``despite_match``. For a practitioner,
    who may not search all files, only what the booker typed is compared: its matches are what the page lists anyway.
    """
    appointment = _linkable(session, staff, appointment_id, revision, now)
    practice = session.get_one(Practice, staff.practice_id)
    location = session.get_one(Location, (practice.id, appointment.location_id))
    details = clients.read_form(form, location.country, clients.today_of(practice, now))
    # First the right to do it: whoever is beaten hears of the winner, not of the file that the winner made.
    advance(session, appointment, appointment.status, revision, now, {})
    if not despite_match and is_very_likely_known(session, staff, practice, appointment, location, details):
        raise MatchExists
    client = save_file(session, practice, appointment, details, staff, now)
    make_link(session, staff, appointment, client, LinkedAs.NEW, [], now)
    audit.record(session, now, practice.id, staff, "appointment.saved_as_new", "appointment", appointment.id)
    return client


def unlink(session: Session, staff: Staff, appointment_id: str, revision: int, now: datetime) -> None:
    """Takes a link back; the record of it stays. A file that was saved for this request alone is put away with it."""
    appointment = _linkable(session, staff, appointment_id, revision, now)
    link = current_link(session, appointment)
    if link is None:
        raise Conflict("No client is linked any more. Please look again.")
    advance(session, appointment, Status.TENTATIVE, revision, now, {"client_id": None})
    link.removed_at = now
    put_away(session, appointment, link, staff, now)
    audit.record(session, now, staff.practice_id, staff, "appointment.unlinked", "appointment", appointment.id)


def update_file(session: Session, staff: Staff, appointment_id: str, fields: Collection[str], now: datetime) -> None:
    """Copies what was typed into the linked client's file, for the named fields and no others.

    Raises :class:`Invalid` for none or unknown fields, :class:`Conflict` without a link or when it changes meanwhile,
    and :class:`Forbidden` for a practitioner who may not see the file.
    """
    appointment = find(session, staff, appointment_id)
    unknown = sorted(set(fields) - set(FILEABLE))
    if unknown or not fields:
        raise Invalid({"fields": f"Choose from: {', '.join(FILEABLE)}."})
    typed, _ = read_typed(session, appointment)
    if appointment.client_id is None or typed is None:
        raise Conflict("Link a client first: nothing can be copied without a file and something typed.")
    try:
        client = clients.lock(session, staff, appointment.client_id)
    except NotFound:
        raise Forbidden("You may not see this client's file. Ask the front desk to update it.") from None
    # Somebody may have linked another client while we waited: then this file isn't the one that was meant.
    session.refresh(appointment)
    if appointment.client_id != client.id:
        raise Conflict("Somebody changed the link meanwhile. Please look again.")
    practice = session.get_one(Practice, staff.practice_id)
    location = session.get_one(Location, (practice.id, appointment.location_id))
    values = _typed_values(typed, location, fields)
    if clients.rewrite(session, practice, client, values, staff, now):
        audit.record(
            session, now, practice.id, staff, "appointment.filed", "appointment", appointment.id, sorted(fields)
        )


def _typed_values(typed: TentativeClient, location: Location, fields: Collection[str]) -> dict[str, object]:
    """What was typed as it is filed; a field that was left empty says nothing, so it is left out."""
    values: dict[str, object] = {field: getattr(typed, field) for field in fields}
    if "phone" in values and typed.phone:
        values["phone"] = people.phone_to_file(typed.phone, location.country)
    return {field: value for field, value in values.items() if value}


def current_link(session: Session, appointment: Appointment) -> Link | None:
    """The link that holds, if a client is linked."""
    return session.exec(
        select(Link).where(
            Link.practice_id == appointment.practice_id,
            Link.appointment_id == appointment.id,
            col(Link.removed_at).is_(None),
        )
    ).one_or_none()


def _linkable(session: Session, staff: Staff, appointment_id: str, revision: int, now: datetime) -> Appointment:
    appointment = find(session, staff, appointment_id)
    if appointment.status in LINKABLE:
        return appointment
    if appointment.revision != revision:
        raise beaten(session, appointment, Status.TENTATIVE, now)
    if appointment.status in (Status.APPROVED, Status.DECLINED):
        raise Conflict("A decided appointment keeps its client. Reopen it first: then you can choose another one.")
    raise Conflict("This appointment has ended, so its client stays as it is.")


def _match_of(session: Session, practice: Practice, appointment: Appointment, client_id: str) -> Match | None:
    """What matching says about this client for this request, if it lists the client at all."""
    typed, booked_by = read_typed(session, appointment)
    if typed is None:
        return None
    location = session.get_one(Location, (practice.id, appointment.location_id))
    (found,) = find_matches(session, practice, typed_of(typed, booked_by, location))
    listed = ((found.suggestion,) if found.suggestion else ()) + found.possible
    return next((one for one in listed if one.file.id == client_id), None)


def is_very_likely_known(
    session: Session,
    staff: Staff,
    practice: Practice,
    appointment: Appointment,
    location: Location,
    details: Details,
) -> bool:
    """Whether a file, other than the one that would be used again, is very likely of the person to be saved."""
    typed, booked_by = read_typed(session, appointment)
    person = Typed(
        details.first_name,
        details.last_name,
        details.email,
        details.phone,
        details.birth_date,
        practice.country,
        booker_of(booked_by),
    )
    if staff.role == Role.PRACTITIONER:
        if typed is None:
            return False
        person = typed_of(typed, booked_by, location)
    (found,) = find_matches(session, practice, person)
    if found.suggestion is None:
        return False
    earlier = saved_from(session, appointment)
    return earlier is None or found.suggestion.file.id != earlier.id or not _is_free(session, appointment, earlier)


def save_file(
    session: Session, practice: Practice, appointment: Appointment, details: Details, staff: Staff, now: datetime
) -> Client:
    """The one file of this request: a new one, or the one that an earlier press made and *Unlink* put away.

    A file that has found another use since stays as it is, and no longer counts as saved from this request.
    """
    earlier = saved_from(session, appointment)
    if earlier is not None and _is_free(session, appointment, earlier):
        clients.rewrite(session, practice, earlier, asdict(details) | {"archived_at": None}, staff, now)
        return earlier
    if earlier is not None:
        earlier.saved_from = None
        session.flush()
    return clients.add(session, practice, details, staff, now, saved_from=appointment.id)


def saved_from(session: Session, appointment: Appointment) -> Client | None:
    """The file that was saved from this request, if there is one; nobody else links it until the transaction ends."""
    return session.exec(
        select(Client)
        .where(Client.practice_id == appointment.practice_id, Client.saved_from == appointment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _is_free(session: Session, appointment: Appointment, client: Client) -> bool:
    """Whether a file was put away, or is this appointment's, and nobody else's in either case."""
    is_ours = client.archived_at is not None or client.id == appointment.client_id
    return is_ours and not _is_linked_elsewhere(session, appointment, client.id)


def _is_linked_elsewhere(session: Session, appointment: Appointment, client_id: str) -> bool:
    elsewhere = session.exec(
        select(Appointment.id)
        .where(
            Appointment.practice_id == appointment.practice_id,
            Appointment.client_id == client_id,
            Appointment.id != appointment.id,
        )
        .limit(1)
    )
    return elsewhere.first() is not None


def make_link(
    session: Session,
    staff: Staff,
    appointment: Appointment,
    client: Client,
    linked_as: LinkedAs,
    evidence: list[str],
    now: datetime,
) -> None:
    """Links a client in the place of another one, whose file is put away if it was made for this alone."""
    before = current_link(session, appointment)
    if before is not None:
        before.removed_at = now
        if before.client_id != client.id:
            put_away(session, appointment, before, staff, now)
    session.add(
        Link(
            practice_id=appointment.practice_id,
            id=new_id(),
            appointment_id=appointment.id,
            client_id=client.id,
            linked_as=linked_as,
            evidence=evidence,
            staff_id=staff.id,
            created_at=now,
        )
    )
    appointment.client_id = client.id
    session.flush()


def put_away(session: Session, appointment: Appointment, link: Link, staff: Staff, now: datetime) -> None:
    """Archives a file that was saved for this request alone, so that it is neither found nor suggested.

    One that somebody has worked on since it was saved is kept.
    """
    if link.linked_as != LinkedAs.NEW:
        return
    # Nobody works on the file, or links it, between the look at it and its archiving.
    key = (appointment.practice_id, link.client_id)
    client = session.get_one(Client, key, with_for_update=True, populate_existing=True)
    untouched = client.updated_at <= link.created_at
    if client.saved_from == appointment.id and untouched and not _is_linked_elsewhere(session, appointment, client.id):
        practice = session.get_one(Practice, appointment.practice_id)
        clients.rewrite(session, practice, client, {"archived_at": now}, staff, now)
