"""Forms, who was asked with which, and each answer."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant, Json

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables."""
    _make_forms()
    _make_responses()
    _make_answers()


def _make_forms() -> None:
    op.create_table(
        "survey_form",
        *_common(),
        sa.Column("family_id", Id(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("opening_en", sa.Text(), nullable=False),
        sa.Column("opening_ru", sa.Text(), nullable=False),
        sa.Column("questions", Json(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_survey_form"),
    )
    op.create_index("ix_survey_form_family_id", "survey_form", ["family_id"])


def _make_responses() -> None:
    op.create_table(
        "survey_response",
        *_common(),
        sa.Column("form_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("contact_id", Id(), nullable=True),
        sa.Column("ticket_id", Id(), nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by", Id(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("never_again", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_response"),
    )
    table = "survey_response"
    op.create_index(f"ix_{table}_client_id_answered_at", table, ["client_id", "answered_at"])
    for column in ("contact_id", "form_id", "answered_at"):
        op.create_index(f"ix_{table}_{column}", table, [column])
    _where(f"ix_{table}_ticket_id", table, ["ticket_id"], "ticket_id IS NOT NULL")
    _where(f"ix_{table}_token", table, ["token"], "token <> ''")


def _make_answers() -> None:
    op.create_table(
        "survey_answer",
        *_common(),
        sa.Column("response_id", Id(), nullable=False),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("choices", Json(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_low", sa.Boolean(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_by", Id(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("is_client_told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_survey_answer"),
    )
    table = "survey_answer"
    op.create_index(f"ix_{table}_response_id", table, ["response_id"])
    op.create_index(f"ix_{table}_client_id_kind", table, ["client_id", "kind"])
    op.create_index(f"ix_{table}_kind", table, ["kind"])
    unheard = "is_low AND closed_at IS NULL"
    _where(
        f"ix_{table}_unheard",
        table,
        ["client_id"],
        f"is_deleted = 0 AND {unheard}",
        f"NOT is_deleted AND {unheard}",
    )


def _where(name: str, table: str, columns: list[str], where: str, postgres: str = "") -> None:
    op.create_index(
        name,
        table,
        columns,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(postgres or where),
    )


def _common() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
    )
