"""The desk: settings of a practice, second factors, merges, imports, overbooking"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    op.create_index("appointment_series", "appointment", ["practice_id", "series_id"], unique=False)
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("audit_time", ["practice_id", "at", "id"], unique=False)
        batch_op.create_index("audit_person", ["practice_id", "staff_id", "at", "id"], unique=False)
        batch_op.create_index("audit_action", ["practice_id", "action", "at", "id"], unique=False)
    op.create_index("outbox_unsent", "outbox", ["practice_id", "sent_at", "cancelled_at", "failed_at"], unique=False)
    op.create_index("reservation_ending", "reservation", ["practice_id", "expires_at"], unique=False)
    op.drop_index("appointment_client", "appointment")
    op.create_index("appointment_client", "appointment", ["practice_id", "client_id", "status", "start"], unique=False)
    op.create_index("appointment_made", "appointment", ["practice_id", "created_at"], unique=False)
    _practices_and_accounts()
    _clients()


def _has(name: str, kind: Any, default: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, server_default=default)


def _may_have(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


COLUMNS: dict[str, list[sa.Column[Any]]] = {
    "practice": [
        _has("asks", sa.JSON(), "{}"),
        _has("mail_first_name", sa.Boolean(), "false"),
        _has("reminder_hours", sa.JSON(), "[]"),
        _has("idle_minutes", sa.Integer(), "30"),
        _has("second_factor_required", sa.Boolean(), "false"),
        _has("devices_allowed", sa.Boolean(), "true"),
        _may_have("set_up_at", _instant()),
        _may_have("logo_version", sa.String(32)),
    ],
    "account": [
        _may_have("totp_secret", sa.String()),
        _may_have("totp_confirmed_at", _instant()),
        _has("totp_counter", sa.Integer(), "0"),
    ],
    "staff": [_has("booking_mail", sa.String(20), "each"), _has("hears_of", sa.String(20), "usual")],
    "service": [_has("approval", sa.String(20), "review")],
    "client": [_may_have("erased_at", _instant())],
    "location": [_has("who_calls", sa.String(20), "practice")],
    "appointment": [
        _may_have("series_id", sa.String(32)),
        _may_have("source", sa.String(270)),
        _has("asked", sa.JSON(), "{}"),
        _has("link_version", sa.Integer(), "1"),
        _may_have("proposed_until", _instant()),
    ],
    "outbox": [_may_have("tried_at", _instant()), _may_have("group_id", sa.String(32))],
    "reservation": [_has("lane", sa.Integer(), "0")],
}


def _practices_and_accounts() -> None:
    op.create_table(
        "practice_logo",
        sa.Column("practice_id", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("version", sa.String(32), nullable=False),
        sa.Column("updated_at", _instant(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f("fk_practice_logo_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", name=op.f("pk_practice_logo")),
    )
    op.create_table(
        "set_up_token",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        sa.Column("used_at", _instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_up_token")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        sa.Column("used_at", _instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_recovery_code")),
    )


def _clients() -> None:
    op.create_index(
        "client_listed",
        "client",
        ["practice_id", "erased_at", "archived_at", "last_name", "first_name", "id"],
        unique=False,
    )
    _table(
        "client_merge",
        sa.Column("kept_id", sa.String(32), nullable=False),
        sa.Column("merged_id", sa.String(32), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        sa.Column("undone_at", _instant(), nullable=True),
        _refers("client_merge", "kept_id", "client", ondelete="CASCADE"),
        _refers("client_merge", "merged_id", "client", ondelete="CASCADE"),
        _refers("client_merge", "staff_id", "staff"),
    )
    op.create_index("client_merge_kept", "client_merge", ["practice_id", "kept_id"], unique=False)
    op.create_index("client_merge_merged", "client_merge", ["practice_id", "merged_id"], unique=False)
    op.create_table(
        "different_people",
        sa.Column("practice_id", sa.String(32), nullable=False),
        sa.Column("one_id", sa.String(32), nullable=False),
        sa.Column("other_id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        _refers("different_people", "one_id", "client", ondelete="CASCADE"),
        _refers("different_people", "other_id", "client", ondelete="CASCADE"),
        _refers("different_people", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("practice_id", "one_id", "other_id", name=op.f("pk_different_people")),
    )
    _table(
        "personal_link",
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        sa.Column("revoked_at", _instant(), nullable=True),
        sa.Column("paused_at", _instant(), nullable=True),
        _refers("personal_link", "client_id", "client", ondelete="CASCADE"),
        _refers("personal_link", "staff_id", "staff"),
    )
    op.create_index("personal_link_client", "personal_link", ["practice_id", "client_id"], unique=False)
    _table(
        "disclosure",
        sa.Column("appointment_id", sa.String(32), nullable=False),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("mails", sa.JSON(), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        _refers("disclosure", "appointment_id", "appointment", ondelete="CASCADE"),
        _refers("disclosure", "client_id", "client", ondelete="CASCADE"),
        _refers("disclosure", "staff_id", "staff"),
    )
    op.create_index("disclosure_client", "disclosure", ["practice_id", "client_id"], unique=False)
    _table(
        "client_import",
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("outline", sa.JSON(), nullable=False),
        sa.Column("preview", sa.JSON(), nullable=False),
        sa.Column("previewed_at", _instant(), nullable=True),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created_at", _instant(), nullable=False),
        sa.Column("confirmed_at", _instant(), nullable=True),
        sa.Column("finished_at", _instant(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        _refers("client_import", "staff_id", "staff"),
    )


def _table(name: str, *parts: sa.Column[Any] | sa.ForeignKeyConstraint) -> None:
    """A table of rows that each belong to one practice."""
    op.create_table(
        name,
        sa.Column("practice_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["practice_id"], ["practice.id"], name=op.f(f"fk_{name}_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f(f"pk_{name}")),
    )


def _refers(table: str, column: str, to: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", column],
        [f"{to}.practice_id", f"{to}.id"],
        name=op.f(f"fk_{table}_practice_id_{column}"),
        ondelete=ondelete,
    )
