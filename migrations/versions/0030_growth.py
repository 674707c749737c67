"""What is used, billed and lost: usage, invoices, departures, and what became of contracts."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "usage_week",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        *(sa.Column(day, sa.Double(), nullable=True) for day in _DAYS),
        sa.Column("ceiling", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_usage_week"),
    )
    op.create_index("ix_usage_week_client_id_week_on", "usage_week", ["client_id", "week_on"])
    _make_invoices()
    op.create_table(
        "departure",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("competitor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_departure"),
    )
    op.create_index("ix_departure_client_id", "departure", ["client_id"])
    _make_contract_steps()


def _make_invoices() -> None:
    op.create_table(
        "invoice",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invoice"),
    )
    op.create_index("ix_invoice_client_id_due_on", "invoice", ["client_id", "due_on"])
    op.create_index(
        "ix_invoice_open_by_due",
        "invoice",
        ["due_on", "client_id"],
        sqlite_where=sa.text("is_deleted = 0 AND state = 'open'"),
        postgresql_where=sa.text("NOT is_deleted AND state = 'open'"),
    )


def _make_contract_steps() -> None:
    op.create_table(
        "contract_step",
        *_record(),
        sa.Column("contract_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("before_minor", sa.BigInteger(), nullable=False),
        sa.Column("after_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("competitor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contract_step"),
    )
    for column in ("client_id", "contract_id", "effective_on"):
        op.create_index(f"ix_contract_step_{column}", "contract_step", [column])


def _record() -> list[sa.Column[object]]:
    return [
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
    ]
