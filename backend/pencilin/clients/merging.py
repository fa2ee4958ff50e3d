"""Two files of one person made one, field by field; and taken apart again, as far as nobody changed them since.

The merged file stays, archived: that is what makes *Undo* exact. Its appointments and the links of its requests go to
the kept one.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, func, select

from pencilin import audit
from pencilin.clients.files import find, lock, of_merge, rekey
from pencilin.database import changed
from pencilin.errors import Conflict, Invalid, NotFound
from pencilin.models import Appointment, Client, ClientMerge, Link, PersonalLink, Practice, Role, Staff, new_id
from pencilin.rules.states import Status

FIELDS = ("first_name", "last_name", "birth_date", "email", "phone", "external_id")
AT_ONCE = 500
CHANGED = "One of the two files was changed meanwhile. Look at them again, then merge."
UNDONE = "This merge was undone already, so there is nothing to undo."


class Notes(StrEnum):
    """Whose notes the merged file has."""

    BOTH = "both"
    KEPT = "kept"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Moving:
    """What goes to the kept file: appointments, how many of them are requests, and links of requests."""

    appointments: int
    requests: int
    links: int


@dataclass(frozen=True, slots=True)
class Left:
    """What an undone merge left as it is, since it was changed meanwhile: fields by name, and so many appointments."""

    fields: tuple[str, ...]
    appointments: int


def texts(client: Client) -> dict[str, str | None]:
    """What a file says, by field, dates as YYYY-MM-DD."""
    born = client.birth_date
    return {field: getattr(client, field) for field in (*FIELDS, "notes")} | {
        "birth_date": born.isoformat() if born else None
    }


def seen(kept: Client, merged: Client) -> str:
    """A fingerprint of both files as somebody sees them, to be sent along with the decision."""
    shown = [(one.id, texts(one), one.archived_at is None) for one in (kept, merged)]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def moving(session: Session, staff: Staff, merged: Client) -> Moving:
    """What would move, as far as the staff member may see it."""
    shown: list[ColumnElement[bool]] = [
        col(Appointment.practice_id) == merged.practice_id,
        col(Appointment.client_id) == merged.id,
    ]
    if staff.role == Role.PRACTITIONER:
        shown.append(col(Appointment.practitioner_id) == (staff.practitioner_id or ""))
    by_status = session.exec(
        select(Appointment.status, func.count()).where(*shown).group_by(col(Appointment.status))
    ).all()
    links = session.exec(
        select(func.count(col(Link.id))).where(
            *shown,
            *_live_links(merged),
            Link.practice_id == Appointment.practice_id,
            Link.appointment_id == Appointment.id,
        )
    ).one()
    counts = dict(by_status)
    return Moving(sum(counts.values()), counts.get(Status.TENTATIVE, 0), links)


def merge(
    session: Session,
    staff: Staff,
    kept_id: str,
    merged_id: str,
    taken: Collection[str],
    notes: Notes,
    looked_at: str,
    now: datetime,
) -> ClientMerge:
    """Makes two files one. ``taken`` are the fields that the merged file gives; ``looked_at`` is from :func:`seen`.

    Raises :class:`Conflict` unless both files are as they were then: of two people who merge, the second is told.
    """
    unknown = sorted(set(taken) - set(FIELDS))
    if unknown:
        raise Invalid(dict.fromkeys(unknown, "Choose one of the two."))
    kept, merged = _both(session, staff, kept_id, merged_id)
    if kept.archived_at is not None or merged.archived_at is not None or seen(kept, merged) != looked_at:
        raise Conflict(CHANGED)
    before, given = texts(kept), texts(merged)
    after = {field: given[field] for field in taken} | {"notes": _notes(before["notes"], given["notes"], notes)}
    after = {field: text for field, text in after.items() if text != before[field]}
    moved = _move(session, merged, kept, None)
    links = _move_links(session, merged, kept, None)
    _write(session, kept, merged, after)
    merged.archived_at = now
    _file_both(session, staff, kept, merged, now)
    row = ClientMerge(
        practice_id=staff.practice_id,
        id=new_id(),
        kept_id=kept.id,
        merged_id=merged.id,
        before={field: before[field] for field in after},
        after=after,
        moved=moved + links,
        staff_id=staff.id,
        created_at=now,
    )
    session.add(row)
    audit.record(session, now, staff.practice_id, staff, "client.merged", "client", kept.id, sorted(after))
    audit.record(session, now, staff.practice_id, staff, "client.merged_away", "client", merged.id)
    _record_moved(session, staff, "appointment.client_merged", moved, now)
    return row


def undo(session: Session, staff: Staff, kept_id: str, merge_id: str, now: datetime) -> Left:
    """Takes two files apart again; what was changed since the merge stays, and is named.

    Raises :class:`NotFound`, and :class:`Conflict` where it was undone before or the kept file was merged further.
    """
    find(session, staff, kept_id)
    row = session.get(ClientMerge, (staff.practice_id, merge_id)) if merge_id.isalnum() else None
    if row is None or row.kept_id != kept_id:
        raise NotFound
    # By their ids, as everybody takes them; the merged one may be out of a practitioner's sight by now.
    rows = {
        client_id: session.get_one(Client, (staff.practice_id, client_id), with_for_update=True)
        for client_id in sorted((row.kept_id, row.merged_id))
    }
    kept, merged = rows[row.kept_id], rows[row.merged_id]
    if session.exec(of_merge(staff.practice_id, kept.id)).first() is not None:
        raise Conflict("This file was merged into another one since. Undo that merge first.")
    won = changed(
        session,
        update(ClientMerge)
        .where(
            col(ClientMerge.practice_id) == staff.practice_id,
            col(ClientMerge.id) == row.id,
            col(ClientMerge.undone_at).is_(None),
        )
        .values(undone_at=now)
        .execution_options(synchronize_session=False),
    )
    if not won:
        raise Conflict(UNDONE)
    current = texts(kept)
    back = {field: text for field, text in row.before.items() if current[field] == row.after[field]}
    returned = _move(session, kept, merged, row.moved)
    links = _move_links(session, kept, merged, row.moved)
    _write(session, kept, merged, back)
    merged.archived_at = None
    _file_both(session, staff, kept, merged, now)
    for client in (kept, merged):
        audit.record(session, now, staff.practice_id, staff, "client.unmerged", "client", client.id)
    _record_moved(session, staff, "appointment.client_unmerged", returned, now)
    return Left(tuple(sorted(set(row.before) - set(back))), len(row.moved) - len(returned) - len(links))


def _both(session: Session, staff: Staff, kept_id: str, merged_id: str) -> tuple[Client, Client]:
    if kept_id == merged_id:
        raise Conflict("A file can't be merged with itself. Choose another one.")
    rows = {client_id: lock(session, staff, client_id) for client_id in sorted((kept_id, merged_id))}
    return rows[kept_id], rows[merged_id]


def _notes(kept: str | None, merged: str | None, choice: Notes) -> str | None:
    chosen = {Notes.KEPT: (kept,), Notes.MERGED: (merged,), Notes.BOTH: (kept, merged)}[choice]
    return "\n\n".join(dict.fromkeys(one for one in chosen if one)) or None


def _write(session: Session, kept: Client, merged: Client, values: Mapping[str, str | None]) -> None:
    """Files values into the kept file. A number of another system is one file's only, so the two change places."""
    if "external_id" in values:
        former, kept.external_id, merged.external_id = kept.external_id, None, None
        session.flush()
        merged.external_id = former
    for field, text in values.items():
        setattr(kept, field, date.fromisoformat(text) if field == "birth_date" and text else text)
    session.flush()


