"""Answers about articles: the list, one article with its editions, and what fits a ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from deskcrm.domain.days import day_of
from deskcrm.domain.knowledge.model import (
    Article,
    ArticleEdition,
    ArticleEditionId,
    ArticleId,
    ArticleKind,
    ArticleState,
    ArticleUse,
    ArticleVote,
    Audience,
)
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.users.model import User
from deskcrm.store import search as index
from deskcrm.store.reader import Reader

_MOST_FOUND: Final = 200
LATEST: Final = 20
"""Editions that are listed; the older ones stay in history."""


class ArticleShelf(StrEnum):
    """Which articles a list shows."""

    IN_USE = "in_use"
    PINNED = "pinned"
    DRAFTS = "drafts"
    STALE = "stale"
    """In use, and due to be looked over."""
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article, as lists show it. ``tickets``: how many were answered with it."""

    id: ArticleId
    title: str
    kind: ArticleKind
    audience: Audience
    language: str
    state: ArticleState
    is_pinned: bool
    is_stale: bool
    check_on: date | None
    edited_at: datetime
    tickets: int
    helpful: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition, the newest first in lists."""

    id: ArticleEditionId
    title: str
    body: str
    note: str
    published_at: datetime
    published_by: str


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """The same article in another language."""

    id: ArticleId
    language: str
    title: str
    state: ArticleState


@dataclass(frozen=True, slots=True)
class ArticleDetail:
    """One article with everything around it. ``my_vote``: None before one has spoken."""

    row: ArticleRow
    body: str
    keywords: str
    address: str
    author: str
    published: EditionRow | None
    editions: Sequence[EditionRow]
    translations: Sequence[TranslationRow]
    my_vote: bool | None

    @property
    def is_ahead(self) -> bool:
        """Tell whether something is written that is not published yet."""
        return self.published is not None and not self._is_written(self.published)

    @property
    def earlier(self) -> list[EditionRow]:
        """Give the editions that say something else than what is written now."""
        return [one for one in self.editions if not self._is_written(one)]

    def _is_written(self, edition: EditionRow) -> bool:
        return (edition.title, edition.body) == (self.row.title, self.body)


def count_articles(
    db: Reader, *, shelf: ArticleShelf = ArticleShelf.IN_USE, search: str = ""
) -> int:
    """Count the articles on a shelf, or those that a search finds on it."""
    statement = select(func.count()).select_from(Article)
    return db.scalar(statement.where(*_clauses(db, shelf, search))) or 0


def page_articles(
    db: Reader,
    *,
    offset: int = 0,
    limit: int = 200,
    sort: str = "title",
    descending: bool = False,
    shelf: ArticleShelf = ArticleShelf.IN_USE,
    search: str = "",
) -> list[ArticleRow]:
    """Give the articles of a shelf from one place in the list to another."""
    column: ColumnElement[Any] = _SORTS[sort]
    ids = db.scalars(
        select(Article.id)
        .where(*_clauses(db, shelf, search))
        .order_by(column.desc() if descending else column, Article.id)
        .limit(limit)
        .offset(offset)
    )
    return rows_of(db, [ArticleId(one) for one in ids])


def count_stale(db: Reader) -> int:
    """Count the articles in use that somebody should look over."""
    return count_articles(db, shelf=ArticleShelf.STALE)


def rows_of(db: Reader, ids: Sequence[ArticleId]) -> list[ArticleRow]:
    """Give these articles in this order; those that are gone are left out."""
    found = {
        row.id: row
        for row in db.all(select(*_COLUMNS).where(Article.id.in_(ids), ~Article.is_deleted))
    }
    used, votes = _uses(db, ids), _votes(db, ids)
    return [
        _row(db, found[one], used.get(one, 0), votes.get(one, (0, 0)))
        for one in ids
        if one in found
    ]


def get_article(db: Reader, article_id: ArticleId) -> ArticleDetail | None:
    """Give one article with everything around it; None when it is not there."""
    rows = rows_of(db, [article_id])
    if not rows:
        return None
    body, keywords, address, author, edition_id, first = db.all(
        select(
            Article.body,
            Article.keywords,
            Article.address,
            func.coalesce(User.name, ""),
            Article.edition_id,
            Article.translation_of,
        )
        .outerjoin(User, User.id == Article.author_id)
        .where(Article.id == article_id)
    )[0]
    mine = db.first(
        select(ArticleVote.is_helpful).where(
            ArticleVote.article_id == article_id,
            ArticleVote.voted_by == db.actor,
            ~ArticleVote.is_deleted,
        )
    )
    return ArticleDetail(
        row=rows[0],
        body=body,
        keywords=keywords,
        address=address,
        author=author,
        published=next(iter(_editions(db, ArticleEdition.id == edition_id)), None),
        editions=_editions(db, ArticleEdition.article_id == article_id),
        translations=_translations(db, article_id, first or article_id),
        my_vote=mine[0] if mine else None,
    )


def list_pinned(db: Reader, *, language: str) -> list[ArticleRow]:
    """List what is pinned, in one's own language where it is there in both."""
    pinned = (Article.is_pinned, Article.state == ArticleState.PUBLISHED, ~Article.is_deleted)
    found = db.all(
        select(Article.id, Article.translation_of, Article.language)
        .where(*pinned)
        .order_by(Article.title_key, Article.id)
    )
    chosen: dict[Any, Any] = {}
    for row in found:
        family = row.translation_of or row.id
        if family not in chosen or row.language == language:
            chosen[family] = row.id
    return rows_of(db, list(chosen.values()))


