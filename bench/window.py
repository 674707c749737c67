"""What a person waits for: from the key to what is painted, in the real window, off screen."""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from bench.lines import Line, line, timed
from bench.workspace import PASSPHRASE, busy_client, profile_of

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

TYPED = ("ivanov", "петров", "ann smith", "ромашка", "contract", "9161234")
_PATIENCE = 60.0


def run(clients: int) -> list[Line]:
    """Measure typing in the search, the caller card, the client page, the list and scrolling."""
    with _window(clients) as (window, store):
        return [
            *_typing(window, clients),
            _calling(window, store, clients),
            _paging(window, store, clients),
            *_listing(window, clients),
            _memory(clients),
        ]


@contextmanager
def _window(clients: int) -> Iterator[tuple[Any, Any]]:
    from deskcrm.store.opening import open_profile
    from deskcrm.ui.kit import garbage
    from deskcrm.ui.kit.desk import Desk
    from deskcrm.ui.kit.tasks import Tasks
    from deskcrm.ui.shell import appearance
    from deskcrm.ui.shell.appearance import Appearance
    from deskcrm.ui.shell.preferences import Preferences
    from deskcrm.ui.shell.window import Window

    appearance.application()
    appearance.dress(Appearance("en", "light"))
    with open_profile(profile_of(clients), passphrase=PASSPHRASE) as opened:
        tasks = Tasks()
        desk = Desk(opened.store, tasks, Preferences(opened.store, tasks))
        window = Window(desk, opened)
        window.resize(1280, 800)
        window.show_tabs([])
        window.show()
        window.activateWindow()
        _settle(window)
        garbage.rest()  # as the program does once it has warmed up
        try:
            yield window, opened.store
        finally:
            window.hide()
            window.cards.close()
            tasks.wait_idle()
            tasks.shutdown()


def _turn_until(is_done: Callable[[], bool]) -> None:
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    # It sleeps between events as the program's own loop does: one that spins would hold Python's
    # lock against the threads that ask. The collector's timer wakes it at the latest.
    flags = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
    end = time.perf_counter() + _PATIENCE
    while not is_done():
        QApplication.processEvents(flags)
        if time.perf_counter() > end:
            raise TimeoutError("the window never came to rest")


def _settle(window: Any) -> None:
    from PySide6.QtWidgets import QApplication

    for _ in range(4):
        _turn_until(lambda: bool(window.desk.tasks.is_idle))
        QApplication.processEvents()


def _typing(window: Any, clients: int) -> list[Line]:
    """From each key to its results on the screen: event, query, answer, paint."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    field = window.search
    took: list[float] = []

    def press(letter: str) -> None:
        field.keyPressEvent(
            QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
        )
        _turn_until(lambda: bool(window.desk.tasks.is_idle))
        QApplication.processEvents()
        if field.has_results:
            field.results.list.viewport().repaint()

    field.setFocus()
    for turn in range(3):
        for text in TYPED:
            field.clear()
            _settle(window)
            figures = [timed(partial(press, letter)) for letter in text]
            if turn:
                took += figures
    field.clear()
    _settle(window)
    return [
        line("keystroke to painted results", clients, took, budget=16, at="median"),
        line("keystroke to painted results", clients, took, budget=50),
    ]


def _calling(window: Any, store: Any, clients: int) -> Line:
    from sqlalchemy import select

    from deskcrm.domain.contacts.model import ContactPoint, PointKind

    numbers = store.ask(
        lambda db: db.scalars(
            select(ContactPoint.normal).where(ContactPoint.kind == PointKind.PHONE).limit(40)
        )
    )
    window.cards.prepare()
    _settle(window)

    def ring(number: str) -> None:
        card = window.cards.ring(number)
        _turn_until(lambda: bool(window.desk.tasks.is_idle))
        card.repaint()

    took = []
    for number in numbers:
        took.append(timed(partial(ring, number)))
        window.cards.close()
        _settle(window)
    return line("caller card on a running program", clients, took[3:], budget=100)


def _paging(window: Any, store: Any, clients: int) -> Line:
    from deskcrm.ui.clients.view import ClientView

    client_id = busy_client(store)
    view = ClientView(window.desk)
    view.resize(1090, 748)
    view.show()
    took = []
    for turn in range(12):
        view.client = view.stream.client = None

        def load() -> None:
            view.show_client(client_id)
            _turn_until(lambda: bool(window.desk.tasks.is_idle))
            view.repaint()

        took.append(timed(load))
        if turn < 2:
            took.clear()
        _settle(window)
    view.hide()
    view.deleteLater()
    return line("client page, 10,000 interactions, painted", clients, took, budget=50)


def _listing(window: Any, clients: int) -> list[Line]:
    from PySide6.QtWidgets import QApplication

    from deskcrm.ui.clients.screen import ClientsScreen

    opened, frames = [], []
    for _ in range(6):
        screen = ClientsScreen(window.desk)
        screen.resize(1090, 748)

        def show(screen: Any = screen) -> None:
            screen.show()
            _turn_until(lambda: screen.table.rows.total > 0 and screen.table.rows.row(0))
            screen.table.viewport().repaint()

        opened.append(timed(show))
        _settle(window)
        bar = screen.table.verticalScrollBar()
        for step in range(120):

            def frame(screen: Any = screen, step: int = step, bar: Any = bar) -> None:
                bar.setValue(min(bar.maximum(), bar.value() + (3 if step % 20 else 5_000)))
                QApplication.processEvents()
                screen.table.viewport().repaint()

            frames.append(timed(frame))
        _settle(window)
        screen.hide()
        screen.deleteLater()
    return [
        line("list opens, first rows painted", clients, opened, budget=200),
        line("list scrolls, one frame", clients, frames, budget=16),
    ]


def _memory(clients: int) -> Line:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = used / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return line("peak memory", clients, [megabytes], unit="MB")
