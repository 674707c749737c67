"""Chips: a row of them is seen when there are any, and never as a window of its own."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.chips import Chip, ChipRow


def _placed(row: ChipRow, qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    QVBoxLayout(page).addWidget(row)
    page.show()
    return page


def test_a_row_of_chips_is_no_window_before_it_has_a_parent(qtbot: QtBot) -> None:
    row = ChipRow([Chip("Gold")])
    assert not row.isVisible()
    page = _placed(row, qtbot)
    assert row.isVisible() and row.parentWidget() is page


def test_a_row_is_seen_on_a_page_that_is_shown_already(qtbot: QtBot) -> None:
    page = _placed(ChipRow(), qtbot)
    row = ChipRow()
    row.set_chips([Chip("Gold"), Chip("Active")])
    layout = page.layout()
    assert layout is not None
    layout.addWidget(row)
    qtbot.waitUntil(lambda: row.isVisible() and row.height() > 10)


def test_a_row_without_chips_takes_no_room_until_it_has_some(qtbot: QtBot) -> None:
    row = ChipRow()
    page = _placed(row, qtbot)
    assert row.isHidden()
    row.set_chips([Chip("Gold")])
    assert row.isVisible() and page.isVisible()
    row.set_chips([])
    assert row.isHidden()
