"""Everything that a client's page shows of where we stand, gathered for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.queries import ContractRow, likeliest_currency, list_contracts
from deskcrm.domain.departures.queries import DepartureRow, list_departures
from deskcrm.domain.feedback.queries import Rating, last_ratings
from deskcrm.domain.invoices.queries import InvoiceRow, list_invoices
from deskcrm.domain.playbooks.progress import PlayRow
from deskcrm.domain.playbooks.queries import list_client_plays
from deskcrm.domain.promises.queries import PromiseRow, list_open_promises
from deskcrm.domain.risk.queries import Health, get_health, list_trends
from deskcrm.domain.summary.queries import ClientSummary, get_summary
from deskcrm.domain.tasks.queries import TaskRow, list_client_tasks
from deskcrm.domain.tickets.queries import TicketRow, list_open_tickets
from deskcrm.domain.touch.queries import TouchExplained, explain_touch
from deskcrm.store.reader import Reader
from deskcrm.ui.departures.words import running
from deskcrm.ui.renewals.on_client import Growth, get_growth


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the part shows, from one view of the database."""

    summary: ClientSummary | None
    health: Health | None
    trend: tuple[float | None, ...]
    tickets: Sequence[TicketRow]
    tasks: Sequence[TaskRow]
    promises: Sequence[PromiseRow]
    contracts: Sequence[ContractRow]
    invoices: Sequence[InvoiceRow]
    currency: str
    """What a new contract or invoice is likely to be in."""
    departure: DepartureRow | None
    """What it has not come back from."""
    touch: TouchExplained
    plays: Sequence[PlayRow]
    growth: Growth
    ratings: Sequence[Rating]
    """The last of each kind."""


def get_standing(db: Reader, client_id: ClientId) -> Standing:
    """Gather where we stand with a client."""
    return Standing(
        get_summary(db, client_id),
        get_health(db, [client_id]).get(client_id),
        list_trends(db, [client_id]).get(client_id, ()),
        list_open_tickets(db, client_id),
        list_client_tasks(db, client_id, limit=8),
        list_open_promises(db, client_id),
        list_contracts(db, client_id),
        list_invoices(db, client_id),
        likeliest_currency(db, client_id),
        running(list_departures(db, client_id=client_id)),
        explain_touch(db, client_id),
        list_client_plays(db, client_id, limit=5),
        get_growth(db, client_id),
        list(last_ratings(db, client_id).values()),
    )
