"""What is to come of rows that are likely somebody known: asked above the preview."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from deskcrm.base.words import ntr, tr
from deskcrm.domain.imports.plan import Choice
from deskcrm.ui.kit import parts


class LikelyBar(QFrame):
    """Says how many rows are likely a client who is there, or of an earlier row, and asks."""

    chosen = Signal(object)
    """A Choice, for the rows that are spoken of."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "well")
        self._words = parts.label("", wrap=True)
        self.buttons = {
            choice: parts.button(text, partial(self.chosen.emit, choice))
            for choice, text in (
                (Choice.LEAVE_OUT, tr("Leave out")),
                (Choice.CHANGE_IT, tr("Change who is there")),
                (Choice.ADD_ANYWAY, tr("Add anyway")),
            )
        }
        line = parts.row(self._words, *self.buttons.values(), spacing=8, margins=(12, 6, 12, 6))
        line.setStretch(0, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(line)

    def show_rows(self, there: int, twins: int, picked: int) -> None:
        """Say how many rows are likely known, and of which of them a choice would be.

        ``there``: from the workspace. ``twins``: from an earlier row of the file.
        """
        self.setVisible(bool(there or twins))
        of_workspace = ntr(
            "{n} row is most likely a client who is there already.",
            "{n} rows are most likely clients who are there already.",
            there,
        )
        of_file = ntr(
            "{n} row most likely repeats a client of an earlier line.",
            "{n} rows most likely repeat clients of earlier lines.",
            twins,
        )
        told = ((there, of_workspace), (twins, of_file))
        said = " ".join(words for count, words in told if count)
        self._words.setText(f"{said} {_of_whom(there + twins, picked)}")
        change = tr("Change who is there") if there else tr("Add to the earlier line")
        parts.rename(self.buttons[Choice.CHANGE_IT], change)


def _of_whom(likely: int, picked: int) -> str:
    """Say of which rows a choice would be."""
    if picked:
        return ntr("Of the {n} picked row:", "Of the {n} picked rows:", picked)
    if likely == 1:
        return tr("What is to come of it:")
    return tr("Of all of them, unless you pick some:")
