"""The window: the rail, the bar, the pages, the foot, and how one gets from place to place."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from deskcrm.base.settings import Setting
from deskcrm.base.words import tr
from deskcrm.domain.knowledge.addresses import article_of
from deskcrm.ui.kit import focus, parts
from deskcrm.ui.kit.actions import EVERYWHERE, Bound, run_action
from deskcrm.ui.kit.desk import Desk, Errand
from deskcrm.ui.lookup.search_field import SearchField
from deskcrm.ui.shell import drops, places, upkeep, windowstate
from deskcrm.ui.shell.banner import Banner
from deskcrm.ui.shell.counters import Counters
from deskcrm.ui.shell.covers import Covers
from deskcrm.ui.shell.pages import Maker, Pages
from deskcrm.ui.shell.rail import Rail
from deskcrm.ui.shell.status import StatusLine
from deskcrm.ui.shell.topbar import TopBar
from deskcrm.ui.shell.trail import Stop, Trail
from deskcrm.ui.sync.standing import Standing

if TYPE_CHECKING:
    from deskcrm.domain.drafts.queries import DraftRow
    from deskcrm.domain.lookup.queries import FoundRow
    from deskcrm.store.opening import Opened
    from deskcrm.ui.lookup.cards import CallCards

WINDOW: Final = Setting("window.state", "", "Window and tabs as they were left")
_TEXT_FIELDS: Final = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)


class Window(QMainWindow):
    """The program's window. Actions that work everywhere are given this object."""

    painted = Signal()
    """The first time that something could be seen and used."""
    closed = Signal()
    reopening = Signal(object)
    """The workspace is to be closed, something done to its files, and opened again."""

    def __init__(self, desk: Desk, opened: "Opened") -> None:
        super().__init__()
        import deskcrm.ui.shell.everywhere  # isort: skip - the palette begins with what it declares
        import deskcrm.ui.exports.actions  # noqa: F401 - declares how every list is taken out

        self.desk = desk
        self.opened = opened
        self.sync = Standing(desk, self)
        self.trail = Trail()
        self.bound = Bound(self, EVERYWHERE)
        self.is_quitting = False
        self._was_painted = False
        self._recent: list[FoundRow] = []
        self.setWindowTitle("DeskCRM")
        self.setMinimumSize(windowstate.SMALLEST)
        self.build()
        drops.take_files(self)
        desk.went.connect(self._go)
        desk.crashed.connect(self._show_crash)
        desk.progressed.connect(self._show_progress)

    @cached_property
    def cards(self) -> "CallCards":
        """The caller cards, made when the first is wanted."""
        from deskcrm.ui.lookup.cards import CallCards

        made = CallCards(self.desk, self)
        made.went.connect(self.summon)
        made.left.connect(self._offer_notes)
        return made

    # What it is made of.

    def build(self) -> None:
        """Make everything in the window, in the language and sizes of now."""
        self.search = SearchField(self.desk)
        self.rail = Rail(places.PLACES)
        self.rail.chosen.connect(lambda place: self.desk.go(place))
        self.top = TopBar(self.search, self.run)
        self.banner = Banner()
        self.pages = Pages(self.desk, self._makers())
        self.pages.seen.connect(self._on_seen)
        self.foot = StatusLine(self.sync)
        self.counters = Counters(self.desk, self.rail)
        right = QWidget()
        right.setLayout(
            parts.column(
                self.top, parts.line(), self.banner, self.pages, parts.line(), self.foot, spacing=0
            )
        )
        whole = QWidget()
        whole.setLayout(parts.row(self.rail, parts.line(vertical=True), right, spacing=0))
        right.layout().setStretch(3, 1)  # type: ignore[union-attr]  # it was set just above
        self.setCentralWidget(whole)
        self.covers = Covers(self, self._recent)
        self.search.opened.connect(self.covers.remember)
        self._refresh_trail()

    def rebuild(self) -> None:
        """Make everything anew, as after another language was chosen, and stand where we stood."""
        self.covers.drop()
        tabs = windowstate.tabs_of(self.pages)
        at = self.pages.strip.currentIndex()
        self.build()
        self.setAccessibleName(self.windowTitle())
        self.show_tabs(tabs, at)
        self.counters.refresh()
        if "cards" in self.__dict__:
            self.cards.rebuild()
        # What has just been made is shown, and can take the focus, only after this turn.
        QTimer.singleShot(0, self, self.focus_page)

    def show_tabs(self, stops: list[Stop], at: int = 0) -> None:
        """Open what was open."""
        for stop in stops or [Stop(places.PLACES[0].id)]:
            self.pages.open(stop)
        self.pages.strip.setCurrentIndex(max(0, at))
        self.focus_page()

    def _makers(self) -> dict[str, Maker]:
        def settings(desk: Desk) -> QWidget:
            made = places.load(places.SETTINGS.screen)(desk, self)
            assert isinstance(made, QWidget)
            return made

        def sync(desk: Desk) -> QWidget:
            made = places.load(places.SYNC.screen)(desk, self.sync)
            assert isinstance(made, QWidget)
            return made

        def imports(desk: Desk) -> QWidget:
            made = places.load(places.IMPORTS.screen)(desk, upkeep.before_import(self.opened))
            assert isinstance(made, QWidget)
            return made

        return {places.SETTINGS.id: settings, places.SYNC.id: sync, places.IMPORTS.id: imports}

    # Getting about.

    def run(self, action_id: str) -> bool:
        """Do a declared action on this window."""
        return run_action(action_id, self)

    def _go(self, place: str, where: dict[str, Any]) -> None:
        in_tab = bool(where.pop("tab", False))
        if place not in places.BY_ID:
            raise KeyError(f"no such place: {place}")
        self.search.dismiss()
        self.pages.open(Stop(place, where, in_tab))
        focused = self.focusWidget()
        if focused is None or not self.rail.isAncestorOf(focused):
            self.focus_page()

    def focus_page(self) -> None:
        """Give the focus to the page that is seen."""
        screen = self.pages.page()
        for pane in screen.panes() if screen is not None else []:
            stop = focus.first_stop(pane)
            if stop is not None:
                stop.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def step(self, stop: Stop | None) -> None:
        """Show a stop of the trail."""
        if stop is not None:
            self.pages.open(stop)

    def _on_seen(self, stop: Stop) -> None:
        self.trail.visit(stop)
        self.rail.show_place(stop.place)
        self._refresh_trail()

    def _refresh_trail(self) -> None:
        self.top.show_trail(back=self.trail.can_go_back, forward=self.trail.can_go_forward)

    def around(self) -> list[Bound]:
        """The actions within reach: those of the screen that is seen, then those of the window."""
        screen = self.pages.page()
        return [screen.bound, self.bound] if screen is not None else [self.bound]

    def next_pane(self, *, back: bool = False) -> None:
        """Walk the panes: the rail, the search, those of the screen."""
        screen = self.pages.page()
        of_screen = screen.panes() if screen is not None else []
        focus.next_pane([self.rail, self.search, *of_screen], back=back)

    def bring_up(self) -> None:
        """Put the window where it is seen."""
        if self.isMinimized():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()

    def summon(self) -> None:
        """Show the window and bring it to the front, wherever it was."""
        self.show()
        self.bring_up()
        self.activateWindow()

    def call(self, number: str) -> None:
        """Show the caller card of a number, or the article that a link of ours leads to.

        Without a number it asks who is on the phone.
        """
        article = article_of(number)
        if article is not None:
            self.summon()
            self.desk.go("knowledge", article=article)
        elif number.strip():
            self.cards.ring(number)
        else:
            self.cards.attend()

    def new_entry(self, kind: str) -> None:
        """Begin a quick entry: call, note, task, ticket or client."""
        from deskcrm.ui.shell import entry  # its forms are not needed on the way to the window

        self.summon()
        entry.begin(self, kind)

    # What it hears.

    def is_typing(self) -> bool:
        """Whether the focus is where text is typed, so that its own undo comes first."""
        focused = QApplication.focusWidget()
        is_editable_box = isinstance(focused, QComboBox) and focused.isEditable()
        return isinstance(focused, _TEXT_FIELDS) or is_editable_box

    def _offer_notes(self, drafts: "list[DraftRow]") -> None:
        newest = drafts[0]
        name = str(newest.content.get("name") or newest.subject)

        def go_on() -> None:
            self.banner.hide()
            self.cards.take(newest)

        said = tr("The note of a call was not logged: {name}", name=name)
        self.banner.say(said, tr("Go on with it"), go_on, icon="note")

    def _show_crash(self, report: str) -> None:
        from deskcrm.ui.shell.crash_dialog import CrashDialog

        CrashDialog.show_report(self, report)

    def _show_progress(self, errand: Errand[Any], done: int, total: int, text: str) -> None:
        self.foot.work.show_progress(errand, done, total, text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if focus.press_by_enter(self, event) or self.bound.press(
            event, in_list=not self.is_typing()
        ):
            event.accept()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.setting(WINDOW, windowstate.write(self, self.pages))
        super().closeEvent(event)
        if "cards" in self.__dict__:
            self.cards.close()
        self.closed.emit()
