"""Which clients a playbook or a step is for: filters of clients, asked where no person is."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, literal, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.filters import SUMMED, client_clauses
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.views.filters import ME, Filter
from deskcrm.store import ledger
from deskcrm.store.reader import Reader

_NOBODY_ASKS: Final = ("owner",)


def check_asked(db: Reader, asked: Filter) -> None:
    """Refuse a filter that cannot be answered, or means another for each who looks."""
    client_clauses(db, asked)
    for condition in asked.conditions:
        values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        if condition.field in _NOBODY_ASKS and ME in values:
            raise UserError(
                tr("A playbook asks the same for everybody."),
                tr("Name the person instead of “me”."),
            )


def can_judge(db: Reader, asked: Filter) -> bool:
    """Tell whether the filter can be answered here: a server keeps no summaries of clients."""
    is_summed = any(condition.field in SUMMED for condition in asked.conditions)
    return not is_summed or not ledger.is_server(db.connection)


def matching(db: Reader, asked: Filter) -> ColumnElement[bool]:
    """Say of a client that it matches."""
    return Client.id.in_(select_matching(db, asked)) if asked else literal(True)


def select_matching(db: Reader, asked: Filter) -> Select[Any]:
    """Select the clients that match."""
    clauses = client_clauses(db, asked)
    inner = select(Client.id).where(~Client.is_deleted, *clauses.client)
    if clauses.summary:
        inner = inner.join(client_summary, client_summary.c.client_id == Client.id)
    return inner.where(*clauses.summary)


def is_matching(db: Reader, asked: Filter, client_id: ClientId) -> bool:
    """Tell whether one client matches."""
    return db.first(select_matching(db, asked).where(Client.id == client_id)) is not None
