"""What scrolls ends where its words end."""

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit import parts
from deskcrm.ui.kit.scroll import Scroll, height_at

_LINE = "A line of words that fits beside itself, but is folded where it is as narrow as can be"


def _many_lines() -> tuple[QWidget, QVBoxLayout]:
    inside = QWidget()
    column = parts.column(*(parts.label(_LINE, wrap=True) for _ in range(20)), None)
    inside.setLayout(column)
    return inside, column


def _show(area: QScrollArea, qtbot: QtBot, height: int = 300) -> None:
    qtbot.addWidget(area)
    area.resize(720, height)
    area.show()


def test_there_is_no_emptiness_under_the_last_line(qtbot: QtBot) -> None:
    inside, _ = _many_lines()
    area = Scroll(inside)
    _show(area, qtbot)
    qtbot.waitUntil(lambda: inside.height() == height_at(inside, area.viewport().width()))
    plain, (other, _) = QScrollArea(), _many_lines()
    plain.setWidgetResizable(True)
    plain.setWidget(other)
    _show(plain, qtbot)
    qtbot.waitUntil(lambda: other.height() > inside.height())  # so it is not Qt's own


def test_what_is_added_later_is_reached_too(qtbot: QtBot) -> None:
    inside, column = _many_lines()
    area = Scroll(inside)
    _show(area, qtbot)
    qtbot.waitUntil(lambda: inside.height() > 300)
    before = inside.height()
    column.addWidget(parts.label(_LINE, wrap=True))
    qtbot.waitUntil(lambda: inside.height() > before)


def test_a_short_content_fills_its_place(qtbot: QtBot) -> None:
    inside, _ = _many_lines()
    area = Scroll(inside)
    _show(area, qtbot, 900)
    qtbot.waitUntil(lambda: inside.height() == area.viewport().height())
