"""Playbooks, their versions, and where they run."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant, Json

revision = "0036"
down_revision = "0035"
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


def _playbooks() -> None:
    op.create_table(
        "playbook",
        *_record(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.Column("conditions", Json(), nullable=False),
        sa.Column("counts_from", Instant(), nullable=True),
        sa.Column("rest_days", sa.BigInteger(), nullable=False),
        sa.Column("ends_when_gone", sa.Boolean(), nullable=False),
        sa.Column("edition_id", Id(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_playbook"),
    )
    op.create_table(
        "playbook_edition",
        *_record(),
        sa.Column("playbook_id", Id(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("steps", Json(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("published_by", Id(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_playbook_edition"),
    )
    op.create_index("ix_playbook_edition_playbook_id", "playbook_edition", ["playbook_id"])
    op.create_table(
        "segment_stay",
        sa.Column("playbook_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("is_within", sa.Boolean(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("playbook_id", "client_id", name="pk_segment_stay"),
    )


def _plays() -> None:
    op.create_table(
        "play",
        *_record(),
        sa.Column("playbook_id", Id(), nullable=False),
        sa.Column("edition_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("started_by", Id(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", Id(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_play"),
    )
    op.create_index("ix_play_client_id_started_at", "play", ["client_id", "started_at"])
    op.create_index("ix_play_playbook_id_client_id", "play", ["playbook_id", "client_id"])
    running = "state = 'running'"
    op.create_index(
        "ix_play_running",
        "play",
        ["started_at", "id"],
        sqlite_where=sa.text(f"is_deleted = 0 AND {running}"),
        postgresql_where=sa.text(f"NOT is_deleted AND {running}"),
    )
    op.create_table(
        "play_step",
        *_record(),
        sa.Column("play_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("settled_by", Id(), nullable=True),
        sa.Column("task_id", Id(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_play_step"),
    )
    op.create_index("ix_play_step_play_id", "play_step", ["play_id"])
    op.create_index(
        "ix_play_step_task_id",
        "play_step",
        ["task_id"],
        sqlite_where=sa.text("task_id IS NOT NULL"),
        postgresql_where=sa.text("task_id IS NOT NULL"),
    )


def upgrade() -> None:
    """Make the tables."""
    _playbooks()
    _plays()
