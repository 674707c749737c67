"""Hands over a step that is too large for one message: in parts, taken as a whole or not at all.

The server keeps the parts until the last one is there. It says how many ops it has, so whatever
is cut off goes on there.
"""

from typing import Final

from deskcrm.store.store import Store
from deskcrm.sync.peer import PartsPeer, SyncError, Trouble
from deskcrm.sync.protocol import Part, Push, Pushed
from deskcrm.sync.station import outbox
from deskcrm.sync.station.outbox import Large

_MOST_TRIES: Final = 3
"""Times that the server may be without parts that it had."""


def push_in_parts(store: Store, peer: PartsPeer, push: Push, large: Large) -> Pushed:
    """Hand over a large step; ``push`` says for whom and when. Raises SyncError."""
    # What is there of a former try is not sent again: an empty part asks how much that is.
    here, tries = -1, 0
    while tries < _MOST_TRIES:
        parted = peer.part(_part(store, push, large, here))
        if parted.pushed is not None:
            return parted.pushed
        if parted.here <= here:
            tries += 1
        here = parted.here
    raise SyncError(Trouble.BROKEN, "the server does not keep the parts of a step")


def _part(store: Store, push: Push, large: Large, here: int) -> Part:
    first = max(here, 0)
    ops = store.ask(lambda db: outbox.part_of(db.connection, large.id, here)) if here >= 0 else []
    large.head.ops = ops
    return Part(
        push.device, push.epoch, push.floor, push.now, large.head, first, large.total, large.digest
    )
