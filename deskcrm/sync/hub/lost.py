"""What is kept of a value that did not get through, for the person who decides about it."""

import json
from typing import Final
from uuid import UUID

from deskcrm.sync.hub.rows import Held, Values, place_of
from deskcrm.sync.merging import Merged

CONFLICT: Final = "conflict"
"""The record table that keeps what was lost."""
Side = tuple[UUID | None, int | None]
"""Who wrote a value, and for which moment it counts, where that is known."""


def lost_values(
    row: Held, name: str, before: Values, merged: Merged, kept: Side, lost: Side, now: int
) -> Values:
    """Give what a conflict says of a field: where it arose, its values, and who wrote them."""
    assert merged.lost is not None
    is_decided = merged.kind == "rule"  # what a rule of the column decided needs nobody
    return {
        **place_of(row, name),
        "kind": merged.kind,
        "base": _text({key: before.get(key) for key in merged.lost}),
        "kept": _text({key: merged.values[key] for key in merged.lost}),
        "lost": _text(merged.lost),
        "kept_by": kept[0].hex if kept[0] else None,
        "kept_at": kept[1],
        "lost_by": lost[0].hex if lost[0] else None,
        "lost_at": lost[1],
        "choice": "kept" if is_decided else "",
        "resolved_at": now if is_decided else None,
        "created_at": now,
    }


def _text(values: Values) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
