"""An index of the scores of whom enough is known, by which the list of clients is sorted."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_client_health_known",
        "client_health",
        ["probability", "client_id"],
        sqlite_where=sa.text("coverage >= 0.5"),
        postgresql_where=sa.text("coverage >= 0.5"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_client_health_known", "client_health")
