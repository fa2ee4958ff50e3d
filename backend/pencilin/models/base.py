"""What every row has in common: random ids, UTC instants, and keys that begin with the practice."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Enum, ForeignKeyConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

# Names that are the same on every database, so that one migration history can refer to them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> str:
    """128 random bits as 32 hexadecimal digits: safe in URLs, useless to guess."""
    return secrets.token_hex(16)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive values, and gives aware UTC ones back on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        instant = value.astimezone(UTC)
        # SQLite keeps text and would drop the offset silently; without it, text sorts as time does.
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        # Text that names its zone is read six times as fast as it gets one afterwards, and a week has a thousand.
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class WallTime(TypeDecorator[datetime]):
    """A local date and time, as a clock on the wall shows it. Refuses values that have a zone."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError("a wall time has no time zone")
        return value


class OfPractice(SQLModel):
    """A row that belongs to one practice. Two practices never share a key, so tables can be split by it."""

    practice_id: str = Field(primary_key=True, foreign_key="practice.id", max_length=32)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)


def refers(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A foreign key to another row of the same practice."""
    return ForeignKeyConstraint(["practice_id", column], [f"{table}.practice_id", f"{table}.id"], ondelete=ondelete)


def words(kinds: type[StrEnum]) -> Column[Any]:
    """A column of one of ``kinds``, stored as its word, so that a look into the database needs no legend."""
    return Column(
        Enum(kinds, native_enum=False, length=20, values_callable=lambda of: [kind.value for kind in of]),
        nullable=False,
    )


def json_list() -> Column[Any]:
    """A column for a short list that is only ever read and written whole."""
    return Column(JSON, nullable=False)
