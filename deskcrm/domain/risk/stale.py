"""Notes of which clients something was written, in the write's own transaction: score them anew.

Every path that changes a record ends here (command, undo, sync, import), so no screen has to tell
anybody, and what was noted is still noted after a crash.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from sqlalchemy import Connection, delete, select

from deskcrm.domain.clients.model import Client
from deskcrm.domain.risk.model import health_stale
from deskcrm.store.derived import Derived, Tell, Touched, register_derived
from deskcrm.store.upsert import upsert

WATCHES: Final = frozenset(
    {
        "client",
        "contact",
        "contract",
        "departure",
        "health_model",
        "interaction",
        "invoice",
        "promise",
        "survey_answer",
        "survey_response",
        "ticket",
        "ticket_merge",
        "ticket_message",
        "ticket_split",
        "ticket_transition",
        "usage_week",
    }
)
"""What signals are read from. Policies and calendars move whole books: the daily round sees it."""


def rebuild(connection: Connection, touched: Sequence[Touched]) -> None:
    """Note the clients that were written to; under other weights, all."""
    if any(one.table == "health_model" for one in touched):
        connection.execute(delete(health_stale))
        refill(connection, lambda done, total: None)
        return
    clients = sorted({one.subject for one in touched}, key=attrgetter("int"))
    upsert(connection, health_stale, [{"client_id": client} for client in clients])


def reset(connection: Connection) -> None:
    """Forget what was noted."""
    health_stale.drop(connection, checkfirst=True)
    health_stale.create(connection)


def refill(connection: Connection, tell: Tell) -> None:
    """Note all clients."""
    living = select(Client.id).where(~Client.is_deleted)
    connection.execute(health_stale.insert().from_select(["client_id"], living))


register_derived(Derived("risk.stale", WATCHES, rebuild, reset, refill, only_sqlite=True))
