"""Looks at a screen as it stands for what is cut off, covers something else or hangs out."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSplitterHandle,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
    QWidget,
)

from deskcrm.ui.kit import theme
from deskcrm.ui.kit.chips import ChipLabel, RemovableChip
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.parts import ElidedLabel
from deskcrm.ui.kit.several import Tick
from deskcrm.ui.kit.toast import Toasts
from deskcrm.ui.lookup.results_panel import ResultsPanel
from deskcrm.ui.shell.rail import RailButton

OVER_ALL: Final = (Overlay, Toasts, ResultsPanel, QSplitterHandle)
"""What lies over its neighbours on purpose."""
_LEAST_SEEN: Final = 3
"""With fewer letters before the … nobody knows what it is."""
_RAIL_AIR: Final = 48
_SECTION_AIR: Final = 16
_FIRST_AIR: Final = 38
_LINE_AIR: Final = 20
_TEXT_AIR: Final = 4
"""What is around the words of a rail's button, a section of a header, a line and a text."""
_Look = Callable[[QWidget], str]


def unfit(root: QWidget) -> list[str]:
    """Describe what is cut off, overlaps or hangs out; a test wants none."""
    seen = [one for one in [root, *root.findChildren(QWidget)] if _is_seen(one, root)]
    looks: tuple[_Look, ...] = (_cut_off, _hanging_out)
    said = [
        f"{words}: {_path(one, root)}" for one in seen for look in looks if (words := look(one))
    ]
    return said + [each for one in seen for each in _overlaps(one)]


def _is_seen(widget: QWidget, root: QWidget) -> bool:
    if not widget.isVisibleTo(root) or (widget.isWindow() and widget is not root):
        return False
    step: QWidget | None = widget.parentWidget()
    while step is not None and widget is not root:
        if step.width() <= 1 or step.height() <= 1:
            return False  # it is folded away
        step = None if step is root else step.parentWidget()
    return True


def _cut_off(widget: QWidget) -> str:
    for kind, look in _LOOKS:
        if isinstance(widget, kind):
            return look(widget)
    return ""


def _short_of(words: str, need: int, room: int, what: str = "wide") -> str:
    # A text is said to be up to a pixel wider and higher than its ink is.
    return f"{words!r} needs {need} {what}, has {room}" if need > room + 1 else ""


def _ink(metrics: QFontMetrics, words: str) -> int:
    # Qt makes room for the one in some widgets and for the other in others.
    return min(metrics.horizontalAdvance(words), metrics.boundingRect(words).width())


def _elided(widget: QWidget, shown: str) -> str:
    """What is wrong with words that end in … on purpose."""
    if not widget.toolTip():
        return f"{shown!r} cannot be read in full"
    return f"{shown!r} shows next to nothing" if len(shown.strip("… ")) < _LEAST_SEEN else ""


def _label(label: QLabel) -> str:
    text = label.text()
    if not text:
        return ""
    room = label.contentsRect().adjusted(*(label.margin(),) * 2, *(-label.margin(),) * 2)
    if isinstance(label, ElidedLabel) and text != label.accessibleName():
        return _elided(label, text)
    flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextExpandTabs
    box = QRect(0, 0, room.width() if label.wordWrap() else 1 << 20, 1 << 20)
    need = label.fontMetrics().boundingRect(box, flags, text).size()
    return _short_of(text, need.width(), room.width()) or _short_of(
        text, need.height(), room.height(), "high"
    )


def _push_button(button: QPushButton) -> str:
    words = button.text().replace("&&", "&").strip("\u2009")
    if isinstance(button, ElidedButton) and words.replace("\n", " ") != button.words:
        return _elided(button, words)
    option = QStyleOptionButton()
    button.initStyleOption(option)
    inside = button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button)
    is_bold = button.property("look") == "segment" and button.isChecked()
    metrics = QFontMetrics(theme.bold()) if is_bold else button.fontMetrics()
    icon = 0 if button.icon().isNull() else button.iconSize().width() + 4
    lines = words.split("\n")
    need = max(_ink(metrics, line) for line in lines) + icon
    return _short_of(words, need, inside.width()) or _short_of(
        words, metrics.height() * len(lines), inside.height(), "high"
    )


def _checked(button: QCheckBox | QRadioButton) -> str:
    words = button.text().replace("&&", "&")
    if isinstance(button, Tick) and words != button.words:
        return _elided(button, words)
    need = button.sizeHint()
    return _short_of(button.text(), need.width(), button.width()) or _short_of(
        button.text(), need.height(), button.height(), "high"
    )


def _rail_button(button: RailButton) -> str:
    advance = QFontMetrics(theme.bold(theme.sizes().base)).horizontalAdvance
    number = f"  {button.count}" if button.count else ""
    return _short_of(button.text(), advance(button.text() + number) + _RAIL_AIR, button.width())


def _tool_button(button: QToolButton) -> str:
    is_bare = button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly
    if is_bare and not button.icon().isNull():
        return _short_of(button.accessibleName(), button.iconSize().width(), button.width())
    return _short_of(button.text(), button.sizeHint().width(), button.width())


