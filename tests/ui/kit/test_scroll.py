"""What scrolls ends where its words end."""

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit import parts
from deskcrm.ui.kit.scroll import Fitting, Scroll, height_at

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


def test_a_bar_goes_when_all_fits_without_it(qtbot: QtBot) -> None:
    inside = QWidget()
    inside.setLayout(parts.column(*(parts.label(_LINE, wrap=True) for _ in range(20)), None))
    area = Scroll(inside)
    width = parts.label(_LINE).sizeHint().width() + 4  # on one line each, but not beside a bar
    qtbot.addWidget(area)
    area.resize(width, 200)
    area.show()
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
    assert height_at(inside, area.viewport().width()) > height_at(inside, width)
    area.resize(width, height_at(inside, width))
    qtbot.waitUntil(lambda: not area.verticalScrollBar().isVisible())
    assert inside.width() == width


def test_what_has_room_is_whole_and_what_has_none_scrolls(qtbot: QtBot) -> None:
    page, (inside, column) = QWidget(), _many_lines()
    head, rest = Fitting(inside), QWidget()
    stack = parts.column(head, spacing=0)
    stack.addWidget(rest, 1)
    page.setLayout(stack)
    qtbot.addWidget(page)
    page.resize(300, 1200)
    page.show()
    qtbot.waitUntil(lambda: head.height() == height_at(inside, 300) and rest.height() > 0)
    column.insertWidget(0, parts.label("One more"))
    qtbot.waitUntil(lambda: head.height() == height_at(inside, 300))
    page.resize(300, 200)
    qtbot.waitUntil(head.verticalScrollBar().isVisible)
    assert inside.height() > head.height()
