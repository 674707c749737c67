"""Lines of support: who works on an escalated ticket, and every move between the lines."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OPEN = "state NOT IN ('resolved', 'closed')"


def upgrade() -> None:
    """Add the person and the table of moves."""
    op.add_column("ticket", sa.Column("worker_id", Id(), nullable=True))
    op.create_index(
        "ix_ticket_open_by_worker",
        "ticket",
        ["worker_id", "opened_at", "id", "state"],
        sqlite_where=sa.text(f"is_deleted = 0 AND {_OPEN} AND worker_id IS NOT NULL"),
        postgresql_where=sa.text(f"NOT is_deleted AND {_OPEN} AND worker_id IS NOT NULL"),
    )
    op.create_table(
        "ticket_line_step",
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("from_line", sa.Text(), nullable=False),
        sa.Column("to_line", sa.Text(), nullable=False),
        sa.Column("worker_id", Id(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("promise_id", Id(), nullable=True),
        sa.Column("moved_at", Instant(), nullable=False),
        sa.Column("moved_by", Id(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_line_step"),
    )
    op.create_index(
        "ix_ticket_line_step_ticket_id_moved_at", "ticket_line_step", ["ticket_id", "moved_at"]
    )
