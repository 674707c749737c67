"""Answers about merged clients: what went into one, what was changed since, what came too late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from deskcrm.domain.client_merges.forest import read_forest
from deskcrm.domain.client_merges.joining import changed_in
from deskcrm.domain.client_merges.model import ClientMerge, ClientMergeId
from deskcrm.domain.client_merges.moving import moved_models, origins_in
from deskcrm.domain.client_merges.states import Standing, hold, kept_by_key
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.users.model import User
from deskcrm.store.history import HistoryEntry, list_history
from deskcrm.store.reader import Reader
from deskcrm.store.tables import change_table, shape_of


@dataclass(frozen=True, slots=True)
class MergedInto:
    """What a client that is gone goes on as."""

    id: ClientId
    name: str


@dataclass(frozen=True, slots=True)
class MergedClient:
    """A client that went into another, or into one that did: when, and by whom."""

    id: ClientMergeId
    client_id: ClientId
    name: str
    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class ToPart:
    """What parting two clients comes to: whose rows go back, and what was changed since."""

    name: str
    into: str
    rows: int
    changes: tuple[str, ...]
    """The captions of what was changed at the one that went on."""


def merged_into(db: Reader, client_id: ClientId) -> MergedInto | None:
    """Give the client as which one goes on; None where it was not merged."""
    home = read_forest(db).home(client_id)
    if home == client_id:
        return None
    return MergedInto(ClientId(home), _name_of(db, home))


def list_merged(db: Reader, client_id: ClientId) -> list[MergedClient]:
    """List the clients that went into one, over however many between, the latest first."""
    is_any = select(ClientMerge.id).where(ClientMerge.client_id == client_id)
    if db.first(is_any.where(~ClientMerge.is_deleted)) is None:
        return []
    forest = read_forest(db)
    edges = [forest.edges[one] for one in forest.tree(client_id)[1:]]
    rows = db.all(
        select(
            ClientMerge.id, ClientMerge.from_id, Client.name, ClientMerge.merged_at,
            func.coalesce(User.name, ""),
        )
        .join(Client, Client.id == ClientMerge.from_id)
        .outerjoin(User, User.id == ClientMerge.merged_by)
        .where(ClientMerge.id.in_([edge.id for edge in edges]))
        .order_by(ClientMerge.merged_at.desc(), ClientMerge.id)
    )  # fmt: skip
    return [MergedClient(ClientMergeId(row[0]), *row[1:]) for row in rows]


def list_story(
    db: Reader, client_id: ClientId, *, limit: int = 100, before: int | None = None
) -> list[HistoryEntry]:
    """List who changed what at a client, and at those that went into it before they did."""
    also = [one.client_id for one in list_merged(db, client_id)]
    return list_history(db, client_id, limit=limit, before=before, also=also)


def get_to_part(db: Reader, merge_id: ClientMergeId) -> ToPart | None:
    """Say what parting comes to; None where the two are not merged any more."""
    from deskcrm.domain.client_merges.comparing import caption_of

    forest = read_forest(db)
    edge = next((one for one in forest.edges.values() if one.id == merge_id), None)
    if edge is None:
        return None
    home = forest.home(edge.from_id)
    held, expected = hold(db, home), Standing(db, forest).state_of(home)
    captions = {
        caption_of(db, key, held.state.get(key) or expected.get(key) or {})
        for key in changed_in(held, expected)
    }
    rows = origins_in(db, forest.tree(edge.from_id))
    return ToPart(
        _name_of(db, edge.from_id), _name_of(db, home), len(rows), tuple(sorted(captions))
    )


def has_strays(db: Reader) -> bool:
    """Tell whether something came to merged clients that has to go on to others."""
    return bool(find_strays(db) or read_forest(db).lost)


def may_have_strays(db: Reader, *, since: int) -> bool:
    """Tell whether the log has anything since then of merged clients: far cheaper than to look."""
    c = change_table.c
    gone = select(ClientMerge.from_id).where(~ClientMerge.is_deleted)
    under = select(Client.id).where(Client.parent_id.in_(gone))
    is_merge = c.table_name == ClientMerge.__tablename__
    told = or_(is_merge, c.subject.in_(gone), c.row_id.in_(under))
    return db.first(select(c.id).where(c.id > since, told).limit(1)) is not None


def find_strays(db: Reader) -> set[UUID]:
    """Find the merged clients that somebody wrote to without knowing, or that are there again."""
    gone = select(ClientMerge.from_id).where(~ClientMerge.is_deleted)
    if db.first(gone) is None:
        return set()
    found = set(db.scalars(select(Client.id).where(Client.id.in_(gone), ~Client.is_deleted)))
    for column, living in _places():
        found.update(db.scalars(select(column).where(column.in_(gone), living)))
    return {one for one in found if one is not None} & read_forest(db).edges.keys()


def _places() -> Sequence[tuple[Any, Any]]:
    places = [*moved_models(), *((model, "client_id") for model in kept_by_key().values())]
    return [(shape_of(model).table.c[key], ~model.is_deleted) for model, key in places]


def _name_of(db: Reader, client_id: UUID) -> str:
    return db.scalar(select(Client.name).where(Client.id == client_id)) or ""
