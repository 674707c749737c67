"""Walks a screen as a keyboard and a screen reader do."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QRadioButton, QScrollArea, QWidget


def walk_controls(root: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Give every visible control that takes the focus, with the name a screen reader says."""
    for widget in root.findChildren(QWidget):
        if _is_control(widget, root):
            yield widget, accessible_name(widget)


def accessible_name(widget: QWidget) -> str:
    """Give what a screen reader calls this control: its name, its buddy's text or its own."""
    interface = QAccessible.queryAccessibleInterface(widget)
    said = interface.text(QAccessible.Text.Name) if interface is not None else ""
    return said.replace("&", "").strip()


def unnamed(root: QWidget) -> list[str]:
    """Describe the controls that a screen reader could not name; a test wants none."""
    return [_describe(widget) for widget, name in walk_controls(root) if not name]


def unreachable(root: QWidget) -> list[str]:
    """Describe the controls that Tab never comes to; a test wants none."""
    reached = set(tab_order(root))
    return [
        f"{_describe(widget)} {name!r}"
        for widget, name in walk_controls(root)
        if widget not in reached and not _is_beside(widget, reached)
    ]


def tab_order(root: QWidget) -> list[QWidget]:
    """Give the controls in the order in which Tab comes to them."""
    order: list[QWidget] = []
    window = root.window()
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window and widget not in order:
        if _is_control(widget, root) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            order.append(widget)
        widget = widget.nextInFocusChain()
    return order


def _is_beside(widget: QWidget, reached: set[QWidget]) -> bool:
    """Tell whether the arrow keys lead here: Tab stops once in a group of choices."""
    if not isinstance(widget, QRadioButton):
        return False
    group = widget.group()
    near = widget.parent().findChildren(QRadioButton) if group is None else group.buttons()
    return any(each in reached for each in near)


def _is_control(widget: QWidget, root: QWidget) -> bool:
    if not widget.isVisibleTo(root) or not widget.isEnabled():
        return False
    if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or widget.focusProxy() is not None:
        return False
    # Text that a mouse can select takes a click, but is read, not operated; one with links is.
    if isinstance(widget, QLabel) and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        return False
    # The frame that scrolls other controls is not a control itself, nor are Qt's own parts.
    if isinstance(widget, QScrollArea) or widget.objectName().startswith("qt_"):
        return False
    return not isinstance(widget.parentWidget(), QAbstractScrollArea) or bool(
        widget.accessibleName()
    )


def _describe(widget: QWidget) -> str:
    path: list[str] = []
    step: QWidget | None = widget
    while step is not None and len(path) < 5:
        path.append(f"{type(step).__name__}#{step.objectName()}".rstrip("#"))
        step = step.parentWidget()
    return " in ".join(path)
