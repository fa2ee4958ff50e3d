"""Since when the widget is seen on a website"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("sighting", sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=True))
