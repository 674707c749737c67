"""When each client is due and goes cold, kept for lists: worked out by one statement."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

import deskcrm.domain.summary.derive  # noqa: F401 - derived before this, which reads from it
from deskcrm.domain.clients.model import Client
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.touch.matching import has_rhythms, held, read_policies
from deskcrm.domain.touch.model import client_touch
from deskcrm.store.among import among
from deskcrm.store.derived import Derived, Tell, Touched, register_derived
from deskcrm.store.intervals import days_after

_AT_ONCE: Final = 2_000
_OF_CLIENTS: Final = frozenset(
    {"client", "client_tag", "contract", "interaction", "ticket_message", "touch_rhythm"}
)


def rebuild(connection: Connection, touched: Sequence[Touched]) -> None:
    """Work out anew the clients that were written to, or all when a policy was."""
    if any(one.table == "touch_policy" for one in touched):
        connection.execute(delete(client_touch))
        _fill(connection)
        return
    clients: list[UUID] = sorted({one.subject for one in touched}, key=attrgetter("int"))
    for start in range(0, len(clients), _AT_ONCE):
        some = clients[start : start + _AT_ONCE]
        connection.execute(
            delete(client_touch).where(among(connection, client_touch.c.client_id, some))
        )
        _fill(connection, among(connection, Client.id, some))


def reset(connection: Connection) -> None:
    """Forget who is due."""
    client_touch.drop(connection, checkfirst=True)
    client_touch.create(connection)


def refill(connection: Connection, tell: Tell) -> None:
    """Work out all clients."""
    tell(0, 0)
    _fill(connection)


register_derived(
    Derived(
        "touch",
        _OF_CLIENTS | {"touch_policy"},
        rebuild,
        reset,
        refill,
        compared=("SELECT * FROM client_touch",),
    )
)


def _fill(connection: Connection, *which: ColumnElement[bool]) -> None:
    policies = read_policies(connection)
    if not policies and not has_rhythms(connection):
        return
    found = held(policies, *which).subquery("held")
    heard = client_summary.c.last_two_way_at
    since = func.coalesce(heard, found.c.created_at, type_=heard.type)
    rows = select(
        found.c.client_id,
        found.c.policy_id,
        since,
        heard.is_not(None),
        found.c.ideal_days,
        found.c.max_days,
        days_after(connection, since, found.c.ideal_days),
        days_after(connection, since, found.c.max_days),
    ).outerjoin(client_summary, client_summary.c.client_id == found.c.client_id)
    connection.execute(insert(client_touch).from_select(list(client_touch.c.keys()), rows))
