"""A combo box: what it has no room for ends in …, and can be read all the same."""

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QListView, QStyleOptionComboBox, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.tickets.shapes import Setter

LONG = "#1203 <b>The item page</b> takes more than 26 seconds · Waiting on third party"
SHORT = "Short"


@pytest.fixture
def box(qtbot: QtBot) -> Iterator[ComboBox]:
    """Give a combo box in which the short words fit and the long ones do not."""
    around = QWidget()
    qtbot.addWidget(around)
    made = ComboBox("Ticket")
    made.setParent(around)
    made.addItems([LONG, SHORT])
    made.resize(200, 34)
    around.show()
    yield made
    around.hide()


def painted(box: ComboBox) -> str:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    return option.currentText


def is_said(said: bool) -> bool:
    return ("26 seconds" in QToolTip.text()) is said


def test_what_is_too_long_ends_in_an_ellipsis_and_the_tooltip_has_all_of_it(box: ComboBox) -> None:
    assert painted(box).endswith("…")
    assert "26 seconds" in box.toolTip() and "<b>" not in box.toolTip()
    assert box.fontMetrics().horizontalAdvance(painted(box)) <= box.room()


def test_what_fits_is_painted_as_it_is(box: ComboBox) -> None:
    box.setCurrentIndex(1)
    assert (painted(box), box.toolTip()) == (SHORT, "")
    box.setCurrentIndex(0)
    box.resize(box.sizeHint())
    assert (painted(box), box.toolTip()) == (LONG, "")


def test_the_last_letter_is_not_cut_off(box: ComboBox) -> None:
    words = box.fontMetrics().horizontalAdvance(LONG)
    box.resize(box.width() + words - box.room(), 34)
    assert box.room() == words and painted(box) == LONG
    box.resize(box.width() - 1, 34)
    assert painted(box).endswith("…")


def test_a_setter_explains_itself_after_what_is_cut_off(box: ComboBox) -> None:
    setter = Setter("State", [(1, LONG), (2, SHORT)], lambda value: None)
    setter.setParent(box.parentWidget())
    setter.resize(120, 34)
    setter.show()
    assert "26 seconds" in setter.toolTip() and setter.toolTip().count("State") == 1
    setter.set_options([(1, LONG), (2, SHORT)], {1: "#1203"})
    setter.resize(121, 34)
    assert (painted(setter), setter.toolTip()) == ("#1203", "State")


def test_a_row_that_the_list_cuts_off_says_all_of_it(box: ComboBox, qtbot: QtBot) -> None:
    assert box.view().textElideMode() is Qt.TextElideMode.ElideRight
    # Beside the box: a list that pops up wants the keyboard for itself, which is not here.
    rows = QListView(box.parentWidget())
    rows.setModel(box.model())
    rows.setItemDelegate(box.itemDelegate())
    rows.resize(150, 90)
    rows.show()
    for row, said in ((0, True), (1, False)):
        at = rows.visualRect(box.model().index(row, 0)).center()
        asked = QHelpEvent(QEvent.Type.ToolTip, at, rows.mapToGlobal(at))
        QApplication.sendEvent(rows.viewport(), asked)
        qtbot.waitUntil(partial(is_said, said))
