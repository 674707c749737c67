"""The knowledge base of the sample: articles that fit its tickets, in both languages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

from deskcrm.base import paths
from deskcrm.domain.days import add_months, day_of
from deskcrm.domain.knowledge.model import (
    Article,
    ArticleEdition,
    ArticleEditionId,
    ArticleId,
    ArticleKind,
    ArticleState,
    Audience,
)
from deskcrm.domain.sample.staff import Staff
from deskcrm.store.tables import Record

_HEAD: Final = "::: "
_KEYWORDS: Final = "keywords: "
_DRAFT: Final = "return"
_STALE: Final = "slow"
_WEB: Final = "https://help.example.com"


def make_articles(
    languages: tuple[str, ...], staff: Staff, now: datetime, random: Random
) -> Iterator[Record]:
    """Make the articles with their editions: most published, one draft, one to be looked over."""
    firsts: dict[str, ArticleId] = {}
    for language in languages:
        folder = paths.resources() / "sample" / language
        for piece in (folder / "articles.md").read_text("utf-8").split(_HEAD)[1:]:
            head, _, text = piece.partition("\n")
            name, kind, audience = head.split()
            title, keywords, body = (part.strip() for part in text.strip().split("\n\n", 2))
            article = Article(
                title=title.removeprefix("# "),
                body=body,
                kind=ArticleKind(kind),
                audience=Audience(audience),
                language=language,
                keywords=keywords.removeprefix(_KEYWORDS),
                translation_of=firsts.get(name),
                author_id=random.choice(staff.support).id,
                edited_at=now - timedelta(days=random.randrange(5, 150)),
            )
            if article.audience is Audience.PUBLIC:
                article.address = f"{_WEB}/{language}/{name}"
            firsts.setdefault(name, ArticleId(article.id))
            yield article
            if name != _DRAFT:
                yield _publish(article, name, now)


def _publish(article: Article, name: str, now: datetime) -> ArticleEdition:
    edition = ArticleEdition(
        article_id=ArticleId(article.id),
        title=article.title,
        body=article.body,
        published_at=article.edited_at,
        published_by=article.author_id,
    )
    article.state = ArticleState.PUBLISHED
    article.edition_id = ArticleEditionId(edition.id)
    article.is_pinned = article.kind is ArticleKind.STANDARD
    today = day_of(now)
    article.check_on = today - timedelta(days=3) if name == _STALE else add_months(today, 4)
    return edition
