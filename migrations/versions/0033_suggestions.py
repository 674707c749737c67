"""What clients wish for, which of them, and answers that wish for nothing."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables, and the column of what was looked at."""
    op.create_table(
        "suggestion",
        *_common(),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_at", Instant(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("raised_by", Id(), nullable=False),
        sa.Column("merged_into_id", Id(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion"),
    )
    op.create_table(
        "suggestion_vote",
        *_common(),
        sa.Column("suggestion_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("contact_id", Id(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer_id", Id(), nullable=True),
        sa.Column("ticket_id", Id(), nullable=True),
        sa.Column("voted_at", Instant(), nullable=False),
        sa.Column("told_state", sa.Text(), nullable=True),
        sa.Column("told_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion_vote"),
    )
    for column in ("suggestion_id", "client_id"):
        op.create_index(f"ix_suggestion_vote_{column}", "suggestion_vote", [column])
    for column in ("answer_id", "ticket_id"):
        _where_given("suggestion_vote", column)
    _where_given("suggestion", "merged_into_id")
    op.add_column(
        "survey_answer",
        sa.Column("is_passed_over", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def _where_given(table: str, column: str) -> None:
    where = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        f"ix_{table}_{column}", table, [column], sqlite_where=where, postgresql_where=where
    )


def _common() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
    )
