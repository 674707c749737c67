"""Finds which client of ours a feed speaks of: by id, by name, or by tax number."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.words import ntr, tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.names import sort_key
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks

Found = dict[str, ClientId | str]
"""By what the feed says: the client, or why it is not known which."""


def find_clients(db: Reader, named: Iterable[str]) -> Found:
    """Find each client by its id, its name in any spelling, or its tax number."""
    wanted = set(named)
    ids = {text: found for text in wanted if (found := _as_id(text)) is not None}
    by_id = _matching(db, Client.id, ids.values())
    result: Found = {text: _only(by_id.get(one, ())) for text, one in ids.items()}
    keys = {text: sort_key(text) for text in wanted - ids.keys()}
    by_name = _matching(db, Client.sort_name, keys.values())
    left = {text for text, key in keys.items() if key not in by_name}
    by_tax = _matching(db, Client.tax_number, left) if left else {}
    for text, key in keys.items():
        result[text] = _only([*by_name.get(key, ())] or by_tax.get(text, ()))
    return result


def _matching(db: Reader, column: Any, values: Iterable[Any]) -> dict[Any, list[ClientId]]:
    found: dict[Any, list[ClientId]] = defaultdict(list)
    for some in in_chunks(set(values), 500):
        rows = db.all(select(column, Client.id).where(~Client.is_deleted, column.in_(some)))
        for value, client_id in rows:
            found[value].append(ClientId(client_id))
    return dict(found)


def _only(clients: Iterable[ClientId]) -> ClientId | str:
    found = list(clients)
    if not found:
        return tr("There is no such client.")
    if len(found) > 1:
        many = ntr("{n} client has this name", "{n} clients have this name", len(found))
        return tr("{many}: give the tax number or the id.", many=many)
    return found[0]


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None