def _file_both(session: Session, staff: Staff, kept: Client, merged: Client, now: datetime) -> None:
    practice = session.get_one(Practice, staff.practice_id)
    for client in (kept, merged):
        client.updated_at = now
        session.flush()
        rekey(session, practice, client)


def _move(session: Session, source: Client, target: Client, only: list[str] | None) -> list[str]:
    """Gives the appointments of one file, or ``only`` these, to another, with the links that hold; their ids.

    Their revision grows: who decides on one just now looks again.
    """
    moved: list[str] = []
    for some in _some(only):
        statement = (
            update(Appointment)
            .where(
                col(Appointment.practice_id) == source.practice_id,
                col(Appointment.client_id) == source.id,
                *([] if some is None else [col(Appointment.id).in_(some)]),
            )
            .values(client_id=target.id, revision=Appointment.revision + 1)
            .returning(col(Appointment.id))
            .execution_options(synchronize_session=False)
        )
        moved += session.execute(statement).scalars()
    for some in _some(moved):
        links = update(Link).where(*_live_links(source), col(Link.appointment_id).in_(some or []))
        session.execute(links.values(client_id=target.id).execution_options(synchronize_session=False))
    return sorted(moved)


def _move_links(session: Session, source: Client, target: Client, only: list[str] | None) -> list[str]:
    """Gives the personal booking links of one file, or those among ``only``, to another, which is in use; their ids."""
    of_source = [col(PersonalLink.practice_id) == source.practice_id, col(PersonalLink.client_id) == source.id]
    found = [one for one in session.exec(select(PersonalLink).where(*of_source)) if only is None or one.id in only]
    for one in found:
        one.client_id, one.paused_at = target.id, None
    session.flush()
    return sorted(one.id for one in found)


def _some(ids: list[str] | None) -> Iterable[list[str] | None]:
    """A few ids at a time; None, for all that there are, at once."""
    return [None] if ids is None else [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]


def _live_links(client: Client) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Link.practice_id) == client.practice_id,
        col(Link.client_id) == client.id,
        col(Link.removed_at).is_(None),
    )


def _record_moved(session: Session, staff: Staff, action: str, moved: Iterable[str], now: datetime) -> None:
    for appointment_id in moved:
        audit.record(session, now, staff.practice_id, staff, action, "appointment", appointment_id)
