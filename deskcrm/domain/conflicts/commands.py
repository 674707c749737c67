"""Settles what did not get through a merge."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.conflicts.model import Choice, Conflict, ConflictId, ConflictKind
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.tables import shape_named
from deskcrm.store.work import Work


@dataclass(slots=True)
class Settled:
    """What came of settling several at once."""

    count: int = 0
    changed_since: int = 0
    """Settled as kept, since the value or its record is not what it was any more."""
    passed_over: int = 0
    """Left open: a text that has to be read, or one in which the person took no part."""


@command("conflicts.resolve", "Settle a conflict")
def resolve_conflicts(work: Work, conflict_ids: Sequence[ConflictId], *, choice: Choice) -> Settled:
    """Let the kept values stand, or put the lost ones back.

    A row that was deleted since, or a value that was changed again since the conflict, is not
    overwritten: the conflict is settled as kept.
    """
    if choice not in (Choice.KEPT, Choice.LOST):
        raise UserError(tr("Choose which value should stand."))
    settled = Settled()
    for conflict in _open_ones(work, conflict_ids):
        _settle(work, conflict, choice, settled)
    return settled


@command("conflicts.take_side", "Settle conflicts for one side")
def take_side(work: Work, conflict_ids: Sequence[ConflictId], *, is_mine: bool) -> Settled:
    """Let what the person wrote stand everywhere, or what the others wrote."""
    settled = Settled()
    for conflict in _open_ones(work, conflict_ids):
        kept, lost = (who == work.actor for who in (conflict.kept_by, conflict.lost_by))
        if kept == lost or conflict.kind is ConflictKind.TEXT:
            settled.passed_over += 1
            continue
        _settle(work, conflict, Choice.KEPT if kept == is_mine else Choice.LOST, settled)
    return settled


@command("conflicts.write", "Settle a conflict of texts")
def write_text(work: Work, conflict_id: ConflictId, *, text: str, seen: str) -> None:
    """Let this text stand; ``seen`` is the one that the person began from."""
    conflict = work.get(Conflict, conflict_id)
    if conflict.kind is not ConflictKind.TEXT:
        raise UserError(tr("Only texts can be written anew here."))
    if conflict.choice is not Choice.OPEN:
        raise UserError(tr("This is settled already."), tr("Change the record itself instead."))
    (key,) = json.loads(conflict.lost)
    record = work.get(shape_named(conflict.table_name).model, conflict.row_id)
    if (getattr(record, key) or "") != seen:
        raise UserError(
            tr("The text was changed meanwhile."), tr("Look at it once more; yours is not lost.")
        )
    setattr(record, key, text)
    _close(work, conflict, Choice.KEPT if text == seen else Choice.EDITED)


def _open_ones(work: Work, conflict_ids: Sequence[ConflictId]) -> list[Conflict]:
    found = [work.find(Conflict, each) for each in dict.fromkeys(conflict_ids)]
    return [each for each in found if each is not None and each.choice is Choice.OPEN]


def _settle(work: Work, conflict: Conflict, choice: Choice, settled: Settled) -> None:
    taken = choice is Choice.LOST and _put_back(work, conflict)
    settled.count += 1
    settled.changed_since += choice is Choice.LOST and not taken
    _close(work, conflict, Choice.LOST if taken else Choice.KEPT)


def _close(work: Work, conflict: Conflict, choice: Choice) -> None:
    conflict.choice = choice
    conflict.resolved_by, conflict.resolved_at = UserId(work.actor), work.now


def _put_back(work: Work, conflict: Conflict) -> bool:
    """Put the lost values back; False, with nothing changed, where something changed since."""
    shape = shape_named(conflict.table_name)
    record = work.find(shape.model, conflict.row_id)
    if record is None:
        return False
    lost = json.loads(conflict.lost)
    if lost.get("is_deleted"):
        work.delete(record)
        return True
    kept: dict[str, Any] = shape.from_json(json.loads(conflict.kept))
    wanted = shape.from_json(lost)
    # The columns of one field travel together: none is put back where another has moved on.
    if not wanted or any(key in kept and getattr(record, key) != kept[key] for key in wanted):
        return False
    for key, value in wanted.items():
        setattr(record, key, value)
    return True
