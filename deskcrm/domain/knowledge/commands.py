"""Writes, publishes and retires articles, and notes how they served."""

from datetime import date
from typing import TypedDict, TypeVar, Unpack
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import LANGUAGES, tr
from deskcrm.domain.clients.rules import check_website
from deskcrm.domain.days import add_months, day_of
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
    use_id,
    vote_id,
)
from deskcrm.domain.knowledge.settings import check_after
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.tables import Record
from deskcrm.store.work import Work

R = TypeVar("R", bound=Record)


class ArticleChanges(TypedDict, total=False):
    """What can be changed of an article; what is not named stays."""

    title: str
    body: str
    kind: ArticleKind
    audience: Audience
    language: str
    keywords: str
    address: str
    check_on: date | None


@command("knowledge.create", "New article")
def create_article(
    work: Work,
    *,
    title: str,
    body: str = "",
    kind: ArticleKind = ArticleKind.ANSWER,
    audience: Audience = Audience.INTERNAL,
    language: str = "en",
    keywords: str = "",
    address: str = "",
) -> ArticleId:
    """Begin an article; it is a draft until it is published."""
    article = Article(
        title=title,
        body=body,
        kind=kind,
        audience=audience,
        language=language,
        keywords=keywords.strip(),
        address=check_website(address),
        author_id=UserId(work.actor),
        edited_at=work.now,
    )
    return ArticleId(work.add(article).id)


@command("knowledge.edit", "Edit article")
def edit_article(work: Work, /, article_id: ArticleId, **changes: Unpack[ArticleChanges]) -> None:
    """Change an article; what was published stays as it is until it is published again."""
    article = work.get(Article, article_id)
    if "title" in changes:
        article.retitle(changes["title"])
    if "body" in changes:
        article.write(changes["body"])
    if "language" in changes:
        article.speak(changes["language"])
    if "keywords" in changes:
        article.keywords = changes["keywords"].strip()
    if "address" in changes:
        article.address = check_website(changes["address"])
    if "kind" in changes:
        article.kind = changes["kind"]
    if "audience" in changes:
        article.audience = changes["audience"]
    if "check_on" in changes:
        article.check_on = changes["check_on"]
    if changes.keys() & {"title", "body", "language"}:
        article.edited_at = work.now


@command("knowledge.publish", "Publish article")
def publish_article(work: Work, article_id: ArticleId, *, note: str = "") -> ArticleEditionId:
    """Make what is written the edition that people answer with."""
    article = work.get(Article, article_id)
    if not article.body:
        raise UserError(tr("There is nothing to publish yet."), tr("Write the article first."))
    before = _edition(work, article)
    is_same = before is not None and (before.title, before.body) == (article.title, article.body)
    if is_same and article.state is ArticleState.PUBLISHED:
        raise UserError(
            tr("This is published already."), tr("Nothing was changed since the last edition.")
        )
    _look_over(work, article)
    article.state = ArticleState.PUBLISHED
    if before is None or not is_same:
        edition = ArticleEdition(
            article_id=article_id,
            title=article.title,
            body=article.body,
            note=note.strip(),
            published_at=work.now,
            published_by=UserId(work.actor),
        )
        article.edition_id = ArticleEditionId(work.add(edition).id)
    assert article.edition_id is not None
    return article.edition_id


@command("knowledge.retire", "Retire article")
def retire_article(work: Work, article_id: ArticleId) -> None:
    """Take an article out of use: it is kept and found, and nobody is offered it."""
    article = work.get(Article, article_id)
    if article.state is ArticleState.RETIRED:
        raise UserError(tr("This article is retired already."), tr("Publish it to use it again."))
    article.state = ArticleState.RETIRED
    article.is_pinned = False


@command("knowledge.confirm", "Article still true")
def confirm_article(work: Work, article_id: ArticleId) -> None:
    """Say that an article was looked over and is still true."""
    _look_over(work, work.get(Article, article_id))


