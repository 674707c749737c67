"""Says what a bulk edit of tickets came to, in a toast that opens the row for each of them."""

from typing import TYPE_CHECKING

from deskcrm.base.words import ntr, past, tr
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.outcomes import outcome_of, page_outcome
from deskcrm.store.outcomes import Bulk, Outcome
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Deed
from deskcrm.ui.kit.outcome_card import OutcomeCard, Subject
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from deskcrm.ui.tickets.screen import TicketsScreen


def told(screen: "TicketsScreen", ids: list[TicketId], deed: Deed[Bulk]) -> Deed[Bulk]:
    """Say how many were changed and how many were not; the toast opens what became of each."""
    return deed.then(lambda done: _say(screen, done.label, outcome_of(done.step, done.value, ids)))


def _say(screen: "TicketsScreen", label: str, outcome: Outcome[TicketId]) -> None:
    changed, same, refused = len(outcome.changed), len(outcome.same), len(outcome.refused)
    said = ntr(
        "{label}: {count} ticket", "{label}: {count} tickets", changed,
        label=past(label), count=dates.number(changed),
    )  # fmt: skip
    details = [
        ntr("{n} was refused.", "{n} were refused.", refused) if refused else "",
        ntr("{n} was so already.", "{n} were so already.", same - refused)
        if same > refused
        else "",
    ]
    subject = Subject(tr("Ticket"), page_outcome, lambda one: screen.desk.go("tickets", ticket=one))
    screen.desk.tell(
        said if changed + same > 1 else past(label),
        undo_step=outcome.step,
        detail=" ".join(one for one in details if one),
        tone=Tone.OK,
        more=(lambda: OutcomeCard(screen.desk, screen, said, outcome, subject))
        if changed + same > 1
        else None,
    )
