"""The log: steps, their changes, and the facts of this database file."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables of the log."""
    op.create_table(
        "step",
        sa.Column("id", _serial, nullable=False),
        sa.Column("device", Id(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("actor", Id(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("undoes", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_step"),
        sa.UniqueConstraint("device", "no", name="uq_step_device_no"),
    )
    op.create_index("ix_step_waiting", "step", ["state", "no"])
    op.create_table(
        "change",
        sa.Column("id", _serial, nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", Id(), nullable=False),
        sa.Column("subject", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
    )
    op.create_index("ix_change_step", "change", ["step"])
    op.create_index("ix_change_row_id", "change", ["row_id"])
    op.create_index("ix_change_subject", "change", ["subject", "step"])
    op.create_table(
        "local_meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_local_meta"),
    )
