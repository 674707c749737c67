"""A place for content that may be on its way, empty or refused, and says so."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, parts, theme
from deskcrm.ui.kit.scroll import Scroll

QUIET_MS = 200
"""Loading that is shorter than this is not shown: it would only flicker."""
_WIDEST = 560
"""A longer line is hard to read."""


@dataclass(frozen=True, slots=True)
class Empty:
    """Why there is nothing, and the one thing to do about it."""

    title: str
    why: str = ""
    icon: str = "inbox"
    button: str = ""
    on_button: Callable[[], object] | None = None


class IconBadge(QWidget):
    """An icon in a soft round field."""

    def __init__(self, name: str, size: int = 56) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, size = theme.colors(), self.width()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(colors.sunken))
        painter.drawEllipse(self.rect())
        inner = round(size * 0.43)
        edge = (size - inner) / 2
        icons.paint(painter, self._name, edge, edge, inner, colors.muted)
        painter.end()


class _Yielding(Scroll):
    """Scrolls where it has no room: its lines do not lie over one another, nor push at others."""

    def sizeHint(self) -> QSize:
        return self._inside.sizeHint()


class Pane(QStackedWidget):
    """Shows its content, or one quiet page that says why there is none."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.content = content
        self._page: QWidget | None = None
        self.addWidget(content)
        self._patience = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._patience.timeout.connect(self._show_wait)

    def show_content(self) -> None:
        """Show the content."""
        self._patience.stop()
        self.setCurrentWidget(self.content)
        self._let_go()

    def show_loading(self) -> None:
        """Say that it is on its way, if it is not here soon; what is shown stays until then."""
        self._patience.start()

    def show_empty(self, empty: Empty) -> None:
        """Say why there is nothing."""
        self._show(_message(empty))

    def show_blank(self) -> None:
        """Say nothing, where what stands beside it says why there is nothing."""
        self._show(parts.surface("panel"))

    def show_error(self, error: BaseException, retry: Callable[[], object]) -> None:
        """Say what went wrong, with a button that tries again."""
        if isinstance(error, UserError):
            title, why = error.title, error.detail
        else:
            title, why = tr("This could not be shown."), tr("Nothing was lost. Try again.")
        self._show(_message(Empty(title, why, "warning", tr("Try again"), retry)))

    @property
    def is_showing_content(self) -> bool:
        """Whether the content is what is seen."""
        return self.currentWidget() is self.content

    def _show_wait(self) -> None:
        self._show(_message(Empty(tr("Loading…"), icon="clock")))

    def _show(self, page: QWidget) -> None:
        self._patience.stop()
        self.addWidget(page)
        self.setCurrentWidget(page)
        self._let_go()
        self._page = page

    def _let_go(self) -> None:
        if self._page is not None:
            self.removeWidget(self._page)
            self._page.deleteLater()
            self._page = None


def _message(empty: Empty) -> QWidget:
    page, inside = parts.surface("panel"), QWidget()
    page.setLayout(parts.column(_Yielding(inside)))
    layout = QVBoxLayout(inside)
    layout.setContentsMargins(24, 16, 24, 16)
    layout.setSpacing(6)
    center = Qt.AlignmentFlag.AlignHCenter
    layout.addStretch(2)
    layout.addWidget(IconBadge(empty.icon), 0, center)
    layout.addSpacing(8)
    title = parts.label(empty.title, "strong", wrap=True)
    title.setAlignment(center)
    title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    layout.addWidget(title)
    if empty.why:
        why = parts.label(empty.why, "muted", wrap=True)
        why.setAlignment(center)
        why.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        why.setMaximumWidth(_WIDEST)
        line = parts.row(None, spacing=0)
        line.addWidget(why, 1000)
        line.addStretch(1)
        layout.addLayout(line)
    if empty.button and empty.on_button is not None:
        layout.addSpacing(10)
        layout.addWidget(parts.button(empty.button, empty.on_button), 0, center)
    layout.addStretch(3)
    return page
