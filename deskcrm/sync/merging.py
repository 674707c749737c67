"""What becomes of a column when an edit meets a value it may not have seen: pure functions.

Values are as the log holds them. ``mine`` is the edit that arrives, ``theirs`` what is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deskcrm.store.tables import Shape
from deskcrm.store.types import Merge
from deskcrm.sync.texts import merge_texts

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """One field after a merge: its values now, and what did not get through, if anything."""

    values: Values
    lost: Values | None = None
    kind: str = ""
    """Why something was lost: the later edit won, the texts overlapped, or a rule decided."""
    is_mine: bool = True
    """Whether the edit that arrived is what the field's version is now."""


def by_field(shape: Shape, after: Mapping[str, Any]) -> dict[str, list[str]]:
    """Group the changed columns by the field under which their version is kept."""
    fields: dict[str, list[str]] = {}
    for key in after:
        if key in shape.fields:
            fields.setdefault(shape.fields[key], []).append(key)
    return fields


def merge_field(
    shape: Shape,
    theirs: Values,
    before: Values,
    after: Values,
    *,
    is_concurrent: bool,
    is_later: bool,
) -> Merged:
    """Merge one field: the columns of one group, or a single one.

    ``theirs`` holds the present values of those columns; ``before`` and ``after`` are the edit.
    """
    values = {key: after[key] for key in after}
    for key in after:
        if shape.rules[key] is Merge.COUNT:
            values[key] = theirs[key] + after[key] - before[key]
    texts = [key for key in after if shape.rules[key] is Merge.TEXT]
    overlapping = [key for key in texts if _merge_text(values, theirs, before, key)]
    if overlapping:
        lost = {key: theirs[key] for key in overlapping}
        return Merged(values, lost, "text")
    plain = [
        key
        for key in after
        if shape.rules[key] not in (Merge.COUNT, Merge.TEXT) and after[key] != theirs[key]
    ]
    if not is_concurrent or not plain:
        return Merged(values)
    return _decide(shape, theirs, values, plain, is_later=is_later)


def _decide(
    shape: Shape, theirs: Values, values: Values, plain: list[str], *, is_later: bool
) -> Merged:
    mine_wins, kind = is_later, "later"
    for key in plain:
        verdict = _rule(shape, key, values[key], theirs[key])
        if verdict is not None:
            mine_wins, kind = verdict, "rule"
            break
    present = {key: theirs[key] for key in plain}
    if mine_wins:
        return Merged(values, present, kind)
    refused = {key: values[key] for key in plain}
    return Merged(values | present, refused, kind, is_mine=False)


def _merge_text(values: Values, theirs: Values, before: Values, key: str) -> bool:
    start, present, wanted = (side[key] or "" for side in (before, theirs, values))
    if present == start:
        return False
    values[key], overlapped = merge_texts(start, present, wanted)
    return overlapped


def _rule(shape: Shape, key: str, mine: Any, theirs: Any) -> bool | None:
    """Tell whether a rule of its own gives the column to the edit; None if it has no rule."""
    rule = shape.rules[key]
    if rule is Merge.EARLIER:
        return theirs is None or (mine is not None and mine < theirs)
    decide = shape.columns[key].info.get("rule")
    if rule is Merge.STATE and decide is not None and None not in (mine, theirs):
        decode = shape.decode[key]
        return bool(decide(decode(mine), decode(theirs)) == decode(mine))
    return None
