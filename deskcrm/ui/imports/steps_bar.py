"""The four steps of an import, and where one is among them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.imports import words
from deskcrm.ui.kit import parts


class StepsBar(QWidget):
    """Says which step it is; a screen reader hears it as one sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._labels: list[QLabel] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for number, name in enumerate(words.steps()):
            if number:
                row.addWidget(parts.Picture("chevron-right", "faint", 14))
            label = parts.label(f"{number + 1}. {name}", "muted")
            label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
            self._labels.append(label)
            row.addWidget(label)
        row.addStretch(1)

    def show_step(self, step: int) -> None:
        """Mark the step that is seen."""
        for number, label in enumerate(self._labels):
            label.setProperty("role", "strong" if number == step else "muted")
            label.style().unpolish(label)
            label.style().polish(label)
        name = words.steps()[step]
        self.setAccessibleName(tr("Step {n} of 4: {name}", n=step + 1, name=name))
