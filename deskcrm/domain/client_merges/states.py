"""What a client is, by itself and with what was merged into it: values by key.

A key names what is chosen as one: a field of the client (columns that go together: the address), or
a row of which a client has one (this tag, this custom field, this week of this figure). Nothing is
worked back from the log: what a client is by itself is kept, and what it is with others is worked
out from that and from the merges that hold, so that they can be taken back in any order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.client_merges.forest import Forest
from deskcrm.domain.client_merges.model import OF_MERGES, ClientBefore
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Record, record_models, shape_named, shape_of
from deskcrm.store.types import Merge
from deskcrm.store.work import Work

State = dict[str, Any]
"""The logged values of columns by key; None where a row is known not to be there."""
_OF_ROWS: Final = "/"
_ELSEWHERE: Final = frozenset({"client_id", "scope", "created_at"})
_ANYBODY: Final = UUID(int=0)


@cache
def kept_by_key() -> dict[str, type[Record]]:
    """Give the records of which a client has one of each meaning, by table: they are not moved."""
    found = {}
    for model in record_models():
        shape = shape_of(model)
        column = shape.columns.get("client_id")
        is_of_client = column is not None and column.info.get("refers") == "client"
        is_kept = is_of_client and shape.rules["client_id"] is Merge.FINAL
        if is_kept and model not in OF_MERGES and "work_out_id" in vars(model):
            found[shape.name] = model
    return found


@cache
def fields_of_client() -> dict[str, tuple[str, ...]]:
    """Give the fields of a client, each with its columns."""
    found: dict[str, tuple[str, ...]] = {}
    for column, name in shape_of(Client).fields.items():
        if column not in _ELSEWHERE:
            found[name] = (*found.get(name, ()), column)
    return found


def is_row(key: str) -> bool:
    """Tell whether a key names a row beside the client's own."""
    return _OF_ROWS in key


def fields_in(values: Mapping[str, Any]) -> State:
    """Give what stands in a client's own row, from the values of its columns."""
    logged = shape_of(Client).to_json({key: values[key] for key in shape_of(Client).columns})
    return {name: {key: logged[key] for key in keys} for name, keys in fields_of_client().items()}


def table_of(key: str) -> str:
    """Give the table of the row that a key names."""
    return key.partition(_OF_ROWS)[0]


@dataclass(slots=True)
class Held:
    """What stands in a client's row and in the rows kept by key, and which rows those are."""

    client_id: UUID
    state: State = field(default_factory=dict)
    rows: dict[str, UUID] = field(default_factory=dict)

    @property
    def fields(self) -> State:
        """What stands in the client's own row."""
        return {key: value for key, value in self.state.items() if not is_row(key)}


def hold(db: Reader, client_id: UUID) -> Held:
    """Read what stands in a client's row, also in that of a deleted one, and in the rows by key."""
    client = shape_of(Client).table
    row = db.first(select(client).where(client.c.id == client_id))
    held = Held(client_id, {} if row is None else fields_in(row._asdict()))
    for model in kept_by_key().values():
        shape = shape_of(model)
        c = shape.table.c
        for one in db.all(select(shape.table).where(c.client_id == client_id, ~c.is_deleted)):
            named = model.work_out_id({**one._asdict(), "client_id": _ANYBODY})
            assert named is not None, f"{shape.name} is kept by key, and draws its ids"
            key = f"{shape.name}{_OF_ROWS}{named.hex}"
            values = shape.to_json({key: one._mapping[key] for key in shape.columns})
            held.state[key] = {k: v for k, v in values.items() if k not in _ELSEWHERE}
            held.rows[key] = one.id
    return held


def put(work: Work, held: Held, key: str, value: State | None) -> None:
    """Let a client have this under a key; None takes the row away."""
    shape = shape_named(table_of(key)) if is_row(key) else shape_of(Client)
    if value is None:
        held.state.pop(key, None)
        if key in held.rows:
            work.delete(work.get(shape.model, held.rows.pop(key)))
        return
    values, row = shape.from_json(value), work.find(Client, held.client_id)
    if is_row(key):
        made = work.put(shape.model, **values, client_id=ClientId(held.client_id))
        work.session.flush()  # what is brought back is brought back first, and then changed
        held.rows[key] = made.id
        _write(made, values)
    elif row is not None:
        _write(row, values)
    held.state[key] = value


def _write(row: Record, values: dict[str, Any]) -> None:
    for column, one in values.items():
        if getattr(row, column) != one:
            setattr(row, column, one)


class Standing:
    """The merges that hold, and what each of their clients is by itself."""

    def __init__(self, db: Reader, forest: Forest, alone: dict[UUID, State] | None = None) -> None:
        self._db = db
        self.forest = forest
        self._alone: dict[UUID, State] = {} if alone is None else alone

    def with_forest(self, forest: Forest) -> "Standing":
        """Give the same clients under other merges."""
        return Standing(self._db, forest, self._alone)

    def state_of(self, client: UUID) -> State:
        """Work out what a client is with all that went into it."""
        state = dict(self.by_itself(client))
        for edge in self.forest.into(client):
            for key, value in self.state_of(edge.from_id).items():
                # A row that the other lacks comes along; what both have is chosen.
                if key in edge.taken or (is_row(key) and key not in state):
                    state[key] = value
        return state

    def by_itself(self, client: UUID) -> State:
        """Give what a client is by itself; nothing where nothing was ever merged with it.

        Undo of the first of several merges takes the row away, and the others still stand on it.
        """
        if client not in self._alone:
            kept = select(ClientBefore.state).where(ClientBefore.client_id == client)
            self._alone[client] = self._db.scalar(kept) or {}
        return self._alone[client]

    def keep(self, work: Work, client: UUID, state: State) -> None:
        """Keep what a client is by itself."""
        known = work.put(ClientBefore, client_id=ClientId(client))
        known.state = self._alone[client] = state
