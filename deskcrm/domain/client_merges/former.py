"""The names that a client had as others that went into it: one is looked for by them still."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import Connection, select

from deskcrm.domain.client_merges.model import ClientMerge
from deskcrm.domain.clients.model import Client
from deskcrm.store.upsert import in_chunks


def former_names(connection: Connection, clients: Collection[UUID]) -> dict[UUID, list[str]]:
    """Give the names of what went into each of these clients, over however many between."""
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    ahead = {client: {client} for client in clients}
    known = {(client, client) for client in clients}
    while ahead:
        below: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for gone, into, name in _merged_into(connection, ahead):
            fresh = {root for root in ahead[into] if (root, gone) not in known}
            known.update((root, gone) for root in fresh)
            for root in fresh:
                below[gone].add(root)
                found[root].append(name)
        ahead = dict(below)
    return found


def _merged_into(
    connection: Connection, clients: Collection[UUID]
) -> Iterator[tuple[UUID, UUID, str]]:
    for some in in_chunks(clients):
        rows = connection.execute(
            select(ClientMerge.from_id, ClientMerge.client_id, Client.name)
            .join(Client, Client.id == ClientMerge.from_id)
            .where(ClientMerge.client_id.in_(some), ~ClientMerge.is_deleted)
            .order_by(ClientMerge.merged_at, ClientMerge.id)
        )
        yield from ((gone, into, name) for gone, into, name in rows.all())


def those_above(connection: Connection, clients: Collection[UUID]) -> set[UUID]:
    """Give the clients into which these went, over however many between."""
    found, ahead = set[UUID](), set(clients)
    while ahead:
        above: set[UUID] = set()
        for some in in_chunks(ahead):
            into = select(ClientMerge.client_id).where(ClientMerge.from_id.in_(some))
            above.update(connection.scalars(into.where(~ClientMerge.is_deleted)))
        ahead = above - found
        found |= ahead
    return found
