"""The search for what is cut off, overlaps or hangs out: it finds each, and nothing that fits."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGroupBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTableWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit import parts
from deskcrm.ui.kit.chips import ChipLabel
from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.several import Tick
from deskcrm.ui.shell.rail import RailButton
from tests.ui.fit import unfit

LONG = "Words that need much more room"
ROOM = 400, 300


def line_edit() -> QWidget:
    made = QLineEdit()
    made.setPlaceholderText(LONG)
    return made


def text_edit() -> QWidget:
    made = QPlainTextEdit()
    made.setPlaceholderText(LONG)
    return made


def tool_button() -> QWidget:
    made = QToolButton()
    made.setText(LONG)
    return made


def combo_box(kind: type[QComboBox] = QComboBox) -> QWidget:
    made = kind()
    made.addItem(LONG)
    return made


def tabs() -> QWidget:
    made = parts.tabs([LONG, "Short"], "Tabs", lambda _: None)
    made.setUsesScrollButtons(False)
    return made


def table() -> QWidget:
    made = QTableWidget(1, 1)
    made.setHorizontalHeaderLabels([LONG])
    made.setColumnWidth(0, 50)
    return made


MAKERS: dict[str, Callable[[], QWidget]] = {
    "label": lambda: parts.label(LONG),
    "wrapped": lambda: parts.label(LONG, wrap=True),
    "button": lambda: parts.button(LONG),
    "chosen": lambda: chosen(),
    "tool button": tool_button,
    "check box": lambda: QCheckBox(LONG),
    "combo box": combo_box,
    "tabs": tabs,
    "header": table,
    "chip": lambda: ChipLabel(LONG),
    "rail": lambda: RailButton(LONG, "person"),
    "group": lambda: QGroupBox(LONG),
    "line": line_edit,
    "text": text_edit,
}


def chosen() -> QWidget:
    made = parts.button(LONG, look="segment")
    made.setCheckable(True)
    made.setChecked(True)
    return made


@pytest.fixture
def root(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(*ROOM)
    made.show()
    return made


def put(widget: QWidget, around: QWidget, box: tuple[int, int, int, int]) -> QWidget:
    widget.setParent(around)
    widget.setGeometry(*box)
    widget.show()
    return widget


@pytest.mark.parametrize("kind", MAKERS)
def test_words_without_room_are_found(root: QWidget, kind: str) -> None:
    widget = put(MAKERS[kind](), root, (0, 0, 70, 30))
    found = unfit(root)
    assert [LONG in each for each in found] == [True], kind
    if kind != "header":
        widget.resize(390, 60)
        assert unfit(root) == []


def test_words_that_end_in_an_ellipsis_can_be_read(root: QWidget) -> None:
    elided = [parts.ElidedLabel(LONG), ElidedButton(LONG), combo_box(ComboBox), Tick(LONG)]
    for at, one in enumerate(elided):
        put(one, root, (0, at * 50, 110, 34))
    assert unfit(root) == []
    for one in elided:
        one.setToolTip("")
    assert len(unfit(root)) == len([each for each in unfit(root) if "in full" in each]) == 4
    for one in elided:
        one.resize(50 if isinstance(one, ComboBox) else 20, 34)
    assert len([each for each in unfit(root) if "next to nothing" in each]) == 4


def test_what_lies_over_its_neighbour_is_found_but_for_what_does_on_purpose(root: QWidget) -> None:
    for x in (0, 20):
        put(parts.label("One"), root, (x, 0, 30, 20))
    assert len(unfit(root)) == 1 and "over one another" in unfit(root)[0]
    over = Overlay(root)
    over.card.setLayout(parts.column(parts.label("Two")))
    over.open_card()
    assert len(unfit(root)) == 1
    assert unfit(over) == []


def test_what_hangs_out_is_found_unless_it_can_be_scrolled(root: QWidget) -> None:
    one = put(parts.label("One"), root, (380, 0, 40, 20))
    assert len(unfit(root)) == 1 and "hangs out" in unfit(root)[0]
    one.hide()
    assert unfit(root) == []
    scroll = QScrollArea()
    put(scroll, root, (0, 0, 100, 100))
    inside = parts.label("One")
    inside.setGeometry(QRect(0, 0, 300, 300))
    scroll.setWidget(inside)
    assert unfit(root) == []
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    assert len(unfit(root)) == 1 and "do not scroll" in unfit(root)[0]


def test_what_is_folded_away_is_not_looked_at(root: QWidget) -> None:
    folded = put(QWidget(), root, (0, 0, 0, 100))
    put(parts.label(LONG), folded, (0, 0, 50, 20))
    assert unfit(root) == []
