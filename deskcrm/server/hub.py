"""Joins the exchange with workstations to the rights of people and to the fence."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from deskcrm.domain.rights.queries import RIGHTS_IN, Judge, scopes_of
from deskcrm.domain.rights.settings import lease_of
from deskcrm.server import fence
from deskcrm.store.store import Store
from deskcrm.sync.hub.applying import Ask, Authorize
from deskcrm.sync.hub.hub import Hub
from deskcrm.sync.hub.push import Caller, Stopped
from deskcrm.sync.protocol import Part, Push

T = TypeVar("T")
M = TypeVar("M", bound=msgspec.Struct)


def make_hub(store: Store) -> Hub:
    """Give the server's end of the exchange, which asks the table of rights."""
    return Hub(
        store,
        scopes_of,
        authorizer,
        lease_of,
        fence.as_server,
        fence.to_read,
        rights_in=RIGHTS_IN,
        rights_moved=fence.enter_again,
    )


def authorizer(connection: Connection, user: UUID) -> Authorize:
    """Give what decides about a person's writes, as of one transaction."""
    judge = Judge.of(connection, user)

    def authorize(ask: Ask) -> str:
        if ask.is_maker and judge.may_take_back(ask.kind, ask.table, ask.scope):
            return ""
        return judge.decide(ask.kind, ask.table, ask.row_id, ask.scope, ask.row, ask.after)

    return authorize


def answer(
    serve: Callable[[Caller, M], T], caller: Caller, message: M, named: bytes, mode: str
) -> T:
    """Answer a message of a device on behalf of its person; ``named`` is the device it names.

    Steps may be handed over under a former id of it, which the hub looks at. Raises Stopped, with
    code words that the workstation knows.
    """
    if named != caller.device.bytes and not isinstance(message, Push | Part):
        raise Stopped("unknown device")
    with fence.acting_for(caller.user, mode):
        return serve(caller, message)
