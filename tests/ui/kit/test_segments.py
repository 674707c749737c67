"""A choice of views over a list."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.segments import Segments
from tests.ui.walk import tab_order, unnamed, unreachable


def test_arrows_move_the_choice_and_tab_stops_once(qtbot: QtBot) -> None:
    chosen: list[int] = []
    made = Segments(["Due", "All mine", "Overdue"], "Which tasks", chosen.append)
    qtbot.addWidget(made)
    made.show()
    assert len(tab_order(made)) == 1
    button = tab_order(made)[0]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Left)
    assert made.currentIndex() == 2
    assert chosen == [2]
    made.setCurrentIndex(1)
    assert chosen == [2, 1]
    assert made.tabText(1) == "All mine"
    assert unnamed(made) == unreachable(made) == []


def test_focus_and_tab_go_along_with_a_choice_made_by_the_program(qtbot: QtBot) -> None:
    made = Segments(["Due", "All mine", "Overdue"], "Which tasks")
    qtbot.addWidget(made)
    made.show()
    made._buttons[0].setFocus()  # before the window is active, as at the start of the program
    made.setCurrentIndex(1)
    made.activateWindow()
    qtbot.waitUntil(made._buttons[1].hasFocus)
    assert tab_order(made) == [made._buttons[1]]


def test_a_choice_made_by_the_program_takes_the_focus_from_nothing_else(qtbot: QtBot) -> None:
    around = QWidget()
    made = Segments(["Due", "All mine"], "Which tasks")
    line = QLineEdit()
    layout = QVBoxLayout(around)
    layout.addWidget(made)
    layout.addWidget(line)
    qtbot.addWidget(around)
    around.show()
    line.setFocus()
    made.setCurrentIndex(1)
    assert around.focusWidget() is line


def test_what_does_not_fit_goes_on_in_the_next_line(qtbot: QtBot) -> None:
    made = Segments([f"Segment {n}" for n in range(8)], "Which")
    qtbot.addWidget(made)
    made.resize(300, made.heightForWidth(300))
    made.show()
    for button in made.findChildren(type(made._buttons[0])):
        assert made.rect().contains(button.geometry())
