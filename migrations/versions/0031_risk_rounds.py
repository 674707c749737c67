"""Which clients are to be scored anew, and what a score is held against."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the list of clients to be scored; scores, which are made anew, get their columns."""
    op.create_table(
        "health_stale",
        sa.Column("client_id", Id(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_health_stale"),
        sqlite_with_rowid=False,
    )
    op.execute("DELETE FROM client_health")
    with op.batch_alter_table("client_health") as table:
        table.drop_column("reasons")
        table.add_column(sa.Column("currency", sa.Text(), nullable=False))
        table.add_column(sa.Column("cause", sa.Text(), nullable=True))
        table.add_column(sa.Column("line", sa.Double(), nullable=True))
