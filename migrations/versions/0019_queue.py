"""Tickets that somebody was handed and skipped."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of skips."""
    op.create_table(
        "ticket_skip",
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("skipped_at", Instant(), nullable=False),
        sa.Column("comes_back_at", Instant(), nullable=False),
        sa.Column("skipped_by", Id(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_skip"),
    )
    op.create_index(
        "ix_ticket_skip_skipped_by_comes_back_at", "ticket_skip", ["skipped_by", "comes_back_at"]
    )
    op.create_index("ix_ticket_skip_skipped_at", "ticket_skip", ["skipped_at"])
