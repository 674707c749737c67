"""The conflict inbox: what two people changed at once, side by side, and one key to choose."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.conflicts.model import Choice, ConflictKind
from deskcrm.domain.conflicts.queries import ConflictRow, count_conflicts, page_conflicts
from deskcrm.ui.conflicts import actions
from deskcrm.ui.conflicts.record import ConflictRecord
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.tokens import Tone


def people(row: ConflictRow) -> str:
    """Say between whom it arose."""
    somebody = tr("Somebody")
    kept = tr("me") if row.kept_is_mine else row.kept_by or somebody
    lost = tr("me") if row.lost_is_mine else row.lost_by or somebody
    return tr("{one} and {other}", one=kept, other=lost)


def other(row: ConflictRow) -> str:
    """Say with whom I have it; between whom it arose, where neither side is mine alone."""
    if row.kept_is_mine == row.lost_is_mine:
        return people(row)
    return (row.lost_by if row.kept_is_mine else row.kept_by) or tr("Somebody")


def thing(row: ConflictRow) -> str:
    """Say which record it is about, and what that belongs to."""
    name = tr("{noun} “{title}”", noun=row.noun, title=row.title) if row.title else row.noun
    return f"{name} · {row.subject}" if row.subject and row.subject != row.title else name


def _chips(row: ConflictRow) -> Sequence[Chip]:
    if row.choice is not Choice.OPEN:
        return (Chip(of(row.choice), Tone.OK, "check"),)
    if row.kind is ConflictKind.TEXT:
        return (Chip(ptr("conflict", "Text"), Tone.INFO, "edit"),)
    return ()


class ConflictsScreen(ListDetail[ConflictRow]):
    """The list on the left; mine, theirs and what was before on the right."""

    place = "conflicts"
    title = "Conflicts"
    icon = "inbox"
    watches = frozenset({"conflict", "user"})
    yields_when_empty = True
    count_query = staticmethod(count_conflicts)
    page_query = staticmethod(page_conflicts)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.shelf = Segments(
            [ptr("Conflict shelf", "Open"), ptr("Conflict shelf", "Settled")], tr("Which ones")
        )
        self._subject: UUID | None = None
        super().__init__(desk, parent)
        self.shelf.currentChanged.connect(lambda _: self.load())
        self.under_head.addWidget(self.shelf)
        for button in actions.bulk_buttons(self):
            self.bulk.add(button)

    def columns(self) -> Sequence[Column[ConflictRow]]:
        return [
            Column(
                ptr("conflict", "What"),
                lambda row: row.field,
                under=thing,
                chips=_chips,
                stretch=True,
                strong=True,
            ),
            Column(
                tr("With whom"),
                other,
                under=lambda row: dates.ago(row.created_at),
                tooltip=lambda row: f"{people(row)}, {dates.full(row.created_at)}",
                width=172,
                muted=True,
                hide_below=340,
            ),
        ]

    @property
    def is_open_shelf(self) -> bool:
        """Whether what is seen still waits for a decision."""
        return self.shelf.currentIndex() == 0

    def filters(self) -> dict[str, Any]:
        return {"is_open": self.is_open_shelf, "subject": self._subject}

    def build_record(self) -> QWidget:
        self.record = ConflictRecord(self)
        return self.record

    def show_row(self, row: ConflictRow) -> None:
        self.record.show_conflict(row)

    def arrive(self, *, subject: UUID | None = None, **where: Any) -> None:
        """Show everything, or what concerns one client."""
        if subject != self._subject:
            self._subject = subject
            self.load()
        if subject is not None:
            self.shelf.setCurrentIndex(0)

    def panes(self) -> list[QWidget]:
        return [self.table, self.record]

    def empty(self) -> Empty:
        if self._subject is not None:
            return Empty(
                tr("Nothing waits for a decision here"),
                tr("What is shown concerns one client only."),
                "check",
                tr("Show all"),
                self.arrive,
            )
        if not self.is_open_shelf:
            return Empty(tr("Nothing was settled yet"), "", "inbox")
        return Empty(
            tr("No conflicts"),
            tr(
                "When two people change the same thing without knowing of one another, both"
                " values are kept here until somebody chooses."
            ),
            "check",
        )
