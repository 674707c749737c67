"""A field of which any number of things can be ticked."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from deskcrm.ui.kit.fields import Field
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.kit.parts import mnemonic_free, set_tooltip

_FEW: Final = 6
_LEAST: Final = 60
_COLUMN: Final = 300
"""Wider than this no column is: two of them would have no room beside one another."""
_AIR: Final = 2
"""In its bare advance a text is not taken to fit."""


class Tick(QCheckBox):
    """A box to tick whose words end in … where there is no room; the tooltip has them all."""

    def __init__(self, words: str) -> None:
        super().__init__(mnemonic_free(words))
        self.words = words
        self.least = 0
        """So wide it likes to be, for what stands in columns; narrower where there is no room."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(max(self._whole(), self.least), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        lack = self._whole() - self.width()
        room = self._long(self.words) + (_AIR if lack <= 0 else -lack)
        shown = self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideRight, room)
        self.setText(mnemonic_free(shown))
        set_tooltip(self, "" if shown == self.words else self.words)

    def _whole(self) -> int:
        cut = self._long(self.words) - self._long(self.text().replace("&&", "&"))
        return super().sizeHint().width() + cut + _AIR

    def _long(self, words: str) -> int:
        return self.fontMetrics().horizontalAdvance(words)


class Several(Field):
    """A tick for each of ``options``: (value, words) pairs. Value: a tuple of what is ticked.

    Many stand in columns, so that a name is found by going down.
    """

    def __init__(
        self, name: str, label: str, options: Sequence[tuple[Any, str]], *, hint: str = ""
    ) -> None:
        self.boxes = [(value, Tick(words)) for value, words in options]
        ticks = QWidget()
        flow = FlowLayout(spacing=12)
        for _, box in self.boxes:
            flow.addWidget(box)
            box.toggled.connect(lambda _: self.edited.emit())
        if len(self.boxes) > _FEW:
            widest = min(max(box.sizeHint().width() for _, box in self.boxes), _COLUMN)
            for _, box in self.boxes:
                box.least = widest
        ticks.setLayout(flow)
        super().__init__(name, label, ticks, hint=hint)

    def _name_editor(self) -> None:
        for _, box in self.boxes:
            box.setAccessibleName(f"{self.label}: {box.words}")

    def stop(self) -> QWidget:
        return self.boxes[0][1] if self.boxes else self.editor

    def value(self) -> Any:
        return tuple(value for value, box in self.boxes if box.isChecked())

    def set_value(self, value: Any) -> None:
        for one, box in self.boxes:
            box.setChecked(one in (value or ()))

    def draft(self) -> Any:
        return [str(value) for value in self.value()]

    def set_draft(self, draft: Any) -> None:
        for one, box in self.boxes:
            box.setChecked(str(one) in (draft or ()))