@command("knowledge.pin", "Pin article")
def pin_article(work: Work, article_id: ArticleId, *, is_pinned: bool = True) -> None:
    """Keep an article where everybody sees it, as the vision and the standards are."""
    article = work.get(Article, article_id)
    if is_pinned and article.state is not ArticleState.PUBLISHED:
        raise UserError(
            tr("Only a published article can be pinned."), tr("Publish it first, then pin it.")
        )
    article.is_pinned = is_pinned


@command("knowledge.take_back", "Take back edition")
def take_back_edition(work: Work, article_id: ArticleId, *, edition_id: ArticleEditionId) -> None:
    """Put the text of an earlier edition back in front of the writer; it is not published yet."""
    article, edition = work.get(Article, article_id), work.get(ArticleEdition, edition_id)
    if edition.article_id != article_id:
        raise UserError(
            tr("That edition belongs to another article."), tr("Choose one of this article’s.")
        )
    article.retitle(edition.title)
    article.write(edition.body)
    article.edited_at = work.now


@command("knowledge.translate", "Translate article")
def translate_article(work: Work, article_id: ArticleId) -> ArticleId:
    """Begin the same article in the other language, with the text to be translated in it."""
    source = work.get(Article, article_id)
    first = source.translation_of or article_id
    family = work.records(
        select(Article).where(
            (Article.id == first) | (Article.translation_of == first), ~Article.is_deleted
        )
    )
    spoken = {one.language for one in family}
    missing = [one for one in LANGUAGES if one not in spoken]
    if not missing:
        raise UserError(
            tr("It is there in both languages already."), tr("Open the other one and edit it.")
        )
    made = Article(
        title=source.title,
        body=source.body,
        kind=source.kind,
        audience=source.audience,
        language=missing[0],
        keywords=source.keywords,
        translation_of=ArticleId(first),
        author_id=UserId(work.actor),
        edited_at=work.now,
    )
    return ArticleId(work.add(made).id)


@command("knowledge.vote", "Rate article")
def vote_article(work: Work, article_id: ArticleId, *, is_helpful: bool, comment: str = "") -> None:
    """Say whether an article helped; saying it again changes one's word."""
    work.get(Article, article_id)
    row_id, comment = vote_id(article_id, work.actor), comment.strip()
    vote = work.find(ArticleVote, row_id) or _brought_back(work, ArticleVote, row_id)
    if vote is None:
        vote = work.add(
            ArticleVote(
                id=row_id,
                article_id=article_id,
                voted_by=UserId(work.actor),
                is_helpful=is_helpful,
            )
        )
    vote.is_helpful, vote.comment = is_helpful, comment


@command("knowledge.use", "Answer with article")
def use_article(work: Work, article_id: ArticleId, *, ticket_id: TicketId) -> None:
    """Note that a ticket was answered with an article; the same ticket counts once."""
    article = work.get(Article, article_id)
    work.get(Ticket, ticket_id)
    if article.state is not ArticleState.PUBLISHED:
        raise UserError(
            tr("Only a published article is given to clients."), tr("Publish it first.")
        )
    row_id = use_id(article_id, ticket_id)
    if work.find(ArticleUse, row_id) or _brought_back(work, ArticleUse, row_id):
        return
    work.add(
        ArticleUse(
            id=row_id,
            article_id=article_id,
            ticket_id=ticket_id,
            used_by=UserId(work.actor),
            used_at=work.now,
        )
    )


@command("knowledge.delete", "Delete article")
def delete_article(work: Work, article_id: ArticleId) -> None:
    """Delete an article; its editions and its uses stay in the log, and undo brings it back."""
    work.delete(work.get(Article, article_id))


def _look_over(work: Work, article: Article) -> None:
    article.check_on = add_months(day_of(work.now), check_after(work))


def _edition(work: Work, article: Article) -> ArticleEdition | None:
    return None if article.edition_id is None else work.find(ArticleEdition, article.edition_id)


def _brought_back(work: Work, model: type[R], row_id: UUID) -> R | None:
    """Bring back a row whose id is worked out, if it was deleted; None if it never was."""
    found = work.find_deleted(model, row_id)
    if found is not None:
        work.restore(found)
    return found
