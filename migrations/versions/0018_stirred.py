"""When something last happened in a ticket: what the alarm of stale tickets looks at."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the rows are worked out anew when the program opens the store."""
    op.add_column("ticket_standing", sa.Column("stirred_at", Instant(), nullable=True))
