"""What the server last said of rows on which own edits lie, where the rows do not tell."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "row_base",
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("table_name", "row_id", name="pk_row_base"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("row_base")
