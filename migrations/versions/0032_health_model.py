"""The weights of the health score that a team learned or set."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant, Json

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of weights."""
    op.create_table(
        "health_model",
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("weights", Json(), nullable=False),
        sa.Column("bounds", Json(), nullable=False),
        sa.Column("intercept", sa.Double(), nullable=False),
        sa.Column("base_rate", sa.Double(), nullable=False),
        sa.Column("looseness", sa.Double(), nullable=True),
        sa.Column("cases", sa.BigInteger(), nullable=False),
        sa.Column("churned", sa.BigInteger(), nullable=False),
        sa.Column("kept_at", Instant(), nullable=True),
        sa.Column("kept_by", Id(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_health_model"),
    )
    op.create_index("ix_health_model_kept_at", "health_model", ["kept_at"])
