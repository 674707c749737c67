"""Tags on tickets, and macros that add them."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant, Json

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of which ticket wears which tag, and the column of what a macro adds."""
    op.create_table(
        "ticket_tag",
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("tag_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_tag"),
    )
    op.create_index("ix_ticket_tag_ticket_id", "ticket_tag", ["ticket_id"])
    op.create_index(
        "ix_ticket_tag_tag_id_is_deleted_ticket_id",
        "ticket_tag",
        ["tag_id", "is_deleted", "ticket_id"],
    )
    op.add_column("macro", sa.Column("tags", Json(), server_default="[]", nullable=False))
