"""Takes in what the server tells of its own accord, where it goes on from what is here."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.store import ledger
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import record_models, shape_of
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import News, Pull, Pulled
from deskcrm.sync.station import memory, outbox
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.station.replica import Page

MOST_SCOPES: Final = 5_000
"""A question about more is larger than a server reads from somebody it does not know yet."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of news."""

    receipt: Receipt
    is_whole: bool
    """Whether nothing is left that an exchange has to ask for."""


def question(store: Store) -> Pull | None:
    """Give what to ask, so that news go on from what is here; None where only an exchange can."""

    def look(connection: Connection) -> Pull | None:
        state, cursors = memory.recall(connection), memory.read_cursors(connection)
        if not 0 < len(cursors) <= MOST_SCOPES or not state.is_usual or outbox.wants(connection):
            return None
        return Pull(store.device.bytes, state.epoch, [(s.bytes, seq) for s, seq in cursors.items()])

    return store.ask(lambda db: look(db.connection))


def leads_on(following: Pull, asked: Pull | None) -> bool:
    """Tell whether news that are followed go on from what is here, or will once they are as far."""
    if asked is None or asked.epoch != following.epoch or asked.device != following.device:
        return False
    here = dict(asked.cursors)
    return here.keys() == dict(following.cursors).keys() and all(
        seq <= here[scope] for scope, seq in following.cursors
    )


def take(store: Store, asked: Pull, news: News) -> Taken | None:
    """Take news in, in one piece with the cursors; None where they do not fit, and nothing changed.

    They do not where something else came since they were asked for, or where somebody has to look
    first: the exchange that has to follow finds that out for itself.
    """
    pulled = news.page
    if pulled is None or asked.device != store.device.bytes:
        return None
    pulled.scopes = [scope for scope, _ in asked.cursors]
    pulled.cursors = [(scope, news.head) for scope in pulled.scopes]
    pulled.steps = [step for step in pulled.steps if step.device != asked.device]

    def take(connection: Connection) -> Arrived[Taken]:
        if not _fits(connection, asked, pulled):
            raise SyncError(Trouble.BROKEN, "news that do not fit")
        page = Page(connection, pulled)
        page.take(may_delete=False)
        receipt = Receipt(came=page.came, gone=page.gone, head=pulled.head)
        is_whole = not outbox.wants(connection) and _agrees(connection, pulled)
        return Arrived(Taken(receipt, is_whole), page.touched, [*page.came, *page.gone])

    try:
        return store.absorb(take).value
    except SyncError:
        return None


def _fits(connection: Connection, asked: Pull, pulled: Pulled) -> bool:
    """Tell whether what came begins where we are now, in this life of this server."""
    state = memory.recall(connection)
    here = {scope.bytes: seq for scope, seq in memory.read_cursors(connection).items()}
    is_same = state.lineage == UUID(bytes=pulled.lineage) and state.epoch == pulled.epoch
    goes_on = here == dict(asked.cursors) and all(seq <= pulled.head for seq in here.values())
    return state.is_usual and is_same and asked.epoch == state.epoch and goes_on


def _agrees(connection: Connection, pulled: Pulled) -> bool:
    """Compare counts and digests of what the page touched, on both sides."""
    known = {shape_of(model).name for model in record_models()}
    touched = {(UUID(bytes=row[1]), rows.table) for rows in pulled.rows for row in rows.rows}
    touched |= {(UUID(bytes=scope), table) for scope, table, _, _ in pulled.exits}
    mine = ledger.read_sums(connection, {scope for scope, _ in touched})
    theirs = {(UUID(bytes=s), table): (n, total) for s, table, n, total in pulled.sums}
    return all(mine.get(key) == theirs.get(key) for key in touched if key[1] in known)
