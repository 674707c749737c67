"""Who wants a row to be there, where several may: of none of them another's stamp hides it.

Beside the stamps of fields, a row that was made by more than one, or brought back, has those of the
last two who wanted it. Whoever deletes it is not both of them, so that what one of them has not
seen the other says; where the last one is not whoever deletes it, it is the newest there is.
"""

from typing import Final

from deskcrm.store.ledger import Stamp, Version

CREATED: Final = "created"
"""Who made it first."""
_LAST: Final = "is_deleted"
_BEFORE: Final = "is_wanted"
OF_WANTING: Final = frozenset({CREATED, _LAST, _BEFORE})
"""The names of these stamps, none of which is a field's."""


def wanted(version: Version, stamp: Stamp) -> dict[str, Stamp]:
    """Give the stamps of a row that one more wants, whether or not it is there."""
    stamps = version.stamps | {_LAST: stamp}
    former = version.stamps.get(_LAST)
    if version.is_deleted:
        stamps.pop(_BEFORE, None)
    elif former is not None and former[2] != stamp[2]:
        stamps[_BEFORE] = former
    return stamps


def deleted(version: Version, stamp: Stamp) -> dict[str, Stamp]:
    """Give the stamps of a row that was deleted by one who had seen all who wanted it."""
    stamps = version.stamps | {_LAST: stamp}
    stamps.pop(_BEFORE, None)
    return stamps
