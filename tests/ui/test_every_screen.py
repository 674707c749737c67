"""Every place, card, dialog and section of settings: each control has a name and Tab reaches it,
and nothing is cut off, covered or hangs out.

The walk is the one that the pictures take, on a small sample workspace: in each language in one
of the sizes, with DESKCRM_FULL=1 in all, down to the smallest window there is.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPushButton,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every table and index must be known
from deskcrm.base import words
from deskcrm.base.jobs import Job
from deskcrm.domain.risk.rounds import go_round
from deskcrm.domain.sample.commands import add_sample
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store import keys
from deskcrm.store.keys.key import Key
from deskcrm.store.opening import Opened
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.kit.tasks import Tasks
from deskcrm.ui.lookup.facts import FactLine
from deskcrm.ui.shell import appearance, outside, places, rounds, windowstate
from deskcrm.ui.shell.appearance import Appearance
from deskcrm.ui.shell.pictures import Camera
from deskcrm.ui.shell.secret import SecretLine
from deskcrm.ui.shell.window import Window
from tests.fixtures_store import KEY
from tests.ui.fit import unfit
from tests.ui.settle import settle
from tests.ui.walk import accessible_name, unnamed, unreachable, walk_controls

LARGE, SMALL, SMALLEST = (1280, 800), (1024, 700), windowstate.SMALLEST.toTuple()
EVERY_TIME = (("en", LARGE), ("ru", SMALL))
SOMETIMES = (
    (("en", SMALL), ("en", SMALLEST), ("ru", LARGE), ("ru", SMALLEST))
    if os.environ.get("DESKCRM_FULL")
    else ()
)


class Inspector(Camera):
    """Goes the round of the camera, and notes what eye, keyboard or screen reader would miss."""

    def __init__(self, out: Path, tasks: Tasks) -> None:
        super().__init__(out, tasks)
        self.seen: dict[str, int] = {}
        self.faults: list[str] = []

    def look_at(self, name: str, widget: QWidget) -> None:
        """Look at a widget; where a card is over it, at the card, for Tab stays in it."""
        cards = [each for each in widget.findChildren(Overlay) if each.isVisible()]
        root = cards[-1] if cards else widget
        self.seen[name] = len(list(walk_controls(root)))
        self.faults += [f"{name}: {each}" for each in unfit(root)]
        self.faults += [f"{name}: no name: {each}" for each in unnamed(root)]
        self.faults += [f"{name}: Tab does not reach {each}" for each in unreachable(root)]
        self.faults += [f"{name}: only a mouse can press {each}" for each in mouse_only(root)]


def mouse_only(root: QWidget) -> list[str]:
    """Name the buttons that never take the focus and that no key stands for."""
    return [
        f"{type(each).__name__} {accessible_name(each)!r} in {type(each.parentWidget()).__name__}"
        for each in root.findChildren(QAbstractButton)
        if each.isVisibleTo(root)
        and each.focusPolicy() == Qt.FocusPolicy.NoFocus
        and not _has_a_key(each)
    ]


def _has_a_key(button: QAbstractButton) -> bool:
    around = button.parentWidget()
    if isinstance(around, QLineEdit) and isinstance(button, QToolButton):
        of = button.defaultAction()
        # Without a word it is the picture of a lens, or Qt's own cross, for which Delete stands.
        return of is None or not of.text() or not of.shortcut().isEmpty()
    if isinstance(around, Segments):
        return True  # Tab stops at the one that is chosen, the arrows lead to the others.
    if isinstance(button, FactLine):
        return True  # One that leads nowhere is read, not pressed.
    return isinstance(around, QTabBar)  # Ctrl+W closes a tab.


@pytest.fixture
def opened(tmp_path: Path, store: Store) -> Iterator[Opened]:
    """Give an open profile with a small sample workspace."""
    store.do(create_first_user, name="Anna Carter")
    store.do(add_sample, clients=25)
    go_round(Job(), store, looks_back=True)
    profile = Profile(tmp_path / "profile")
    with profile.acquire() as hold:
        keys.create_key(profile, passphrase="correct horse battery staple")
        yield Opened(profile, hold, Key(KEY), store)


@pytest.fixture
def inspector(desk: Desk, tmp_path: Path) -> Inspector:
    return Inspector(tmp_path, desk.tasks)


@pytest.fixture(params=words.LANGUAGES)
def look(request: pytest.FixtureRequest) -> Iterator[Appearance]:
    """Dress the program in a language; in each where a test does not choose."""
    made = Appearance(request.param, "light")
    appearance.dress(made)
    yield made
    appearance.dress(Appearance())


@pytest.mark.parametrize(("look", "size"), EVERY_TIME + SOMETIMES, indirect=["look"])
@pytest.mark.usefixtures("look")
def test_every_control_in_the_window_is_whole_has_a_name_and_tab_reaches_it(
    desk: Desk, opened: Opened, inspector: Inspector, size: tuple[int, int], qtbot: QtBot
) -> None:
    window = Window(desk, opened)
    qtbot.addWidget(window)
    window.resize(*size)
    window.show_tabs([])
    window.show()
    settle(desk)
    rounds.walk(window, inspector)
    window.cards.close()
    assert inspector.faults == []
    rooms = {each.split("-")[0] for each in inspector.seen}
    assert rooms >= places.BY_ID.keys() | {"search", "palette", "shortcuts", "entry", "caller"}
    assert all(inspector.seen.values()), "nothing was looked at"


def test_every_control_outside_the_window_is_whole_has_a_name_and_tab_reaches_it(
    desk: Desk, opened: Opened, inspector: Inspector, look: Appearance
) -> None:
    outside.walk(opened, desk.tasks, look, inspector)
    assert inspector.faults == []


def test_a_nameless_button_one_that_tab_skips_and_what_covers_another_are_found(
    qapp: QApplication, inspector: Inspector, qtbot: QtBot
) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    QPushButton(root)
    QPushButton("Skipped", root).setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    QPushButton("Never", root).setFocusPolicy(Qt.FocusPolicy.NoFocus)
    root.show()
    inspector.take("x", root)
    found = [each.split(" QPush")[0] for each in inspector.faults]
    assert all(each.endswith("lie over one another") for each in inspector.faults[:3])
    assert found[3:] == ["x: no name:", "x: Tab does not reach", "x: only a mouse can press"]


def test_what_is_typed_in_secret_is_shown_by_a_key(qapp: QApplication, qtbot: QtBot) -> None:
    line = SecretLine("Passphrase")
    qtbot.addWidget(line)
    line.show()
    line.activateWindow()
    line.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is line)
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(line, Qt.Key.Key_E, held)
    assert line.echoMode() is QLineEdit.EchoMode.Normal
