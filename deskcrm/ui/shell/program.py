"""The running program: what belongs to the window and what goes on when the window is closed."""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.settings.queries import list_set
from deskcrm.store.keys.key import Key
from deskcrm.store.opening import Opened
from deskcrm.store.profile import Hold, Running
from deskcrm.ui.kit import garbage
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.tasks import Tasks
from deskcrm.ui.kit.theme import theme
from deskcrm.ui.kit.tokens import Mode
from deskcrm.ui.shell import appearance, windowstate
from deskcrm.ui.shell.appearance import DENSITY, LANGUAGE, THEME, Appearance
from deskcrm.ui.shell.clicked_links import Application
from deskcrm.ui.shell.preferences import TABLES, Preferences
from deskcrm.ui.shell.single import Doorbell, Message, send
from deskcrm.ui.shell.staying import STAY_IN_TRAY
from deskcrm.ui.shell.terminate import Termination
from deskcrm.ui.shell.window import WINDOW, Window
from deskcrm.ui.sync.standing import count_both

Reopening = Callable[[Job, Hold, Key], object]
if TYPE_CHECKING:
    from deskcrm.ui.shell.notices import Notices
    from deskcrm.ui.shell.tray import Tray
    from deskcrm.ui.sync.line import Line

AGAIN = 3
"""The exit code that means: open the profile again."""
_LOOKS = frozenset({LANGUAGE.key, THEME.key, DENSITY.key})


def hand_over(running: Running, call: str | None) -> bool:
    """Hand what was asked to the program that is open already; False when it does not answer."""
    message = {"verb": "show"} if call is None else {"verb": "call", "number": call}
    if not send(running.socket, message):
        return False
    sys.stdout.write(tr("DeskCRM is open already and was asked to do it.") + "\n")
    return True


def run(app: QApplication, opened: Opened, tasks: Tasks, call: str | None) -> int:
    """Run the program until its window is closed; AGAIN when the profile is to be opened anew."""
    running = Program(opened, tasks)
    try:
        running.begin(call)
        code = app.exec()
    finally:
        running.end()
    if running.errand is not None:
        from deskcrm.ui.shell import trouble
        from deskcrm.ui.shell.waiting import wait_for

        errand, tasks = running.errand, Tasks()
        try:
            wait_for(tasks, tr("Working…"), lambda job: errand(job, opened.hold, opened.key))
        except Cancelled:
            pass
        except UserError as error:
            trouble.say(error)
        finally:
            tasks.shutdown()
    return code


