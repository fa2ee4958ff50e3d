"""A practice as a practice file. Loading it again changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from sqlmodel import Session, col, select

from pencilin.catalogue import read_catalogue
from pencilin.models import Closure, Practice
from pencilin.practices.shapes import LocationTable, PracticeTable, RulesTable, ServiceTable, Table
from pencilin.practices.stored import Content, hours_of, overrides_of, time_off_of
from pencilin.rules.asks import asked


def export(session: Session, practice: Practice) -> str:
    """The TOML of everything that the file format knows of ``practice``; what is archived is left out."""
    catalogue = read_catalogue(session, practice)
    who = {row.id: row.slug for row in catalogue.practitioners}
    where = {row.id: row.slug for row in catalogue.locations}
    closures = session.exec(select(Closure).where(Closure.practice_id == practice.id).order_by(col(Closure.date)))
    content: dict[str, Any] = {
        "practice": _content(practice, PracticeTable),
        "rules": _content(practice, RulesTable),
        "asks": {name: ask.value for name, ask in asked(practice.asks).items()},
        "location": [_content(row, LocationTable) for row in catalogue.locations],
        "practitioner": [
            _without_empty(
                {
                    "slug": row.slug,
                    "name": row.name,
                    "title": row.title,
                    "email": row.email,
                    "hours": hours_of(session, row),
                    "override": overrides_of(session, row),
                    "time_off": time_off_of(session, row),
                }
            )
            for row in catalogue.practitioners
        ],
        "service": [
            _content(row, ServiceTable)
            | {
                "practitioners": [who[one] for one in catalogue.given_by[row.id]],
                "locations": [where[one] for one in catalogue.given_at[row.id]],
            }
            | _without_empty({"question": [_without_empty(question) for question in row.questions]})
            for row in catalogue.services
        ],
        "closure": [{"date": row.date, "name": row.name} for row in closures],
    }
    return tomlkit.dumps(_without_empty(content))


def _content(row: object, shape: type[Table]) -> Content:
    """The row's values for those keys of a table that are columns of the row, in the table's order."""
    values = {key: getattr(row, key) for key in shape.model_fields if hasattr(row, key)}
    return _without_empty({key: str(value) if isinstance(value, str) else value for key, value in values.items()})


def _without_empty(content: Mapping[str, Any] | Sequence[Any]) -> Content:
    return {key: value for key, value in dict(content).items() if value is not None and value != []}
