"""Merges clients that are one, parts them however long after, and follows what came too late."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.words import ptr, sentence, tr
from deskcrm.domain.client_merges.choosing import choose
from deskcrm.domain.client_merges.forest import Edge, read_forest
from deskcrm.domain.client_merges.joining import (
    Since,
    absorb,
    apply,
    carry_late,
    empty,
    take_back,
)
from deskcrm.domain.client_merges.model import ClientMerge, ClientMergeId, DistinctPair
from deskcrm.domain.client_merges.moving import (
    column_of,
    move_along,
    moved_models,
    origins_in,
    rows_at,
)
from deskcrm.domain.client_merges.queries import find_strays
from deskcrm.domain.client_merges.states import Standing, hold, kept_by_key, table_of
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.duplicates.weighing import Ground
from deskcrm.domain.rights.queries import Judge
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.tables import shape_of
from deskcrm.store.work import Work


@command("client_merges.merge", "Merge clients")
def merge_clients(
    work: Work,
    client_id: ClientId,
    *,
    into_id: ClientId,
    taken: Sequence[str] | None = None,
    bits: Sequence[float] = (),
) -> ClientMergeId:
    """Let a client go on as another one, with all that hangs on it.

    ``taken`` names in what the one that is gone is right; without it, in what the other one lacks.
    ``bits`` are what spoke for it, ground by ground.
    """
    gone, into = work.get(Client, client_id), work.get(Client, into_id)
    standing = Standing(work, read_forest(work))
    _check_pair(gone, into, standing)
    rows, held, theirs = list(rows_at(work, gone.id)), hold(work, into.id), hold(work, gone.id)
    tables = {str(row.__tablename__) for row in rows} | {table_of(key) for key in theirs.rows}
    _check_rights(Judge.of(work.connection, work.actor), gone, into, tables)
    for one in (held, theirs):
        standing = absorb(work, standing, one)
    old = standing.state_of(into.id)
    merge = ClientMerge(
        id=work.unused_id(ClientMerge, gone.id, into.id),
        from_id=ClientId(gone.id),
        client_id=ClientId(into.id),
        merged_at=work.now,
        merged_by=UserId(work.actor),
        taken=choose(work, gone, into, (standing.state_of(gone.id), old), taken),
        seen=theirs.fields,
        grounds=_grounds(bits),
    )
    work.add(merge)
    standing = standing.with_forest(read_forest(work))
    apply(work, held, old, standing.state_of(into.id))
    empty(work, theirs)
    known = origins_in(work, standing.forest.tree(gone.id))
    move_along(work, rows, source=gone.id, home=into.id, known=known)
    work.delete(gone)
    return ClientMergeId(merge.id)


@command("client_merges.part", "Part clients")
def part_clients(work: Work, merge_id: ClientMergeId, *, since: Since = Since.STAYS) -> ClientId:
    """Give a client that was merged back what is its own, however long after; gives its id."""
    merge = work.get(ClientMerge, merge_id)
    standing = Standing(work, read_forest(work))
    edge = standing.forest.edges.get(merge.from_id)
    if edge is None or edge.id != merge.id:
        work.delete(merge)  # of two that were made apart the other one holds
        return merge.from_id
    standing = carry_late(work, standing, edge, _tables())
    without = standing.with_forest(standing.forest.without(edge.id))
    take_back(work, edge, standing, without, since)
    return merge.from_id


@command("client_merges.set_apart", "Keep clients apart")
def set_apart(
    work: Work, client_id: ClientId, *, other_id: ClientId, bits: Sequence[float] = ()
) -> None:
    """Note that two clients that look alike are not the same, so that nobody is asked again."""
    one, other = sorted((work.get(Client, client_id).id, work.get(Client, other_id).id))
    if one == other:
        raise UserError(tr("A client is the same as itself."), tr("Choose another client."))
    work.put(
        DistinctPair,
        client_id=ClientId(one),
        other_id=ClientId(other),
        said_at=work.now,
        said_by=UserId(work.actor),
        grounds=_grounds(bits),
    )


@command("client_merges.follow", "Follow merged clients", can_undo=False, is_automatic=True)
def follow_merges(work: Work) -> int:
    """Bring what was written at merged clients by who did not know to those that go on.

    Gives how many there were. Two that do it at once write the same: a server does it soon after
    anything came, a workstation as far as its person may.
    """
    standing = Standing(work, read_forest(work))
    for edge in standing.forest.lost:
        take_back(work, edge, standing.with_forest(standing.forest.as_if(edge)), standing)
    count = len(standing.forest.lost)
    for client_id in sorted(find_strays(work)):
        edge = standing.forest.edges[client_id]
        may = _tables() if work.recorder.orders else _may_carry(work, edge)
        if may is None:
            continue  # somebody who may will
        standing = carry_late(work, standing, edge, may)
        count += 1
    return count


def _may_carry(work: Work, edge: Edge) -> set[str] | None:
    """Name the tables of which one may carry rows on; None where the client itself has to wait."""
    judge, client = Judge.of(work.connection, work.actor), work.find(Client, edge.from_id)
    if client is not None and _refusal(judge, "delete", client):
        return None
    scope = work.get(ClientMerge, edge.id).scope
    return {table for table in _tables() if not _may_not_move(judge, table, scope)}


def _grounds(bits: Sequence[float]) -> dict[str, float]:
    found = {ground.value: one for ground, one in zip(Ground, bits, strict=False)}
    return {ground: round(one, 3) for ground, one in found.items() if one}


def _check_pair(gone: Client, into: Client, standing: Standing) -> None:
    if gone.id == into.id:
        raise UserError(tr("A client cannot be merged with itself."), tr("Choose another client."))
    for one in (gone, into):
        if one.id in standing.forest.edges:
            raise UserError(
                tr("“{name}” is merged into another client already.", name=one.name),
                tr("Open that one and merge it instead."),
            )
    if gone.scope != into.scope:
        raise UserError(
            tr("“{name}” and “{other}” are of two teams.", name=gone.name, other=into.name),
            tr("Move one of them to the other’s team, then merge them."),
        )


def _check_rights(judge: Judge, gone: Client, into: Client, tables: set[str]) -> None:
    if _refusal(judge, "delete", gone) or _refusal(judge, "set", into):
        raise UserError(
            tr("You may not merge “{name}” into another client.", name=gone.name),
            tr("Merge the other way round, or ask a lead or a manager."),
        )
    refused = sorted(table for table in tables if _may_not_move(judge, table, gone.scope))
    if refused:
        names = ", ".join(ptr("table", sentence(table)).lower() for table in refused)
        raise UserError(
            tr("You may not move all that belongs to “{name}”: {things}.",
               name=gone.name, things=names),
            tr("Ask a lead or a manager to merge the two."),
        )  # fmt: skip


def _refusal(judge: Judge, kind: str, client: Client) -> str:
    shape = shape_of(Client)
    row = shape.to_json({key: getattr(client, key) for key in shape.columns})
    return judge.decide(kind, shape.name, client.id, client.scope, row, {})


def _may_not_move(judge: Judge, table: str, scope: UUID) -> bool:
    nobody: Mapping[str, Any] = {}
    if table in kept_by_key():
        kinds = ("create", "delete")
        return any(judge.decide(kind, table, scope, scope, nobody, nobody) for kind in kinds)
    moved = {column_of(table): scope.hex}
    return bool(judge.decide("set", table, scope, scope, nobody, moved))


def _tables() -> set[str]:
    return {str(model.__tablename__) for model, _ in moved_models()} | kept_by_key().keys()
