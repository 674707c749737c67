"""Things side by side that go on in the next line."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.flow import FlowLayout


def _rows(qtbot: QtBot, widths: list[int], room: int) -> list[list[int]]:
    page = QWidget()
    qtbot.addWidget(page)
    flow = FlowLayout(page, spacing=10)
    for width in widths:
        box = QWidget()
        box.setFixedSize(width, 20)
        flow.addWidget(box)
    page.resize(room, 200)
    page.show()
    rows: dict[int, list[int]] = {}
    for index in range(flow.count()):
        item = flow.itemAt(index)
        assert item is not None
        assert item.geometry().right() < room
        rows.setdefault(item.geometry().y(), []).append(item.geometry().width())
    return list(rows.values())


@pytest.mark.parametrize(
    ("widths", "rows"),
    [
        pytest.param([90, 90, 90], [[90, 90, 90]], id="all-fit"),
        pytest.param([90, 90, 90, 80], [[90, 90], [90, 80]], id="one-alone-gets-company"),
        pytest.param([140, 140, 80], [[140, 140], [80]], id="a-pair-is-not-torn"),
        pytest.param([90, 90, 90, 250], [[90, 90, 90], [250]], id="no-room-for-company"),
        pytest.param([90, 90, 90, 80, 70], [[90, 90, 90], [80, 70]], id="two-stay"),
    ],
)
def test_nothing_is_left_alone_in_the_last_line(
    qtbot: QtBot, widths: list[int], rows: list[list[int]]
) -> None:
    assert _rows(qtbot, widths, 300) == rows