class Program(QObject):
    """Holds the desk, the window, the card, the tray and the doorbell together."""

    def __init__(self, opened: Opened, tasks: Tasks) -> None:
        super().__init__()
        self.opened = opened
        self.errand: Reopening | None = None
        self.preferences = Preferences(opened.store, tasks)
        self.desk = Desk(opened.store, tasks, self.preferences)
        sys.excepthook = self._on_bug
        self.tray: Tray | None = None
        self.notices: Notices | None = None
        self.line: Line | None = None
        self._dress()
        self.window = Window(self.desk, opened)
        self.window.reopening.connect(self._reopen)
        self.window.closed.connect(self._on_closed)
        self.window.sync.changed.connect(self._on_standing)
        self.termination = Termination(self)
        self.doorbell = Doorbell(opened.profile.socket, self)
        self.doorbell.rang.connect(self._on_doorbell)
        app = QApplication.instance()
        if isinstance(app, Application):
            app.link_clicked.connect(self.window.call)
        self.desk.set_to.connect(self._on_set)
        self.desk.touched.connect(self._on_touched)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def begin(self, call: str | None = None) -> None:
        """Show the window as it was left; what is heavy waits until it was painted."""
        geometry, stops, at = windowstate.read(self.desk.setting(WINDOW))
        if not windowstate.restore_geometry(self.window, geometry):
            room = self.window.screen().availableGeometry()
            self.window.resize(windowstate.first_size(room.size()))
        self.window.painted.connect(self._on_painted)
        self.window.show_tabs(stops, at)
        self.window.show()
        self.window.focus_page()
        if call is not None:
            self.window.call(call)

    def _on_painted(self) -> None:
        from deskcrm.ui.shell import sample
        from deskcrm.ui.shell.tray import Tray

        self.window.counters.refresh()
        self.tray = Tray(self.window)
        self.window.cards.prepare()
        self.window.cards.look_for_drafts()
        sample.say_if_sample(self.window)
        QTimer.singleShot(0, self, self._look_after)

    def _look_after(self) -> None:
        """Make ready for the first search; back up, check after a crash, tell of what waits."""
        from deskcrm.domain.lookup.queries import warm_up
        from deskcrm.ui.client_merges.rounds import MergeRounds
        from deskcrm.ui.playbooks.rounds import PlayRounds
        from deskcrm.ui.shell import upkeep
        from deskcrm.ui.shell.notices import Notices
        from deskcrm.ui.shell.report_digest import ReportDigest
        from deskcrm.ui.shell.risk_watch import RiskWatch

        self.desk.ask((self, "warm up"), warm_up).then(lambda _: garbage.rest())
        upkeep.begin(self.desk, self.opened)
        upkeep.follow_erasures(self.desk, self.opened)
        self.desk.start(_line_of, self.opened).owned_by(self).then(self._begin_line)
        self.notices = Notices(self.window, self.tray)
        ReportDigest(self.notices)
        RiskWatch(self.desk, self.window).go()
        self.play_rounds = PlayRounds(self.desk, self)
        self.merge_rounds = MergeRounds(self.desk, self)
        if self.tray is not None:
            self.tray.notices = self.notices

    def _begin_line(self, line: "Line") -> None:
        self.line = line
        self.window.sync.follow(line)
        line.begin()

    def end(self) -> None:
        """Finish what is being written and close everything; harmless when done twice."""
        self.doorbell.close()
        self.termination.stop()
        # Closing keeps the drafts and how the window stood; a long job must not keep the person.
        self.window.close()
        if self.line is not None:
            self.line.end()
        self.desk.end()
        self.opened.store.close()
        sys.excepthook = sys.__excepthook__
        self.window.deleteLater()

    def _reopen(self, errand: "Reopening") -> None:
        self.errand = errand
        self.window.close()
        QApplication.exit(AGAIN)

    def _on_standing(self) -> None:
        """Close where the copy may not be used any more; the next start says why."""
        if self.errand is not None:
            return
        from deskcrm.ui.shell.upkeep import Wipe, shut

        of = self.window.sync
        if of.is_locked_out:
            self._reopen(Wipe(self.opened.store.ask(count_both).waiting))
        elif of.lease is not None and of.lease.has_ended:
            self._reopen(shut)

    def _on_closed(self) -> None:
        stays = self.desk.setting(STAY_IN_TRAY) and not self.window.is_quitting
        if not (stays and self.tray is not None and self.tray.icon is not None):
            QApplication.quit()

    # What it hears.

    def _on_doorbell(self, message: Message) -> None:
        if message["verb"] == "call":
            self.window.call(message.get("number", ""))
        else:
            self.window.summon()

    def _on_set(self, key: str) -> None:
        if key in _LOOKS:
            self._dress()
            self.window.rebuild()

    def _on_touched(self, tables: frozenset[str]) -> None:
        if TABLES & tables:
            self.desk.ask(self, list_set).then(self._take_settings)

    def _take_settings(self, values: dict[str, str]) -> None:
        for key in self.preferences.take(values):
            self.desk.set_to.emit(key)

    def _dress(self) -> None:
        setting = self.desk.setting
        look = Appearance(setting(LANGUAGE), setting(THEME), setting(DENSITY))
        appearance.dress(look)
        appearance.remember(self.opened.profile.folder, look)

    def _follow_system(self) -> None:
        if theme().mode is Mode.SYSTEM:
            theme().apply(theme().mode, theme().density)

    def _on_bug(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """An error that came out of a slot: a bug, and the window goes on."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        self.desk.complain(error)


def _line_of(job: Job, opened: Opened) -> "Line":
    """Make the line to the server in another thread: what it needs takes a while to load."""
    from deskcrm.ui.sync.line import Line

    return Line(opened)
