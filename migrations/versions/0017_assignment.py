"""Skills, rules of assignment, and every change of hands of a ticket."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant, Json

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _record() -> tuple[sa.Column[object], ...]:
    """Give the columns that every record has."""
    return (
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
    )


def upgrade() -> None:
    """Make the tables of assignment."""
    op.create_table(
        "skill",
        *_record(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kinds", Json(), nullable=False),
        sa.Column("lines", Json(), nullable=False),
        sa.Column("tags", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_skill"),
    )
    op.create_table(
        "user_skill",
        *_record(),
        sa.Column("skill_id", Id(), nullable=False),
        sa.Column("user_id", Id(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user_skill"),
    )
    op.create_index("ix_user_skill_skill_id", "user_skill", ["skill_id"])
    op.create_index("ix_user_skill_user_id", "user_skill", ["user_id"])
    op.create_table(
        "assignment_rule",
        *_record(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("team_id", Id(), nullable=True),
        sa.Column("kinds", Json(), nullable=False),
        sa.Column("priorities", Json(), nullable=False),
        sa.Column("tiers", Json(), nullable=False),
        sa.Column("lines", Json(), nullable=False),
        sa.Column("channels", Json(), nullable=False),
        sa.Column("tags", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assignment_rule"),
    )
    op.create_table(
        "ticket_assignment",
        *_record(),
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("user_id", Id(), nullable=True),
        sa.Column("rule_id", Id(), nullable=True),
        sa.Column("way", sa.Text(), nullable=True),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("assigned_at", Instant(), nullable=False),
        sa.Column("assigned_by", Id(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_assignment"),
    )
    op.create_index("ix_ticket_assignment_ticket_id", "ticket_assignment", ["ticket_id"])
    op.create_index("ix_ticket_assignment_rule_id", "ticket_assignment", ["rule_id"])
