"""What sync needs: the server's order and its memory, and what a workstation remembers of it."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of sync, and the places in the log for the server's answers."""
    op.add_column("step", sa.Column("seq", sa.BigInteger(), nullable=True))
    op.add_column("step", sa.Column("effective_at", Instant(), nullable=True))
    op.add_column("step", sa.Column("refusal", sa.Text(), nullable=True))
    op.add_column("change", sa.Column("bases", sa.Text(), nullable=True))
    op.add_column("change", sa.Column("scope", Id(), nullable=True))
    op.add_column("change", sa.Column("seq", sa.BigInteger(), nullable=True))
    confirmed = sa.text("seq IS NOT NULL")
    op.create_index(
        "ix_change_scope",
        "change",
        ["scope", "seq"],
        sqlite_where=confirmed,
        postgresql_where=confirmed,
    )
    _order()
    _devices()
    _replica()


def _order() -> None:
    op.create_table(
        "sync_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lineage", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("horizon", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sync_head"),
    )
    op.create_table(
        "sync_restore",
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("restored_from", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name="pk_sync_restore"),
    )
    op.create_table(
        "row_version",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("created_seq", sa.BigInteger(), nullable=False),
        sa.Column("created_by", Id(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("table_name", "row_id", name="pk_row_version"),
    )
    op.create_index("ix_row_version_scope", "row_version", ["scope", "seq"])
    op.create_table(
        "scope_exit",
        sa.Column("scope", Id(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "table_name", "row_id", name="pk_scope_exit"),
    )
    op.create_index("ix_scope_exit_scope", "scope_exit", ["scope", "seq"])


def _devices() -> None:
    op.create_table(
        "device",
        sa.Column("id", Id(), nullable=False),
        sa.Column("user_id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_no", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
    )
    op.create_table(
        "push_result",
        sa.Column("device", Id(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("effective_at", Instant(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("device", "no", name="pk_push_result"),
    )


def _replica() -> None:
    op.create_table(
        "sync_cursor",
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_sync_cursor"),
    )
    op.create_table(
        "sync_wanted",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", Id(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "row_id", name="pk_sync_wanted"),
    )
    op.create_table(
        "scope_sum",
        sa.Column("scope", Id(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "table_name", name="pk_scope_sum"),
    )
    op.create_table(
        "conflict",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", Id(), nullable=False),
        sa.Column("subject_id", Id(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("lost", sa.Text(), nullable=False),
        sa.Column("kept_by", Id(), nullable=True),
        sa.Column("lost_by", Id(), nullable=True),
        sa.Column("kept_at", Instant(), nullable=True),
        sa.Column("lost_at", Instant(), nullable=True),
        sa.Column("resolved_by", Id(), nullable=True),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conflict"),
    )
    op.create_index("ix_conflict_row_id", "conflict", ["row_id"])
    op.create_index("ix_conflict_resolved_at", "conflict", ["resolved_at"])
