"""A practice file becomes rows: created or updated by slug, whole or not at all, and twice is as good as once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.database import lock_practitioners
from pencilin.models import ActorKind, Closure, Location, Practice, Practitioner, Service
from pencilin.practices import calendars, offers, reading
from pencilin.practices.drafts import Draft
from pencilin.practices.lines import Lines, Path
from pencilin.practices.reading import Refusals
from pencilin.practices.shapes import ClosureTable, NamedTable, PracticeFile, ServiceTable
from pencilin.rules.asks import asked, unusual

Named = TypeVar("Named", Location, Practitioner, Service)

DEFAULT_COUNTRY = "US"


@dataclass(frozen=True)
class Loaded:
    """What a load did: the practice, whether it is new, and the keys that now have another value."""

    practice: Practice
    created: bool
    changed: tuple[str, ...]


def load(session: Session, text: str, now: datetime) -> Loaded:
    """Creates or updates the practice that the file in ``text`` describes.

    What the file doesn't mention stays as it is. Raises :class:`Invalid` that names line and key of all that is wrong.
    """
    content = reading.parse(text)
    refusals = Refusals(Lines(text))
    stored = session.exec(select(Practice).where(Practice.slug == reading.slug_in(content))).one_or_none()
    file = reading.read(content, refusals, stored.country if stored else DEFAULT_COUNTRY)
    if stored:
        # Whoever books looks at hours, zones and caps: nobody may while they change.
        ids = session.exec(select(Practitioner.id).where(Practitioner.practice_id == stored.id)).all()
        lock_practitioners(session, stored.id, list(ids))
    practice = stored or Practice(slug=file.practice.slug, name="", timezone="", created_at=now)
    draft = Draft(session, practice, refusals)
    _write(draft, file, is_new=stored is None)
    refusals.check()
    session.flush()
    if draft.changed:
        action = "practice.updated" if stored else "practice.created"
        audit.record(session, now, practice.id, ActorKind.SYSTEM, action, "practice", practice.id, draft.changed)
    return Loaded(practice, stored is None, tuple(draft.changed))


def _write(draft: Draft, file: PracticeFile, *, is_new: bool) -> None:
    values = file.practice.mentioned("slug")
    if is_new:
        _require(draft, ("practice",), values, ("name", "timezone"))
        draft.refusals.check()
    draft.set(draft.practice, "practice", values)
    draft.set(draft.practice, "rules", file.rules.mentioned())
    if asks := file.asks.mentioned():
        draft.set(draft.practice, "practice", {"asks": unusual(asked(draft.practice.asks) | asks)})
    draft.session.flush()
    draft.locations = _rows(draft, "location", Location, file.location, ("name",))
    draft.practitioners = _rows(draft, "practitioner", Practitioner, file.practitioner, ("name",))
    draft.services = _rows(draft, "service", Service, file.service, ("name", "minutes"))
    draft.refusals.check()
    draft.session.flush()
    offers.write(draft, file.service)
    calendars.check(draft, file)
    draft.refusals.check()
    calendars.write(draft, file.practitioner)
    _close(draft, file.closure)


def _rows(
    draft: Draft,
    kind: str,
    model: type[Named],
    tables: Sequence[NamedTable],
    needed: Sequence[str],
) -> dict[str, Named]:
    """All rows of a kind by slug, those of the file as it wants them, in the order of the file."""
    ordered = draft.session.exec(
        select(model).where(model.practice_id == draft.practice.id).order_by(col(model.position), col(model.slug))
    )
    rows = {row.slug: row for row in ordered}
    stored = list(rows)
    for number, table in enumerate(tables):
        label = f"{kind}.{table.slug}"
        values = _columns(table)
        if table.slug not in rows:
            _require(draft, (kind, number), values, needed)
            rows[table.slug] = _new(draft.practice, model, table.slug)
            draft.added.add(label)
        draft.set(rows[table.slug], label, values | {"archived_at": None})
    for position, slug in enumerate(in_order(stored, [table.slug for table in tables])):
        rows[slug].position = position
    return rows


def _columns(table: NamedTable) -> dict[str, Any]:
    """What the file says for the row's own columns; lists of other rows are written apart."""
    values = table.mentioned("slug", "hours", "override", "time_off", "practitioners", "locations", "question")
    if isinstance(table, ServiceTable):
        if table.question is not None:
            values["questions"] = [question.model_dump() for question in table.question]
        if table.step == 0:
            values["step"] = None
    return values


def _new(practice: Practice, model: type[Named], slug: str) -> Named:
    needed: dict[str, Any] = {"practice_id": practice.id, "slug": slug, "name": ""}
    if model is Location:
        needed |= {"timezone": practice.timezone, "country": practice.country}
    if model is Service:
        needed |= {"minutes": 0}
    return model(**needed)


def _close(draft: Draft, tables: Sequence[ClosureTable]) -> None:
    rows = draft.session.exec(select(Closure).where(Closure.practice_id == draft.practice.id))
    stored = {row.date: row for row in rows}
    for table in tables:
        row = stored.get(table.date) or Closure(practice_id=draft.practice.id, date=table.date, name="")
        draft.set(row, f"closure.{table.date}", {"name": table.name})


def _require(draft: Draft, path: Path, values: Mapping[str, object], needed: Sequence[str]) -> None:
    for key in needed:
        if values.get(key) is None:
            draft.refusals.add((*path, key), f"is missing, and a new {path[0]} needs it")


def in_order(stored: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """``stored`` with those ``wanted`` in their order: where they stood, and new ones after the one before them."""
    known = [slug for slug in wanted if slug in stored]
    rearranged = iter(known)
    order = [next(rearranged) if slug in known else slug for slug in stored]
    for place, slug in enumerate(wanted):
        if slug not in order:
            order.insert(order.index(wanted[place - 1]) + 1 if place else 0, slug)
    return order
