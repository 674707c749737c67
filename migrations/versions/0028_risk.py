"""Flags of clients at risk, managers' own reads, and the scores that a device keeps."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant, Json

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make two tables of records and two of this device's own rows."""
    op.create_table(
        "risk_flag",
        *_record_columns(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("at_entry", Json(), nullable=False),
        sa.Column("left_at", Instant(), nullable=True),
        sa.Column("quiet_until", sa.Date(), nullable=True),
        sa.Column("quiet_reason", sa.Text(), nullable=False),
        sa.Column("quieted_by", Id(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_risk_flag"),
    )
    op.create_index("ix_risk_flag_client_id_entered_at", "risk_flag", ["client_id", "entered_at"])
    op.create_index("ix_risk_flag_left_at", "risk_flag", ["left_at"])
    op.create_index(
        "ix_risk_flag_standing",
        "risk_flag",
        ["client_id"],
        sqlite_where=sa.text("is_deleted = 0 AND left_at IS NULL"),
        postgresql_where=sa.text("NOT is_deleted AND left_at IS NULL"),
    )
    op.create_table(
        "health_read",
        *_record_columns(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("read_by", Id(), nullable=False),
        sa.Column("read_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_health_read"),
    )
    op.create_index("ix_health_read_client_id_read_at", "health_read", ["client_id", "read_at"])
    _make_scores()


def _make_scores() -> None:
    op.create_table(
        "health_snapshot",
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *_score_columns(),
        sa.PrimaryKeyConstraint("client_id", "day", name="pk_health_snapshot"),
    )
    op.create_table(
        "client_health",
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("scored_at", Instant(), nullable=False),
        *_score_columns(),
        sa.Column("reasons", Json(), nullable=False),
        sa.Column("annual_value", sa.BigInteger(), nullable=False),
        sa.Column("worth", sa.Double(), nullable=False),
        sa.Column("below_since", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("client_id", name="pk_client_health"),
    )
    for column in ("probability", "worth"):
        op.create_index(
            f"ix_client_health_{column}_client_id", "client_health", [column, "client_id"]
        )


def _record_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
    ]


def _score_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("coverage", sa.Double(), nullable=False),
        sa.Column("signals", Json(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=False),
    ]
