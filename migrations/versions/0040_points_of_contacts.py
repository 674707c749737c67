"""The index of whose an address is, of those only that are a contact's."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_NAME = "ix_contact_point_contact_id"
_SOME = sa.text("contact_id IS NOT NULL")


def upgrade() -> None:
    """Make it anew."""
    op.drop_index(_NAME, "contact_point")
    op.create_index(
        _NAME, "contact_point", ["contact_id"], sqlite_where=_SOME, postgresql_where=_SOME
    )


def downgrade() -> None:
    """Make it of all."""
    op.drop_index(_NAME, "contact_point")
    op.create_index(_NAME, "contact_point", ["contact_id"])
