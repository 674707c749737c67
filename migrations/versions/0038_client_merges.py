"""Clients that were merged, and pairs of clients that are not the same."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant, Json

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    _table(
        "client_merge",
        sa.Column("from_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("merged_at", Instant(), nullable=False),
        sa.Column("merged_by", Id(), nullable=False),
        sa.Column("taken", Json(), nullable=False),
        sa.Column("seen", Json(), nullable=False),
        sa.Column("grounds", Json(), nullable=False),
    )
    _table(
        "client_before",
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("state", Json(), nullable=False),
    )
    _table(
        "row_origin",
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("moved_at", Instant(), nullable=False),
        sa.Column("rows", Json(), nullable=False),
    )
    _table(
        "distinct_pair",
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("other_id", Id(), nullable=False),
        sa.Column("said_at", Instant(), nullable=False),
        sa.Column("said_by", Id(), nullable=False),
        sa.Column("grounds", Json(), nullable=False),
    )
    for table in ("client_merge", "client_before", "row_origin", "distinct_pair"):
        op.create_index(f"ix_{table}_client_id", table, ["client_id"])
    op.create_index("ix_client_merge_from_id", "client_merge", ["from_id"])
    op.create_index("ix_distinct_pair_other_id", "distinct_pair", ["other_id"])


def _table(name: str, *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
