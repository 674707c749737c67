"""What a merge makes of a client, what is left when it is taken back, and what came too late."""

from collections.abc import Set
from enum import StrEnum
from uuid import UUID

from deskcrm.domain.client_merges.forest import Edge, read_forest
from deskcrm.domain.client_merges.model import ClientMerge
from deskcrm.domain.client_merges.moving import move_along, move_back, origins_in, rows_at
from deskcrm.domain.client_merges.states import (
    Held,
    Standing,
    State,
    hold,
    is_row,
    put,
    table_of,
)
from deskcrm.domain.clients.model import Client
from deskcrm.store.work import Work


class Since(StrEnum):
    """Where what was changed since a merge goes when the clients are parted."""

    STAYS = "stays"
    """With the client that went on."""
    GOES_BACK = "goes_back"
    """To the one that is parted from it."""


def changed_in(held: Held, expected: State) -> set[str]:
    """Give the keys under which a client has something else than merges made of it."""
    keys = expected.keys() | held.state.keys()
    return {key for key in keys if expected.get(key) != held.state.get(key)}


def absorb(work: Work, standing: Standing, held: Held) -> Standing:
    """Let what was changed since the last merge be a client's own, before the next."""
    client = held.client_id
    changed = changed_in(held, standing.state_of(client))
    own = {key: held.state.get(key) for key in changed}
    standing.keep(work, client, standing.by_itself(client) | own)
    for edge in standing.forest.into(client):
        if edge.taken & changed:
            merge = work.get(ClientMerge, edge.id)
            merge.taken = [key for key in merge.taken if key not in changed]
    return standing.with_forest(read_forest(work))


def apply(work: Work, held: Held, old: State, new: State) -> set[str]:
    """Write what merges make of a client now; gives what was changed since, and is left alone."""
    changed = changed_in(held, old)
    for key in sorted(old.keys() | new.keys()):
        if key not in changed and old.get(key) != new.get(key):
            put(work, held, key, new.get(key))
    return changed


def take_back(
    work: Work, edge: Edge, old: Standing, new: Standing, since: Since = Since.STAYS
) -> None:
    """Undo what a merge made; ``old`` is how all stood with it, ``new`` how it stands without."""
    home = old.forest.home(edge.into_id)
    returned: State = {}
    client = work.find(Client, home)
    if client is not None and new.forest.home(home) == home:
        held, expected = hold(work, client.id), new.state_of(home)
        changed = apply(work, held, old.state_of(home), expected)
        if since is Since.GOES_BACK:
            returned = {key: held.state.get(key) for key in changed}
            for key in changed:
                put(work, held, key, expected.get(key))
    elif client is not None or home in new.forest.edges:
        _forget_made(work, home, old, new)
    work.delete(work.get(ClientMerge, edge.id))
    move_back(work, edge, old.forest, new.forest)
    if new.forest.home(edge.from_id) == edge.from_id:
        _bring_back(work, edge, new, returned, home)


def _bring_back(work: Work, edge: Edge, new: Standing, returned: State, home: UUID) -> None:
    client = work.find(Client, edge.from_id) or work.find_deleted(Client, edge.from_id)
    if client is None:
        return
    if client.is_deleted:
        work.restore(client)
        work.session.flush()  # a change of what is deleted would bring it back by itself
    stayed = work.find(Client, home)
    if stayed is not None and stayed.scope != client.scope:
        client.scope = stayed.scope  # what is given back lies where the other one went
    held, wanted = hold(work, client.id), new.state_of(edge.from_id) | returned
    for key in sorted(changed_in(held, wanted)):
        put(work, held, key, wanted.get(key))


def _forget_made(work: Work, client_id: UUID, old: Standing, new: Standing) -> None:
    """Take what a merge that does not hold wrote into a client that is gone for no edit of it."""
    edge = new.forest.edges.get(client_id)
    client = work.find(Client, client_id) or work.find_deleted(Client, client_id)
    if edge is None or client is None:
        return
    held, made = hold(work, client.id), old.state_of(client_id)
    own, merge = new.by_itself(client_id), work.get(ClientMerge, edge.id)
    is_made = {key for key, value in held.state.items() if made.get(key) == value}
    now = {key: held.state[key] for key in is_made if not is_row(key)}
    if any(merge.seen.get(key) != value for key, value in now.items()):
        merge.seen = merge.seen | now
    for key in sorted(is_made):
        if is_row(key) and own.get(key) != held.state.get(key):
            put(work, held, key, None)


def empty(work: Work, held: Held) -> None:
    """Take away the rows that a client had by key: what goes on has them."""
    for key in sorted(held.rows):
        put(work, held, key, None)


def carry_late(work: Work, standing: Standing, edge: Edge, may: Set[str]) -> Standing:
    """Let what was written at a client that is gone, without knowing, reach the one that goes on.

    ``may`` names the tables of which this person may write.
    """
    forest, home = standing.forest, standing.forest.home(edge.from_id)
    client = work.find(Client, edge.from_id)
    gone = client or work.find_deleted(Client, edge.from_id)
    if gone is None:
        return standing
    late = _late_in(work, gone, edge, may, is_alive=client is not None)
    if late:
        standing = _take_late(work, standing, edge, late)
    rows = [row for row in rows_at(work, gone.id) if str(row.__tablename__) in may]
    known = origins_in(work, forest.tree(gone.id))
    move_along(work, rows, source=gone.id, home=home, known=known)
    if client is not None:
        work.delete(client)
    return standing


def _late_in(work: Work, gone: Client, edge: Edge, may: Set[str], *, is_alive: bool) -> State:
    """Give what was written at a client that is gone; the rows by key are taken away there."""
    late: State = {}
    merge, held = work.get(ClientMerge, edge.id), hold(work, gone.id)
    if is_alive:
        now = held.fields
        late = {key: value for key, value in now.items() if merge.seen.get(key) != value}
        if late:
            merge.seen = now
    for key in sorted(held.rows):
        if table_of(key) in may:
            late[key] = held.state[key]
            put(work, held, key, None)
    return late


def _take_late(work: Work, standing: Standing, edge: Edge, late: State) -> Standing:
    home = standing.forest.home(edge.from_id)
    client = work.find(Client, home)
    old = standing.state_of(home)
    held = None if client is None else hold(work, client.id)
    # What was changed at the one that goes on stays as it is: that was done knowing of both.
    keys = late.keys() - (set() if held is None else changed_in(held, old))
    standing.keep(work, edge.from_id, standing.by_itself(edge.from_id) | late)
    for one in standing.forest.up(edge.from_id):
        merge = work.get(ClientMerge, one.id)
        if fresh := keys - set(merge.taken):
            merge.taken = sorted({*merge.taken, *fresh})
    standing = standing.with_forest(read_forest(work))
    if held is not None:
        apply(work, held, old, standing.state_of(home))
    return standing
