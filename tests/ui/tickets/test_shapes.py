"""The shapes of a ticket's page that Qt does not have."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit import parts
from deskcrm.ui.kit.scroll import Fitting
from deskcrm.ui.tickets.shapes import Yielding


@pytest.mark.parametrize(("height", "head"), [(600, 300), (430, 228), (262, 60)])
def test_a_head_gives_way_and_what_stands_under_it_keeps_its_height(
    qtbot: QtBot, height: int, head: int
) -> None:
    column, tall, middle, foot = QWidget(), QWidget(), QWidget(), QWidget()
    qtbot.addWidget(column)
    for widget, inside in ((tall, 300), (foot, 150)):
        line = QWidget()
        line.setFixedHeight(inside)
        widget.setLayout(parts.column(line))
    middle.setMinimumHeight(50)
    top = Fitting(tall)
    stack = parts.column(top, parts.line(), spacing=0)
    stack.addWidget(middle, 1)
    stack.addWidget(parts.line())
    stack.addWidget(foot)
    column.setLayout(stack)
    Yielding(column, top, middle, [foot], least=60)
    column.resize(200, height)
    column.show()
    qtbot.waitUntil(lambda: (top.height(), foot.height()) == (head, 150))
