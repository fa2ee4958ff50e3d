"""Client files: who may see them, and how they are made, changed and put away. Only staff and imports ever do."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, delete, false, insert, or_
from sqlmodel import Session, and_, col, select
from sqlmodel.sql.expression import SelectOfScalar

from pencilin import audit
from pencilin.clients.forms import ClientForm, Details, form_of, read_form, today_of
from pencilin.errors import Conflict, NotFound
from pencilin.models import (
    ActorKind,
    Appointment,
    Client,
    ClientKey,
    ClientMerge,
    PersonalLink,
    Practice,
    Role,
    Staff,
    new_id,
)
from pencilin.rules.matching import Filed, keys
from pencilin.rules.states import Status

NO_CLIENT = "There is no such client, or not for you to see."
# A practitioner gets to see a file by treating the person, not by linking a request to it.
TREATED = (Status.APPROVED, Status.COMPLETED, Status.NO_SHOW)


def visible_to(staff: Staff) -> ColumnElement[bool]:
    """Which clients a staff member may see: all of the practice, or a practitioner's own.

    A practitioner's own are those of their approved and past appointments, and those that were saved as new from a
    request to them, whoever of the staff saved them.
    """
    of_practice = and_(col(Client.practice_id) == staff.practice_id, col(Client.erased_at).is_(None))
    if staff.role != Role.PRACTITIONER:
        return of_practice
    if staff.practitioner_id is None:
        return false()
    own = select(Appointment.id).where(
        col(Appointment.practice_id) == staff.practice_id,
        col(Appointment.practitioner_id) == staff.practitioner_id,
    )
    treated = own.where(col(Appointment.client_id) == col(Client.id), col(Appointment.status).in_(TREATED))
    saved = own.where(col(Appointment.id) == col(Client.saved_from))
    # Two questions, each by an index: asked as one, SQLite goes through all their appointments for each client.
    return and_(of_practice, or_(treated.exists(), saved.exists()))


def find(session: Session, staff: Staff, client_id: str) -> Client:
    """The client, if the staff member may see the file; raises :class:`NotFound`."""
    client = None
    if client_id.isalnum():  # nothing else is an id, and PostgreSQL wouldn't even look for a NUL
        client = session.exec(select(Client).where(visible_to(staff), Client.id == client_id)).first()
    if client is None:
        raise NotFound(NO_CLIENT)
    return client


def lock(session: Session, staff: Staff, client_id: str) -> Client:
    """As :func:`find`, and nobody else changes, links or merges the file until the transaction ends.

    Whoever needs several takes them in the order of their ids. Raises :class:`NotFound`, also for one that was erased
    while we waited.
    """
    client = find(session, staff, client_id)
    session.refresh(client, with_for_update=True)
    if client.erased_at is not None:
        raise NotFound(NO_CLIENT)
    return client


def create(session: Session, staff: Staff, form: ClientForm, now: datetime) -> Client:
    """A new file, entered by staff; raises :class:`Invalid` with the fields to correct."""
    practice = session.get_one(Practice, staff.practice_id)
    return add(session, practice, read_form(form, practice.country, today_of(practice, now)), staff, now)


def update(session: Session, staff: Staff, client_id: str, form: ClientForm, now: datetime) -> Client:
    """Changes a file to what the form says; raises :class:`Invalid` with the fields to correct."""
    client = lock(session, staff, client_id)
    practice = session.get_one(Practice, staff.practice_id)
    details = read_form(form, practice.country, today_of(practice, now))
    before = form_of(client)
    # What nobody touched stays to the letter, even where it would be written in another way today.
    touched = [field for field, text in asdict(form).items() if text != getattr(before, field)]
    rewrite(session, practice, client, {field: getattr(details, field) for field in touched}, staff, now)
    return client


def archive(session: Session, staff: Staff, client_id: str, now: datetime) -> Client:
    """Puts a file away: it is found by filter only, and past appointments keep it. Does nothing to one that is."""
    client = lock(session, staff, client_id)
    if client.archived_at is None:
        _put(session, staff, client, now, now)
    return client


def restore(session: Session, staff: Staff, client_id: str, now: datetime) -> Client:
    """Takes an archived file into use again. Raises :class:`Conflict` for one that was merged into another."""
    client = lock(session, staff, client_id)
    if session.exec(of_merge(client.practice_id, client.id)).first() is not None:
        raise Conflict("This file was merged into another one. Undo the merge there: then both are in use again.")
    if client.archived_at is not None:
        _put(session, staff, client, None, now)
    return client


def of_merge(practice_id: str, client_id: str) -> SelectOfScalar[ClientMerge]:
    """The merge that put a file away, if there is one that holds."""
    return select(ClientMerge).where(
        ClientMerge.practice_id == practice_id,
        ClientMerge.merged_id == client_id,
        col(ClientMerge.undone_at).is_(None),
    )


def _put(session: Session, staff: Staff, client: Client, archived_at: datetime | None, now: datetime) -> None:
    client.archived_at = archived_at
    client.updated_at = now
    session.flush()
    _rest_links(session, client)
    rekey(session, session.get_one(Practice, staff.practice_id), client)
    action = "client.archived" if archived_at else "client.restored"
    audit.record(session, now, staff.practice_id, staff, action, "client", client.id)


def _rest_links(session: Session, client: Client) -> None:
    """Personal booking links rest while the file is archived: public pages ask the link alone, and never the file."""
    links = select(PersonalLink).where(
        PersonalLink.practice_id == client.practice_id, PersonalLink.client_id == client.id
    )
    for link in session.exec(links):
        link.paused_at = client.archived_at
    session.flush()


def add(
    session: Session,
    practice: Practice,
    details: Details,
    actor: Staff | ActorKind,
    now: datetime,
    *,
    external_id: str | None = None,
    saved_from: str | None = None,
) -> Client:
    """Writes a new file with its keys and its audit entry."""
    client = Client(
        practice_id=practice.id,
        id=new_id(),
        **asdict(details),
        external_id=external_id,
        saved_from=saved_from,
        created_at=now,
        updated_at=now,
    )
    session.add(client)
    session.flush()
    rekey(session, practice, client)
    audit.record(session, now, practice.id, actor, "client.created", "client", client.id)
    return client


def rewrite(
    session: Session,
    practice: Practice,
    client: Client,
    values: dict[str, object],
    actor: Staff | ActorKind,
    now: datetime,
) -> list[str]:
    """Files new values, by field name, and returns the names of the fields that changed (none: nothing is written).

    Archiving a file, or taking it into use again, is such a change, too; its personal booking links follow.
    """
    fields = [field for field, value in values.items() if getattr(client, field) != value]
    if not fields:
        return []
    for field in fields:
        setattr(client, field, values[field])
    client.updated_at = now
    session.flush()
    if "archived_at" in fields:
        _rest_links(session, client)
    rekey(session, practice, client)
    audit.record(session, now, practice.id, actor, "client.updated", "client", client.id, sorted(fields))
    return fields


def rekey(session: Session, practice: Practice, client: Client) -> None:
    """Writes the keys by which matching and search find the file; an archived one isn't found."""
    session.execute(
        delete(ClientKey).where(col(ClientKey.practice_id) == client.practice_id, col(ClientKey.client_id) == client.id)
    )
    write_keys(session, practice, [client] if client.archived_at is None else [])


def write_keys(session: Session, practice: Practice, clients: Collection[Client]) -> None:
    """Writes the keys of files that have none yet."""
    rows = [
        {"practice_id": practice.id, "key": key, "client_id": client.id}
        for client in clients
        for key in sorted(keys(filed(practice, client)))
    ]
    if rows:
        session.execute(insert(ClientKey), rows)


def filed(practice: Practice, client: Client) -> Filed:
    """The file as far as matching needs it."""
    return Filed(
        client.id,
        client.first_name,
        client.last_name,
        client.email,
        client.phone,
        client.birth_date,
        practice.country,
    )
