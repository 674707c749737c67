"""Links between tickets, and who watches which."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "ticket_link",
        *_common(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("other_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_link"),
    )
    op.create_index("ix_ticket_link_ticket_id", "ticket_link", ["ticket_id"])
    op.create_index("ix_ticket_link_other_id", "ticket_link", ["other_id"])
    op.create_table(
        "ticket_watcher",
        *_common(),
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("user_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_watcher"),
    )
    op.create_index("ix_ticket_watcher_ticket_id", "ticket_watcher", ["ticket_id"])
    op.create_index("ix_ticket_watcher_user_id", "ticket_watcher", ["user_id"])


def _common() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
    )
