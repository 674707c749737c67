"""Screens: when they load, and how the focus moves between their panes."""

import threading
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.store.reader import Reader
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pane import Empty, Pane
from deskcrm.ui.kit.screen import Screen
from deskcrm.ui.kit.tasks import Lane, Tasks
from tests import toys
from tests.ui.fit import unfit
from tests.ui.settle import settle
from tests.ui.walk import unnamed


class Counting(Screen):
    """Counts how often it was loaded."""

    place = "counting"
    title = "Counting"
    watches = frozenset({"toy_box"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.loads = 0
        self.first, self.second = QLineEdit(), QLineEdit()
        self.setLayout(parts.row(self.first, self.second))

    def load(self) -> None:
        self.loads += 1

    def panes(self) -> list[QWidget]:
        return [self.first, self.second]


def test_a_screen_loads_when_it_is_first_shown(desk: Desk, qtbot: QtBot) -> None:
    screen = Counting(desk)
    qtbot.addWidget(screen)
    assert screen.loads == 0
    screen.show()
    screen.hide()
    screen.show()
    assert screen.loads == 1


def test_a_screen_hears_of_its_tables_only(desk: Desk, qtbot: QtBot) -> None:
    screen = Counting(desk)
    qtbot.addWidget(screen)
    screen.show()
    box = desk.store.do(toys.add_box, name="A").value
    settle(desk)
    assert screen.loads == 2
    desk.do(toys.put, box, name="B")
    desk.do(toys.jot, "k", text="t")
    settle(desk)
    assert screen.loads == 2


def test_a_hidden_screen_waits_until_it_is_seen(desk: Desk, qtbot: QtBot) -> None:
    screen = Counting(desk)
    qtbot.addWidget(screen)
    screen.show()
    screen.hide()
    for name in "ABC":
        desk.do(toys.add_box, name=name)
    settle(desk)
    assert screen.loads == 1
    screen.show()
    assert screen.loads == 2


def test_f6_walks_the_panes_and_back(desk: Desk, qtbot: QtBot) -> None:
    screen = Counting(desk)
    qtbot.addWidget(screen)
    screen.show()
    screen.first.setFocus()
    screen.next_pane()
    assert screen.focusWidget() is screen.second
    screen.next_pane()
    assert screen.focusWidget() is screen.first
    screen.next_pane(back=True)
    assert screen.focusWidget() is screen.second


def test_a_pane_says_why_it_is_empty_and_offers_one_thing(qtbot: QtBot) -> None:
    pressed: list[int] = []
    pane = Pane(QWidget())
    qtbot.addWidget(pane)
    pane.show()
    empty = Empty(
        "No calls", "Calls appear here.", "phone", "Log a call", lambda: pressed.append(1)
    )
    pane.show_empty(empty)
    assert not pane.is_showing_content
    assert unnamed(pane) == []
    pane.show_content()
    assert pane.is_showing_content


def test_a_pane_in_which_there_is_no_room_scrolls_what_it_says(qtbot: QtBot) -> None:
    pane = Pane(QWidget())
    qtbot.addWidget(pane)
    pane.show_empty(Empty("No calls", "Calls appear here. " * 9, "phone", "Log a call", pane.show))
    pane.resize(200, 90)
    pane.show()
    assert unfit(pane) == []
    pane.resize(600, 400)
    qtbot.waitUntil(lambda: unfit(pane) == [])


def test_loading_that_is_quick_does_not_flicker(qtbot: QtBot) -> None:
    pane = Pane(QWidget())
    qtbot.addWidget(pane)
    pane.show()
    pane.show_loading()
    assert pane.is_showing_content
    pane.show_content()
    assert pane.is_showing_content


def test_writes_that_wait_are_still_done_when_the_program_ends(qapp: object) -> None:
    tasks, gate = Tasks(), threading.Event()
    done: list[int] = []
    tasks.run(Lane.WRITE, gate.wait)
    for number in range(3):
        tasks.run(Lane.WRITE, partial(done.append, number))
    gate.set()
    tasks.shutdown()
    assert done == [0, 1, 2]
    tasks.run(Lane.WRITE, lambda: done.append(9))
    assert done == [0, 1, 2]


def test_reads_run_beside_a_write(desk: Desk) -> None:
    gate = threading.Event()

    def open_gate(db: Reader) -> None:
        gate.set()

    desk.tasks.run(Lane.WRITE, lambda: gate.wait(30))
    got: list[None] = []
    desk.ask(desk, open_gate).then(got.append)
    assert desk.tasks.wait_idle(30_000)
    assert got == [None]
