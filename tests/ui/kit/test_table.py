"""Tables: windows on many rows, one current row, picked rows, keys."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.base.errors import UserError
from deskcrm.ui.kit import desk as desks
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.columns import Selection
from deskcrm.ui.kit.desk import Desk
from tests import toys
from tests.ui.kit.boxes import BoxesScreen, BoxRow, fill_shelf
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


def press(widget: QWidget, key: int, text: str = "", held: str = "") -> None:
    modifiers = Qt.KeyboardModifier.NoModifier
    if "ctrl" in held:
        modifiers |= Qt.KeyboardModifier.ControlModifier
    if "shift" in held:
        modifiers |= Qt.KeyboardModifier.ShiftModifier
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers, text))


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> BoxesScreen:
    desk.store.do(fill_shelf, count=1000)
    made = BoxesScreen(desk)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    settle(desk)
    return made


def test_a_list_opens_with_its_first_row_shown(screen: BoxesScreen) -> None:
    assert screen.table.rows.total == 1000
    row = screen.row()
    assert row is not None
    assert row.name == "Box 0000000"
    assert screen.name.accessibleName() == "Box 0000000"
    assert screen.total.text() == "1,000"


def test_only_the_pages_being_looked_at_are_held(screen: BoxesScreen, desk: Desk) -> None:
    screen.table.verticalScrollBar().setValue(screen.table.verticalScrollBar().maximum())
    screen.table.grab()
    settle(desk)
    assert screen.table.rows.loaded_row(999) is not None
    assert screen.table.rows.loaded_row(500) is None


def test_j_and_k_walk_the_rows_under_a_cyrillic_layout_too(screen: BoxesScreen) -> None:
    press(screen.table, ord("J"), "j")
    press(screen.table, ord("О"), "о")
    assert screen.table.currentIndex().row() == 2
    press(screen.table, ord("Л"), "л")
    assert screen.table.currentIndex().row() == 1


def test_x_picks_and_ctrl_a_picks_all_that_match(screen: BoxesScreen) -> None:
    press(screen.table, ord("X"), "x")
    assert len(screen.targets()) == 1
    press(screen.table, ord("A"), "", "ctrl")
    assert screen.selection == Selection(is_everything=True)
    assert screen.bulk.isVisible()
    press(screen.table, ord("X"), "x")
    assert screen.selection.count(screen.table.rows.total) == 999
    press(screen.table, Qt.Key.Key_Escape)
    assert screen.selection.is_empty(1000)
    assert not screen.bulk.isVisible()


def test_shift_j_picks_a_run_of_rows(screen: BoxesScreen) -> None:
    press(screen.table, ord("J"), "J", "shift")
    press(screen.table, ord("J"), "J", "shift")
    assert screen.selection.count(1000) == 3


def test_enter_opens_and_space_peeks(screen: BoxesScreen) -> None:
    seen: list[tuple[str, BoxRow]] = []
    screen.table.opened.connect(lambda row: seen.append(("open", row)))
    screen.table.peeked.connect(lambda row: seen.append(("peek", row)))
    press(screen.table, Qt.Key.Key_Return)
    press(screen.table, Qt.Key.Key_Space, " ")
    assert [kind for kind, _ in seen] == ["open", "peek"]


def test_the_current_row_stays_when_rows_come_before_it(screen: BoxesScreen, desk: Desk) -> None:
    screen.table.go_to(20)
    row = screen.row()
    assert row is not None
    desk.do(toys.add_box, name="A new first box")
    settle(desk)
    assert screen.table.rows.total == 1001
    assert screen.table.currentIndex().row() == 21
    assert screen.row() == row


def test_a_row_that_changes_is_shown_again(screen: BoxesScreen, desk: Desk) -> None:
    row = screen.row()
    assert row is not None
    desk.do(toys.rename_box, row.id, name="Box 0000000 renamed")
    settle(desk)
    assert screen.name.accessibleName() == "Box 0000000 renamed"
    desks.undo(desk)
    settle(desk)
    assert screen.name.accessibleName() == "Box 0000000"


def test_searching_begins_at_the_top_and_an_empty_list_says_why(
    screen: BoxesScreen, desk: Desk
) -> None:
    screen.table.go_to(500)
    screen.search.setText("0000042")
    settle(desk)
    assert screen.table.rows.total == 1
    row = screen.row()
    assert row is not None
    assert row.name == "Box 0000042"
    screen.search.setText("no such box")
    settle(desk)
    assert not screen.list_pane.is_showing_content
    assert not screen.record_pane.is_showing_content
    screen.search.setText("")
    settle(desk)
    assert [screen.list_pane.is_showing_content, screen.record_pane.is_showing_content] == [
        True,
        True,
    ]


def test_a_header_sorts_and_sorts_the_other_way(screen: BoxesScreen, desk: Desk) -> None:
    header = screen.table.horizontalHeader()
    header.sectionClicked.emit(1)
    header.sectionClicked.emit(1)
    settle(desk)
    row = screen.row()
    assert row is not None
    assert row.opened == 999


def test_a_row_is_found_by_its_id(screen: BoxesScreen, desk: Desk) -> None:
    wanted = screen.table.rows.loaded_row(30)
    assert wanted is not None
    screen.table.show_id(wanted.id)
    assert screen.row() == wanted


def test_home_and_end_go_to_the_first_and_the_last_row(screen: BoxesScreen, desk: Desk) -> None:
    press(screen.table, Qt.Key.Key_End)
    settle(desk)
    row = screen.row()
    assert row is not None
    assert row.name == "Box 0000999"
    press(screen.table, Qt.Key.Key_Home)
    assert screen.table.currentIndex().row() == 0


def test_a_screen_reader_hears_the_whole_row(screen: BoxesScreen) -> None:
    interface = QAccessible.queryAccessibleInterface(screen.table)
    assert interface is not None
    said = screen.table.rows.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Box 0000001, opened 1 times; 1"
    assert interface.text(QAccessible.Text.Name) == "Boxes"


def test_a_name_that_looks_like_markup_is_shown_as_it_is(screen: BoxesScreen, desk: Desk) -> None:
    row = screen.row()
    assert row is not None
    desk.do(toys.rename_box, row.id, name="<b>Box</b>")
    settle(desk)
    assert screen.name.textFormat() == Qt.TextFormat.PlainText
    assert screen.name.accessibleName() == "<b>Box</b>"
    parts.set_tooltip(screen.name, "<img src='file:///etc/passwd'>")
    assert "<img" not in screen.name.toolTip()


def test_a_query_that_fails_is_said_with_a_way_to_try_again(
    screen: BoxesScreen, desk: Desk
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise UserError("The disk is full.", "Free some space.")

    screen.table.rows._count = refuse
    screen.load()
    settle(desk)
    assert not screen.list_pane.is_showing_content
    assert "The disk is full." in [each.text() for each in screen.list_pane.findChildren(QLabel)]


def test_every_control_has_a_name_and_tab_reaches_it(screen: BoxesScreen) -> None:
    assert unnamed(screen) == []
    assert unreachable(screen) == []
