"""The rules by which a practice is booked, and what its form asks, as managers change them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from sqlmodel import Session, select

from pencilin import audit
from pencilin.database import lock_practitioners
from pencilin.models import Practitioner, Staff
from pencilin.practices import forms
from pencilin.practices.shapes import RulesTable
from pencilin.rules.asks import USUAL, Ask, unusual


def change(
    session: Session, staff: Staff, rules: Mapping[str, int], asks: Mapping[str, Ask], now: datetime
) -> tuple[str, ...]:
    """Writes checked ``rules`` (by the columns' names) and what is asked. Gives the names of what changed."""
    ids = session.exec(select(Practitioner.id).where(Practitioner.practice_id == staff.practice_id)).all()
    # Whoever books looks at notice, horizon and cap: nobody may while they change.
    lock_practitioners(session, staff.practice_id, list(ids))
    practice = forms.practice_of(session, staff)
    changed = forms.given(practice, rules)
    chosen = unusual(asks)
    if chosen != practice.asks:
        changed.extend(f"asks.{name}" for name in USUAL if chosen.get(name) != practice.asks.get(name))
        practice.asks = chosen
    if changed:
        audit.record(session, now, practice.id, staff, "practice.rules_changed", "practice", practice.id, changed)
    return tuple(changed)


def limits(name: str) -> tuple[int, int]:
    """The least and the most that a rule may be, as the practice file has it."""
    constraints: list[Any] = []
    for part in get_args(RulesTable.model_fields[name].annotation):
        for field in getattr(part, "__metadata__", ()):
            constraints.extend(getattr(field, "metadata", ()))
    (least,) = (one.ge for one in constraints if hasattr(one, "ge"))
    (most,) = (one.le for one in constraints if hasattr(one, "le"))
    return least, most
