"""A button whose words end in … where there is no room: for addresses, names and subjects."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from deskcrm.ui.kit import icons, parts, theme
from deskcrm.ui.kit.breaking import broken


class ElidedButton(QPushButton):
    """Never wider than its words, as narrow as it must be; the tooltip has them all.

    With ``lines`` they are broken into so many before they end in ….
    """

    def __init__(
        self,
        text: str,
        on_click: Callable[[], object] | None = None,
        *,
        look: str = "link",
        icon: str = "",
        name: str = "",
        hint: str = "",
        lines: int = 1,
    ) -> None:
        super().__init__()
        self._lines = lines
        self.setProperty("tall", lines > 1)
        self._whole = text.replace("\n", " ")
        self._hint = hint
        self.setProperty("look", look)
        self.setAccessibleName(name or self._whole)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if icon:
            self.setIcon(icons.icon(icon, "muted"))
            self.setIconSize(QSize(theme.sizes().icon, theme.sizes().icon))
        if on_click is not None:
            self.clicked.connect(lambda: on_click())
        self._fit()

    @property
    def words(self) -> str:
        """All of the words, also those that are not seen."""
        return self._whole

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self._whole)
        return QSize(text + self._frame() + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._frame() + 24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _frame(self) -> int:
        return 14 + (self.iconSize().width() + 8 if not self.icon().isNull() else 0)

    def _fit(self) -> None:
        room, metrics = max(0, self.width() - self._frame()), self.fontMetrics()
        lines = (
            broken(self._whole, metrics, room, self._lines) if self._lines > 1 else [self._whole]
        )
        shown = [metrics.elidedText(one, Qt.TextElideMode.ElideRight, room) for one in lines]
        space = "\u2009" if not self.icon().isNull() else ""
        words = space + parts.mnemonic_free("\n".join(shown))
        if words != self.text():
            self.setText(words)
            self.updateGeometry()
        cut = self._whole if shown != lines else ""
        parts.set_tooltip(self, "\n".join(one for one in (cut, self._hint) if one))
