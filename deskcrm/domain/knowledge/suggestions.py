"""What fits a ticket: articles that share its most telling words, and have served before."""

from dataclasses import dataclass
from math import log
from typing import Final

from sqlalchemy import func, select

from deskcrm.domain.clients.model import Client
from deskcrm.domain.knowledge.model import (
    Article,
    ArticleEdition,
    ArticleId,
    ArticleKind,
    ArticleState,
    Audience,
)
from deskcrm.domain.knowledge.queries import ArticleRow, rows_of
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.merges.homes import read_in
from deskcrm.domain.tickets.model import MessageKind, Ticket, TicketId, TicketMessage
from deskcrm.store import search as index
from deskcrm.store.reader import Reader

_LATEST_WORDS: Final = 3
_CANDIDATES: Final = 30
_SPOKEN: Final = 1.3
"""How much more an article in the client's language weighs."""
_SERVED: Final = 0.15
_ENOUGH: Final = 3.0
"""What two or more words of the text must tell together; one in the title is enough by itself."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article that may answer a ticket, and the words by which it was found."""

    id: ArticleId
    title: str
    body: str
    kind: ArticleKind
    audience: Audience
    language: str
    words: tuple[str, ...]
    tickets: int
    is_helpful: bool


def suggest_articles(db: Reader, ticket_id: TicketId, *, limit: int = 3) -> list[Suggestion]:
    """Suggest published articles for a ticket, best first; none rather than a poor one.

    Found by the subject and the client's latest words. An article in the client's language,
    one that answered tickets before and one that was found helpful weigh more.
    """
    ticket = db.first(
        select(Ticket.subject, Client.language)
        .outerjoin(Client, Client.id == Ticket.client_id)
        .where(Ticket.id == ticket_id, ~Ticket.is_deleted)
    )
    if ticket is None:
        return []
    text = " ".join((ticket.subject, *_said(db, ticket_id)))
    alike = index.find_alike(db.connection, text, Kind.ARTICLE, limit=_CANDIDATES)
    found = {ArticleId(one.row_id): one for one in alike if _is_telling(one)}
    published = _published(db, list(found))
    rows = rows_of(db, list(published))
    rows.sort(key=lambda row: (-_weigh(row, found[row.id].score, ticket.language), row.id))
    return [_suggestion(row, *published[row.id], found[row.id]) for row in rows[:limit]]


def _is_telling(one: index.Alike) -> bool:
    return bool(one.in_title) or (len(one.words) > 1 and one.score >= _ENOUGH)


def _weigh(row: ArticleRow, score: float, spoken: str) -> float:
    """Weigh an article by how well it fits, and by how it has served."""
    language = _SPOKEN if row.language == (spoken or row.language) else 1.0
    helped = (2 + row.helpful) / (2 + row.helpful + row.unhelpful)
    return score * language * helped * (1 + _SERVED * log(1 + row.tickets))


def _suggestion(row: ArticleRow, title: str, body: str, one: index.Alike) -> Suggestion:
    return Suggestion(
        id=row.id,
        title=title,
        body=body,
        kind=row.kind,
        audience=row.audience,
        language=row.language,
        words=tuple(one.words),
        tickets=row.tickets,
        is_helpful=row.helpful > row.unhelpful,
    )


def _said(db: Reader, ticket_id: TicketId) -> list[str]:
    """The client's latest words, the newest first: a long thread drifts from its subject."""
    words = db.scalars(
        select(TicketMessage.text)
        .where(
            TicketMessage.ticket_id.in_(read_in(ticket_id)),
            TicketMessage.kind == MessageKind.CLIENT_WORD,
            ~TicketMessage.is_deleted,
        )
        .order_by(TicketMessage.sent_at.desc(), TicketMessage.id.desc())
        .limit(_LATEST_WORDS)
    )
    return list(words)


def _published(db: Reader, ids: list[ArticleId]) -> dict[ArticleId, tuple[str, str]]:
    """What was published last of those that are in use: the title and the text."""
    rows = db.all(
        select(Article.id, ArticleEdition.title, ArticleEdition.body)
        .join(ArticleEdition, ArticleEdition.id == Article.edition_id)
        .where(
            Article.id.in_(ids),
            Article.state == ArticleState.PUBLISHED,
            Article.kind != ArticleKind.STANDARD,  # what we promise is no answer
            ~Article.is_deleted,
            func.length(ArticleEdition.body) > 0,
        )
    )
    return {ArticleId(row[0]): (row[1], row[2]) for row in rows}
