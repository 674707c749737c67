"""One setting as a row: its name, what it is about, and the control that sets it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.settings import AnySetting, Scope
from deskcrm.base.words import tr
from deskcrm.ui.kit import parts, theme
from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.desk import Desk

CONTROL_WIDTH = 240


class Card(QWidget):
    """A heading, a sentence, and rows in a frame."""

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._rows.setContentsMargins(0, 2, 0, 2)
        self._frame = parts.surface("card")
        self._frame.setLayout(self._rows)
        self._frame.hide()  # until there is something in it
        column = parts.column(spacing=theme.sizes().xs)
        column.addWidget(parts.label(title, "heading"))
        if text:
            column.addWidget(parts.label(text, "muted", wrap=True))
        column.addSpacing(6)
        column.addWidget(self._frame)
        self.setLayout(column)

    def add(self, row: QWidget) -> None:
        """Add a row under the others."""
        if self._rows.count():
            self._rows.addWidget(parts.line())
        self._rows.addWidget(row)
        self._frame.show()

    def refill(self, rows: Sequence[QWidget]) -> None:
        """Show these rows instead of those that are there; a row may be one of them."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None and widget not in rows:
                widget.deleteLater()
        for row in rows:
            self.add(row)


class Row(QWidget):
    """A name and what it means on the left, a control on the right."""

    def __init__(self, name: str, about: str = "", *controls: QWidget) -> None:
        super().__init__()
        self.name = parts.label(name, "strong", wrap=True)
        self.about = parts.label(about, "muted", wrap=True)
        self.about.setVisible(bool(about))
        words = parts.column(self.name, self.about, spacing=2)
        row = parts.row(spacing=theme.sizes().s, margins=(16, 10, 16, 10))
        row.addLayout(words, 1)
        for control in controls:
            row.addWidget(control)
        self.setLayout(row)
        # A name alone is as tall as one with a field beside it.
        self.setMinimumHeight(theme.sizes().control + 20)
        if controls:
            self.name.setBuddy(controls[0])

    def say(self, about: str) -> None:
        """Change what stands under the name."""
        self.about.setText(about)
        self.about.setVisible(bool(about))


def setting_row(desk: Desk, setting: AnySetting, about: str | None = None) -> Row:
    """Build the row of a declared setting; without ``about`` it says for whom it holds."""
    said = scope_words(setting.scope) if about is None else about
    control = _control(desk, setting)
    control.setAccessibleName(tr(setting.label))
    return Row(tr(setting.label), said, control)


def scope_words(scope: Scope) -> str:
    """Say for whom a setting holds, where that is not plain."""
    return tr("For everybody in this workspace.") if scope is Scope.SHARED else ""


def _control(desk: Desk, setting: AnySetting) -> QWidget:
    value: Any = desk.setting(setting)
    put = partial(_put, desk, setting)
    if setting.choices:
        return _choice(setting, value, put)
    if isinstance(value, bool):
        box = QCheckBox()
        box.setProperty("bare", True)
        box.setChecked(value)
        box.toggled.connect(put)
        return box
    if isinstance(value, int):
        number = QLineEdit(str(value))
        number.setValidator(QIntValidator(0, 1_000_000, number))
        number.setAlignment(Qt.AlignmentFlag.AlignRight)
        number.setFixedWidth(96)
        number.editingFinished.connect(lambda: put(int(number.text())))
        return number
    line = QLineEdit(str(value))
    line.setFixedWidth(CONTROL_WIDTH)
    line.editingFinished.connect(lambda: _put_text(desk, setting, line))
    return line


def _choice(setting: AnySetting, value: Any, put: Callable[[Any], None]) -> ComboBox:
    return choice([(one, setting.say(str(one))) for one in setting.choices], value, put)


def choice(options: Sequence[tuple[Any, str]], value: Any, put: Callable[[Any], None]) -> ComboBox:
    """Build a choice of (value, words) that is kept as soon as it is made."""
    box = ComboBox()
    box.setFixedWidth(CONTROL_WIDTH)
    for one, words in options:
        box.addItem(words, one)
    box.setCurrentIndex(box.findData(value))
    box.activated.connect(lambda at: put(box.itemData(at)))
    return box


def _put_text(desk: Desk, setting: Any, line: QLineEdit) -> None:
    """Keep what was typed as it is kept, or say what is wrong with it; it can be mended then."""
    try:
        value = setting.checked(type(setting.default)(line.text()))
    except UserError as error:
        desk.complain(error)
        return
    line.setText(str(value))
    _put(desk, setting, value)


def _put(desk: Desk, setting: AnySetting, value: Any) -> None:
    if desk.setting(setting) != value:
        desk.setting(setting, value)
