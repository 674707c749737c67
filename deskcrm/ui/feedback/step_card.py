"""A card with one question after another: digits answer, arrows go on and back."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from deskcrm.ui.feedback.asking import Asking
from deskcrm.ui.feedback.question_view import QuestionView
from deskcrm.ui.kit.overlay import Overlay


class StepCard(Overlay):
    """A card with one question after another; digits and arrows work as they do in a call."""

    asking: Asking
    view: QuestionView

    def show_step(self) -> None:
        """Show what is read out now."""
        raise NotImplementedError

    def end(self) -> None:
        """Do what ends it: Ctrl+Enter, or Enter after the last question."""
        self.close_card()

    def changed(self, is_elsewhere: bool) -> None:
        """Hear that something was answered, and whether another question is asked now."""
        if is_elsewhere:
            self.show_step()

    def go(self, by: int) -> None:
        """Go on, or back."""
        self.asking.move(by)
        self.changed(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._press(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _press(self, event: QKeyEvent) -> bool:
        key, held = Qt.Key(event.key()), event.modifiers()
        ctrl = bool(held & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if ctrl or self.asking.step() is None:
                self.end()
            else:
                self.go(1)
            return True
        is_typing = isinstance(self.window().focusWidget(), QPlainTextEdit)
        on = Qt.Key.Key_Down if ctrl else Qt.Key.Key_Right
        back = Qt.Key.Key_Up if ctrl else Qt.Key.Key_Left
        if key in (on, back) and (ctrl or not is_typing):
            self.go(1 if key == on else -1)
            return True
        digit = event.text()
        if digit.isdecimal() and not ctrl and self.asking.press(int(digit)):
            self.changed(True)
            return True
        return False
