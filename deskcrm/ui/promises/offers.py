"""Promises found in a note as it is typed, each with a check: noted unless it is taken away."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QVBoxLayout, QWidget

from deskcrm.base import clock
from deskcrm.base.words import tr
from deskcrm.domain.promises.commands import NewPromise
from deskcrm.domain.promises.finding import FoundPromise, find_promises
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.announce import announce

LOOK_MS = 250
MOST = 4


class PromiseOffers(QWidget):
    """Give it the editor that is typed in; ``chosen()`` gives what is to be noted."""

    changed = Signal()

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__()
        self._editor = editor
        self._found: list[FoundPromise] = []
        self._refused: set[str] = set()
        self._checks: list[QCheckBox] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._soon = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._soon.timeout.connect(self.look)
        editor.textChanged.connect(self._wait)
        self.hide()

    def chosen(self) -> tuple[NewPromise, ...]:
        """The promises that stay checked, with what was typed last looked at too."""
        if self._soon.isActive():
            self.look()
        return tuple(
            NewPromise(text=one.title, due_on=one.due)
            for one in self._found
            if one.text not in self._refused
        )

    def look(self) -> None:
        """Look for promises in what stands in the editor now."""
        self._soon.stop()
        now = clock.now().astimezone()
        found = find_promises(self._editor.toPlainText(), now)[:MOST]
        if [(one.text, one.due) for one in found] == [(one.text, one.due) for one in self._found]:
            self._found = found
            return
        is_new = len(found) > len(self._found)
        self._found = found
        self._show()
        if is_new:
            announce(self._editor, said(found[-1]))
        self.changed.emit()

    def start_over(self) -> None:
        """Forget what was found and refused: the editor is about something else now."""
        self._refused.clear()
        self.look()

    def _wait(self) -> None:
        # Not restarted while running: whoever types without a pause is to see them too.
        if not self._soon.isActive():
            self._soon.start()

    def _show(self) -> None:
        parts.clear(self._column)
        self._checks = [self._check(one) for one in self._found]
        for check, one in zip(self._checks, self._found, strict=True):
            row = parts.row(check, _Words(said(one), check), spacing=0)
            row.setStretch(1, 1)
            self._column.addLayout(row)
        self.setVisible(bool(self._found))

    def _check(self, one: FoundPromise) -> QCheckBox:
        check = QCheckBox()
        check.setAccessibleName(said(one))
        check.setChecked(one.text not in self._refused)
        check.toggled.connect(lambda on: self._decide(one.text, on=on))
        return check

    def _decide(self, text: str, *, on: bool) -> None:
        self._refused.discard(text) if on else self._refused.add(text)


class _Words(parts.ElidedLabel):
    """The words beside a check: cut short where there is no room, and a click checks."""

    def __init__(self, text: str, check: QCheckBox) -> None:
        super().__init__(text)
        self._check = check
        self.setBuddy(check)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._check.click()


def said(one: FoundPromise) -> str:
    """Put an offer into words: "Promise · Fri 27 Nov · Call back".

    The day comes first: it is what may have been misread, and the note itself says the rest.
    """
    if one.due is None:
        return tr("Promise · {text}", text=one.title)
    return tr("Promise · {day} · {text}", text=one.title, day=dates.near_day(one.due))
