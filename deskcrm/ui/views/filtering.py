"""The card on which a filter of a list is put together."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.imports.origins import Origin, list_origins
from deskcrm.domain.tags.queries import list_tag_names
from deskcrm.domain.users.queries import list_users
from deskcrm.domain.views.filters import Condition, Filter, FilterField
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.fields import Wrong
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.views.conditions import Choices, ConditionRow

Fields = Callable[[Reader], Sequence[FilterField]]


def get_choices(db: Reader, fields: Fields) -> Choices:
    """Gather everything that a filter of these fields can ask for."""
    people = [(one.id.hex, one.name) for one in list_users(db)]
    tags = [(one.id.hex, one.name) for one in list_tag_names(db)]
    imports = [(one.key, _said_of(one)) for one in list_origins(db)]
    return Choices(fields(db), people, tags, imports)


def _said_of(origin: Origin) -> str:
    return ", ".join(filter(None, (dates.moment(origin.at), origin.actor)))


class FilterCard(Overlay):
    """Opens itself over the window; ``apply`` is given what was asked."""

    def __init__(
        self,
        over: QWidget,
        title: str,
        choices: Choices,
        asked: Filter,
        apply: Callable[[Filter], object],
    ) -> None:
        super().__init__(over.window(), width=720, top=0.08)
        self._title, self._choices, self._apply = title, choices, apply
        self.rows: list[ConditionRow] = []
        self._lines = parts.column(spacing=8)
        self.add = parts.button(tr("Add condition"), self.add_row, look="link", icon="plus")
        self.show_button = parts.button(
            tr("Show"), self.save, look="primary", hint=QKeySequence("Ctrl+Return").toString()
        )
        self.clear_button = parts.button(tr("Clear"), self.clear, look="quiet")
        self._lay_out()
        self.closed.connect(self.deleteLater)
        for condition in asked.conditions or (None,):
            self._add(condition)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.save)
        self.open_card()
        self.rows[0].field.setFocus(Qt.FocusReason.PopupFocusReason)

    def height_wanted(self) -> int:
        """Tall enough for all conditions, where the window has room."""
        return self._inside.sizeHint().height() + 8

    def add_row(self) -> None:
        """Offer one condition more."""
        self._add(None)
        self.relayout()
        self.rows[-1].field.setFocus()

    def clear(self) -> None:
        """Ask for nothing in particular."""
        self._apply(Filter())
        self.close_card()

    def save(self) -> None:
        """Ask for what was put together."""
        try:
            conditions = tuple(row.condition() for row in self.rows)
        except Wrong:
            self.relayout()
            return
        self._apply(Filter(conditions))
        self.close_card()

    def _add(self, condition: Condition | None) -> None:
        row = ConditionRow(self._choices, condition)
        row.removed.connect(self._remove)
        self.rows.append(row)
        self._lines.addWidget(row)

    def _remove(self, row: ConditionRow) -> None:
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.add.setFocus()
        self.relayout()

    def _lay_out(self) -> None:
        heading = parts.label(self._title, "heading")
        close = parts.icon_button("close", tr("Close"), self.close_card)
        buttons = parts.row(self.show_button, self.clear_button, None, spacing=8)
        self._inside = QWidget()
        self._inside.setLayout(
            parts.column(
                parts.row(heading, None, close),
                self._lines,
                parts.flush(self.add),
                buttons,
                spacing=12,
                margins=(24, 16, 16, 20),
            )
        )
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._inside)
        self.card.setLayout(parts.column(scroll, margins=0))
