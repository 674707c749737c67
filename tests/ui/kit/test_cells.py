"""Cells: what one has no room for can be read all the same."""

from functools import partial

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.desk import Desk
from tests.ui.kit.boxes import BoxesScreen, fill_shelf
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
