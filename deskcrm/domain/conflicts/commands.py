"""Settles what did not get through a merge."""

import json
from collections.abc import Sequence

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.conflicts.model import Choice, Conflict, ConflictId
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.tables import shape_named
from deskcrm.store.work import Work


@command("conflicts.resolve", "Settle a conflict")
def resolve_conflicts(work: Work, conflict_ids: Sequence[ConflictId], *, choice: Choice) -> int:
    """Let the kept values stand, or put the lost ones back; gives how many were settled.

    A row that was deleted since, or a value that was changed again since the conflict, is not
    overwritten: the conflict is settled as kept.
    """
    if choice is Choice.OPEN:
        raise UserError(tr("Choose which value should stand."))
    count = 0
    for conflict_id in conflict_ids:
        conflict = work.find(Conflict, conflict_id)
        if conflict is None or conflict.choice is not Choice.OPEN:
            continue
        taken = choice is Choice.LOST and _put_back(work, conflict)
        conflict.choice = Choice.LOST if taken else Choice.KEPT
        conflict.resolved_by, conflict.resolved_at = UserId(work.actor), work.now
        count += 1
    return count


def _put_back(work: Work, conflict: Conflict) -> bool:
    shape = shape_named(conflict.table_name)
    record = work.find(shape.model, conflict.row_id)
    if record is None:
        return False
    lost = json.loads(conflict.lost)
    if lost.get("is_deleted"):
        work.delete(record)
        return True
    kept = shape.from_json(json.loads(conflict.kept))
    for key, value in shape.from_json(lost).items():
        if key not in kept or getattr(record, key) == kept[key]:
            setattr(record, key, value)
    return True
