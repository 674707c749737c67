"""What is put into a ticket to link to an article, in the language of who is answered."""

from dataclasses import dataclass

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.knowledge.addresses import inner_link, own_address, web_address
from deskcrm.domain.knowledge.model import (
    Article,
    ArticleEdition,
    ArticleId,
    ArticleState,
    Audience,
)
from deskcrm.domain.knowledge.settings import base_address
from deskcrm.domain.templates.filling import language_for
from deskcrm.domain.tickets.model import TicketId
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """An article as it is linked to. ``address``: where clients find it; empty if nowhere."""

    id: ArticleId
    title: str
    address: str
    is_public: bool

    @property
    def for_colleagues(self) -> str:
        """The link that opens it in a colleague's program."""
        return inner_link(self.id, self.title)

    @property
    def anywhere(self) -> str:
        """The title and the best address there is: outside the program, in a chat or a mail."""
        return f"{self.title}: {own_address(self.id)}" if self.refusal else self.for_client

    @property
    def for_client(self) -> str:
        """The title and the address, where nothing is refused."""
        return f"{self.title}: {self.address}"

    @property
    def refusal(self) -> UserError | None:
        """Why a client cannot be given it; None when they can."""
        if not self.is_public:
            return UserError(
                tr("Clients may not read “{title}”.", title=self.title),
                tr("It is internal: link to it in an internal note, or make it public."),
            )
        if not self.address:
            return UserError(
                tr("“{title}” has no address that a client could open.", title=self.title),
                tr("Give the article one, or set that of your knowledge base: Settings › Rules."),
            )
        return None


def link_article(
    db: Reader, article_id: ArticleId, *, ticket_id: TicketId | None = None
) -> ArticleLink:
    """Link to an article; in a ticket to what says the same in the client's language, if it is out.

    Raises UserError for an article that is not in use.
    """
    first = db.scalar(select(Article.translation_of).where(Article.id == article_id)) or article_id
    spoken = "" if ticket_id is None else language_for(db, ticket_id)
    rows = db.all(
        select(Article.id, Article.language, Article.audience, Article.address,
               ArticleEdition.title)
        .join(ArticleEdition, ArticleEdition.id == Article.edition_id)
        .where(
            (Article.id == first) | (Article.translation_of == first),
            Article.state == ArticleState.PUBLISHED,
            ~Article.is_deleted,
        )
    )  # fmt: skip
    asked = next((one for one in rows if one.id == article_id), None)
    if asked is None:
        raise UserError(tr("Only a published article can be linked to."), tr("Publish it first."))
    row = next(
        (one for one in rows if one.language == spoken and one.audience is asked.audience), asked
    )
    own = ArticleId(row.id)
    base = base_address(db)
    address = web_address(base, own, language=row.language, own=row.address)
    return ArticleLink(own, row.title, address, is_public=row.audience is Audience.PUBLIC)
