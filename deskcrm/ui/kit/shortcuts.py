"""The list of keys (?): every action that has one, by place."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from deskcrm.base.words import ptr, tr
from deskcrm.ui.kit import keys, parts
from deskcrm.ui.kit.actions import Action
from deskcrm.ui.kit.overlay import Overlay

Pair = tuple[tuple[str, ...], str]
"""Its keys, and what they do."""


class KeyList(Overlay):
    """Shows groups of (heading, actions); every list's own keys come last."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=1160, top=0.07)
        self._groups = QWidget()
        self._columns = QHBoxLayout(self._groups)
        self._columns.setContentsMargins(24, 8, 24, 24)
        self._columns.setSpacing(32)
        scroll = QScrollArea()
        scroll.setWidget(self._groups)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(tr("Keyboard shortcuts"))
        close = parts.icon_button("close", tr("Close"), self.close_card)
        title = parts.label(tr("Keyboard shortcuts"), "heading")
        head = parts.row(title, None, close, margins=(24, 16, 16, 8))
        self.card.setLayout(parts.column(head, scroll, spacing=0))

    def open_with(self, groups: Sequence[tuple[str, Sequence[Action]]]) -> None:
        """Show the keys of these groups of actions."""
        parts.clear(self._columns)
        listed: list[tuple[str, list[Pair]]] = [
            (title, [(_caps(each), each.words.rstrip("…")) for each in actions if each.keys])
            for title, actions in groups
        ]
        own: list[Pair] = [
            ((keys.native(key),), said)
            for key, said in zip(keys.LIST_KEYS, _of_lists(), strict=True)
        ]
        listed.append((tr("In every list"), own))
        self._fill([(title, pairs) for title, pairs in listed if pairs])
        self.open_card()

    def height_wanted(self) -> int:
        return self._groups.sizeHint().height() + 64

    def _fill(self, groups: Sequence[tuple[str, Sequence[Pair]]]) -> None:
        sides = (QVBoxLayout(), QVBoxLayout(), QVBoxLayout())
        lengths = [0] * len(sides)
        first, *others = groups
        # What is done here comes first; then the longest, for the columns to end together.
        for title, pairs in (first, *sorted(others, key=lambda group: -len(group[1]))):
            side = lengths.index(min(lengths))
            lengths[side] += len(pairs) + 2
            sides[side].addWidget(parts.label(title, "caption"))
            sides[side].addLayout(_rows(pairs))
            sides[side].addSpacing(12)
        for each in sides:
            each.setSpacing(8)
            each.addStretch(1)
            self._columns.addLayout(each, 1)


def _caps(of: Action) -> tuple[str, ...]:
    return tuple(keys.native(key) for key in of.keys[:2])


def _rows(pairs: Sequence[Pair]) -> QVBoxLayout:
    rows = QVBoxLayout()
    rows.setSpacing(6)
    for caps, words in pairs:
        # Each row by itself: in a grid the longest keys would take room from all other words.
        row = parts.row(spacing=4)
        row.addWidget(parts.ElidedLabel(words), 1)
        for key in caps:
            cap = parts.label(key, "key")
            cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
            row.addWidget(cap)
        rows.addLayout(row)
    return rows


def _of_lists() -> tuple[str, ...]:
    """Say what each of the keys does that belong to every list."""
    return (
        tr("Next row"),
        tr("Previous row"),
        ptr("List key", "Open"),
        tr("Peek"),
        tr("Select or deselect"),
        tr("Select downward"),
        tr("Select upward"),
        tr("Select all that match"),
        tr("Clear the selection"),
    )
