"""The record of who did what: one row in the transaction of each change, with ids and field names only."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from pencilin.models import ActorKind, AuditEntry, Staff


def record(
    session: Session,
    now: datetime,
    practice_id: str,
    actor: Staff | ActorKind,
    action: str,
    subject_kind: str,
    subject_id: str,
    fields: Sequence[str] = (),
) -> None:
    """Writes down ``action`` (*appointment.approved*). ``fields`` are names, never values."""
    session.add(
        AuditEntry(
            practice_id=practice_id,
            at=now,
            actor=ActorKind.STAFF if isinstance(actor, Staff) else actor,
            staff_id=actor.id if isinstance(actor, Staff) else None,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            fields=list(fields),
        )
    )
