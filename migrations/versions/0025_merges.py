"""Merges and splits of tickets, and under which ticket each is read."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables of records, and the one that is derived from them."""
    for name, other, at, by in (
        ("ticket_merge", "into_id", "merged_at", "merged_by"),
        ("ticket_split", "from_id", "split_at", "split_by"),
    ):
        op.create_table(
            name,
            sa.Column("id", Id(), nullable=False),
            sa.Column("scope", Id(), nullable=False),
            sa.Column("seq", sa.BigInteger(), nullable=False),
            sa.Column("created_at", Instant(), nullable=False),
            sa.Column("is_deleted", sa.Boolean(), nullable=False),
            sa.Column("ticket_id", Id(), nullable=False),
            sa.Column(other, Id(), nullable=False),
            sa.Column("client_id", Id(), nullable=False),
            sa.Column(at, Instant(), nullable=False),
            sa.Column(by, Id(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        )
        for column in ("ticket_id", other, "client_id"):
            op.create_index(f"ix_{name}_{column}", name, [column])
    op.create_table(
        "ticket_home",
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("home_id", Id(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_ticket_home"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ticket_home_home_id", "ticket_home", ["home_id"])
