"""How important a ticket is: how pressing it is, times who asks."""

from typing import Final

from sqlalchemy import case, func

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.clients.model import Client, Tier
from deskcrm.domain.tickets.model import Priority, Ticket
from deskcrm.domain.today.weights import FACTORS

PRESSING: Final = {Priority.URGENT: 8, Priority.HIGH: 4, Priority.NORMAL: 2, Priority.LOW: 1}

IMPORTANCE: Final = case(PRESSING, value=Ticket.priority) * func.coalesce(
    case(FACTORS, value=Client.tier), 1
)
"""The points in SQL, of a ticket joined with its client."""


def importance(priority: Priority, tier: Tier) -> int:
    """Give the points of a ticket."""
    return PRESSING[priority] * FACTORS[tier]


def importance_words(priority: Priority, tier: Tier) -> str:
    """Say how the points come about: "High 4 × Gold 3 = 12 points"."""
    points = importance(priority, tier)
    return tr(
        "{priority} {pressing} × {tier} {factor} = {points}",
        priority=of(priority),
        pressing=PRESSING[priority],
        tier=of(tier),
        factor=FACTORS[tier],
        points=ntr("{n} point", "{n} points", points),
    )
