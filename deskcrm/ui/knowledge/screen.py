"""The knowledge base: the articles by shelf, and one article as it is read."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.knowledge.model import ArticleId, ArticleState
from deskcrm.domain.knowledge.queries import (
    ArticleDetail,
    ArticleRow,
    ArticleShelf,
    count_articles,
    count_stale,
    get_article,
    page_articles,
)
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.knowledge import actions
from deskcrm.ui.knowledge.record import ArticleRecord
from deskcrm.ui.knowledge.words import KIND_ICONS, list_chips, under

SHELVES: Final = tuple(ArticleShelf)
_SHELF_OF: Final = {
    ArticleState.PUBLISHED: ArticleShelf.IN_USE,
    ArticleState.DRAFT: ArticleShelf.DRAFTS,
    ArticleState.RETIRED: ArticleShelf.RETIRED,
}


class KnowledgeScreen(ListDetail[ArticleRow]):
    """The list on the left; the article, how it served and its editions on the right."""

    place = "knowledge"
    title = "Knowledge"
    icon = "knowledge"
    watches = frozenset({"article", "article_edition", "article_use", "article_vote", "user"})
    count_query = staticmethod(count_articles)
    page_query = staticmethod(page_articles)
    sort = "title"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.search = parts.search_line(tr("Search articles"), lambda _: self.load())
        self.shelf = Segments([of(one) for one in SHELVES], tr("Which articles"))
        self._wanted: ArticleId | None = None
        super().__init__(desk, parent)
        self.shelf.currentChanged.connect(lambda _: self.load())
        self.under_head.setSpacing(6)
        self.under_head.addWidget(self.shelf)
        self.under_head.addWidget(self.search)
        self.head.addWidget(parts.button(tr("New article"), lambda: actions.new(self), icon="plus"))
        self.table.rows.loaded.connect(self._show_wanted)

    def columns(self) -> Sequence[Column[ArticleRow]]:
        return [
            Column(
                tr("Article"), lambda row: row.title, under=under,
                icon=lambda row: KIND_ICONS[row.kind], chips=list_chips, sort="title",
                stretch=True, strong=True,
            ),
            Column(
                tr("Edited"), lambda row: dates.ago(row.edited_at), sort="edited_at", width=110,
                muted=True, hide_below=480,
            ),
        ]  # fmt: skip

    def filters(self) -> dict[str, Any]:
        return {"shelf": self._shelf(), "search": self.search.text().strip()}

    def build_record(self) -> QWidget:
        self.record = ArticleRecord(self)
        return self.record

    def load(self) -> None:
        super().load()
        self.desk.ask((self, "stale"), count_stale).then(self._show_stale)
        row = self.row()
        if row is not None:
            self.record.show_article(row)

    def _show_stale(self, number: int) -> None:
        """Put beside the shelf how many are to be looked over, as it stands in the rail."""
        name = of(ArticleShelf.STALE)
        words = f"{name} {dates.number(number)}" if number else name
        self.shelf.setTabText(SHELVES.index(ArticleShelf.STALE), words)

    def show_row(self, row: ArticleRow) -> None:
        self.record.show_article(row)

    def panes(self) -> list[QWidget]:
        return [self.table, *self.record.panes()]

    def empty(self) -> Empty:
        if self.search.text().strip():
            return Empty(
                tr("No article matches."), tr("Try fewer words, or another shelf."), "search"
            )
        if self._shelf() is ArticleShelf.STALE:
            return Empty(
                tr("Everything was looked over"),
                tr("Articles come here when somebody should check whether they are still true."),
                "check",
            )
        return Empty(
            tr("No articles here yet"),
            tr("Write down an answer once, and everybody can give it with one key."),
            "knowledge",
            tr("New article"),
            lambda: actions.new(self),
        )

    def arrive(self, *, article: ArticleId | None = None, **where: Any) -> None:
        """Show an article, on whichever shelf it stands."""
        if article is not None:
            self.desk.ask((self, "arrive"), get_article, article).then(self._go_to)

    def _go_to(self, detail: ArticleDetail | None) -> None:
        if detail is None:
            self.desk.tell(tr("This article is not there any more."))
            return
        row = detail.row
        self._wanted = row.id
        shelf = _SHELF_OF[row.state]
        if self._shelf() is not shelf or self.search.text():
            self.search.setText("")
            self.shelf.setCurrentIndex(SHELVES.index(shelf))
        self.load()

    def _show_wanted(self) -> None:
        if self._wanted is not None and self.table.rows.find(self._wanted) is not None:
            wanted, self._wanted = self._wanted, None
            self.table.show_id(wanted)

    def _shelf(self) -> ArticleShelf:
        return SHELVES[max(0, self.shelf.currentIndex())]
