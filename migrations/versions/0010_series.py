"""Which blocks of numbers a device may give out, and which of them the server leased to whom."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables; the one block that there was becomes the first of many."""
    block = op.create_table(
        "series_block",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.Column("device", Id(), nullable=False),
        sa.Column("is_leased", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("series", "first", name="pk_series_block"),
    )
    op.create_table(
        "series_lease",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("device", Id(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("leased_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("series", "first", name="pk_series_lease"),
    )
    _keep_blocks(block)
    op.drop_table("number_block")


def _keep_blocks(block: sa.Table) -> None:
    connection = op.get_bind()
    device = connection.execute(
        sa.text("SELECT value FROM local_meta WHERE key = 'device'")
    ).scalar()
    if device is None:
        return
    former = sa.text("SELECT series, next_number, last_number FROM number_block")
    for series, number, last in connection.execute(former).all():
        connection.execute(
            block.insert().values(
                series=series,
                first=last - 999,
                last=last,
                next=number,
                device=UUID(device),
                is_leased=False,
            )
        )
