"""What is expected of renewals, opportunities, and signs of growth that were put aside."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "renewal_forecast",
        *_record(),
        sa.Column("contract_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("term_on", sa.Date(), nullable=False),
        sa.Column("manager_call", sa.Text(), nullable=True),
        sa.Column("manager_minor", sa.BigInteger(), nullable=True),
        sa.Column("manager_note", sa.Text(), nullable=False),
        sa.Column("final_call", sa.Text(), nullable=True),
        sa.Column("final_minor", sa.BigInteger(), nullable=True),
        sa.Column("final_note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_renewal_forecast"),
    )
    op.create_index("ix_renewal_forecast_contract_id", "renewal_forecast", ["contract_id"])
    op.create_table(
        "opportunity",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("owner_id", Id(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opportunity"),
    )
    op.create_index("ix_opportunity_client_id", "opportunity", ["client_id"])
    op.create_index("ix_opportunity_stage_next_on", "opportunity", ["stage", "next_on"])
    op.create_table(
        "signal_dismissal",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("dismissed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signal_dismissal"),
    )
    op.create_index("ix_signal_dismissal_client_id", "signal_dismissal", ["client_id"])


def _record() -> list[sa.Column[object]]:
    return [
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
    ]
