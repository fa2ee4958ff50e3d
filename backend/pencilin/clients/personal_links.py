"""A client's personal booking link, made and revoked on their file. It names a row of random ids, never the client."""

from datetime import datetime

from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.clients.files import lock
from pencilin.errors import Conflict
from pencilin.models import Client, PersonalLink, Practice, Staff, new_id


def current(session: Session, client: Client) -> PersonalLink | None:
    """The link that works, if there is one."""
    return session.exec(
        select(PersonalLink)
        .where(
            PersonalLink.practice_id == client.practice_id,
            PersonalLink.client_id == client.id,
            col(PersonalLink.revoked_at).is_(None),
        )
        .order_by(col(PersonalLink.created_at))
    ).first()


def create(session: Session, staff: Staff, client_id: str, now: datetime) -> None:
    """Makes one, unless there is one that works. Raises :class:`Conflict` for an archived file."""
    client = lock(session, staff, client_id)
    if client.archived_at is not None:
        raise Conflict("This file is archived. Restore it first.")
    if current(session, client) is None:
        link = PersonalLink(
            practice_id=client.practice_id, id=new_id(), client_id=client.id, staff_id=staff.id, created_at=now
        )
        session.add(link)
        session.flush()
        audit.record(session, now, staff.practice_id, staff, "client.link_made", "client", client.id)


def revoke(session: Session, staff: Staff, client_id: str, now: datetime) -> str | None:
    """Makes every link of the client useless; what was booked by it stays. Returns the id of the last one, if any."""
    client = lock(session, staff, client_id)
    revoked = None
    while link := current(session, client):
        link.revoked_at = now
        session.flush()
        audit.record(session, now, staff.practice_id, staff, "client.link_revoked", "client", client.id)
        revoked = link.id
    return revoked


def take_back(session: Session, staff: Staff, client_id: str, link_id: str, now: datetime) -> None:
    """Lets a revoked link work again. Raises :class:`Conflict` for an archived file, where there is another link by
    now, and for what is no link of this client."""
    client = lock(session, staff, client_id)
    link = session.get(PersonalLink, (client.practice_id, link_id)) if link_id.isalnum() else None
    if link is None or link.client_id != client.id:
        raise Conflict("There is no such link of this client.")
    if client.archived_at is not None:
        raise Conflict("This file is archived. Restore it first.")
    working = current(session, client)
    if working is not None and working.id != link.id:
        raise Conflict("This client has another link by now. Revoke that one first.")
    if working is None:
        link.revoked_at = None
        session.flush()
        audit.record(session, now, staff.practice_id, staff, "client.link_restored", "client", client.id)


def works(session: Session, practice: Practice, link_id: str) -> bool:
    """Whether a booking by this link counts as the client's. Reads nothing about the client: public pages ask."""
    found = session.get(PersonalLink, (practice.id, link_id))
    return found is not None and found.revoked_at is None and found.paused_at is None
