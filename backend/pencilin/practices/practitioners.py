"""Practitioners as Settings keeps them: added, changed, archived and brought back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.database import lock_practitioners
from pencilin.errors import Conflict
from pencilin.models import Practitioner, Service, ServicePractitioner, Staff
from pencilin.practices import forms, ordering
from pencilin.practices.shapes import PractitionerTable
from pencilin.practices.upcoming import TouchesAppointments, upcoming


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds; ``services`` are ids of those that the practitioner gives."""

    name: str
    title: str
    email: str
    services: tuple[str, ...]


def listed(session: Session, practice_id: str) -> list[Practitioner]:
    """All of them in their order, archived ones too."""
    rows = session.exec(
        select(Practitioner)
        .where(Practitioner.practice_id == practice_id)
        .order_by(col(Practitioner.position), col(Practitioner.slug))
    )
    return list(rows)


def services_of(session: Session, practitioner: Practitioner) -> list[str]:
    """Ids of the services that the practitioner gives, in the services' order; archived ones are left out."""
    rows = session.exec(
        select(Service.id)
        .join(
            ServicePractitioner,
            (col(ServicePractitioner.practice_id) == Service.practice_id)
            & (col(ServicePractitioner.service_id) == Service.id),
        )
        .where(
            ServicePractitioner.practice_id == practitioner.practice_id,
            ServicePractitioner.practitioner_id == practitioner.id,
            col(Service.archived_at).is_(None),
        )
        .order_by(col(Service.position), col(Service.slug))
    )
    return list(rows)


def locked(session: Session, staff: Staff, practitioner_id: str) -> Practitioner:
    """The practitioner, whom nobody books meanwhile; raises :class:`NotFound`."""
    # First the lock: what is read before it may have changed behind it.
    lock_practitioners(session, staff.practice_id, [practitioner_id])
    return forms.find(session, Practitioner, staff, practitioner_id)


def add(session: Session, staff: Staff, typed: Typed, now: datetime) -> Practitioner:
    """A new one behind the others. Raises :class:`Invalid`."""
    practice = forms.practice_of(session, staff)
    table = _checked(typed, ordering.new_slug(session, Practitioner, practice, typed.name))
    row = Practitioner(
        practice_id=staff.practice_id,
        slug=table.slug,
        position=ordering.last_position(session, Practitioner, practice),
        name=table.name or "",
        title=table.title or None,
        email=table.email or None,
    )
    session.add(row)
    session.flush()
    _give(session, row, typed.services)
    audit.record(session, now, staff.practice_id, staff, "practitioner.added", "practitioner", row.id)
    return row


def change(session: Session, staff: Staff, row: Practitioner, typed: Typed, now: datetime) -> None:
    """Stores what was typed. Raises :class:`Invalid`."""
    changed = forms.given(row, _checked(typed, row.slug).mentioned("slug"))
    if _give(session, row, typed.services):
        changed.append("services")
    if changed:
        audit.record(session, now, staff.practice_id, staff, "practitioner.changed", "practitioner", row.id, changed)


def archive(session: Session, staff: Staff, practitioner_id: str, seen: Collection[str], now: datetime) -> Practitioner:
    """Takes the practitioner off what can be booked; appointments stay as they are.

    Raises :class:`TouchesAppointments` unless ``seen`` names those that are yet to come, and :class:`Conflict` for one
    who is archived already.
    """
    row = locked(session, staff, practitioner_id)
    if row.archived_at is not None:
        raise Conflict(f"{row.name} is archived already.")
    left = upcoming(session, staff.practice_id, [row.id], now)
    if not {one.appointment.id for one in left} <= set(seen):
        raise TouchesAppointments(left)
    row.archived_at = now
    audit.record(session, now, staff.practice_id, staff, "practitioner.archived", "practitioner", row.id)
    return row


def restore(session: Session, staff: Staff, practitioner_id: str, now: datetime) -> Practitioner:
    """Brings an archived one back, with hours and services as they were."""
    row = locked(session, staff, practitioner_id)
    if row.archived_at is not None:
        row.archived_at = None
        audit.record(session, now, staff.practice_id, staff, "practitioner.restored", "practitioner", row.id)
    return row


def _checked(typed: Typed, slug: str) -> PractitionerTable:
    values = {"slug": slug, "name": typed.name, "title": typed.title, "email": typed.email}
    return forms.checked(PractitionerTable, values)


def _give(session: Session, row: Practitioner, wanted: Collection[str]) -> bool:
    """Writes which services the practitioner gives, archived ones apart; whether that is new."""
    known = set(
        session.exec(
            select(Service.id).where(Service.practice_id == row.practice_id, col(Service.archived_at).is_(None))
        )
    )
    ids = known & set(wanted)
    if ids == set(services_of(session, row)):
        return False
    session.execute(
        delete(ServicePractitioner).where(
            col(ServicePractitioner.practice_id) == row.practice_id,
            col(ServicePractitioner.practitioner_id) == row.id,
            col(ServicePractitioner.service_id).in_(known),
        )
    )
    session.add_all(
        ServicePractitioner(practice_id=row.practice_id, service_id=one, practitioner_id=row.id) for one in ids
    )
    return True
