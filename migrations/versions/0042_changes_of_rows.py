"""An index of the changes of rows that were there: what is asked to see a database as of then."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_change_of_row",
        "change",
        ["step"],
        sqlite_where=sa.text("kind <> 'create'"),
        postgresql_where=sa.text("kind <> 'create'"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_change_of_row", "change")
