"""Touch policies, rhythms of clients, and when each is due."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant, Json

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def _record() -> tuple[sa.Column[object], ...]:
    """Give the columns that every record has."""
    return (
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
    )


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "touch_policy",
        *_record(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ideal_days", sa.BigInteger(), nullable=False),
        sa.Column("max_days", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("tiers", Json(), nullable=False),
        sa.Column("lifecycles", Json(), nullable=False),
        sa.Column("tags", Json(), nullable=False),
        sa.Column("owners", Json(), nullable=False),
        sa.Column("least_value_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_touch_policy"),
    )
    op.create_table(
        "touch_rhythm",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("ideal_days", sa.BigInteger(), nullable=False),
        sa.Column("max_days", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_touch_rhythm"),
    )
    op.create_index("ix_touch_rhythm_client_id", "touch_rhythm", ["client_id"])
    op.create_table(
        "client_touch",
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("policy_id", Id(), nullable=True),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("was_heard", sa.Boolean(), nullable=False),
        sa.Column("ideal_days", sa.BigInteger(), nullable=False),
        sa.Column("max_days", sa.BigInteger(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("cold_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_client_touch"),
        sqlite_with_rowid=False,
    )
    for column in ("due_at", "cold_at"):
        op.create_index(
            f"ix_client_touch_{column}_client_id", "client_touch", [column, "client_id"]
        )
