"""Run by Alembic: one history for SQLite and PostgreSQL, on the connection that ``Database.migrate`` gives.

To add a step, change the models and let ``alembic revision --autogenerate`` draft it; then read every line of it.
"""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import pencilin.models  # noqa: F401 - fills the metadata
from pencilin.models.base import UTCDateTime, WallTime


def render_plainly(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Steps outlive the code: they name plain SQLAlchemy types, not ours."""
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, WallTime):
        return "sa.DateTime()"
    if isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=render_plainly,
)
with context.begin_transaction():
    context.run_migrations()
