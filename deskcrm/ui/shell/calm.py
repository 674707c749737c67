"""The dialogs outside the window look alike: a heading, a sentence, what to do, the buttons."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLayout, QPushButton, QWidget

from deskcrm.ui.kit import parts, theme

WIDTH = 560


class CalmDialog(QDialog):
    """A heading, a text, a body that the subclass fills, one line for an error, and buttons."""

    def __init__(self, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.heading = parts.label(title, "display", wrap=True)
        # Not the dialog's own minimum: that would let a longer row of buttons be cut off.
        self.heading.setMinimumWidth(WIDTH - 2 * theme.sizes().xxl)
        self.text = parts.label(text, "muted", wrap=True)
        self.text.setVisible(bool(text))
        self.body = parts.column(spacing=theme.sizes().m)
        self.error = parts.label("", "error", wrap=True)
        self.error.setVisible(False)
        self.footer = parts.row()
        self.outer = parts.column(
            parts.row(mark(), None),
            8,
            self.heading,
            self.text,
            theme.sizes().s,
            self.body,
            self.error,
            None,
            theme.sizes().s,
            self.footer,
            spacing=theme.sizes().s,
            margins=theme.sizes().xxl,
        )
        self.setLayout(self.outer)

    def put(self, *items: QWidget | QLayout) -> None:
        """Add to the body."""
        for item in items:
            if isinstance(item, QWidget):
                self.body.addWidget(item)
            else:
                self.body.addLayout(item)

    def set_buttons(self, *buttons: QPushButton, left: QWidget | None = None) -> None:
        """Put the buttons at the right of the footer, the last one being what Enter does."""
        parts.clear(self.footer)
        if left is not None:
            self.footer.addWidget(left)
        self.footer.addStretch(1)
        for button in buttons:
            self.footer.addWidget(button)
        if buttons:
            buttons[-1].setDefault(True)

    def complain(self, title: str, detail: str = "") -> None:
        """Say what is wrong, in the place under the body."""
        self.error.setText(f"{title} {detail}".strip())
        self.error.setVisible(bool(title))

    def say(self, title: str, text: str = "") -> None:
        """Change the heading and the text."""
        self.heading.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))


def mark(size: int = 40) -> QLabel:
    """The program's own sign."""
    made = parts.label()
    icon: QIcon = QApplication.windowIcon()
    made.setPixmap(icon.pixmap(size, size))
    made.setFixedSize(size, size)
    made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return made
