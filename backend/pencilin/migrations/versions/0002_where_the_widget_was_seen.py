"""Where the widget was seen, and pages for webmasters"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "sighting",
        sa.Column("practice_id", sa.String(32), nullable=False),
        sa.Column("site", sa.String(270), nullable=False),
        sa.Column("script_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frame_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_sighting_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "site", name=op.f("pk_sighting")),
    )
    op.create_table(
        "webmaster_link",
        sa.Column("practice_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_webmaster_link_practice_id")),
        sa.ForeignKeyConstraint(
            ["practice_id", "staff_id"],
            ["staff.practice_id", "staff.id"],
            name=op.f("fk_webmaster_link_practice_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_webmaster_link")),
    )
