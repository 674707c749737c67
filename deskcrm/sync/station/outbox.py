"""What waits to be sent, read from the log, and what has to be asked for."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, update

from deskcrm.store import raw
from deskcrm.store.changes import from_text
from deskcrm.store.tables import (
    change_table,
    record_models,
    shape_named,
    shape_of,
    step_table,
    wanted_table,
)
from deskcrm.store.types import to_milliseconds
from deskcrm.store.upsert import in_chunks, upsert
from deskcrm.store.work import blank_values
from deskcrm.sync.framing import OpsDigest
from deskcrm.sync.protocol import (
    LETTERS_AT_ONCE,
    OPS_AT_ONCE,
    ROWS_AT_ONCE,
    STEPS_AT_ONCE,
    Op,
    Step,
)

_s, _c = step_table.c, change_table.c
_CONTENT = (_s.no, _s.kind, _s.command, _s.label, _s.at, _s.epoch)
# Asked several times in each exchange, so they are built once.
_HEADS: Final = (
    select(_s.id, *_CONTENT, _s.undoes, _s.effective_at, _s.refusal)
    .where(_s.device == bindparam("own"), _s.state == "waiting", _s.no > bindparam("after"))
    .order_by(_s.no)
    .limit(STEPS_AT_ONCE)
)
_LETTERS = func.coalesce(func.length(_c.before), 0) + func.coalesce(func.length(_c.after), 0)
_SIZES: Final = (
    select(_c.step, func.count().label("ops"), func.sum(_LETTERS).label("letters"))
    .where(_c.step.in_(bindparam("steps", expanding=True)))
    .group_by(_c.step)
)
_WAITING: Final = select(func.count()).select_from(step_table).where(_s.state == "waiting")
_WANTED: Final = select(wanted_table).limit(ROWS_AT_ONCE)
_ANY_WANTED: Final = select(wanted_table.c.row_id).limit(1)
_OP: Final = "table_name, row_id, kind, base, before, after, bases"
_PART: Final = f"SELECT {_OP} FROM change WHERE step = ? ORDER BY id LIMIT ? OFFSET ?"


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps to send, and whether more wait behind them."""

    steps: list[Step]
    has_more: bool = False
    is_held_back: bool = False
    """The next step writes something that the server does not know: it must be updated first."""
    large: "Large | None" = None
    """In place of steps: the next one, which is too large for one message."""

    @property
    def first(self) -> int | None:
        """The number of the first step, or None where there is nothing to send."""
        if self.large is not None:
            return self.large.head.no
        return self.steps[0].no if self.steps else None


@dataclass(frozen=True, slots=True)
class Large:
    """A step that travels in parts."""

    id: int
    head: Step
    """Without its ops."""
    total: int
    digest: bytes
    counts: Counter[str]
    """Its ops by table."""


def count_waiting(connection: Connection) -> int:
    """Count the steps that the server has not taken."""
    return connection.execute(_WAITING).scalar_one()


def next_batch(
    connection: Connection,
    device: UUID,
    known: Mapping[str, Iterable[str]],
    *,
    in_parts: bool,
    after: int = 0,
) -> Batch:
    """Give the next steps of a device; ``known`` are the tables and columns of the server.

    ``in_parts``: the server takes a large step in parts; else it goes whole, as well as it may.
    ``after``: the number of the last one that is on its way already.
    """
    heads = connection.execute(_HEADS, {"own": device, "after": after}).all()
    if not heads:
        return Batch([])
    lacking = _lacking(known)
    chosen, is_large = _fitting(connection, heads)
    if is_large and in_parts:
        return _large(connection, chosen[0], lacking)
    ops = _ops(connection, [head.id for head in chosen])
    steps: list[Step] = []
    for head in chosen:
        step = _step(connection, head, ops[head.id])
        if not all(_is_known(op, lacking) for op in step.ops):
            return Batch(steps, is_held_back=True)
        steps.append(step)
    return Batch(steps, has_more=len(chosen) < len(heads) or len(heads) == STEPS_AT_ONCE)


def _fitting(connection: Connection, heads: Sequence[Any]) -> tuple[list[Any], bool]:
    """Choose what one message holds, at least the first; tells whether that is too large."""
    asked = [head.id for head in heads if head.refusal is None]
    sizes = connection.execute(_SIZES, {"steps": asked})
    counted = {row.step: (row.ops, row.letters) for row in sizes}
    chosen: list[Any] = []
    ops = letters_now = 0
    for head in heads:
        more = counted.get(head.id, (0, 0))
        ops, letters_now = ops + more[0], letters_now + more[1]
        if chosen and not _fits(ops, letters_now):
            break
        chosen.append(head)
    is_large = bool(chosen) and not _fits(*counted.get(chosen[0].id, (0, 0)))
    return chosen, is_large


