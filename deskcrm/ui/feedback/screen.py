"""Feedback: answers with the low ones first, what clients wish for, and the forms."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.feedback.model import SurveyResponseId
from deskcrm.domain.feedback.responses import count_to_follow_up
from deskcrm.domain.suggestions.model import SuggestionId
from deskcrm.ui.feedback import actions
from deskcrm.ui.feedback.lines import (
    FeedbackShelf,
    Line,
    chips,
    count_lines,
    icon,
    page_lines,
    title,
    under,
    when,
)
from deskcrm.ui.feedback.record import FeedbackRecord
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.kit.segments import Segments

SHELVES: Final = tuple(FeedbackShelf)


class FeedbackScreen(ListDetail[Line]):
    """The list on the left; the answers, the suggestion or the form on the right."""

    place = "feedback"
    title = "Feedback"
    icon = "feedback"
    watches = frozenset(
        {
            "client",
            "contract",
            "suggestion",
            "suggestion_vote",
            "survey_answer",
            "survey_form",
            "survey_response",
            "task",
            "ticket",
        }
    )
    count_query = staticmethod(count_lines)
    page_query = staticmethod(page_lines)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.search = parts.search_line(tr("Search feedback"), lambda _: self.load())
        self.shelf = Segments([of(one) for one in SHELVES], tr("What is shown"))
        self._wanted: Any = None
        super().__init__(desk, parent)
        self.shelf.currentChanged.connect(lambda _: self.load())
        self.under_head.setSpacing(6)
        self.under_head.addWidget(self.shelf)
        self.under_head.addWidget(self.search)
        self.new_button = parts.button("", lambda: actions.new(self), icon="plus")
        self.head.addWidget(self.new_button)
        self.table.rows.loaded.connect(self._show_wanted)

    @property
    def shows_forms(self) -> bool:
        """Whether forms are listed."""
        return self._shelf() is FeedbackShelf.FORMS

    def columns(self) -> Sequence[Column[Line]]:
        return [
            Column(
                ptr("feedback", "What"),
                title,
                under=under,
                chips=chips,
                icon=icon,
                stretch=True,
                strong=True,
            ),
            Column(tr("When"), when, width=118, muted=True, hide_below=380),
        ]

    def filters(self) -> dict[str, Any]:
        return {"shelf": self._shelf(), "search": self.search.text().strip()}

    def build_record(self) -> QWidget:
        self.record = FeedbackRecord(self)
        return self.record

    def load(self) -> None:
        super().load()
        words = tr("New form") if self.shows_forms else tr("New suggestion")
        parts.rename(self.new_button, words)
        self.desk.ask((self, "open"), count_to_follow_up).then(self._show_open)
        row = self.row()
        if row is not None:
            self.record.show_line(row)

    def show_row(self, row: Line) -> None:
        self.record.show_line(row)

    def panes(self) -> list[QWidget]:
        return [self.table, self.record]

    def empty(self) -> Empty:
        if self.search.text().strip():
            return Empty(tr("Nothing matches."), tr("Try fewer words, or another shelf."), "search")
        match self._shelf():
            case FeedbackShelf.TO_FOLLOW_UP:
                return Empty(
                    tr("Every low answer was followed up"),
                    tr("They come here until somebody says what was done."), "check",
                )  # fmt: skip
            case FeedbackShelf.WISHES:
                return Empty(
                    tr("Nothing waits to be sorted"),
                    tr("What clients wish for in answers and in tickets comes here."), "check",
                )  # fmt: skip
            case FeedbackShelf.SUGGESTIONS:
                return Empty(
                    tr("No suggestions yet"),
                    tr("Note what clients wish for, and they will hear what became of it."),
                    "star", tr("New suggestion"), lambda: actions.new(self),
                )  # fmt: skip
            case FeedbackShelf.FORMS:
                return Empty(
                    tr("No forms yet"),
                    tr("Three come with the program: in full, after a ticket, and an index."),
                    "feedback", tr("Add standard forms"), lambda: actions.standard(self),
                )  # fmt: skip
            case _:
                return Empty(
                    tr("Nobody was asked yet"),
                    tr("Ask with Shift+Q from a client or a ticket, or send a form with Shift+S."),
                    "feedback",
                )  # fmt: skip

    def arrive(
        self,
        *,
        response: SurveyResponseId | None = None,
        suggestion: SuggestionId | None = None,
        **where: Any,
    ) -> None:
        """Show one response or one suggestion."""
        if response is not None or suggestion is not None:
            self._wanted = response or suggestion
            shelf = FeedbackShelf.ANSWERS if response is not None else FeedbackShelf.SUGGESTIONS
            self.search.setText("")
            self.shelf.setCurrentIndex(SHELVES.index(shelf))
            self.load()

    def _show_open(self, number: int) -> None:
        """Put beside the shelf how many wait, as it stands in the rail."""
        name = of(FeedbackShelf.TO_FOLLOW_UP)
        words = f"{name} {dates.number(number)}" if number else name
        self.shelf.setTabText(SHELVES.index(FeedbackShelf.TO_FOLLOW_UP), words)

    def _show_wanted(self) -> None:
        if self._wanted is not None and self.table.rows.find(self._wanted) is not None:
            wanted, self._wanted = self._wanted, None
            self.table.show_id(wanted)

    def _shelf(self) -> FeedbackShelf:
        return SHELVES[max(0, self.shelf.currentIndex())]
