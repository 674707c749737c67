"""What the server refused: done again from what the log kept of it, or let go."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import ptr, sentence, tr
from deskcrm.domain.conflicts.model import SettledRefusal
from deskcrm.store.changes import from_text
from deskcrm.store.commands import command
from deskcrm.store.tables import WORKSPACE, Record, Shape, change_table, shape_named, step_table
from deskcrm.store.types import Merge
from deskcrm.store.work import Work


@command("refusals.repeat", "Do again what was refused")
def repeat_step(work: Work, step: int) -> bool:
    """Do a refused step again as a new one; False where everything is so already.

    A text that was changed since keeps both; what is not there any more cannot be changed again.
    """
    target = _refused(work, step)
    work.recorder.label = target.label
    query = select(change_table).where(change_table.c.step == step).order_by(change_table.c.id)
    for change in work.all(query):
        _repeat(work, shape_named(change.table_name), change)
    again = work.finish()
    _settle(work, target, again)
    return again is not None


@command("refusals.let_go", "Let go what was refused")
def let_go(work: Work, steps: Sequence[int]) -> int:
    """Note that nothing more is to be done about refused steps; the log keeps them."""
    for step in steps:
        _settle(work, _refused(work, step), None)
    return len(steps)


@command("refusals.take_up", "Take up again what was let go")
def take_up(work: Work, steps: Sequence[int]) -> int:
    """Put steps that were let go back among those that were refused."""
    for step in steps:
        target = _refused(work, step)
        noted = work.find_local(SettledRefusal, (target.device, target.no))
        if noted is not None:
            work.delete(noted)
    return len(steps)


def _refused(work: Work, step: int) -> Any:
    found = work.first(select(step_table).where(step_table.c.id == step))
    if found is None or found.state != "refused":
        raise UserError(
            tr("This was not refused."), tr("Look in the history for what became of it.")
        )
    return found


def _settle(work: Work, target: Any, again: int | None) -> None:
    noted = work.find_local(SettledRefusal, (target.device, target.no))
    if noted is None:
        noted = SettledRefusal(device=target.device, no=target.no, at=work.now)
        work.add(noted)
    noted.at, noted.again = work.now, again


def _repeat(work: Work, shape: Shape, change: Any) -> None:
    model, row_id = shape.model, change.row_id
    before, after = (shape.from_json(from_text(side)) for side in (change.before, change.after))
    living = work.find(model, row_id)
    deleted = work.find_deleted(model, row_id) if living is None else None
    if change.kind == "delete":
        if living is not None:
            work.delete(living)
        return
    if change.kind == "create" and living is None and deleted is None:
        work.insert_many(model, [{"id": row_id, **_own(work, shape, after)}])
        return
    record = living or deleted
    if record is None:
        noun = ptr("table", sentence(shape.name))
        raise UserError(
            tr("{thing}: it is not there any more.", thing=noun),
            tr("What you wrote is kept here: copy it, or export it."),
        )
    if deleted is not None:
        work.restore(deleted)
    if change.kind in ("set", "create"):
        _set(shape, record, before, after)


def _own(work: Work, shape: Shape, values: dict[str, Any]) -> dict[str, Any]:
    """Let a row be seen by whoever sees what it belongs to now, unless it is personal."""
    scope: UUID = values.get("scope", WORKSPACE)
    if shape.subject is None or scope == work.actor:
        return values
    return {key: value for key, value in values.items() if key != "scope"}


def _set(shape: Shape, record: Record, before: dict[str, Any], after: dict[str, Any]) -> None:
    for key, wanted in after.items():
        if key in ("scope", "created_at") and key not in before:
            continue
        present, rule = getattr(record, key), shape.rules[key]
        if rule is Merge.COUNT and before.get(key) is not None:
            setattr(record, key, present + wanted - before[key])
        elif rule is Merge.TEXT:
            setattr(record, key, _both(before.get(key) or "", present or "", wanted or ""))
        elif present != wanted:
            setattr(record, key, wanted)


def _both(start: str, present: str, wanted: str) -> str:
    if present in (start, wanted) or not present.strip():
        return wanted
    return present if wanted in present else f"{present}\n\n{wanted}"
