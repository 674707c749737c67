"""Where clients find an article, if not where the knowledge base says."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give articles an address of their own."""
    op.add_column(
        "article", sa.Column("address", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
