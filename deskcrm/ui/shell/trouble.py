"""What stands in the way of opening the program, said in words, with the ways out as buttons."""

from PySide6.QtWidgets import QPushButton, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.ui.kit import parts
from deskcrm.ui.shell.calm import WIDTH, CalmDialog


class TroubleDialog(CalmDialog):
    """One sentence, one piece of advice, and a button for each way out; the first is the best."""

    def __init__(
        self,
        title: str,
        detail: str,
        ways: dict[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        # An error is a sentence; as a heading it ends like the others.
        super().__init__(title.removesuffix("."), detail, parent)
        self.chosen = ""
        best, *others = (ways or {}).items() or [("", "")]
        close = parts.button(tr("Close"), self.reject, look="" if ways else "primary")
        buttons = [close, *(self._way(way, words) for way, words in reversed(others))]
        if ways:
            buttons.append(self._way(*best, look="primary"))
        self.set_buttons(*buttons)
        # A label that wraps tells a layout no height of its own: a long detail would be cut off.
        self.setMinimumHeight(self.outer.totalHeightForWidth(WIDTH))

    def _way(self, way: str, words: str, look: str = "") -> QPushButton:
        return parts.button(words, lambda: self._choose(way), look=look)

    def _choose(self, way: str) -> None:
        self.chosen = way
        self.accept()


def say(error: UserError) -> None:
    """Show an error before there is a window."""
    TroubleDialog(error.title, error.detail).exec()


def choose(error: UserError, ways: dict[str, str]) -> str:
    """Show an error with its ways out; give the one that was chosen, or ""."""
    dialog = TroubleDialog(error.title, error.detail, ways)
    dialog.exec()
    return dialog.chosen
