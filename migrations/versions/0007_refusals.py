"""What a person has dealt with of the steps that the server refused."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of settled refusals, of this device only."""
    op.create_table(
        "settled_refusal",
        sa.Column("device", Id(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("again", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("device", "no", name="pk_settled_refusal"),
    )
