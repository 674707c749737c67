"""Notes of which clients something was written, in the write's own transaction: score them anew.

Every path that changes a record ends here (command, undo, sync, import), so no screen has to tell
anybody, and what was noted is still noted after a crash.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, delete, select

from deskcrm.domain.clients.model import Client
from deskcrm.domain.risk.model import ClientHealth, health_stale
from deskcrm.store.derived import Derived, Tell, Touched, register_derived, write_meta
from deskcrm.store.upsert import in_chunks, upsert

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
SCORED_ON: Final = "risk_scored_all_on"
"""Under this the day is noted on which all were last scored."""


def rebuild(connection: Connection, touched: Sequence[Touched]) -> None:
    """Note the clients that were written to; under other weights, all are to be scored again."""
    if any(one.table == "health_model" for one in touched):
        write_meta(connection, SCORED_ON, "")
        return
    _forget_deleted(connection, [one.row_id for one in touched if one.table == "client"])
    clients = sorted({one.subject for one in touched}, key=attrgetter("int"))
    upsert(connection, health_stale, [{"client_id": client} for client in clients])


def _forget_deleted(connection: Connection, clients: Sequence[UUID]) -> None:
    """Let go of the scores of deleted clients at once: the list of clients walks the scores."""
    for some in in_chunks(clients):
        gone = select(Client.id).where(Client.id.in_(some), Client.is_deleted)
        connection.execute(delete(ClientHealth).where(ClientHealth.client_id.in_(gone)))


def reset(connection: Connection) -> None:
    """Forget what was noted."""
    health_stale.drop(connection, checkfirst=True)
    health_stale.create(connection)


def refill(connection: Connection, tell: Tell) -> None:
    """Note that all are to be scored again."""
    write_meta(connection, SCORED_ON, "")


register_derived(Derived("risk.stale", WATCHES, rebuild, reset, refill, only_sqlite=True))
