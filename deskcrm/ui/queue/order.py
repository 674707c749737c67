"""The orders that the list of tickets can stand in, and why a ticket stands where it does."""

from typing import Final

from deskcrm.base.settings import Scope, Setting
from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.queue.queries import Place
from deskcrm.domain.tickets.importance import PRESSING, importance_words
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.today.weights import FACTORS
from deskcrm.ui.kit import dates
from deskcrm.ui.sla.words import due_words

USUAL: Final = ""
DESCENDING: Final = {"importance": True, "due_at": False, "opened_at": False}
"""The orders that can be chosen, and whether the most comes first."""
ORDER: Final = Setting(
    "window.ticket_order",
    USUAL,
    "Order of the list of tickets",
    Scope.PERSONAL,
    (USUAL, *DESCENDING),
)


def order_options() -> list[tuple[str, str]]:
    """Name the orders that can be chosen."""
    return [
        (USUAL, tr("Usual order")),
        ("importance", tr("By importance")),
        ("due_at", tr("By deadline")),
        ("opened_at", tr("By arrival")),
    ]


def place_words(place: Place, sort: str) -> str:
    """Say where a ticket stands, and by what."""
    by = {
        "importance": tr("by importance"),
        "due_at": tr("by deadline"),
        "opened_at": tr("by arrival"),
        "waiting_since": tr("by how long the client waits"),
    }.get(sort, tr("in this order"))
    return tr("Place {n} of {count} {by}", n=place.number, count=place.count, by=by)


def measure_words(row: TicketRow, sort: str) -> str:
    """Say what puts a ticket where it stands."""
    if sort == "importance":
        return importance_words(row.priority, row.tier)
    if sort == "due_at":
        return due_words(row)
    if sort == "waiting_since" and row.waiting_since is not None:
        return tr("waiting since {when}", when=dates.moment(row.waiting_since))
    return tr("arrived {when}", when=dates.moment(row.opened_at))


def rule_words(sort: str) -> str:
    """Say how an order comes about."""
    if sort == "importance":
        pressing = ", ".join(f"{of(one)} {points}" for one, points in PRESSING.items())
        tiers = ", ".join(f"{of(tier)} {FACTORS[tier]}" for tier in Tier)
        return tr(
            "Importance is how pressing it is ({pressing}) times the client’s tier ({tiers})."
            " Of equal ones the oldest comes first.",
            pressing=pressing,
            tiers=tiers,
        )
    if sort == "due_at":
        return tr("What is due first comes first; a paused ticket comes last.")
    if sort == "waiting_since":
        return tr("Whoever waits longest for an answer comes first; where nobody waits comes last.")
    return tr("Tickets stand in the order of the column that was chosen.")
