"""Toasts: said once, undone by a button."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.kit.toast import MOST, Toasts
from deskcrm.ui.kit.tokens import Tone
from tests import toys
from tests.ui.settle import settle
from tests.ui.walk import unnamed


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def test_undo_in_a_toast_puts_back_what_was_done(desk: Desk, window: QWidget) -> None:
    toasts = Toasts(desk, window)
    desk.do(toys.add_box, name="A").tell()
    settle(desk)
    toast = toasts.shown[0]
    assert toast.undo_button is not None
    QTest.keyClick(toast.undo_button, Qt.Key.Key_Space)
    settle(desk)
    assert [each.told.text for each in toasts.shown] == ["Undone: Add box"]


def test_what_is_taken_back_elsewhere_is_not_offered_to_be_taken_back(
    desk: Desk, window: QWidget
) -> None:
    toasts = Toasts(desk, window)
    desk.do(toys.add_box, name="A").tell()
    desk.do(toys.add_box, name="B").tell("B was added")
    settle(desk)
    assert [each.told.text for each in toasts.shown] == ["Added box", "B was added"]
    undo(desk)
    settle(desk)
    assert [each.told.text for each in toasts.shown] == ["Added box", "Undone: Add box"]


def test_the_same_thing_is_not_said_twice_and_not_too_much_at_once(
    desk: Desk, window: QWidget
) -> None:
    toasts = Toasts(desk, window)
    desk.tell("A")
    desk.tell("A")
    assert len(toasts.shown) == 1
    for text in "BCDEF":
        desk.tell(text)
    assert [each.told.text for each in toasts.shown] == list("DEF")
    assert len(toasts.shown) == MOST


def test_a_toast_shows_markup_as_it_is_and_has_names(desk: Desk, window: QWidget) -> None:
    toasts = Toasts(desk, window)
    desk.tell("<b>bold</b><img src='http://x/'>", undo_step=1, detail="<i>", tone=Tone.WARNING)
    assert unnamed(toasts) == []
    assert toasts.shown[0].accessibleName().startswith("<b>bold</b>")
    assert toasts.geometry().bottom() < window.height()


def test_a_toast_never_covers_the_foot_of_the_window(desk: Desk, window: QWidget) -> None:
    toasts = Toasts(desk, window, foot=30)
    for text in ("A", "B"):
        desk.tell(text, detail="so long that it goes on in the next line " * 4)
        assert 0 <= toasts.geometry().top() < toasts.geometry().bottom() < window.height() - 30


def test_a_toast_goes_away_by_itself_but_not_while_pointed_at(
    desk: Desk, window: QWidget, qtbot: QtBot
) -> None:
    toasts = Toasts(desk, window)
    desk.tell("A")
    toast = toasts.shown[0]
    toast.finish()
    assert toasts.shown == []
    assert not toasts.isVisible()
