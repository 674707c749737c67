"""The ledger of promises: kept, broken and owed, by client and by person."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.names import fold_words
from deskcrm.domain.promises.model import Promise, PromiseState
from deskcrm.domain.promises.queries import IS_OPEN, PromiseRow, list_promises
from deskcrm.domain.users.model import UserId
from deskcrm.store.reader import Reader


class PromiseShelf(StrEnum):
    """Which promises of the ledger are looked at."""

    OPEN = "open"
    OVERDUE = "overdue"
    BROKEN = "broken"
    KEPT = "kept"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Ledger:
    """How a word was kept, over all promises of somebody or to somebody."""

    open: int
    overdue: int
    kept: int
    kept_late: int
    broken: int

    @property
    def share_kept(self) -> float | None:
        """Kept of those that are settled or overdue; what the client let us off does not count."""
        settled = self.kept + self.broken + self.overdue
        return self.kept / settled if settled else None


def page_ledger(
    db: Reader,
    *,
    shelf: PromiseShelf = PromiseShelf.ALL,
    made_by: UserId | None = None,
    client_id: ClientId | None = None,
    client_words: str = "",
    offset: int = 0,
    limit: int = 200,
) -> list[PromiseRow]:
    """List a page of the ledger: what is owed by its day, then what was settled last."""
    order = (
        Promise.settled_at.is_not(None),
        Promise.settled_at.desc(),
        Promise.due_on.nulls_last(),
    )
    return list_promises(
        db,
        *_which(db, shelf, made_by, client_id, client_words),
        order=(*order, Promise.id),
        offset=offset,
        limit=limit,
    )


def count_ledger(
    db: Reader,
    *,
    shelf: PromiseShelf = PromiseShelf.ALL,
    made_by: UserId | None = None,
    client_id: ClientId | None = None,
    client_words: str = "",
) -> int:
    """Count the promises that the ledger lists."""
    statement = (
        select(func.count())
        .select_from(Promise)
        .join(Client, Client.id == Promise.client_id)
        .where(*_which(db, shelf, made_by, client_id, client_words))
    )
    return db.scalar(statement) or 0


def get_ledger(
    db: Reader, *, made_by: UserId | None = None, client_id: ClientId | None = None
) -> Ledger:
    """Add up the ledger of a person, of a client, or of all."""
    today = day_of(db.now)
    statement = (
        select(Promise.state, Promise.due_on, Promise.settled_at)
        .join(Client, Client.id == Promise.client_id)
        .where(*_which(db, PromiseShelf.ALL, made_by, client_id, ""))
    )
    rows = db.all(statement)

    def late(row: Any) -> bool:
        until = today if row.settled_at is None else day_of(row.settled_at)
        return row.due_on is not None and row.due_on < until

    kept = [row for row in rows if row.state is PromiseState.KEPT]
    owed = [row for row in rows if row.state is PromiseState.OPEN]
    return Ledger(
        open=len(owed),
        overdue=sum(map(late, owed)),
        kept=len(kept),
        kept_late=sum(map(late, kept)),
        broken=sum(row.state is PromiseState.BROKEN for row in rows),
    )


def _which(
    db: Reader, shelf: PromiseShelf, made_by: UserId | None, client_id: ClientId | None, words: str
) -> Sequence[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = [~Promise.is_deleted, ~Client.is_deleted]
    is_late = Promise.due_on < day_of(db.now)
    if shelf is PromiseShelf.OPEN:
        which += [IS_OPEN, or_(Promise.due_on.is_(None), not_(is_late))]
    elif shelf is PromiseShelf.OVERDUE:
        which.append(and_(IS_OPEN, is_late))
    elif shelf is not PromiseShelf.ALL:
        state = PromiseState.KEPT if shelf is PromiseShelf.KEPT else PromiseState.BROKEN
        which.append(Promise.state == state)
    if made_by is not None:
        which.append(Promise.made_by == made_by)
    if client_id is not None:
        which.append(Promise.client_id == client_id)
    if words:
        # Folded, as only the client's name is kept: the database knows no case of Cyrillic.
        which.append(Client.sort_name.contains(fold_words(words), autoescape=True))
    return which
