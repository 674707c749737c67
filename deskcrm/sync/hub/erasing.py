"""What was erased stays erased: no edit brings it back whose author had not seen that."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from deskcrm.store.changes import ERASE, erased_stamp
from deskcrm.store.erasing import Erased
from deskcrm.store.ledger import Stamp
from deskcrm.store.tables import Shape
from deskcrm.sync.hub.rows import Held, Values
from deskcrm.sync.hub.values import bases_of
from deskcrm.sync.merging import by_field
from deskcrm.sync.protocol import Op

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskcrm.sync.hub.push import Taken

HasNotSeen = Callable[[Stamp, int, int], bool]
"""Tells of an epoch and a number that an edit was made from whether it had not seen a version."""
_OF_ALL: Final = frozenset({"scope", "created_at"})


def are_erasable(shape: Shape, after: Values) -> bool:
    """Tell whether these columns may be erased: not who wrote the row, when, and who sees it."""
    return not after.keys() & {*_OF_ALL, *shape.signatures}


def stamped(row: Held, after: Values, stamp: Stamp) -> dict[str, Stamp]:
    """Give the versions of a row's fields after some of them were erased."""
    stamps = dict(row.version.stamps)
    for name in by_field(row.shape, after):
        stamps |= {name: stamp, erased_stamp(name): stamp}
    return stamps


def left_of(row: Held, op: Op, after: Values, epoch: int, has_not_seen: HasNotSeen) -> Values:
    """Give what an edit may still write, of a row of which something was erased."""
    bases = bases_of(op)
    gone: set[str] = set()
    for name, keys in by_field(row.shape, after).items():
        erased = row.version.stamps.get(erased_stamp(name))
        if erased is not None and has_not_seen(erased, *bases.get(name, (epoch, op.base))):
            gone.update(keys)
    return {key: value for key, value in after.items() if key not in gone} if gone else after


def is_of_erasure(stamps: Mapping[str, Stamp], name: str) -> bool:
    """Tell whether a field was last written by being erased, which keeps no row alive."""
    return name.startswith(erased_stamp("")) or stamps.get(erased_stamp(name)) == stamps[name]


def erased_by(taken: "Sequence[Taken]") -> Erased:
    """Give what steps wrote in place of other values."""
    return {
        change.row.key: change.after or {}
        for one in taken
        if one.applied is not None
        for change in one.applied.log
        if change.kind == ERASE
    }
