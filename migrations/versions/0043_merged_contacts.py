"""As whom a contact that was merged goes on: whoever is erased is erased under that name too."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("contact", sa.Column("merged_into_id", Id(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("contact", "merged_into_id")
