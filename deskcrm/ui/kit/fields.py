"""The fields of forms: label, editor, and what is wrong in words underneath."""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from deskcrm.base.words import tr
from deskcrm.ui.kit import parts, theme
from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.parts import mnemonic_free


class Wrong(Exception):
    """What was typed cannot be used; says why, in words."""


class Field(QWidget):
    """One labelled editor. ``value`` raises Wrong; ``draft`` is what was typed, as JSON.

    ``check`` gets a good value and answers what is wrong with it, in words, or "".
    """

    edited = Signal()
    left = Signal()
    """The focus went elsewhere."""

    def __init__(
        self,
        name: str,
        label: str,
        editor: QWidget,
        *,
        required: bool = False,
        hint: str = "",
        check: Callable[[Any], str] | None = None,
    ) -> None:
        super().__init__()
        self.name = name
        self.label = label
        self.editor = editor
        self.check = check
        self.hint = hint
        self._under = parts.label("", "error", wrap=True)
        self.caption = parts.label("", "caption")
        self.require(required)
        self.caption.setBuddy(self.stop())
        self._under.hide()
        self._lay_out()
        self._name_editor()
        self.show_note(hint)
        self.stop().installEventFilter(self)

    def require(self, required: bool) -> None:
        """Ask for a value from now on, or no more; what is asked for is marked."""
        self.required = required
        self.caption.setText(mnemonic_free(self.label) + (" *" if required else ""))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.caption)
        layout.addWidget(self.editor)
        layout.addWidget(self._under)

    def _name_editor(self) -> None:
        self.stop().setAccessibleName(self.label)

    def stop(self) -> QWidget:
        """The widget that takes the focus."""
        return self.editor

    def value(self) -> Any:
        """What was typed, understood."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def draft(self) -> Any:
        """What was typed, as it was typed."""
        raise NotImplementedError

    def set_draft(self, draft: Any) -> None:
        """Show again what was typed."""
        raise NotImplementedError

    def is_blank(self) -> bool:
        """Whether nothing was typed, or nothing but spaces."""
        typed = self.draft()
        return not (typed.strip() if isinstance(typed, str) else typed)

    def checked(self) -> Any:
        """The value, checked; raises Wrong."""
        if self.required and self.is_blank():
            raise Wrong(tr("Fill this in."))
        value = self.value()
        wrong = self.check(value) if self.check is not None and not self.is_blank() else ""
        if wrong:
            raise Wrong(wrong)
        return value

    def show_wrong(self, text: str) -> None:
        """Say under the field what is wrong with it; "" takes it back."""
        self._show_under(text, "error") if text else self.show_note(self.hint)
        self._mark(bool(text))
        self.stop().setAccessibleDescription(text or self.hint)

    def show_note(self, text: str) -> None:
        """Say something quiet under the field."""
        self._show_under(text, "faint")

    def _show_under(self, text: str, role: str) -> None:
        self._under.setText(text)
        if self._under.property("role") != role:
            self._under.setProperty("role", role)
            restyle(self._under)
        self._under.setVisible(bool(text))

    def _mark(self, wrong: bool) -> None:
        if bool(self.stop().property("wrong")) != wrong:
            self.stop().setProperty("wrong", wrong)
            restyle(self.stop())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return super().eventFilter(watched, event)


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at the widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class Line(Field):
    """One line of text."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        required: bool = False,
        hint: str = "",
        placeholder: str = "",
        check: Callable[[Any], str] | None = None,
    ) -> None:
        self.line = QLineEdit()
        self.line.setPlaceholderText(placeholder)
        super().__init__(name, label, self.line, required=required, hint=hint, check=check)
        self.line.textChanged.connect(lambda _: self.edited.emit())

    def value(self) -> Any:
        return self.line.text().strip()

    def set_value(self, value: Any) -> None:
        self.line.setText("" if value is None else str(value))

    def draft(self) -> Any:
        return self.line.text()

    def set_draft(self, draft: Any) -> None:
        self.line.setText(str(draft))


