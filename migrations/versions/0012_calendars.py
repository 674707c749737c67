"""Calendars: working weeks, the days that are otherwise, and who goes by which."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0012"
down_revision = "0011"
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
    """Make the tables of calendars."""
    op.create_table(
        "calendar",
        *_record(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("monday", sa.Text(), nullable=False),
        sa.Column("tuesday", sa.Text(), nullable=False),
        sa.Column("wednesday", sa.Text(), nullable=False),
        sa.Column("thursday", sa.Text(), nullable=False),
        sa.Column("friday", sa.Text(), nullable=False),
        sa.Column("saturday", sa.Text(), nullable=False),
        sa.Column("sunday", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar"),
    )
    op.create_table(
        "calendar_day",
        *_record(),
        sa.Column("calendar_id", Id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_day"),
    )
    op.create_index("ix_calendar_day_calendar_id", "calendar_day", ["calendar_id"])
    op.create_table(
        "calendar_use",
        *_record(),
        sa.Column("calendar_id", Id(), nullable=False),
        sa.Column("team_id", Id(), nullable=True),
        sa.Column("user_id", Id(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_use"),
    )
