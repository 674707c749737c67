"""The running program as a whole: it begins, hears, rebuilds itself and ends in order."""

import os
import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from deskcrm.base import words
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.drafts.queries import list_drafts
from deskcrm.domain.lookup.caller import PLACE
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.settings.queries import list_set
from deskcrm.store import keys
from deskcrm.store.keys.key import Key
from deskcrm.store.opening import Opened
from deskcrm.store.profile import Hold
from deskcrm.sync.peer import Trouble
from deskcrm.sync.station.status import State
from deskcrm.ui.kit.tasks import Tasks
from deskcrm.ui.kit.theme import theme
from deskcrm.ui.kit.tokens import Mode
from deskcrm.ui.shell import program
from deskcrm.ui.shell.appearance import LANGUAGE, THEME, Appearance, dress
from deskcrm.ui.shell.clicked_links import Application
from deskcrm.ui.shell.single import send
from deskcrm.ui.shell.window import WINDOW
from deskcrm.ui.shell.windowstate import read
from deskcrm.ui.sync.posing import PosedLink
from tests.ui.settle import settle


@pytest.fixture
def running(opened: Opened, qapp: QApplication) -> Iterator[program.Program]:
    hook = sys.excepthook
    made = program.Program(opened, Tasks())
    made.begin()
    settle(made.desk)
    yield made
    made.end()
    sys.excepthook = hook
    dress(Appearance())
    # An application that was told to quit while its loop did not run lets no other loop run.
    QTimer.singleShot(0, qapp.quit)
    qapp.exec()


def test_it_begins_at_the_first_place_and_makes_its_backup(running: program.Program) -> None:
    assert running.window.isVisible()
    assert running.window.pages.tabs[0].stop.place == "today"
    assert list(running.opened.profile.backups.glob("*.db"))


def test_a_call_from_outside_shows_the_card(running: program.Program, qtbot: QtBot) -> None:
    running._on_doorbell({"verb": "call", "number": "+79990001122"})
    settle(running.desk)
    card = running.window.cards.ring("+79990001122")
    assert card.isVisible()


def test_of_the_links_that_macos_hands_over_only_our_own_are_heard() -> None:
    class App:
        heard: list[str] = []
        link_clicked = SimpleNamespace(emit=heard.append)

    app: Any = App()
    assert not Application.hear(app, QFileOpenEvent(QUrl("file:///tmp/notes.txt")))
    assert Application.hear(app, QFileOpenEvent(QUrl("tel:+79990001122")))
    assert Application.hear(app, QFileOpenEvent(QUrl("deskcrm:+79990001122")))
    assert app.heard == ["tel:+79990001122", "deskcrm:+79990001122"]


def test_the_socket_is_open_only_while_it_runs(running: program.Program) -> None:
    assert running.doorbell.is_listening
    running.end()
    assert not send(running.opened.profile.socket, {"verb": "show"})


def test_another_language_and_theme_take_effect_at_once(running: program.Program) -> None:
    running.desk.go("settings")
    running.desk.setting(THEME, "dark")
    assert theme().mode is Mode.DARK
    running.desk.setting(LANGUAGE, "ru")
    assert words.language() == "ru"
    settle(running.desk)
    assert running.window.pages.tabs[0].stop.place == "settings"
    assert '"dark"' in (running.opened.profile.folder / "appearance.json").read_text()


def test_a_setting_that_was_undone_takes_effect_too(running: program.Program) -> None:
    running.opened.store.do(set_setting, THEME, value="dark")
    settle(running.desk)
    assert theme().mode is Mode.DARK
    running.opened.store.undo()
    settle(running.desk)
    assert theme().mode is not Mode.DARK


def test_ending_keeps_the_draft_of_a_call_and_the_window(running: program.Program) -> None:
    running.desk.go("tasks")
    card = running.window.cards.ring("+79990001122")
    settle(running.desk)
    card.note.note.setPlainText("Half a thought")
    database = running.opened.store.database
    running.window.close()
    settle(running.desk)
    assert [d.content["text"] for d in running.opened.store.ask(list_drafts, place=PLACE)]
    kept = running.opened.store.ask(list_set)[WINDOW.key]
    assert read(kept)[1][0].place == "tasks"
    assert database is running.opened.store.database


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_signal_ends_it_in_order(running: program.Program, qapp: QApplication) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    assert qapp.exec() == 0


def test_what_needs_the_files_runs_once_the_store_is_closed(
    opened: Opened, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Key] = []

    def errand(job: Job, hold: Hold, key: Key) -> None:
        done.append(key)

    begin = program.Program.begin

    def begin_and_reopen(self: program.Program, call: str | None = None) -> None:
        begin(self, call)
        self.window.painted.connect(lambda: self.window.reopening.emit(errand))

    monkeypatch.setattr(program.Program, "begin", begin_and_reopen)
    assert program.run(qapp, opened, Tasks(), None) == program.AGAIN
    assert done == [opened.key]
    dress(Appearance())


def reopened(running: program.Program) -> bool:
    return running.errand is not None


def test_a_device_that_was_locked_out_closes_and_is_wiped(
    running: program.Program, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.opened.store.do(create_company, name="Acme")
    link = PosedLink()
    running.window.sync.follow(link)
    wiped: list[dict[str, Any]] = []
    monkeypatch.setattr(keys, "wipe", lambda *_, **said: wiped.append(said))
    link.pose(state=State.STOPPED, trouble=Trouble.REVOKED)
    settle(running.desk)
    assert not reopened(running)  # nothing proves that it is the server who says so
    QTimer.singleShot(0, lambda: link.pose(state=State.STOPPED, trouble=Trouble.WIPE))
    assert qapp.exec() == program.AGAIN
    assert not running.window.isVisible()
    assert reopened(running)
    assert running.errand is not None
    running.errand(Job(), running.opened.hold, running.opened.key)
    assert [said["unsent"] > 0 for said in wiped] == [True]


def test_a_copy_whose_lease_ends_while_it_runs_closes_and_is_opened_anew(
    running: program.Program, qapp: QApplication
) -> None:
    link = PosedLink()
    running.window.sync.follow(link)
    link.pose_lease(days=14, left=timedelta(days=2))
    settle(running.desk)
    assert not reopened(running)
    assert running.window.foot.sync.text().startswith("Locks in 2 days")
    QTimer.singleShot(0, lambda: link.pose_lease(days=14, left=timedelta()))
    assert qapp.exec() == program.AGAIN
    assert not running.window.isVisible()
