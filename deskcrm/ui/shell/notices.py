"""Tells the person what came due and who waits: beside the clock, or in the window they look at."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSystemTrayIcon

from deskcrm.base import clock
from deskcrm.base.words import ntr, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.notices import settings as chosen
from deskcrm.domain.notices.addressed import list_addressed
from deskcrm.domain.notices.news import news_items
from deskcrm.domain.notices.rules import ALERTS, Notice, Rules, Watch, read_time
from deskcrm.domain.settings.queries import list_set
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.today.queries import (
    RENEWAL_WITHIN,
    SILENT_AFTER,
    Today,
    TodayItem,
    TodayKind,
    get_today,
)
from deskcrm.store.reader import Reader
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from deskcrm.ui.shell.tray import Tray
    from deskcrm.ui.shell.window import Window

_EVERY_MS: Final = 60_000
_SOON_MS: Final = 3_000
_SHOWN_MS: Final = 10_000
_NAMED: Final = 3
_WATCHES: Final = frozenset(
    {
        "promise",
        "task",
        "ticket",
        "ticket_message",
        "ticket_transition",
        "ticket_watcher",
        "ticket_assignment",
        "ticket_line_step",
    }
)
HUSH: Final = timedelta(hours=1)


def today_of(db: Reader) -> Today:
    """Give today's list by the rules of the workspace."""
    kept = list_set(db)
    return get_today(
        db,
        silent_after_days=SILENT_AFTER.read(kept.get(SILENT_AFTER.key)),
        renewal_within_days=RENEWAL_WITHIN.read(kept.get(RENEWAL_WITHIN.key)),
    )


def told_of(db: Reader) -> list[TodayItem]:
    """Give all that may be told: what there is to do, what is addressed to one, and news."""
    return [*today_of(db).items, *list_addressed(db), *news_items(db)]


def rules_of(desk: Desk) -> Rules:
    """Read what the person chose."""
    usual, setting = Rules(), desk.setting
    return Rules(
        setting(chosen.SHOW),
        setting(chosen.DIGEST),
        read_time(setting(chosen.SHIFT_BEGINS), usual.shift_begins),
        read_time(setting(chosen.QUIET_FROM), usual.quiet_from),
        read_time(setting(chosen.QUIET_UNTIL), usual.quiet_until),
        setting(chosen.QUIET_WEEKENDS),
    )


class Notices(QObject):
    """Looks once a minute, and soon after something was changed while the window is away."""

    def __init__(self, window: "Window", tray: "Tray | None") -> None:
        super().__init__(window)
        self._window, self.desk, self._tray = window, window.desk, tray
        told = self.desk.setting(chosen.ALERTS_TOLD).splitlines()
        self._watch = Watch(self.desk.setting(chosen.DIGEST_ON), frozenset(told))
        self._told = _Goal()
        self._is_own = False
        self._hushed_until = clock.now()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.look)
        self.desk.touched.connect(self._hear)
        if tray is not None and tray.icon is not None:
            tray.icon.messageClicked.connect(self.open_told)
        self._timer.start()
        self.look()

    @property
    def is_hushed(self) -> bool:
        """Whether the person wants an hour of peace."""
        return clock.now() < self._hushed_until

    def hush(self, *, on: bool) -> None:
        """Keep quiet for an hour, or no longer."""
        self._hushed_until = clock.now() + HUSH if on else clock.now()

    def look(self) -> None:
        """Ask what there is to do, and tell what is new of it."""
        is_own, self._is_own = self._is_own, False
        asked = self.desk.ask((self, "today"), told_of)
        asked.then(lambda items: self._take(items, is_own=is_own))

    def open_told(self) -> None:
        """Go to what was told last: the one ticket or client, else the list it is from."""
        self._open(self._told)

    def _open(self, goal: "_Goal") -> None:
        self._window.summon()
        if goal.ticket_id is not None:
            self.desk.go("tickets", ticket=goal.ticket_id)
        elif goal.client_id is not None:
            self.desk.go("clients", client=goal.client_id)
        else:
            self.desk.go(goal.place)

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & _WATCHES:
            # What is changed while the person works here is their own doing.
            self._is_own = self._is_own or self._window.isActiveWindow()
            self._soon.start()

    def _take(self, items: list[TodayItem], *, is_own: bool) -> None:
        if is_own:
            self._watch.absorb(items)
        if self.is_hushed:
            return
        notice = self._watch.look(items, rules_of(self.desk), dates.local(clock.now()))
        if self.desk.setting(chosen.DIGEST_ON) != self._watch.digest_on:
            self.desk.setting(chosen.DIGEST_ON, self._watch.digest_on)
        told = "\n".join(sorted(self._watch.told))
        if self.desk.setting(chosen.ALERTS_TOLD) != told:
            self.desk.setting(chosen.ALERTS_TOLD, told)
        if notice is not None:
            self._tell(notice)

    def _tell(self, notice: Notice) -> None:
        is_alert = any(item.kind in ALERTS for item in notice.items)
        tone = Tone.WARNING if is_alert else Tone.INFO
        self._say(title_of(notice), lines_of(notice), tone, _goal_of(notice))

    def tell_report(self, title: str, lines: list[str]) -> None:
        """Tell of a report, which is opened by going where reports are."""
        self._say(title, lines, Tone.INFO, _Goal("reports"))

    def _say(self, title: str, lines: list[str], tone: Tone, goal: "_Goal") -> None:
        self._told = goal
        icon = self._tray.icon if self._tray is not None else None
        if icon is None or self._window.isActiveWindow():
            # A message stays after the next one came, and still opens what it is about.
            more = partial(self._open, goal)
            self.desk.tell(title, detail=" · ".join(lines), tone=tone, more=more)
        else:
            body = "\n".join(lines)
            icon.showMessage(title, body, QSystemTrayIcon.MessageIcon.NoIcon, _SHOWN_MS)


