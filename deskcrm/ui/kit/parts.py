"""Small ready-made widgets; every text in them is plain, because a name is attacker input."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QTabBar,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from deskcrm.ui.kit import icons, theme


def label(text: str = "", role: str = "", *, wrap: bool = False, select: bool = False) -> QLabel:
    """A plain-text label.

    ``role``: "" | muted | faint | caption | strong | heading | display | error.
    """
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    if select:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        made.setAccessibleName(text)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
    return made


class ElidedLabel(QLabel):
    """One line that ends in … where there is no room, with the whole text as its tooltip."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._whole = ""
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show this, as much of it as fits."""
        self._whole = text.replace("\n", " ")
        self.setAccessibleName(self._whole)
        self._fit()

    def resizeEvent(self, event: object) -> None:
        self._fit()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._whole)
        return QSize(width + 2, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.fontMetrics().height() + 2)

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._whole, Qt.TextElideMode.ElideRight, max(0, self.width() - 1)
        )
        super().setText(shown)
        set_tooltip(self, self._whole if shown != self._whole else "")


class Picture(QWidget):
    """An icon that stands by itself and follows the theme; the words beside it say the same."""

    def __init__(self, name: str, token: str = "muted", size: int = 16) -> None:
        super().__init__()
        self._name, self._token = name, token
        self.setFixedSize(size, size)

    def set_picture(self, name: str, token: str = "muted") -> None:
        """Show another icon."""
        self._name, self._token = name, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = str(getattr(theme.colors(), self._token))
        icons.paint(painter, self._name, 0, 0, self.width(), color)
        painter.end()


class Page(QWidget):
    """What a scroll area shows: as tall as its wrapped texts are at the width there is.

    Qt takes the height that they would have at their narrowest, and leaves the rest blank.
    """

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 0)


def set_tooltip(widget: QWidget, text: str) -> None:
    """Set a tooltip that stays plain text whatever it contains."""
    widget.setToolTip(plain(text))


def show_tooltip(widget: QWidget, at: QPoint, text: str) -> None:
    """Show a tooltip of a part of a widget now, as plain text; "" takes it away."""
    QToolTip.showText(at, plain(text), widget)


def plain(text: str) -> str:
    """Make Qt show this text as it is where a text format cannot be set (tooltips)."""
    if "<" not in text:
        return text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<span style='white-space:pre-wrap'>{escaped}</span>"


def mnemonic_free(text: str) -> str:
    """Keep & in a text for a button or a menu from becoming an underlined letter."""
    return text.replace("&", "&&")


def button(
    text: str,
    on_click: Callable[[], object] | None = None,
    *,
    look: str = "",
    icon: str = "",
    hint: str = "",
) -> QPushButton:
    """A button; ``look``: "" | primary | danger | quiet | link; ``hint`` is its tooltip."""
    made = QPushButton()
    made.setProperty("look", look)
    made.setAutoDefault(False)
    made.setCursor(
        Qt.CursorShape.PointingHandCursor if look == "link" else Qt.CursorShape.ArrowCursor
    )
    if icon:
        made.setIcon(icons.icon(icon, "on_accent" if look == "primary" else "muted"))
        made.setIconSize(QSize(theme.sizes().icon, theme.sizes().icon))
    rename(made, text)
    if hint:
        set_tooltip(made, hint)
    if on_click is not None:
        made.clicked.connect(lambda: on_click())
    return made


def rename(made: QPushButton, text: str) -> None:
    """Give a button other words, for the eye and for a screen reader."""
    # The style leaves too little air between an icon and its text.
    made.setText(("" if made.icon().isNull() else "\u2009") + mnemonic_free(text))
    made.setAccessibleName(text)


def icon_button(
    icon: str, name: str, on_click: Callable[[], object] | None = None, *, checkable: bool = False
) -> QToolButton:
    """A button that is only an icon: ``name`` is its tooltip and what a screen reader says."""
    made = QToolButton()
    made.setIcon(icons.icon(icon))
    made.setIconSize(QSize(theme.sizes().icon + 2, theme.sizes().icon + 2))
    made.setAccessibleName(name)
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    set_tooltip(made, name)
    if on_click is not None:
        made.clicked.connect(lambda: on_click())
    return made


def clearable(line: QLineEdit) -> None:
    """Put a cross into a line that empties it, in the theme's colours; Qt's own is for light."""
    line.setClearButtonEnabled(True)
    cross = line.findChild(QAction, "_q_qlineeditclearaction")
    if isinstance(cross, QAction):
        cross.setIcon(icons.icon("close"))


def search_line(placeholder: str, on_change: Callable[[str], object]) -> QLineEdit:
    """A line to search in, with the magnifier and a button that clears it."""
    made = QLineEdit()
    made.setPlaceholderText(placeholder)
    made.setAccessibleName(placeholder)
    searching(made)
    made.textChanged.connect(on_change)
    return made


def searching(line: QLineEdit) -> None:
    """Let a line look like one to search in: with the magnifier and a cross that empties it."""
    clearable(line)
    line.addAction(icons.icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition)


def tabs(names: Sequence[str], name: str, on_change: Callable[[int], object]) -> QTabBar:
    """A row of tabs; ``name`` is what a screen reader calls all of it."""
    made = QTabBar()
    made.setExpanding(False)
    made.setDrawBase(False)
    made.setAccessibleName(name)
    for each in names:
        made.addTab(mnemonic_free(each))
    made.currentChanged.connect(on_change)
    return made


def surface(kind: str = "panel") -> QFrame:
    """A frame with a background.

    ``kind``: panel | card | sunken | well | caution | notice | raised.
    """
    made = QFrame()
    made.setProperty("surface", kind)
    return made


def line(*, vertical: bool = False) -> QFrame:
    """A hairline between two things."""
    made = surface("line")
    made.setFixedWidth(1) if vertical else made.setFixedHeight(1)
    return made


def column(
    *items: QWidget | QLayout | int | None,
    spacing: int = 8,
    margins: int | tuple[int, int, int, int] = 0,
) -> QVBoxLayout:
    """Stack items downward; a number is a gap, None stretches."""
    made = QVBoxLayout()
    _fill(made, items, spacing, margins)
    return made


def flush(widget: QPushButton) -> QHBoxLayout:
    """Let the words of a link begin where the text above and below them does."""
    widget.setProperty("flush", True)
    return row(widget, None)


def row(
    *items: QWidget | QLayout | int | None,
    spacing: int = 8,
    margins: int | tuple[int, int, int, int] = 0,
) -> QHBoxLayout:
    """Put items side by side; a number is a gap, None stretches."""
    made = QHBoxLayout()
    _fill(made, items, spacing, margins)
    return made


def _fill(
    layout: QVBoxLayout | QHBoxLayout,
    items: tuple[QWidget | QLayout | int | None, ...],
    spacing: int,
    margins: int | tuple[int, int, int, int],
) -> None:
    layout.setSpacing(spacing)
    edges = (margins,) * 4 if isinstance(margins, int) else margins
    layout.setContentsMargins(*edges)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QWidget):
            layout.addWidget(item)
        else:
            layout.addLayout(item)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            break
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


def message_box(parent: QWidget | None, title: str, text: str, detail: str = "") -> QMessageBox:
    """A message box that shows plain text only; the caller adds buttons and opens it."""
    made = QMessageBox(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWindowTitle(title)
    made.setText(text)
    made.setInformativeText(plain(detail))
    return made