def _fits(ops: int, letters: int) -> bool:
    return ops <= OPS_AT_ONCE and letters <= LETTERS_AT_ONCE


def _large(connection: Connection, head: Any, lacking: Mapping[str, frozenset[str]]) -> Batch:
    """Read a large step through once: what it is, and whether the server knows all of it."""
    counts: Counter[str] = Counter()
    digest, total = OpsDigest(), 0
    while ops := part_of(connection, head.id, total):
        if not all(_is_known(op, lacking) for op in ops):
            return Batch([], is_held_back=True)
        digest.add(ops)
        counts.update(op.table for op in ops)
        total += len(ops)
    whole = Large(head.id, _step(connection, head, []), total, digest.value(), counts)
    return Batch([], large=whole)


def part_of(connection: Connection, step: int, first: int) -> list[Op]:
    """Give the ops of a step after the first ones, as many as one message holds."""
    part: list[Op] = []
    letters = 0
    for row in raw.fetch(connection, _PART, (step, OPS_AT_ONCE, first)):
        op = Op(*row)
        letters += len(op.before or "") + len(op.after or "")
        if part and letters > LETTERS_AT_ONCE:
            break
        part.append(op)
    return part


def _ops(connection: Connection, steps: Sequence[int]) -> dict[int, list[Op]]:
    found: dict[int, list[Op]] = defaultdict(list)
    for chunk in in_chunks(steps):
        marks = ",".join("?" * len(chunk))
        query = f"SELECT step, {_OP} FROM change WHERE step IN ({marks}) ORDER BY id"
        for step, *op in raw.fetch(connection, query, chunk):
            found[step].append(Op(*op))
    return found


def _step(connection: Connection, head: Any, ops: list[Op]) -> Step:
    was_refused = head.refusal is not None
    return Step(
        no=head.no,
        kind=head.kind,
        command=head.command,
        label=head.label,
        at=to_milliseconds(head.at),
        epoch=head.epoch,
        # Sent again to a restored server, what it once refused only fills its place.
        ops=[] if was_refused else ops,
        undoes=_named(connection, head.undoes) if head.undoes else None,
        effective_at=to_milliseconds(head.effective_at) if head.effective_at else None,
    )


def _named(connection: Connection, step: int) -> tuple[bytes, int] | None:
    found = connection.execute(select(_s.device, _s.no).where(_s.id == step)).first()
    return None if found is None else (found.device.bytes, found.no)


def _lacking(known: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Give for each table that the server knows which of our columns it lacks."""
    shapes = [shape_of(model) for model in record_models()]
    return {s.name: frozenset(s.columns) - {*known[s.name]} for s in shapes if s.name in known}


def _is_known(op: Op, lacking: Mapping[str, frozenset[str]]) -> bool:
    missing = lacking.get(op.table)
    if missing is None:
        return False
    if not missing or op.after is None:
        return True
    said = {key: value for key, value in from_text(op.after).items() if key in missing}
    if op.kind != "create":
        return not said
    # Defaults of columns that the server lacks say nothing: only what was set is held back.
    blank = blank_values(shape_named(op.table))
    return all(blank.get(key) == value for key, value in said.items())


def want(connection: Connection, rows: Iterable[tuple[str, UUID]]) -> None:
    """Note rows that must be fetched as the server has them."""
    upsert(connection, wanted_table, [{"table_name": table, "row_id": row} for table, row in rows])


def wanted(connection: Connection) -> list[tuple[str, UUID]]:
    """Give the next rows that must be fetched as the server has them."""
    rows = connection.execute(_WANTED)
    return [(row.table_name, row.row_id) for row in rows]


def wants(connection: Connection) -> bool:
    """Tell whether there are such rows."""
    return connection.execute(_ANY_WANTED).first() is not None


def is_refused(connection: Connection, table: str, row: UUID) -> bool:
    """Tell whether the server did not take something that was done to a row here."""
    query = select(_s.id).join_from(change_table, step_table, _c.step == _s.id)
    concerned = (_c.table_name == table) & (_c.row_id == row) & (_s.state == "refused")
    return connection.execute(query.where(concerned).limit(1)).first() is not None


def refill(connection: Connection, device: UUID, last: int) -> int:
    """Queue again what a restored server has not; gives how many steps."""
    done = connection.execute(
        update(step_table)
        .where(
            _s.device == device,
            _s.no > last,
            _s.state.in_(("acknowledged", "settled", "refused")),
        )
        .values(state="waiting", seq=None)
    )
    return int(done.rowcount)


def renumber(connection: Connection, device: UUID, steps: Sequence[int], after: int = 0) -> None:
    """Give steps the numbers of a device that follow on one, in this order."""
    for sign in (-1, 1):  # by way of numbers below 0: a number must not be given twice
        for number, step in enumerate(steps, start=after + 1):
            connection.execute(
                update(step_table).where(_s.id == step).values(device=device, no=sign * number)
            )
