"""Service levels: policies, the line that has a ticket, and the next deadline of open tickets."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant, Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of service levels."""
    op.add_column("ticket", sa.Column("line", sa.Text(), server_default="1", nullable=False))
    op.create_table(
        "sla_policy",
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("kinds", Json(), nullable=False),
        sa.Column("priorities", Json(), nullable=False),
        sa.Column("tiers", Json(), nullable=False),
        sa.Column("lines", Json(), nullable=False),
        sa.Column("channels", Json(), nullable=False),
        sa.Column("tags", Json(), nullable=False),
        sa.Column("first_response_minutes", sa.BigInteger(), nullable=True),
        sa.Column("next_response_minutes", sa.BigInteger(), nullable=True),
        sa.Column("resolution_minutes", sa.BigInteger(), nullable=True),
        sa.Column("pauses_in", Json(), nullable=False),
        sa.Column("warn_percent", sa.BigInteger(), nullable=False),
        sa.Column("calendar_id", Id(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sla_policy"),
    )
    op.create_table(
        "ticket_deadline",
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("policy_id", Id(), nullable=True),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("warn_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_ticket_deadline"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_ticket_deadline_due_at_ticket_id_warn_at",
        "ticket_deadline",
        ["due_at", "ticket_id", "warn_at"],
    )
