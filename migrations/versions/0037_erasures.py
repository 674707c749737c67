"""Certificates of erasure, and an index of what was erased in the log."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant, Json

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erasure",
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("person_id", Id(), nullable=False),
        sa.Column("erased_at", Instant(), nullable=False),
        sa.Column("erased_by", Id(), nullable=False),
        sa.Column("counts", Json(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("mentions_left", sa.BigInteger(), nullable=False),
        sa.Column("backups_until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
    )
    op.create_index("ix_erasure_client_id", "erasure", ["client_id"])
    op.create_index(
        "ix_change_erased",
        "change",
        ["seq"],
        sqlite_where=sa.text("kind = 'erase'"),
        postgresql_where=sa.text("kind = 'erase'"),
    )
