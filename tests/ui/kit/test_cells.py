"""Cells: what one has no room for can be read all the same."""

from functools import partial

import pytest
from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.cells import _beside
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.table import Table
from deskcrm.ui.kit.tokens import Tone
from tests.ui.kit.boxes import BoxesScreen, BoxRow, count_boxes, fill_shelf, list_boxes
from tests.ui.settle import settle

OPENED = 1
"""The column that shows a number, and has no chips of which it tells the words anyway."""


def is_said(words: str) -> bool:
    return QToolTip.text() == words


def test_a_cell_says_all_of_what_ends_in_an_ellipsis_and_nothing_else(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.store.do(fill_shelf, count=1)
    screen = BoxesScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(800, 400)
    screen.show()
    settle(desk)
    table = screen.table
    for width, said in ((12, "0"), (90, "")):
        table.horizontalHeader().setMinimumSectionSize(width)
        table.setColumnWidth(OPENED, width)
        at = table.visualRect(table.model().index(0, OPENED)).center()
        asked = QHelpEvent(QEvent.Type.ToolTip, at, table.mapToGlobal(at))
        QApplication.sendEvent(table.viewport(), asked)
        qtbot.waitUntil(partial(is_said, said))


def inked(table: Table[BoxRow], box: QRect) -> bool:
    """Whether anything is painted there: more than one colour."""
    image = table.viewport().grab(box).toImage()
    return len({image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}) > 1


@pytest.mark.parametrize("low_below", [400, 300])
def test_a_low_column_leaves_its_first_line_to_the_one_before_it(
    desk: Desk, qtbot: QtBot, low_below: int
) -> None:
    desk.store.do(fill_shelf, count=1, name="A box whose name needs the next one")
    table: Table[BoxRow] = Table(
        desk,
        [
            Column("Box", lambda row: row.name, under=lambda row: row.colour, stretch=True),
            Column("Due", lambda row: "", chips=lambda _: [Chip("due", Tone.OK)], width=200,
                   low_below=low_below),
        ],
        count_boxes,
        list_boxes,
        name="Boxes",
    )  # fmt: skip
    qtbot.addWidget(table)
    table.resize(390, 200)
    table.show()
    table.reload()
    settle(desk)
    cell = table.visualRect(table.model().index(0, 1))
    is_low = low_below > 390
    upper = QRect(cell.left() + 10, cell.top() + 12, 30, 12)
    lower = QRect(cell.left() + 10, cell.bottom() - 14, 30, 10)
    assert inked(table, lower) or not is_low
    at = table.visualRect(table.model().index(0, 0)).center()
    asked = QHelpEvent(QEvent.Type.ToolTip, at, table.mapToGlobal(at))
    QApplication.sendEvent(table.viewport(), asked)
    name = "A box whose name needs the next one 0000000"
    qtbot.waitUntil(partial(is_said, "" if is_low else f"{name}\nred"))
    assert inked(table, upper)


SIGNS = [
    Chip("At risk", Tone.DANGER, "risk"),
    Chip("Gold", Tone.VIP, "star"),
    Chip("Silent", Tone.DANGER, "snooze"),
]


def named(name: str, chips: list[Chip]) -> Column[BoxRow]:
    return Column("Box", lambda row: name, chips=lambda _: chips, stretch=True, strong=True)


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        pytest.param(600, ["At risk", "Gold", "Silent"], id="all have room"),
        pytest.param(150, [""], id="a long name keeps most of the line"),
        pytest.param(20, [], id="no room for a sign"),
    ],
)
def test_signs_without_words_leave_most_of_the_line_to_the_name(
    desk: Desk, room: float, shown: list[str]
) -> None:
    beside = _beside(named("A name of some length", SIGNS), None, room)
    assert [chip.text for chip in beside.chips] == shown
    assert beside.width >= min(beside.wanted, 0.6 * room)


def test_a_short_name_keeps_all_its_signs(desk: Desk) -> None:
    beside = _beside(named("Ann", SIGNS), None, 150)
    assert len(beside.chips) == 3
    assert beside.width == beside.wanted
