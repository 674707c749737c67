"""The places of the window, one line each; a screen is imported when it is first opened.

What ``desk.go`` says, and so what ``Screen.arrive`` is given:

clients   client=ClientId, with contact=ContactId or interaction=InteractionId to show in it;
          ask=True opens the form to read out
tickets   ticket=TicketId, or shelf="stood_in"
tasks     task=TaskId
risk      client=ClientId
renewals  view="signals" and the like, client="a name"
feedback  response=SurveyResponseId, or suggestion=SuggestionId
knowledge article=ArticleId
imports   path=Path of a file to begin with
playbooks play=PlayId
conflicts subject=UUID of the client whose conflicts are to be shown
sync      shelf="refused" and the like
settings  section="keys" and the like
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from deskcrm.base.words import tr

KEYS: Final[Mapping[str, str]] = {
    "today": "Ctrl+1",
    "clients": "Ctrl+2",
    "tickets": "Ctrl+3",
    "tasks": "Ctrl+4",
    "risk": "Ctrl+5",
    "renewals": "Ctrl+6",
    "feedback": "Ctrl+7",
    "knowledge": "Ctrl+8",
    "reports": "Ctrl+9",
    "conflicts": "Ctrl+0",
    "sync": "Ctrl+.",
    "settings": "Ctrl+,",
}
"""The rail from above with the digits as they lie side by side; what stands at the foot beside."""


@dataclass(frozen=True, slots=True)
class Place:
    """One destination of the navigation rail.

    ``screen`` and ``count`` are written "module:name". ``count`` is a query without arguments
    that gives the number beside the label. ``page`` is the screen that a tab shows: one record
    without the list; where it is missing, a tab shows ``screen``. ``desk.go(id, …)`` opens the
    place, and with ``tab=True`` among the words opens it in a tab of its own.
    """

    id: str
    label: str
    icon: str
    screen: str
    count: str = ""
    watches: frozenset[str] = frozenset()
    """The tables whose change makes the count worth asking again."""
    page: str = ""
    is_quiet: bool = False
    """Whether it stands in the rail only while something waits there."""

    @property
    def key(self) -> str:
        """The key that leads there, or ""."""
        return KEYS.get(self.id, "")

    @property
    def words(self) -> str:
        """The label in the person's language."""
        return tr(self.label)


PLACES: Final = (
    Place(
        "today",
        "Today",
        "today",
        "deskcrm.ui.today.screen:TodayScreen",
        count="deskcrm.ui.shell.counts:clients_today",
        watches=frozenset(
            {
                "absence",
                "client",
                "contract",
                "interaction",
                "preference",
                "promise",
                "risk_flag",
                "task",
                "ticket",
            }
        ),
    ),
    Place(
        "clients",
        "Clients",
        "clients",
        "deskcrm.ui.clients.screen:ClientsScreen",
        page="deskcrm.ui.clients.screen:ClientScreen",
    ),
    Place(
        "tickets",
        "Tickets",
        "tickets",
        "deskcrm.ui.tickets.screen:TicketsScreen",
        count="deskcrm.ui.shell.counts:tickets_waiting",
        watches=frozenset({"ticket", "ticket_message", "client"}),
    ),
    Place(
        "tasks",
        "Tasks",
        "tasks",
        "deskcrm.ui.tasks.screen:TasksScreen",
        count="deskcrm.ui.shell.counts:tasks_due",
        watches=frozenset({"task", "client"}),
    ),
    Place(
        "risk",
        "Risk",
        "risk",
        "deskcrm.ui.risk.screen:RiskScreen",
        count="deskcrm.domain.risk.queries:count_new_risk",
        watches=frozenset({"risk_flag", "client"}),
    ),
    Place(
        "renewals",
        "Renewals",
        "contract",
        "deskcrm.ui.renewals.screen:RenewalsScreen",
        count="deskcrm.ui.shell.counts:renewals_pressing",
        watches=frozenset({"contract", "contract_step"}),
    ),
    Place(
        "feedback",
        "Feedback",
        "feedback",
        "deskcrm.ui.feedback.screen:FeedbackScreen",
        count="deskcrm.domain.feedback.responses:count_to_follow_up",
        watches=frozenset({"survey_answer", "survey_response", "client"}),
    ),
    Place(
        "knowledge",
        "Knowledge",
        "knowledge",
        "deskcrm.ui.knowledge.screen:KnowledgeScreen",
        count="deskcrm.domain.knowledge.queries:count_stale",
        watches=frozenset({"article"}),
    ),
    Place(
        "reports",
        "Reports",
        "reports",
        "deskcrm.ui.reports.screen:ReportsScreen",
    ),
    Place(
        "conflicts",
        "Conflicts",
        "inbox",
        "deskcrm.ui.conflicts.screen:ConflictsScreen",
        count="deskcrm.ui.shell.counts:conflicts_open",
        watches=frozenset({"conflict"}),
        is_quiet=True,
    ),
)

SYNC: Final = Place("sync", "Sync", "sync", "deskcrm.ui.sync.screen:SyncScreen")
"""Is reached from the line at the foot, which says how it stands."""

IMPORTS: Final = Place("imports", "Import", "upload", "deskcrm.ui.imports.screen:ImportsScreen")
"""Is reached from the clients, the palette, and by dropping a file on the window."""

BACKTEST: Final = Place(
    "backtests", "Back-test", "target", "deskcrm.ui.backtests.screen:BacktestScreen"
)
"""Is reached from the Risk screen and the palette."""

PLAYBOOKS: Final = Place(
    "playbooks", "Playbooks", "play", "deskcrm.ui.playbooks.screen:PlaybooksScreen"
)
"""Is reached from the client, the tasks, the settings and the palette."""

DUPLICATES: Final = Place(
    "duplicates", "Duplicates", "merge", "deskcrm.ui.duplicates.screen:DuplicatesScreen"
)
"""Is reached from the clients and the palette."""

SETTINGS: Final = Place(
    "settings", "Settings", "settings", "deskcrm.ui.settings.screen:SettingsScreen"
)
"""Stands apart, at the foot of the rail."""

BY_ID: Final[Mapping[str, Place]] = {
    place.id: place for place in (*PLACES, PLAYBOOKS, SYNC, IMPORTS, BACKTEST, DUPLICATES, SETTINGS)
}


def load(path: str) -> Callable[..., Any]:
    """Import what a "module:name" names."""
    module, _, name = path.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found
