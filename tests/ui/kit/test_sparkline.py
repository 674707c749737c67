"""A small line: as high as its values say, with gaps, and said in words."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.sparkline import Sparkline, Values, paint_sparkline

WIDTH, HEIGHT = 101, 41


def inked(values: Values) -> dict[int, list[int]]:
    """Give, for each column of pixels that is not blank, the rows with ink."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_sparkline(painter, QRectF(0, 0, WIDTH, HEIGHT), values)
    painter.end()
    found = {
        x: [y for y in range(HEIGHT) if image.pixelColor(x, y).alpha() > 100] for x in range(WIDTH)
    }
    return {x: rows for x, rows in found.items() if rows}


def test_a_rising_figure_rises(qtbot: QtBot) -> None:
    ink = inked([1.0, 2.0, 3.0])
    heights = [min(ink[x]) for x in (5, 50, 95)]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] - heights[2] > HEIGHT / 2


def test_what_is_not_known_is_a_gap(qtbot: QtBot) -> None:
    whole, gap = inked([1.0] * 5), inked([1.0, 1.0, None, 1.0, 1.0])
    assert 50 in whole
    assert 50 not in gap and 10 in gap and 90 in gap


def test_one_value_is_a_dot_and_none_is_nothing(qtbot: QtBot) -> None:
    assert 0 < len(inked([2.0])) < 12
    assert inked([]) == inked([None, None]) == {}


def test_a_flat_line_stands_in_the_middle(qtbot: QtBot) -> None:
    rows = inked([4.0, 4.0, 4.0])[50]
    assert abs(sum(rows) / len(rows) - HEIGHT / 2) < 2


def test_it_is_said_in_words(qtbot: QtBot) -> None:
    made = Sparkline()
    qtbot.addWidget(made)
    made.show_values([1.0, 2.0], "From 1 to 2", line=1.5)
    made.resize(100, 40)
    made.show()
    assert made.accessibleName() == made.toolTip() == "From 1 to 2"
    assert not made.grab().isNull()
