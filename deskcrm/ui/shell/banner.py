"""A quiet line above the pages that says one thing and offers one thing to do."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame

from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, parts, theme


class Banner(QFrame):
    """Hidden until it has something to say; can be waved away until the next start."""

    def __init__(self) -> None:
        super().__init__()
        self.icon = parts.label()
        self.text = parts.ElidedLabel("", "muted")
        self.button = parts.button("", look="link")
        self.close_button = parts.icon_button("close", tr("Hide"), self.hide)
        self._run: Callable[[], object] | None = None
        self.button.clicked.connect(self._on_click)
        row = parts.row(self.icon, self.text, self.button, self.close_button, margins=(14, 2, 8, 2))
        row.setStretch(1, 1)
        self.setLayout(row)
        self.setVisible(False)

    def _on_click(self) -> None:
        if self._run is not None:
            self._run()

    def say(self, text: str, button: str, run: Callable[[], object], *, icon: str = "info") -> None:
        """Show a sentence with one thing to do."""
        self.icon.setPixmap(icons.pixmap(icon, 16, theme.colors().accent, self.devicePixelRatioF()))
        self.text.setText(text)
        self.button.setText(parts.mnemonic_free(button))
        self.button.setAccessibleName(button)
        self._run = run
        self.setVisible(True)
