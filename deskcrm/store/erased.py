"""Keeps beside the backups that something was erased, but not what: a restore erases it again."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, insert, select

from deskcrm.base.ids import new_id
from deskcrm.base.jobs import Job
from deskcrm.store import files, raw
from deskcrm.store.backup import list_backups, rotate
from deskcrm.store.changes import ERASE, IS_ERASURE, from_text
from deskcrm.store.derived import Touched
from deskcrm.store.erasing import erase_again
from deskcrm.store.profile import Profile, remove_database
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import change_table, shape_named, step_table
from deskcrm.store.types import from_milliseconds, to_milliseconds

KEPT: Final = timedelta(days=42)
"""How long a backup may hold what was erased since it was made."""
_s, _c = step_table.c, change_table.c
_TOLD: Final = (_c.table_name, _c.row_id, _c.subject, _c.kind, _c.after)


@dataclass(frozen=True, slots=True)
class Noted:
    """A step that erased something, and what it made: ids and what was put in place of values."""

    device: str
    no: int
    command: str
    label: str
    actor: str
    at: int
    changes: list[list[str]]


def settle(job: Job, profile: Profile, store: Store) -> bool:
    """Write the file anew, note what was erased, and let go of backups that are too old.

    Tells whether nothing of what was erased is left in the file.
    """
    note(profile, store)
    is_done = store.rewrite()
    rotate(profile)
    let_go_of_old(profile, store.clock())
    return is_done


def note(profile: Profile, store: Store) -> None:
    """Write down beside the backups what was erased so far."""
    noted = store.ask(lambda db: read(db.connection))
    if noted:
        text = json.dumps([asdict(one) for one in noted], ensure_ascii=False)
        files.write_whole(_ledger(profile), text.encode())


def let_go_of_old(profile: Profile, now: datetime) -> None:
    """Remove backups that may still hold what was erased long ago, whatever they were made for."""
    moments = [from_milliseconds(one.at) for one in _noted(profile)]
    for backup in list_backups(profile):
        if backup.made_at < now - KEPT and any(backup.made_at < at for at in moments):
            remove_database(backup.path)


def apply(profile: Profile, store: Store) -> None:
    """Erase once more what a restored backup brought back; nothing where nothing is missing."""
    noted = _noted(profile)
    if noted:
        store.absorb(lambda connection: apply_to(connection, noted, "arrived"))


def read(connection: Connection) -> list[Noted]:
    """Give every step that erased something, oldest first."""
    steps = select(_c.step).where(IS_ERASURE).distinct()
    heads = connection.execute(select(step_table).where(_s.id.in_(steps)).order_by(_s.id)).all()
    made: dict[int, list[list[str]]] = defaultdict(list)
    told = select(_c.step, *_TOLD).where(
        _c.step.in_([head.id for head in heads]), _c.kind.in_((ERASE, "create"))
    )
    for row in connection.execute(told.order_by(_c.id)):
        made[row.step].append([row[1], row.row_id.hex, row.subject.hex, row.kind, row.after])
    return [
        Noted(
            head.device.hex, head.no, head.command, head.label, head.actor.hex,
            to_milliseconds(head.at), made[head.id],
        )
        for head in heads
    ]  # fmt: skip


def apply_to(
    connection: Connection,
    noted: Iterable[Noted],
    state: str,
    then: Callable[[Connection, int], object] = lambda connection, step: None,
) -> Arrived[int]:
    """Erase again what these steps erased, of those that are not in the log; gives how many.

    On a server, which says so by ``state``, each is a step of its own: the device that made it will
    hand it over again. ``then`` is told the number of each.
    """
    touched: set[Touched] = set()
    missing = [one for one in noted if not _is_known(connection, one)]
    for one in missing:
        step = _write_step(connection, one, state)
        touched |= _write_made(connection, one, step)
        erased = {
            (table, UUID(hex=row_id)): from_text(after)
            for table, row_id, _, kind, after in one.changes
            if kind == ERASE
        }
        touched |= erase_again(connection, erased)
        then(connection, step)
    return Arrived(len(missing), touched, {one.table for one in touched})


def _is_known(connection: Connection, one: Noted) -> bool:
    named = (_s.device == UUID(hex=one.device)) & (_s.no == one.no)
    return connection.execute(select(_s.id).where(named)).first() is not None


def _write_step(connection: Connection, one: Noted, state: str) -> int:
    is_server = state == "applied"
    device, number = (new_id(), 1) if is_server else (UUID(hex=one.device), one.no)
    written = connection.execute(
        insert(step_table).values(
            device=device,
            no=number,
            kind="final",
            command=one.command,
            label=one.label,
            actor=UUID(hex=one.actor),
            at=from_milliseconds(one.at),
            epoch=0,
            state=state,
            effective_at=from_milliseconds(one.at),
        )
    )
    return int(written.inserted_primary_key[0])  # type: ignore[index]  # set by insert


def _write_made(connection: Connection, one: Noted, step: int) -> set[Touched]:
    """Write the changes, and the rows that the step had added."""
    touched: set[Touched] = set()
    changes: list[dict[str, Any]] = []
    for table, row_id, subject, kind, after in one.changes:
        of = {"row_id": UUID(hex=row_id), "subject": UUID(hex=subject)}
        shape = shape_named(table)
        t = shape.table
        is_here = connection.execute(select(t.c.id).where(t.c.id == of["row_id"])).first()
        if kind == "create":
            if is_here is not None:
                continue
            stored = raw.stored_values(shape, dict.fromkeys(shape.columns) | from_text(after))
            keys = ("id", "seq", "is_deleted", *shape.columns)
            row = (of["row_id"].bytes, 0, False, *stored)
            raw.write_rows(connection, t, keys, [row], new=True)
            touched.add(Touched(table, **of))
        elif is_here is None:
            continue
        changes.append({"step": step, "table_name": table, "kind": kind, "after": after, **of})
    if changes:
        connection.execute(insert(change_table), [{"base": 0, **change} for change in changes])
    return touched


def _noted(profile: Profile) -> Sequence[Noted]:
    path = _ledger(profile)
    if not path.exists():
        return ()
    return [Noted(**one) for one in json.loads(path.read_text("utf-8"))]


def _ledger(profile: Profile) -> Path:
    return profile.backups / "erased.json"
