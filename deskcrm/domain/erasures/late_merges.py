"""What a merge took along of a client that was erased, by somebody who had not heard of it."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.client_merges.model import ClientBefore, ClientMerge
from deskcrm.domain.client_merges.states import State, fields_of_client, hold, table_of
from deskcrm.domain.clients.model import Client, CustomValue
from deskcrm.domain.erasures.columns import OF_PERSON
from deskcrm.domain.erasures.erased import is_untouched, of_erased
from deskcrm.domain.erasures.person import Rows
from deskcrm.store.reader import Reader
from deskcrm.store.tables import change_table, shape_of

_OWN: Final = frozenset(OF_PERSON["client"])
_NAMES: Final = frozenset({"name", "sort_name"})
"""Who goes on has one that was chosen with both in view."""


def find_late_merges(db: Reader) -> Rows:
    """Find what merges of erased clients remember of them, and what went along to others."""
    gone = select(change_table.c.row_id).where(*of_erased(Client))
    merge, before = shape_of(ClientMerge).table, shape_of(ClientBefore).table
    found: Rows = {}
    alone: dict[UUID, State] = {}
    for row in db.all(select(before).where(before.c.client_id.in_(gone), is_untouched(before))):
        state = _without(row.state, hold(db, row.client_id).fields)
        if state != row.state:
            alone[row.client_id] = row.state
            found.setdefault(ClientBefore, {})[row.id] = {"state": state}
    for row in db.all(select(merge).where(merge.c.from_id.in_(gone), is_untouched(merge))):
        now = hold(db, row.from_id).fields
        seen = _without(row.seen, now)
        if seen != row.seen:
            found.setdefault(ClientMerge, {})[row.id] = {"seen": seen}
        if row.from_id in alone:
            _add_taken(db, found, row, alone[row.from_id], now)
    return found


def _without(state: State, now: State) -> State:
    """Give a state with what stands in the client now, in place of what tells of a person."""
    left = dict(state)
    for key, value in state.items():
        if key in now and _OWN.intersection(fields_of_client()[key]):
            left[key] = now[key]
        elif table_of(key) == CustomValue.__tablename__ and value:
            left[key] = {**value, "text": ""}
    return left


def _add_taken(db: Reader, found: Rows, merge: Any, old: State, now: State) -> None:
    """Add what the one that goes on has from the other, and nobody changed since."""
    held = hold(db, merge.client_id)
    alone = select(ClientBefore.state).where(ClientBefore.client_id == merge.client_id)
    own = db.scalar(alone) or {}
    for key, value in old.items():
        there = held.state.get(key)
        if not value or not there:
            continue
        if key in held.rows and table_of(key) == CustomValue.__tablename__ and key not in own:
            if there["text"] == value["text"]:
                found.setdefault(CustomValue, {})[held.rows[key]] = {"text": ""}
        elif key in merge.taken and key in now:
            columns = _OWN.intersection(value) - _NAMES
            same = {one: now[key][one] for one in columns if there[one] == value[one] != ""}
            if same:
                found.setdefault(Client, {}).setdefault(merge.client_id, {}).update(same)
