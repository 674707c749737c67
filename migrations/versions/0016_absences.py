"""Absences: who is away on which days, and who stands in."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of absences."""
    op.create_table(
        "absence",
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("user_id", Id(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("substitute_id", Id(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_index("ix_absence_last_day", "absence", ["last_day"])
    op.create_index("ix_absence_user_id", "absence", ["user_id"])
