"""What works everywhere about absences: who is away, and what is handed over."""

from typing import TYPE_CHECKING

from deskcrm.domain.absences.queries import list_stood_in_for
from deskcrm.domain.users.model import UserId
from deskcrm.ui.absences.card import AbsencesCard
from deskcrm.ui.absences.packet import PacketCard
from deskcrm.ui.kit.actions import EVERYWHERE, action

if TYPE_CHECKING:
    from deskcrm.domain.absences.queries import AwayRow
    from deskcrm.ui.shell.window import Window


@action(
    "absences.show", "Absences…", icon="calendar", place=EVERYWHERE,
    synonyms="holiday vacation away sick substitute отпуск болезнь отсутствие замещение",
)  # fmt: skip
def show(window: "Window") -> None:
    """Show who is away and who is going to be."""
    AbsencesCard(window.desk, window)


@action(
    "absences.hand_over", "Hand-over packet…", icon="note", place=EVERYWHERE,
    synonyms="handover substitute pdf передача дел замещение отпуск",
)  # fmt: skip
def hand_over(window: "Window") -> None:
    """Show what a substitute has to know: of whom one stands in for, else of oneself."""

    def open_for(rows: "list[AwayRow]") -> None:
        user_id = rows[0].user_id if rows else UserId(window.desk.store.actor)
        PacketCard(window.desk, window, user_id)

    window.desk.ask((window, "hand over"), list_stood_in_for).then(open_for)