class Phone(Line):
    """A phone number; ``read`` turns what was typed into how it will be kept, or None."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        read: Callable[[str], str | None] | None = None,
        required: bool = False,
        hint: str = "",
    ) -> None:
        super().__init__(name, label, required=required, hint=hint, check=self._check_number)
        self._read = read
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhDialableCharactersOnly)
        self.line.editingFinished.connect(self._show_read)

    def _check_number(self, text: str) -> str:
        if self._read is None or self._read(text) is not None:
            return ""
        return tr("This is not a phone number. Write it with the country code: +7 912 345-67-89.")

    def _show_read(self) -> None:
        text = self.value()
        kept = self._read(text) if self._read is not None and text else None
        self.show_note(kept if kept and kept != text else self.hint)


class Text(Field):
    """Several lines of plain text; it grows with what is typed. Tab leaves it."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        required: bool = False,
        hint: str = "",
        placeholder: str = "",
        lines: int = 3,
        most_lines: int = 14,
        check: Callable[[Any], str] | None = None,
    ) -> None:
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(placeholder)
        self._lines, self._most_lines = lines, most_lines
        super().__init__(name, label, self.text, required=required, hint=hint, check=check)
        self.text.textChanged.connect(self._grow)
        self.text.textChanged.connect(self.edited)
        self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def _grow(self) -> None:
        document = self.text.document()
        lines = max(self._lines, min(int(document.size().height()), self._most_lines))
        # Text is laid out in whole pixels, rounded up.
        line = ceil(QFontMetricsF(self.text.font()).lineSpacing())
        height = lines * line + 22
        if self.text.height() != height:
            self.text.setFixedHeight(height)

    def value(self) -> Any:
        return self.text.toPlainText().strip()

    def set_value(self, value: Any) -> None:
        self.text.setPlainText("" if value is None else str(value))

    def draft(self) -> Any:
        return self.text.toPlainText()

    def set_draft(self, draft: Any) -> None:
        self.text.setPlainText(str(draft))


class Choice(Field):
    """One of several; ``options`` are (value, words) pairs. ``none``: the words for no choice."""

    def __init__(
        self,
        name: str,
        label: str,
        options: Sequence[tuple[Any, str]],
        *,
        none: str | None = None,
        required: bool = False,
        hint: str = "",
    ) -> None:
        self.box = ComboBox()
        self._values: list[Any] = []
        self._none = none
        super().__init__(name, label, self.box, required=required, hint=hint)
        self.set_options(options)
        self.box.currentIndexChanged.connect(lambda _: self.edited.emit())

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer these instead; the choice made stays if it is among them."""
        before = self._chosen()
        self.box.blockSignals(True)
        self.box.clear()
        self._values = [] if self._none is None else [None]
        if self._none is not None:
            self.box.addItem(self._none)
        for value, words in options:
            self._values.append(value)
            self.box.addItem(words)
        self.box.blockSignals(False)
        self.set_value(before)

    def stand_beside(self) -> None:
        """Be as wide as the fields beside it: the longest words of a choice widen no column."""
        self.box.setSizeAdjustPolicy(
            ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(4)

    def _chosen(self) -> Any:
        at = self.box.currentIndex()
        return self._values[at] if 0 <= at < len(self._values) else None

    def is_blank(self) -> bool:
        return self._chosen() is None

    def value(self) -> Any:
        return self._chosen()

    def set_value(self, value: Any) -> None:
        self.box.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def draft(self) -> Any:
        chosen = self._chosen()
        return None if chosen is None else str(chosen)

    def set_draft(self, draft: Any) -> None:
        for at, value in enumerate(self._values):
            if (None if value is None else str(value)) == draft:
                self.box.setCurrentIndex(at)


class Check(Field):
    """Yes or no."""

    def __init__(self, name: str, label: str, *, hint: str = "") -> None:
        self.box = QCheckBox(mnemonic_free(label))
        super().__init__(name, label, self.box, hint=hint)
        self.caption.hide()
        self.box.toggled.connect(lambda _: self.edited.emit())

    def stand_beside(self) -> None:
        """Stand level with the editor of a field beside it, which has its caption above."""
        self.caption.setText("")
        self.caption.show()
        self.box.setMinimumHeight(theme.sizes().control + 2)

    def value(self) -> Any:
        return self.box.isChecked()

    def set_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))

    def draft(self) -> Any:
        return self.box.isChecked()

    def set_draft(self, draft: Any) -> None:
        self.box.setChecked(bool(draft))
