"""Where the server keeps the segments of its snapshots, for workstations that begin anew."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of segments."""
    op.create_table(
        "sync_segment",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("schema", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("built_at", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_sync_segment"),
    )
    op.create_index("ix_sync_segment_scope", "sync_segment", ["scope"])
