"""A button whose words end in … where there is no room: for addresses, names and subjects."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from deskcrm.ui.kit import icons, parts, theme


class ElidedButton(QPushButton):
    """Never wider than its words, as narrow as it must be; the tooltip has them all."""

    def __init__(
        self,
        text: str,
        on_click: Callable[[], object] | None = None,
        *,
        look: str = "link",
        icon: str = "",
        name: str = "",
        hint: str = "",
    ) -> None:
        super().__init__()
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
        room = max(0, self.width() - self._frame())
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        space = "\u2009" if not self.icon().isNull() else ""
        self.setText(space + parts.mnemonic_free(shown))
        cut = self._whole if shown != self._whole else ""
        parts.set_tooltip(self, "\n".join(one for one in (cut, self._hint) if one))
