"""The tables of articles, of their editions, and of how they served."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NewType
from uuid import UUID, uuid5

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import LANGUAGES, tr
from deskcrm.domain.clients.model import FoldedText
from deskcrm.domain.names import one_line, sort_key
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, follows, merges, refers

ArticleId = NewType("ArticleId", UUID)
ArticleEditionId = NewType("ArticleEditionId", UUID)

LONGEST: Final = 200_000
"""Letters of an article; what is longer is several articles, or a file to attach."""


class ArticleKind(StrEnum):
    """What an article is for."""

    ANSWER = "answer"
    """A frequent question and what to say to it."""
    GUIDE = "guide"
    """Steps, one after another."""
    REFERENCE = "reference"
    """How something is."""
    STANDARD = "standard"
    """What we promise every client: service standards, policies, the team's vision."""


class Audience(StrEnum):
    """Who may read an article once it is published."""

    INTERNAL = "internal"
    PUBLIC = "public"


class ArticleState(StrEnum):
    """How far an article has come."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Article(Record, kw_only=True):
    """A page of what we know, written in Markdown.

    ``title`` and ``body`` are what is being written; people answer with the edition that was
    published last, so a half-finished change reaches nobody.
    """

    __tablename__ = "article"
    __title__ = "title"
    __table_args__ = (Index(None, "title_key"), Index(None, "translation_of"))

    title: Mapped[str] = mapped_column(info=merges(Merge.REGISTER, group="title"))
    title_key: Mapped[str] = mapped_column(FoldedText, default="", info=follows("title"))
    body: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    kind: Mapped[ArticleKind] = mapped_column(default=ArticleKind.ANSWER)
    audience: Mapped[Audience] = mapped_column(default=Audience.INTERNAL)
    language: Mapped[str] = mapped_column(default="en")
    keywords: Mapped[str] = mapped_column(default="")
    """Other words that people ask with."""
    state: Mapped[ArticleState] = mapped_column(default=ArticleState.DRAFT)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    address: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """Where clients find it on the web, if not where the knowledge base says."""
    check_on: Mapped[date | None] = mapped_column(default=None)
    """From that day on somebody should look whether it is still true."""
    translation_of: Mapped[ArticleId | None] = mapped_column(default=None, info=refers("article"))
    """The article of which this is the same in another language."""
    author_id: Mapped[UserId] = mapped_column(info=refers("user", Merge.FINAL))
    edition_id: Mapped[ArticleEditionId | None] = mapped_column(
        default=None, info=refers("article_edition")
    )
    """What was published last."""
    edited_at: Mapped[datetime]

    def __post_init__(self) -> None:
        self.retitle(self.title)
        self.write(self.body)
        self.speak(self.language)

    def retitle(self, title: str) -> None:
        """Give the article another title, and keep what it sorts by in step."""
        title = one_line(title)
        if not title:
            raise UserError(tr("An article needs a title."), tr("Ask it as a client would."))
        self.title, self.title_key = title, sort_key(title)

    def write(self, body: str) -> None:
        """Replace the text."""
        body = body.replace("\r\n", "\n").strip()
        if len(body) > LONGEST:
            raise UserError(
                tr("This article is too long."),
                tr("Split it into several, or attach a file to the ticket instead."),
            )
        self.body = body

    def speak(self, language: str) -> None:
        """Say in which language it is written."""
        if language not in LANGUAGES:
            raise UserError(
                tr("Articles are written in English or Russian."), tr("Choose one of the two.")
            )
        self.language = language


class ArticleEdition(Record, kw_only=True):
    """An article as it was published; never changed."""

    __tablename__ = "article_edition"
    __subject__ = "article_id"
    __title__ = "title"

    article_id: Mapped[ArticleId] = mapped_column(info=refers("article", Merge.FINAL), index=True)
    title: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    body: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    note: Mapped[str] = mapped_column(default="", info=merges(Merge.FINAL))
    """What is new in it."""
    published_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    published_by: Mapped[UserId] = mapped_column(info=refers("user", Merge.FINAL))


class ArticleVote(Record, kw_only=True):
    """Whether an article helped a person; one word of each person, which may change."""

    __tablename__ = "article_vote"
    __subject__ = "article_id"

    article_id: Mapped[ArticleId] = mapped_column(info=refers("article", Merge.FINAL), index=True)
    voted_by: Mapped[UserId] = mapped_column(info=refers("user", Merge.FINAL))
    is_helpful: Mapped[bool]
    comment: Mapped[str] = mapped_column(default="")

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the id that every workstation gives this person's word."""
        return vote_id(values["article_id"], values["voted_by"])


class ArticleUse(Record, kw_only=True):
    """That a ticket was answered with an article."""

    __tablename__ = "article_use"
    __subject__ = "article_id"
    __table_args__ = (Index(None, "ticket_id"),)

    article_id: Mapped[ArticleId] = mapped_column(info=refers("article", Merge.FINAL), index=True)
    ticket_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL))
    used_by: Mapped[UserId] = mapped_column(info=refers("user", Merge.FINAL))
    used_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the id that every workstation gives the use of an article in a ticket."""
        return use_id(values["article_id"], values["ticket_id"])


def vote_id(article_id: UUID, user_id: UUID) -> UUID:
    """Give the id of a person's word on an article: worked out, so that there is one."""
    return uuid5(article_id, f"vote {user_id.hex}")


def use_id(article_id: UUID, ticket_id: UUID) -> UUID:
    """Give the id of the use of an article in a ticket: worked out, so that it counts once."""
    return uuid5(article_id, f"use {ticket_id.hex}")
