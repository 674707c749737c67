"""Two clients side by side: in what they differ, what is proposed, and what would move."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from deskcrm.base.words import of_column, ptr, sentence, tr
from deskcrm.domain.client_merges.choosing import is_blank, propose
from deskcrm.domain.client_merges.moving import moved_models
from deskcrm.domain.client_merges.states import State, hold, is_row, kept_by_key, table_of
from deskcrm.domain.clients.model import Client, ClientId, CustomField, CustomValue
from deskcrm.store.history import said_value
from deskcrm.store.reader import Reader
from deskcrm.store.tables import shape_of

_SILENT: Final = frozenset({"sort_name"})
_NAMED: Final = {"name": "name", "address": "street", "lifecycle": "lifecycle"}
"""By which column a field of several columns is called."""
_COUNTED: Final = (
    "contact", "contact_point", "interaction", "ticket", "task", "contract", "promise", "invoice",
)  # fmt: skip
"""What a person looks for; the rest is counted together."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two clients: what it is called and what hangs on it, by what it is called."""

    id: ClientId
    name: str
    since: datetime
    counts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """How much hangs on it."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two clients differ; what each says, in words, empty for nothing."""

    key: str
    caption: str
    one: str
    other: str

    @property
    def is_open(self) -> bool:
        """Whether both say something, so that somebody has to choose."""
        return bool(self.one and self.other)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two clients side by side."""

    one: Side
    other: Side
    differences: tuple[Difference, ...]
    from_other: frozenset[str]
    """What is proposed to be taken from the other one, where the first goes on."""
    from_one: frozenset[str]
    """And the other way round."""


def compare_clients(db: Reader, one_id: ClientId, other_id: ClientId) -> Comparison:
    """Compare two clients; raises Missing, in words, when one is not there."""
    one, other = hold(db, one_id).state, hold(db, other_id).state
    return Comparison(
        _side(db, one_id),
        _side(db, other_id),
        tuple(_differences(db, one, other)),
        frozenset(propose(other, one)),
        frozenset(propose(one, other)),
    )


def caption_of(db: Reader, key: str, value: State) -> str:
    """Say what is chosen under a key."""
    if not is_row(key):
        return tr("Address") if key == "address" else of_column(_NAMED.get(key, key))
    table = table_of(key)
    if table == CustomValue.__tablename__:
        field = select(CustomField.name).where(CustomField.id == UUID(hex=value["field_id"]))
        return db.scalar(field) or ""
    return ptr("table", sentence(table))


def _differences(db: Reader, one: State, other: State) -> list[Difference]:
    found = []
    for key in [*(key for key in one if not is_row(key)), *_both(one, other)]:
        if one[key] != other[key]:
            said = [_said(db, key, state[key]) for state in (one, other)]
            if said[0] != said[1]:
                found.append(Difference(key, caption_of(db, key, one[key]), said[0], said[1]))
    return found


def _both(one: State, other: State) -> list[str]:
    """Name the custom fields that are filled in at both."""
    table = CustomValue.__tablename__
    return [key for key in sorted(one) if key in other and table_of(key) == table]


def _said(db: Reader, key: str, value: dict[str, Any]) -> str:
    if is_row(key):
        return str(value["text"])
    shape = shape_of(Client)
    if key != "lifecycle" and is_blank(key, value) and set(value) != {"tier"}:
        return ""
    columns = [column for column in value if column not in _SILENT and value[column]]
    return ", ".join(said_value(db, shape, column, value[column]) for column in columns)


def _side(db: Reader, client_id: ClientId) -> Side:
    # Raises in words where it is not there; built above what merges are told by.
    from deskcrm.domain.clients.detail import get_profile

    profile = get_profile(db, client_id)
    counts = count_belongings(db, client_id)
    since = db.scalar(select(Client.created_at).where(Client.id == client_id))
    assert since is not None
    return Side(client_id, profile.name, since, counts)


def count_belongings(db: Reader, client_id: ClientId) -> tuple[tuple[str, int], ...]:
    """Count what hangs on a client and would go along with it, what people look for first."""
    places = [*moved_models(), *((model, "client_id") for model in kept_by_key().values())]
    found: dict[str, int] = {}
    for model, key in places:
        column = shape_of(model).table.c[key]
        many = select(func.count()).select_from(model).where(column == client_id, ~model.is_deleted)
        found[shape_of(model).name] = db.scalar(many) or 0
    words = {
        "contact": tr("People"),
        "contact_point": tr("Phones and addresses"),
        "interaction": tr("Interactions"),
        "ticket": tr("Tickets"),
        "task": tr("Tasks"),
        "contract": tr("Contracts"),
        "promise": tr("Promises"),
        "invoice": tr("Invoices"),
    }
    named = [(words[table], found[table]) for table in _COUNTED]
    rest = sum(count for table, count in found.items() if table not in _COUNTED)
    return tuple(one for one in (*named, (tr("Other records"), rest)) if one[1])
