"""Buttons in two lines at most; what has no room is behind “…”."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.deed_bar import DeedBar, fitting


@pytest.mark.parametrize(
    ("room", "fit"),
    [
        pytest.param(1000, 5, id="one line"),
        pytest.param(330, 5, id="two lines"),
        pytest.param(250, 4, id="the menu takes the place of one"),
        pytest.param(220, 3, id="and of two"),
        pytest.param(160, 2, id="one below another"),
        pytest.param(130, 1, id="no room beside another"),
        pytest.param(20, 1, id="one is always there"),
    ],
)
def test_so_many_fit(room: int, fit: int) -> None:
    assert fitting([100, 100, 100, 100, 100], room, more=30) == fit


class Screen:
    def __init__(self) -> None:
        self.done: list[str] = []


def first(screen: Any) -> None:
    screen.done.append("first")


def second(screen: Any) -> None:
    screen.done.append("second")


def third(screen: Any) -> None:
    screen.done.append("third")


def fourth(screen: Any) -> None:
    screen.done.append("fourth")


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def page(qtbot: QtBot, screen: Screen, monkeypatch: pytest.MonkeyPatch) -> QWidget:
    monkeypatch.setattr(QMenu, "popup", lambda _menu, _at: None)  # what is in it is enough here
    made = QWidget()
    qtbot.addWidget(made)
    bar = DeedBar(
        screen,
        ("Call them & plan", "phone", first),
        ("Another long deed", "mail", second),
        ("A third long deed", "edit", third),
        ("A fourth long deed", "flag", fourth),
    )
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(bar)
    column.addStretch(1)
    made.show()
    return made


def seen(page: QWidget, width: int) -> list[str]:
    page.resize(width, 400)
    for _ in range(3):
        QApplication.processEvents()
    shown = [one for one in page.findChildren(QPushButton) if one.isVisible()]
    assert len({one.y() for one in shown}) <= 2
    assert all(one.geometry().right() < width for one in shown)
    return [one.accessibleName() for one in shown]


def folded(page: QWidget) -> list[str]:
    """Open the menu behind “…”, and give what is in it."""
    (more,) = page.findChildren(QToolButton)
    if not more.isVisible():
        return []
    more.click()
    return [one.text().replace("&&", "&") for one in more.findChildren(QMenu)[-1].actions()]


def test_what_has_no_room_is_in_the_menu_and_comes_back(page: QWidget, screen: Screen) -> None:
    assert len(seen(page, 900)) == 4
    assert folded(page) == []
    narrow = seen(page, 200)
    assert narrow[0] == "Call them & plan" and len(narrow) < 4
    (more,) = page.findChildren(QToolButton)
    assert more.isVisible() and more.accessibleName()
    inside = folded(page)
    whole = ["Call them & plan", "Another long deed", "A third long deed", "A fourth long deed"]
    assert [*narrow, *inside] == whole
    more.findChildren(QMenu)[-1].actions()[-1].trigger()
    assert screen.done == ["fourth"]
    assert len(seen(page, 900)) == 4


def test_only_what_makes_sense_is_offered_in_either_place(page: QWidget) -> None:
    (bar,) = page.findChildren(DeedBar)
    bar.offer(first, fourth)
    assert seen(page, 900) == ["Call them & plan", "A fourth long deed"]
    assert seen(page, 200) == ["Call them & plan", "A fourth long deed"]
    assert folded(page) == []


def test_it_asks_for_the_height_of_two_lines_at_most(page: QWidget) -> None:
    seen(page, 900)
    (bar,) = page.findChildren(DeedBar)
    one = bar.heightForWidth(900)
    assert one < bar.heightForWidth(180) <= 2 * one + 8
