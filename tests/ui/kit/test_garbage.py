"""Garbage is collected in the main thread alone."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from deskcrm.ui.kit.garbage import collect_due
from deskcrm.ui.kit.tasks import Lane, Tasks


@pytest.fixture(autouse=True)
def _as_often_as_in_the_program() -> Iterator[None]:
    """Collect as often as Python does by itself: the other tests do so more rarely."""
    rarely = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*rarely)


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
    collect_due()
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


def rounds_made() -> int:
    """Leave much behind while the last window goes; gives how often something was collected."""
    rounds: list[str] = []

    def note(phase: str, _info: dict[str, int]) -> None:
        rounds.append(phase)

    gc.callbacks.append(note)
    for _ in range(5_000):
        Cycle([])
    gc.callbacks.remove(note)
    return len(rounds)


def test_nothing_is_collected_while_the_last_things_of_qt_are_destroyed(
    qapp: QApplication,
) -> None:
    tasks = Tasks()
    tasks.shutdown()
    assert rounds_made() == 0
    gc.enable()
    assert rounds_made() > 0
