"""A line for a passphrase, with an eye that shows it."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit

from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, keys

_EYE_KEY: Final = "Ctrl+Shift+E"


class SecretLine(QLineEdit):
    """What is typed shows as dots until the eye is clicked."""

    shown = Signal(bool)

    def __init__(self, name: str, placeholder: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        # Neither spelling aids nor a screen keyboard's memory may learn it.
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        words = f"{tr('Show the passphrase')} ({keys.native(_EYE_KEY)})"
        self._eye = QAction(icons.icon("eye", "faint"), words, self)
        self._eye.setCheckable(True)
        # Tab does not stop at what is inside a line, so the eye has a key.
        self._eye.setShortcut(_EYE_KEY)
        self._eye.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._eye.toggled.connect(self._show)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)

    def _show(self, wanted: bool) -> None:
        plain, dots = QLineEdit.EchoMode.Normal, QLineEdit.EchoMode.Password
        self.setEchoMode(plain if wanted else dots)
        self.shown.emit(wanted)
