"""A practice as a file will have it: its rows, what changed in them, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, SQLModel

from pencilin.models import Location, Practice, Practitioner, Service
from pencilin.practices.reading import Refusals


@dataclass
class Draft:
    """One load on its way. Rows are by slug; ``changed`` and ``added`` hold keys like ``service.first-visit``."""

    session: Session
    practice: Practice
    refusals: Refusals
    locations: dict[str, Location] = field(default_factory=dict)
    practitioners: dict[str, Practitioner] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    added: set[str] = field(default_factory=set)

    def set(self, row: SQLModel, label: str, values: Mapping[str, object]) -> None:
        """Gives the row these values, and notes which of them are new to it."""
        for key, value in values.items():
            if getattr(row, key) != value:
                setattr(row, key, value)
                self.changed.append(f"{label}.{key}")
        self.session.add(row)
