"""People: users, teams, clients, contacts, tags, contracts, views and drafts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from deskcrm.store.types import Id, Instant, Json

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_folded = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def _record() -> tuple[sa.Column[object], ...]:
    """Give the columns that every record has."""
    return (
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
    )


def _of_living(table: str, name: str, *columns: str) -> None:
    """Make an index of the rows that are not deleted."""
    op.create_index(
        f"ix_{table}_{name}",
        table,
        list(columns),
        sqlite_where=sa.text("is_deleted = 0"),
        postgresql_where=sa.text("NOT is_deleted"),
    )


def upgrade() -> None:
    """Make the tables of people."""
    _users_and_teams()
    _clients()
    _custom_fields()
    _contacts()
    _tags()
    _contracts()
    _views_and_drafts()


def _users_and_teams() -> None:
    op.create_table(
        "user",
        *_record(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user"),
    )
    op.create_table(
        "team",
        *_record(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", Id(), nullable=True),
        sa.Column("lead_id", Id(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
    )
    op.create_index("ix_team_parent_id", "team", ["parent_id"])
    op.create_table(
        "team_member",
        *_record(),
        sa.Column("team_id", Id(), nullable=False),
        sa.Column("user_id", Id(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_team_member"),
    )
    op.create_index("ix_team_member_team_id", "team_member", ["team_id"])
    op.create_index("ix_team_member_user_id", "team_member", ["user_id"])


def _clients() -> None:
    op.create_table(
        "client",
        *_record(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sort_name", _folded, nullable=False),
        sa.Column("legal_name", sa.Text(), nullable=False),
        sa.Column("tax_number", sa.Text(), nullable=False),
        sa.Column("parent_id", Id(), nullable=True),
        sa.Column("owner_id", Id(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("lifecycle", sa.Text(), nullable=False),
        sa.Column("customer_since", sa.Date(), nullable=True),
        sa.Column("churned_on", sa.Date(), nullable=True),
        sa.Column("churn_reason", sa.Text(), nullable=False),
        sa.Column("goals", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("caution", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_client"),
    )
    _of_living("client", "sort_name", "sort_name", "lifecycle")
    _of_living("client", "tier", "tier", "sort_name", "lifecycle")
    _of_living("client", "lifecycle", "lifecycle", "sort_name")
    _of_living("client", "city", "city", "sort_name")
    _of_living("client", "owner_id", "owner_id", "sort_name")
    op.create_index(
        "ix_client_deleted",
        "client",
        ["sort_name"],
        sqlite_where=sa.text("is_deleted = 1"),
        postgresql_where=sa.text("is_deleted"),
    )
    given = sa.text("parent_id IS NOT NULL")
    op.create_index(
        "ix_client_parent_id", "client", ["parent_id"], sqlite_where=given, postgresql_where=given
    )


def _custom_fields() -> None:
    op.create_table(
        "custom_field",
        *_record(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("choices", Json(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_custom_field"),
    )
    op.create_table(
        "custom_value",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("field_id", Id(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_custom_value"),
    )
    op.create_index("ix_custom_value_client_id_field_id", "custom_value", ["client_id", "field_id"])
    op.create_index("ix_custom_value_field_id_text", "custom_value", ["field_id", "text"])


def _contacts() -> None:
    op.create_table(
        "contact",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("greeting", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("preferred_channel", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
    )
    op.create_index("ix_contact_client_id", "contact", ["client_id"])
    op.create_table(
        "contact_point",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("contact_id", Id(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("normal", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("is_preferred", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_point"),
    )
    op.create_index("ix_contact_point_client_id", "contact_point", ["client_id"])
    op.create_index("ix_contact_point_contact_id", "contact_point", ["contact_id"])
    op.create_index("ix_contact_point_normal_kind", "contact_point", ["normal", "kind"])


def _tags() -> None:
    op.create_table(
        "tag",
        *_record(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", _folded, nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
    )
    op.create_index("ix_tag_folded", "tag", ["folded"])
    op.create_table(
        "client_tag",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("tag_id", Id(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_client_tag"),
    )
    op.create_index("ix_client_tag_client_id", "client_tag", ["client_id"])
    op.create_index(
        "ix_client_tag_tag_id_is_deleted_client_id",
        "client_tag",
        ["tag_id", "is_deleted", "client_id"],
    )


def _contracts() -> None:
    op.create_table(
        "contract",
        *_record(),
        sa.Column("client_id", Id(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("billing_period", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("notice_days", sa.BigInteger(), nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("auto_renews", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("notice_given_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contract"),
    )
    op.create_index("ix_contract_client_id", "contract", ["client_id"])
    _of_living("contract", "decision_on", "status", "decision_on")


def _views_and_drafts() -> None:
    op.create_table(
        "saved_view",
        *_record(),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filter", Json(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("columns", Json(), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
    )
    op.create_index("ix_saved_view_place", "saved_view", ["place"])
    op.create_table(
        "draft",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content", Json(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("place", "subject", name="pk_draft"),
    )
