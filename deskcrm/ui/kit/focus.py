"""Where keys and the focus go between the panes of a window."""

from typing import Any, Final

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def offer_key(widget: QWidget, event: QKeyEvent, *, in_list: bool) -> bool:
    """Offer a key to the actions of every place around this widget, the nearest first."""
    around: QWidget | None = widget
    while around is not None:
        bound: Any = getattr(around, "bound", None)
        if bound is not None and bound.press(event, in_list=in_list):
            return True
        around = None if around.isWindow() else around.parentWidget()
    return False


def press_by_enter(widget: QWidget, event: QKeyEvent) -> bool:
    """Let Enter press the button that has the focus, as Space does; tells whether it did."""
    focused = widget.window().focusWidget()
    is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() not in _ENTER or not is_plain or not isinstance(focused, QAbstractButton):
        return False
    focused.click()
    return True


def next_pane(panes: list[QWidget], *, back: bool = False) -> QWidget | None:
    """Move the focus to the next of these panes that can take it, as F6 does."""
    usable = [pane for pane in panes if pane.isVisible() and first_stop(pane) is not None]
    if not usable:
        return None
    focused = usable[0].window().focusWidget()
    at = next((i for i, pane in enumerate(usable) if _holds(pane, focused)), -1)
    step = -1 if back else 1
    pane = usable[(at + step) % len(usable)] if at >= 0 else usable[-1 if back else 0]
    stop = first_stop(pane)
    if stop is not None:
        stop.setFocus(Qt.FocusReason.ShortcutFocusReason)
    return pane


def first_stop(pane: QWidget) -> QWidget | None:
    """The control in a pane that takes the focus when the pane is entered."""
    chosen = pane.property("first_stop")
    if isinstance(chosen, QWidget) and chosen.isVisible() and chosen.isEnabled():
        return chosen
    if pane.focusPolicy() & Qt.FocusPolicy.TabFocus and pane.isEnabled():
        return pane
    return next(iter(stops(pane)), None)


def stops(pane: QWidget) -> list[QWidget]:
    """The controls in a pane that Tab comes to, in its order."""
    found: list[QWidget] = []
    step = pane.nextInFocusChain()
    while step is not None and step is not pane and step not in found:
        if pane.isAncestorOf(step) and step.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(step)
        step = step.nextInFocusChain()
    return [each for each in found if each.isVisible() and each.isEnabled()]


def is_there(widget: QWidget) -> bool:
    """Whether a widget still exists and can be seen."""
    return shiboken6.isValid(widget) and widget.isVisible()


def _holds(pane: QWidget, focused: QWidget | None) -> bool:
    return focused is not None and (pane is focused or pane.isAncestorOf(focused))
