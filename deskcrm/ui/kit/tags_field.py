"""A field for tags: chips that can be taken away, and a line that suggests as you type."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit.chips import RemovableChip
from deskcrm.ui.kit.fields import Field
from deskcrm.ui.kit.flow import FlowLayout


class Tags(Field):
    """Words as chips. Value: the list of words. Enter or a comma adds, Backspace takes back."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        known: Sequence[str] = (),
        hint: str = "",
        clean: Callable[[str], str] | None = None,
    ) -> None:
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Add…"))
        self.line.setMinimumWidth(140)
        self._clean = clean or str.strip
        self._chips: list[RemovableChip] = []
        self._whole = QWidget()
        self._flow = FlowLayout(self._whole, spacing=6)
        self._flow.addWidget(self.line)
        super().__init__(name, label, self._whole, hint=hint)
        self._known = QStringListModel(list(known), self)
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.activated.connect(self._take_suggestion, Qt.ConnectionType.QueuedConnection)
        self.line.setCompleter(completer)
        self.line.textEdited.connect(self._on_typed)

    def set_known(self, known: Sequence[str]) -> None:
        """Suggest these."""
        self._known.setStringList(list(known))

    def stop(self) -> QWidget:
        return self.line

    def value(self) -> Any:
        typed = self._clean(self.line.text())
        words = [chip.text for chip in self._chips]
        return [*words, typed] if typed and typed not in words else words

    def set_value(self, value: Any) -> None:
        self._flow.removeWidget(self.line)
        self._flow.clear()
        self._chips = []
        self._flow.addWidget(self.line)
        for word in value or ():
            self._add(word)

    def draft(self) -> Any:
        return self.value()

    def set_draft(self, draft: Any) -> None:
        self.set_value(draft)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
                self._take_typed()
                return True
            if event.key() == Qt.Key.Key_Backspace and not self.line.text() and self._chips:
                self._remove(self._chips[-1].text)
                return True
        return super().eventFilter(watched, event)

    def _on_typed(self, text: str) -> None:
        if text.endswith(","):
            self.line.setText(text[:-1])
            self._take_typed()
        else:
            self.edited.emit()

    def _take_suggestion(self, _: str) -> None:
        self._take_typed()

    def _take_typed(self) -> None:
        word = self._clean(self.line.text())
        self.line.clear()
        if word:
            self._add(word)
            self.edited.emit()

    def _add(self, word: str) -> None:
        if word in (chip.text for chip in self._chips):
            return
        chip = RemovableChip(word)
        chip.removed.connect(self._remove)
        self._chips.append(chip)
        self._flow.insert_widget(self._flow.count() - 1, chip)
        self._retab()

    def _remove(self, word: str) -> None:
        for chip in [each for each in self._chips if each.text == word]:
            self._chips.remove(chip)
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.line.setFocus()
        self.edited.emit()

    def _retab(self) -> None:
        order: list[QWidget] = [*self._chips, self.line]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