def _combo_box(box: QComboBox) -> str:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    shown = option.currentText
    if shown.endswith("…") and shown != box.currentText():
        return _elided(box, shown)
    part = QStyle.SubControl.SC_ComboBoxEditField
    field = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box)
    return _short_of(shown, _ink(box.fontMetrics(), shown), field.width())


def _tab_bar(bar: QTabBar) -> str:
    for at in range(bar.count()):
        if not bar.isTabVisible(at):
            continue
        wanted, given = QTabBar.tabSizeHint(bar, at).width(), bar.tabRect(at)
        if wanted > given.width() and not bar.tabToolTip(at):
            return _short_of(bar.tabText(at), wanted, given.width())
        if not bar.usesScrollButtons() and given.right() > bar.width():
            return _short_of(bar.tabText(at), given.right(), bar.width())
    return ""


def _header(header: QHeaderView) -> str:
    if header.orientation() is Qt.Orientation.Vertical:
        return ""
    metrics = QFontMetrics(theme.font(theme.sizes().small, theme.MEDIUM))
    for at in range(header.count()):
        words = str(header.model().headerData(at, Qt.Orientation.Horizontal) or "")
        if not words or header.isSectionHidden(at):
            continue
        air = _FIRST_AIR if header.visualIndex(at) == 0 else _SECTION_AIR
        need = metrics.horizontalAdvance(words) + air
        if short := _short_of(words, need, header.sectionSize(at)):
            return short
    return ""


def _fixed(widget: QWidget) -> str:
    """Look at one that paints its words itself, and has said how much room they take."""
    wanted: QSize = widget.sizeHint()
    return _short_of(widget.accessibleName(), wanted.width(), widget.width())


def _line(line: QLineEdit) -> str:
    """What is typed can be scrolled; what stands there before cannot."""
    words = "" if line.text() else line.placeholderText()
    beside = sum(one.width() for one in line.findChildren(QToolButton) if one.isVisible())
    return _short_of(words, _ink(line.fontMetrics(), words), line.width() - _LINE_AIR - beside)


def _text(text: QPlainTextEdit) -> str:
    words = "" if text.toPlainText() else text.placeholderText()
    inside = text.viewport().rect().adjusted(_TEXT_AIR, _TEXT_AIR, -_TEXT_AIR, -_TEXT_AIR)
    box = QRect(0, 0, inside.width(), 1 << 20)
    need = text.fontMetrics().boundingRect(box, Qt.TextFlag.TextWordWrap, words)
    return _short_of(words, need.height(), inside.height(), "high")


def _group(group: QGroupBox) -> str:
    return _short_of(group.title(), group.minimumSizeHint().width(), group.width())


_LOOKS: Final[tuple[tuple[type[QWidget], Callable[..., str]], ...]] = (
    (QLabel, _label),
    (RailButton, _rail_button),
    (QPushButton, _push_button),
    (QCheckBox, _checked),
    (QRadioButton, _checked),
    (QToolButton, _tool_button),
    (QComboBox, _combo_box),
    (QTabBar, _tab_bar),
    (QHeaderView, _header),
    (ChipLabel, _fixed),
    (RemovableChip, _fixed),
    (QGroupBox, _group),
    (QLineEdit, _line),
    (QPlainTextEdit, _text),
)


def _hanging_out(widget: QWidget) -> str:
    around = widget.parentWidget()
    if around is None or widget.isWindow() or isinstance(widget, OVER_ALL):
        return ""
    inside, box = around.rect(), widget.geometry()
    scroll = around.parentWidget()
    if isinstance(scroll, QAbstractScrollArea) and scroll.viewport() is around:
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if scroll.horizontalScrollBarPolicy() is off and box.width() > inside.width():
            return f"{box.width()} wide in {inside.width()} that do not scroll"
        if scroll.verticalScrollBarPolicy() is off and box.height() > inside.height():
            return f"{box.height()} high in {inside.height()} that do not scroll"
        return ""
    if isinstance(around, QTabBar | QAbstractScrollArea) or inside.contains(box):
        return ""
    return f"{_said(box)} hangs out of {_said(inside)}"


def _overlaps(around: QWidget) -> Iterator[str]:
    children = around.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    beside = [
        one
        for one in children
        if one.isVisibleTo(around)
        and not one.isWindow()
        and not isinstance(one, OVER_ALL)
        and not one.size().isEmpty()
    ]
    for one, other in combinations(beside, 2):
        if one.geometry().intersects(other.geometry()):
            yield f"{_name(one)} and {_name(other)} lie over one another"


def _said(box: QRect) -> str:
    return f"{box.x()},{box.y()} {box.width()}x{box.height()}"


def _name(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    said = (words or widget.accessibleName())[:40]
    return f"{type(widget).__name__} {said!r} {_said(widget.geometry())}"


def _path(widget: QWidget, root: QWidget) -> str:
    names: list[str] = []
    step: QWidget | None = widget
    while step is not None and len(names) < 6:
        names.append(type(step).__name__)
        step = None if step is root else step.parentWidget()
    return " in ".join(names)
