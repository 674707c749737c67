"""Says what a bulk edit of tickets came to, in a toast that opens the row for each of them."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import ntr, past, tr
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.outcomes import outcome_of, page_outcome
from deskcrm.store.outcomes import Bulk, Outcome
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Deed, Desk
from deskcrm.ui.kit.outcome_card import OutcomeCard, Subject
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from deskcrm.ui.tickets.screen import TicketsScreen


def told(screen: "TicketsScreen", ids: list[TicketId], deed: Deed[Bulk]) -> Deed[Bulk]:
    """Say how many were changed and how many were not; the toast opens what became of each."""
    return deed.then(lambda done: _say(screen, done.label, outcome_of(done.step, done.value, ids)))


def _say(screen: "TicketsScreen", label: str, outcome: Outcome[TicketId]) -> None:
    changed, same = len(outcome.changed), len(outcome.same)
    said = ntr(
        "{label}: {count} ticket", "{label}: {count} tickets", changed,
        label=past(label), count=dates.number(changed),
    )  # fmt: skip
    say_outcome(screen.desk, screen, said if changed + same > 1 else past(label), outcome)


def say_outcome(desk: Desk, over: QWidget, said: str, outcome: Outcome[TicketId]) -> None:
    """Say what a bulk edit came to; where it was of several, the toast opens the row for each."""
    changed, same, refused = len(outcome.changed), len(outcome.same), len(outcome.refused)
    details = [
        ntr("{n} was refused.", "{n} were refused.", refused) if refused else "",
        ntr("{n} was so already.", "{n} were so already.", same - refused)
        if same > refused
        else "",
    ]
    subject = Subject(tr("Ticket"), page_outcome, lambda one: desk.go("tickets", ticket=one))
    desk.tell(
        said,
        undo_step=outcome.step,
        detail=" ".join(one for one in details if one),
        tone=Tone.WARNING if refused else Tone.OK,
        more=(lambda: OutcomeCard(desk, over, said, outcome, subject))
        if changed + same > 1
        else None,
    )
