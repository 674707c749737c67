"""In which of two clients each field is right: what is proposed, and what must be."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from deskcrm.domain.client_merges.states import State, fields_of_client, is_row
from deskcrm.domain.clients.model import Client
from deskcrm.store.tables import shape_of
from deskcrm.store.work import Work, blank_values

_PARENT: Final = "parent_id"
_SINCE: Final = "customer_since"
_STAYS: Final = frozenset({"kind", "lifecycle"})
"""Never proposed: that one of two is not yet, or no longer, with us says nothing of the other."""


def is_blank(key: str, value: Any) -> bool:
    """Tell whether a field says no more than that of a new client."""
    fresh = blank_values(shape_of(Client))
    return all(one in (None, "", fresh.get(column)) for column, one in value.items())


def propose(gone: State, into: State) -> set[str]:
    """Name the fields that the one that goes on lacks and the other has."""
    found = set()
    for key in fields_of_client().keys() - _STAYS:
        theirs, mine = gone.get(key), into.get(key)
        if theirs is None or mine is None or is_blank(key, theirs):
            continue
        is_earlier = key == _SINCE and not is_blank(key, mine) and theirs[key] < mine[key]
        if is_blank(key, mine) or is_earlier:
            found.add(key)
    return found


def choose(
    work: Work, gone: Client, into: Client, states: tuple[State, State], taken: Sequence[str] | None
) -> list[str]:
    """Name what is taken from the one that is gone; ``states`` are its, and the other's."""
    theirs, mine = states
    keys = propose(theirs, mine) if taken is None else set(taken)
    both = {key for key in keys if key in theirs and theirs[key] != mine.get(key)}
    wanted = {key for key in both if not is_row(key) or theirs[key] is not None}
    # Nothing may come to stand under itself.
    if gone.id in _above(work, into):
        wanted.add(_PARENT)
    elif into.id in _above(work, gone):
        wanted.discard(_PARENT)
    return sorted(wanted)


def _above(work: Work, client: Client) -> set[UUID]:
    return set(_parents(work, client))


def _parents(work: Work, client: Client) -> Iterator[UUID]:
    seen, above = {client.id}, client.parent_id
    while above is not None and above not in seen:
        yield above
        seen.add(above)
        parent = work.find(Client, above)
        above = None if parent is None else parent.parent_id
