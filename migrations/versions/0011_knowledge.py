"""The knowledge base: articles, their editions, and how they served."""

import sqlalchemy as sa
from alembic import op

from deskcrm.store.types import Id, Instant

revision = "0011"
down_revision = "0010"
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
    """Make the tables of articles."""
    folded = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "article",
        *_record(),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", folded, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("keywords", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("check_on", sa.Date(), nullable=True),
        sa.Column("translation_of", Id(), nullable=True),
        sa.Column("author_id", Id(), nullable=False),
        sa.Column("edition_id", Id(), nullable=True),
        sa.Column("edited_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
    )
    op.create_index("ix_article_title_key", "article", ["title_key"])
    op.create_index("ix_article_translation_of", "article", ["translation_of"])
    _editions()
    _service()


def _editions() -> None:
    op.create_table(
        "article_edition",
        *_record(),
        sa.Column("article_id", Id(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("published_by", Id(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_edition"),
    )
    op.create_index("ix_article_edition_article_id", "article_edition", ["article_id"])


def _service() -> None:
    op.create_table(
        "article_vote",
        *_record(),
        sa.Column("article_id", Id(), nullable=False),
        sa.Column("voted_by", Id(), nullable=False),
        sa.Column("is_helpful", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_vote"),
    )
    op.create_index("ix_article_vote_article_id", "article_vote", ["article_id"])
    op.create_table(
        "article_use",
        *_record(),
        sa.Column("article_id", Id(), nullable=False),
        sa.Column("ticket_id", Id(), nullable=False),
        sa.Column("used_by", Id(), nullable=False),
        sa.Column("used_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_use"),
    )
    op.create_index("ix_article_use_article_id", "article_use", ["article_id"])
    op.create_index("ix_article_use_ticket_id", "article_use", ["ticket_id"])
