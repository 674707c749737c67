"""Garbage is collected in the main thread alone."""

import gc
import threading

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLabel

from deskcrm.ui.kit.garbage import Collector
from deskcrm.ui.kit.tasks import Lane, Tasks


class Cycle:
    """Holds itself, and notes in which thread it went."""

    def __init__(self, went: list[int]) -> None:
        self.me = self
        self.went = went

    def __del__(self) -> None:
        self.went.append(threading.get_ident())


def test_what_a_thread_leaves_behind_goes_in_the_main_thread(qapp: QApplication) -> None:
    tasks = Tasks()
    went: list[int] = []

    def leave_much() -> None:
        for _ in range(5_000):
            Cycle(went)

    tasks.run(Lane.READ, leave_much)
    assert tasks.wait_idle()
    assert went == []
    tasks._collector.look()
    assert set(went) == {threading.get_ident()}
    tasks.shutdown()


def test_a_widget_in_a_cycle_survives_a_busy_thread(qapp: QApplication) -> None:
    tasks = Tasks()
    for _ in range(50):
        label = QLabel()
        label.setProperty("held", None)
        label.me = label  # type: ignore[attr-defined]  # the cycle
        del label
    tasks.run(Lane.READ, lambda: [Cycle([]) for _ in range(5_000)] and None)
    assert tasks.wait_idle()
    tasks.shutdown()


def test_python_collects_again_once_the_last_is_gone(qapp: QApplication) -> None:
    before = gc.isenabled()
    parent = QObject()
    one, other = Collector(parent), Collector(parent)
    assert not gc.isenabled()
    one.stop()
    one.stop()
    assert not gc.isenabled()
    other.stop()
    assert gc.isenabled() is before
