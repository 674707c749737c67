"""Bars: the figure that counts is read, whatever stands beside it."""

import pytest
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.bars import Bar, Bars


def test_a_figure_wider_than_its_bar_stands_over_its_neighbour_and_not_upon_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bars = Bars(height=150)
    qtbot.addWidget(bars)
    bars.resize(120, 150)

    def neighbour(figure: str) -> set[int]:
        """Give the colours down the right half of the bar before the last."""
        few = [Bar("a", 1.0), Bar("b", 10.0), Bar("c", 5.0, figure, is_lit=True)]
        bars.show_bars(few, "Hours")
        image = bars.grab().toImage()
        return {image.pixel(x, y) for x in range(62, 70) for y in range(50, 110)}

    plain = neighbour("")
    assert len(plain) == 1
    assert neighbour("2 h 06 min") == plain
    monkeypatch.setattr(Bars, "_highest", lambda *_: 0.0)
    assert neighbour("2 h 06 min") != plain