@dataclass(frozen=True)
class _Goal:
    """Where a message leads: to a ticket or a client, else to a place."""

    place: str = "today"
    ticket_id: TicketId | None = None
    client_id: ClientId | None = None


def _goal_of(notice: Notice) -> _Goal:
    """Give the one thing that is told of; of several, the list of today."""
    if len(notice.items) != 1:
        return _Goal()
    (item,) = notice.items
    return _Goal(ticket_id=item.ticket_id, client_id=item.client_id)


def title_of(notice: Notice) -> str:
    """Say in a few words what the message is about."""
    if notice.is_digest:
        return tr("Your day")
    if len(notice.items) == 1:
        return count_words(notice.items[0].kind, 1)
    return ntr("{n} thing is new", "{n} things are new", len(notice.items))


def lines_of(notice: Notice) -> list[str]:
    """Say it group by group; of one thing alone, what it is and why."""
    if len(notice.items) == 1 and not notice.is_digest:
        (item,) = notice.items
        named = " · ".join(dict.fromkeys(part for part in (item.client, item.title) if part))
        return [named, item.reason]
    return [
        count_words(kind, len(items)) if notice.is_digest else _named(kind, items)
        for kind, items in notice.groups()
    ]


def _named(kind: TodayKind, items: list[TodayItem]) -> str:
    names = list(dict.fromkeys(item.client or item.title for item in items))
    said = ", ".join(names[:_NAMED])
    if len(names) > _NAMED:
        rest = len(names) - _NAMED
        said = ntr("{names} and {n} more", "{names} and {n} more", rest, names=said)
    return tr("{count}: {names}", count=count_words(kind, len(items)), names=said)


def count_words(kind: TodayKind, n: int) -> str:
    """Say how many there are of a kind."""
    match kind:
        case TodayKind.VIP_WAITS:
            return ntr("{n} important client waits", "{n} important clients wait", n)
        case TodayKind.TICKET_NEARLY_DUE:
            return ntr("{n} ticket is due soon", "{n} tickets are due soon", n)
        case TodayKind.TICKET_OVERDUE:
            return ntr("{n} ticket is overdue", "{n} tickets are overdue", n)
        case TodayKind.PROMISE_OVERDUE:
            return ntr("{n} promise is overdue", "{n} promises are overdue", n)
        case TodayKind.PROMISE_DUE:
            return ntr("{n} promise is due", "{n} promises are due", n)
        case TodayKind.TICKET_UNANSWERED:
            return ntr("{n} ticket waits for an answer", "{n} tickets wait for an answer", n)
        case TodayKind.TICKET_UNOWNED:
            return ntr("{n} ticket has no owner", "{n} tickets have no owner", n)
        case TodayKind.TASK_OVERDUE:
            return ntr("{n} task is overdue", "{n} tasks are overdue", n)
        case TodayKind.TASK_DUE:
            return ntr("{n} task is due", "{n} tasks are due", n)
        case TodayKind.REMINDER_MISSED:
            return ntr("{n} reminder", "{n} reminders", n)
        case TodayKind.CLIENT_AT_RISK:
            return ntr("{n} client is newly at risk", "{n} clients are newly at risk", n)
        case TodayKind.RENEWAL_NEAR:
            return ntr("{n} renewal comes up", "{n} renewals come up", n)
        case TodayKind.MENTIONED:
            return ntr("{n} note names you", "{n} notes name you", n)
        case TodayKind.TICKET_HANDED:
            return ntr("{n} ticket was handed to you", "{n} tickets were handed to you", n)
        case TodayKind.WATCHED_NEWS:
            return ntr("{n} watched ticket has news", "{n} watched tickets have news", n)
    return ntr("{n} client is silent", "{n} clients are silent", n)
