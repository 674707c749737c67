"""Merges two clients side by side: which goes on, in what each is right, and what would move."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QSizePolicy, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.client_merges.commands import merge_clients, set_apart
from deskcrm.domain.client_merges.comparing import Comparison, Difference, Side, compare_clients
from deskcrm.domain.clients.model import ClientId
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll, height_at

_CAPTION: Final = 160
_MARK: Final = 30
"""What the circle before the words takes."""
Merged = Callable[[ClientId], object]


class Pickable(QRadioButton):
    """One of two values; it ends in … where there is no room, and the tooltip has all of it."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words, self._line = words, " ".join(words.split())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - _MARK
        shown = self.fontMetrics().elidedText(self._line, Qt.TextElideMode.ElideRight, room)
        self.setText(parts.mnemonic_free(shown))
        parts.set_tooltip(self, "" if shown == self.words else self.words)


class MergeCard(Overlay):
    """Opens itself over a window; ``then`` is given the client that goes on.

    ``bits`` and ``reason`` say what spoke for the two being one, where somebody asked.
    """

    def __init__(
        self,
        desk: Desk,
        over: QWidget,
        pair: tuple[ClientId, ClientId],
        then: Merged,
        *,
        bits: Sequence[float] = (),
        reason: str = "",
    ) -> None:
        super().__init__(over.window(), width=920, top=0.06)
        self.desk, self._pair, self._then, self._bits = desk, pair, then, tuple(bits)
        self.found: Comparison | None = None
        self.stays: list[QRadioButton] = []
        self.choices: dict[str, tuple[QRadioButton, QRadioButton]] = {}
        self._chosen_by_hand: set[str] = set()
        self._groups: list[QButtonGroup] = []
        self.grid = QGridLayout()
        self.reason = parts.label(reason, "muted", wrap=True)
        self.reason.setVisible(bool(reason))
        self._lay_out()
        self.closed.connect(self.deleteLater)
        self.open_card()
        desk.ask((self, "compare"), compare_clients, *pair).then(self._show).failed(self._refuse)

    def height_wanted(self) -> int:
        """Tall enough for every field, where the window has room."""
        foot = self._foot.sizeHint().height()
        return height_at(self._inside, self.width_given()) + foot + 8

    @property
    def survivor(self) -> int:
        """Which of the two goes on: 0 or 1."""
        return 1 if self.stays and self.stays[1].isChecked() else 0

    def choose(self, key: str, side: int) -> None:
        """Choose in which of the two a field is right."""
        self.choices[key][side].setChecked(True)
        self._chosen_by_hand.add(key)

    def taken(self) -> list[str]:
        """Name the fields in which the one that will be gone is right."""
        gone = 1 - self.survivor
        return [key for key, pair in self.choices.items() if pair[gone].isChecked()]

    def merge(self) -> None:
        """Merge the two as is chosen."""
        if self.found is None:
            return
        sides = (self.found.one, self.found.other)
        into, gone = sides[self.survivor], sides[1 - self.survivor]
        said = tr("“{name}” was merged into “{other}”.", name=gone.name, other=into.name)
        deed = self.desk.do(
            merge_clients, gone.id, into_id=into.id, taken=self.taken(), bits=self._bits
        )
        deed.tell(said).then(lambda _done: self._finish(into.id)).refused(self._say)

    def keep_apart(self) -> None:
        """Note that the two are not the same."""
        deed = self.desk.do(set_apart, self._pair[0], other_id=self._pair[1], bits=self._bits)
        deed.tell(tr("They will not be proposed again.")).then(lambda _done: self.close_card())

    def _finish(self, into: ClientId) -> None:
        self.close_card()
        self._then(into)

    def _lay_out(self) -> None:
        self.grid.setHorizontalSpacing(16)
        self.grid.setVerticalSpacing(10)
        self.grid.setColumnMinimumWidth(0, _CAPTION)
        self.grid.setColumnStretch(1, 1)
        self.grid.setColumnStretch(2, 1)
        hint = parts.label(
            tr("Everything of the other one goes along. They can be parted again at any time."),
            "muted", wrap=True,
        )  # fmt: skip
        self.refusal = parts.label("", "error", wrap=True)
        self.refusal.hide()
        self._inside = QWidget()
        self._inside.setLayout(
            parts.column(
                parts.column(parts.label(tr("Merge clients"), "heading"), self.reason, hint,
                             spacing=4),
                self.grid,
                self.refusal,
                None,
                spacing=16,
                margins=(24, 24, 24, 8),
            )
        )  # fmt: skip
        self.button = parts.button(tr("Merge"), self.merge, look="primary", icon="merge")
        self.button.setEnabled(False)
        apart = parts.button(tr("Not the same"), self.keep_apart, look="quiet")
        leave = parts.button(tr("Cancel"), self.close_card)
        self._foot = QWidget()
        row = parts.row(apart, None, leave, self.button, spacing=8, margins=(24, 12, 24, 20))
        self._foot.setLayout(row)
        self.card.setLayout(
            parts.column(Scroll(self._inside), parts.line(), self._foot, margins=0, spacing=0)
        )

    def _show(self, found: Comparison) -> None:
        self.found = found
        self._show_sides(found.one, found.other)
        for at, one in enumerate(found.differences, 1):
            self._show_difference(at, one)
        self._show_belongings(len(found.differences) + 1, found)
        self.stays[self._better(found)].setChecked(True)
        self._propose()
        self.button.setEnabled(True)
        self.relayout()
        self.stays[self.survivor].setFocus(Qt.FocusReason.OtherFocusReason)

    @staticmethod
    def _better(found: Comparison) -> int:
        """Propose the one on which more hangs, of two alike the older."""
        one, other = found.one, found.other
        key = ((-one.total, one.since), (-other.total, other.since))
        return 0 if key[0] <= key[1] else 1

    def _show_sides(self, one: Side, other: Side) -> None:
        self.grid.addWidget(parts.label(tr("Which goes on"), "caption"), 0, 0)
        group = self._group()
        for column, side in enumerate((one, other), 1):
            said = tr("Which goes on: {name}", name=side.name)
            radio = self._radio(group, side.name, said)
            radio.setProperty("role", "strong")
            radio.toggled.connect(lambda _on: self._propose())
            self.stays.append(radio)
            since = parts.label(tr("since {day}", day=dates.day(side.since.date())), "faint")
            under = parts.row(since, margins=(26, 0, 0, 0))
            self.grid.addLayout(parts.column(radio, under, spacing=2), 0, column)

    def _show_difference(self, at: int, one: Difference) -> None:
        self.grid.addWidget(parts.label(one.caption, "caption", wrap=True), at, 0)
        group = self._group()
        radios = []
        for column, said in enumerate((one.one, one.other), 1):
            words = said or tr("(empty)")
            radio = self._radio(group, words, f"{one.caption}: {words}")
            radio.clicked.connect(partial(self._by_hand, one.key))
            self.grid.addWidget(radio, at, column)
            radios.append(radio)
        self.choices[one.key] = (radios[0], radios[1])

    def _by_hand(self, key: str, _checked: bool = False) -> None:
        self._chosen_by_hand.add(key)

    def _show_belongings(self, at: int, found: Comparison) -> None:
        self.grid.addWidget(parts.label(tr("What hangs on it"), "caption"), at, 0)
        for column, side in enumerate((found.one, found.other), 1):
            counts = [f"{name}:\u00a0{dates.number(count)}" for name, count in side.counts]
            said = "\u00a0· ".join(counts) or tr("nothing")
            self.grid.addWidget(parts.label(said, "muted", wrap=True), at, column)

    def _propose(self) -> None:
        """Choose for every field that nobody chose for; what the one lacks comes of the other."""
        if self.found is None:
            return
        stays = self.survivor
        taken = self.found.from_other if stays == 0 else self.found.from_one
        for key, radios in self.choices.items():
            if key not in self._chosen_by_hand:
                radios[1 - stays if key in taken else stays].setChecked(True)

    def _group(self) -> QButtonGroup:
        group = QButtonGroup(self)
        self._groups.append(group)
        return group

    def _radio(self, group: QButtonGroup, words: str, name: str) -> QRadioButton:
        radio = Pickable(words)
        radio.setAccessibleName(name)
        group.addButton(radio)
        return radio

    def _say(self, error: BaseException) -> None:
        self.refusal.setText(str(error))
        self.refusal.show()
        self.relayout()

    def _refuse(self, error: BaseException) -> None:
        self.close_card()
        self.desk.complain(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.merge()
            return
        super().keyPressEvent(event)
