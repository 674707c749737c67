"""At which line clients enter is noted once for a book, not on each client of it."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the column; the next round notes the lines anew."""
    op.drop_column("client_health", "line")


def downgrade() -> None:
    """Bring the column back, empty."""
    op.add_column("client_health", sa.Column("line", sa.Double(), nullable=True))
