"""One article beside the list: as it is read, how it served, and what can be done with it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.knowledge.addresses import article_of
from deskcrm.domain.knowledge.model import ArticleState
from deskcrm.domain.knowledge.queries import ArticleDetail, ArticleRow, get_article
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.chips import ChipRow
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.kit.markdown import MarkdownView
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.knowledge.words import language_name, marks, service
from deskcrm.ui.tickets.shapes import Link

if TYPE_CHECKING:
    from deskcrm.ui.knowledge.screen import KnowledgeScreen

WRITTEN, PUBLISHED = 0, 1


class ArticleRecord(QWidget):
    """``show_article`` shows one; its buttons are the screen's actions."""

    def __init__(self, screen: "KnowledgeScreen") -> None:
        super().__init__()
        self.screen_ = screen
        self.detail: ArticleDetail | None = None
        self.title = parts.label("", "display", wrap=True, select=True)
        self.chips = ChipRow()
        self.which = Segments([tr("Being written"), tr("Published")], tr("Which text"))
        self.text = MarkdownView(tr("Text of the article"), self._open_own)
        self.other = Link("", self._open_other)
        self.other.setProperty("flush", True)
        self.served = parts.label("", "muted", wrap=True)
        self.served.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self.which.currentChanged.connect(lambda _: self._show_text())

    def show_article(self, row: ArticleRow) -> None:
        """Show an article at once by its title; the rest follows."""
        if self.detail is None or self.detail.row.id != row.id:
            self.detail = None
            self.title.setText(row.title)
            self.text.show_text("")
        self.screen_.desk.ask(self, get_article, row.id).then(self._show)

    def panes(self) -> list[QWidget]:
        """What F6 walks."""
        return [self.head, self.text]

    def _lay_out(self) -> None:
        from deskcrm.ui.knowledge import actions

        flow = FlowLayout(spacing=6)
        for key, words, run, look, icon in (
            ("publish", tr("Publish…"), actions.publish, "primary", "upload"),
            ("edit", tr("Edit…"), actions.edit, "", "edit"),
            ("confirm", tr("Still true"), actions.confirm, "", "check"),
            ("pin", tr("Pin"), actions.pin, "", "pin"),
            ("translate", tr("Translate"), actions.translate, "", "language"),
            ("editions", tr("Editions…"), actions.editions, "", "history"),
            ("retire", tr("Retire"), actions.retire, "", "archive"),
        ):
            button = parts.button(words, partial(run, self.screen_), look=look, icon=icon)
            self._buttons[key] = button
            flow.addWidget(button)
        self.head = QWidget()
        self.head.setLayout(
            parts.column(
                self.title, self.chips, self.other, flow, self.which, spacing=10,
                margins=(24, 20, 12, 12),
            )
        )  # fmt: skip
        self.helped = parts.button(
            tr("It helped"), partial(actions.helpful, self.screen_), look="quiet", icon="check"
        )
        self.failed = parts.button(
            tr("It did not help…"), partial(actions.unhelpful, self.screen_), look="quiet",
            icon="close",
        )  # fmt: skip
        for button in (self.helped, self.failed):
            button.setCheckable(True)
        foot = parts.row(self.helped, self.failed, spacing=8)
        foot.addWidget(self.served, 1)
        body = parts.column(self.text, margins=(20, 8, 12, 0))
        whole = parts.column(self.head, parts.line(), spacing=0)
        whole.addLayout(body, 1)
        whole.addWidget(parts.line())
        whole.addLayout(parts.column(foot, margins=(20, 10, 20, 12)))
        self.setLayout(whole)

    def _show(self, detail: ArticleDetail | None) -> None:
        if detail is None:
            return
        self.detail, row = detail, detail.row
        self.title.setText(row.title)
        self.title.setAccessibleName(row.title)
        self.chips.set_chips(marks(detail))
        self.which.setVisible(detail.is_ahead)
        is_used = row.state is ArticleState.PUBLISHED
        self._buttons["publish"].setVisible(not is_used or detail.is_ahead)
        for key in ("confirm", "pin", "retire"):
            self._buttons[key].setVisible(is_used)
        parts.rename(self._buttons["pin"], tr("Unpin") if row.is_pinned else tr("Pin"))
        self._buttons["editions"].setVisible(bool(detail.earlier))
        self._buttons["translate"].setVisible(not detail.translations)
        self.helped.setChecked(detail.my_vote is True)
        self.failed.setChecked(detail.my_vote is False)
        self.served.setText(service(detail))
        self._show_other(detail)
        self._show_text()

    def _show_other(self, detail: ArticleDetail) -> None:
        other = next(iter(detail.translations), None)
        self.other.setVisible(other is not None)
        if other is not None:
            said = tr("In {language}: {title}", language=language_name(other.language),
                      title=other.title)  # fmt: skip
            self.other.say(said, said)

    def _show_text(self) -> None:
        detail = self.detail
        if detail is None:
            return
        is_published = detail.is_ahead and self.which.currentIndex() == PUBLISHED
        done = detail.published
        self.text.show_text(done.body if is_published and done is not None else detail.body)

    def _open_other(self) -> None:
        if self.detail is not None and self.detail.translations:
            self.screen_.arrive(article=self.detail.translations[0].id)

    def _open_own(self, address: str) -> None:
        """Follow an address within the program: ``deskcrm:article/ID``."""
        article = article_of(f"deskcrm:{address}")
        if article is not None:
            self.screen_.arrive(article=article)