def _clauses(db: Reader, shelf: ArticleShelf, search: str) -> list[ColumnElement[bool]]:
    clauses = [~Article.is_deleted, *_SHELVES[shelf]]
    if shelf is ArticleShelf.STALE:
        clauses.append(Article.check_on <= day_of(db.now))
    if search.strip():
        hits = index.search(db.connection, search, kinds=(Kind.ARTICLE,), limit=_MOST_FOUND)
        clauses.append(Article.id.in_([hit.row_id for hit in hits]))
    return clauses


_PUBLISHED: Final = Article.state == ArticleState.PUBLISHED
_SHELVES: Final[dict[ArticleShelf, tuple[ColumnElement[bool], ...]]] = {
    ArticleShelf.IN_USE: (_PUBLISHED,),
    ArticleShelf.PINNED: (_PUBLISHED, Article.is_pinned.is_(True)),
    ArticleShelf.DRAFTS: (Article.state == ArticleState.DRAFT,),
    ArticleShelf.STALE: (_PUBLISHED,),
    ArticleShelf.RETIRED: (Article.state == ArticleState.RETIRED,),
}
_SORTS: Final[dict[str, Any]] = {
    "title": Article.title_key,
    "edited_at": Article.edited_at,
    "check_on": Article.check_on,
}
_COLUMNS: Final = (
    Article.id,
    Article.title,
    Article.kind,
    Article.audience,
    Article.language,
    Article.state,
    Article.is_pinned,
    Article.check_on,
    Article.edited_at,
)


def _row(db: Reader, row: Any, tickets: int, votes: tuple[int, int]) -> ArticleRow:
    in_use = row.state is ArticleState.PUBLISHED
    return ArticleRow(
        id=ArticleId(row.id),
        title=row.title,
        kind=row.kind,
        audience=row.audience,
        language=row.language,
        state=row.state,
        is_pinned=row.is_pinned,
        is_stale=in_use and row.check_on is not None and row.check_on <= day_of(db.now),
        check_on=row.check_on,
        edited_at=row.edited_at,
        tickets=tickets,
        helpful=votes[0],
        unhelpful=votes[1],
    )


def _uses(db: Reader, ids: Sequence[ArticleId]) -> dict[ArticleId, int]:
    rows = db.all(
        select(ArticleUse.article_id, func.count(func.distinct(ArticleUse.ticket_id)))
        .where(ArticleUse.article_id.in_(ids), ~ArticleUse.is_deleted)
        .group_by(ArticleUse.article_id)
    )
    return {ArticleId(row[0]): row[1] for row in rows}


def _votes(db: Reader, ids: Sequence[ArticleId]) -> dict[ArticleId, tuple[int, int]]:
    rows = db.all(
        select(ArticleVote.article_id, ArticleVote.is_helpful, func.count())
        .where(ArticleVote.article_id.in_(ids), ~ArticleVote.is_deleted)
        .group_by(ArticleVote.article_id, ArticleVote.is_helpful)
    )
    votes: dict[ArticleId, tuple[int, int]] = {}
    for article_id, is_helpful, count in rows:
        yes, no = votes.get(article_id, (0, 0))
        votes[article_id] = (yes + count, no) if is_helpful else (yes, no + count)
    return votes


def _editions(db: Reader, condition: ColumnElement[bool]) -> list[EditionRow]:
    rows = db.all(
        select(
            ArticleEdition.id,
            ArticleEdition.title,
            ArticleEdition.body,
            ArticleEdition.note,
            ArticleEdition.published_at,
            func.coalesce(User.name, ""),
        )
        .outerjoin(User, User.id == ArticleEdition.published_by)
        .where(condition, ~ArticleEdition.is_deleted)
        .order_by(ArticleEdition.published_at.desc(), ArticleEdition.id.desc())
        .limit(LATEST)
    )
    return [EditionRow(ArticleEditionId(row[0]), *row[1:]) for row in rows]


def _translations(db: Reader, article_id: ArticleId, first: ArticleId) -> list[TranslationRow]:
    rows = db.all(
        select(Article.id, Article.language, Article.title, Article.state)
        .where(
            (Article.id == first) | (Article.translation_of == first),
            Article.id != article_id,
            ~Article.is_deleted,
        )
        .order_by(Article.language, Article.id)
    )
    return [TranslationRow(ArticleId(row[0]), *row[1:]) for row in rows]
