"""What waits to be sent, read from the log, and what the server says became of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, update

from deskcrm.store.changes import from_text
from deskcrm.store.numbering import ROWS_IN_ONE
from deskcrm.store.tables import (
    change_table,
    record_models,
    shape_named,
    shape_of,
    step_table,
)
from deskcrm.store.types import from_milliseconds, to_milliseconds
from deskcrm.store.upsert import in_chunks, upsert
from deskcrm.store.work import blank_values
from deskcrm.sync.protocol import (
    LETTERS_AT_ONCE,
    OPS_AT_ONCE,
    ROWS_AT_ONCE,
    STEPS_AT_ONCE,
    Op,
    OpsDigest,
    Pushed,
    Result,
    Step,
)
from deskcrm.sync.tables import wanted_table

_s, _c = step_table.c, change_table.c
_CONTENT = (_s.no, _s.kind, _s.command, _s.label, _s.at, _s.epoch)
# Asked several times in each exchange, so they are built once.
_HEADS: Final = (
    select(_s.id, *_CONTENT, _s.undoes, _s.effective_at, _s.refusal)
    .where(_s.device == bindparam("own"), _s.state == "waiting")
    .order_by(_s.no)
    .limit(STEPS_AT_ONCE)
)
_WAITING: Final = select(func.count()).select_from(step_table).where(_s.state == "waiting")
_DUE: Final = select(_s.id).where(_s.state == "acknowledged", _s.seq <= bindparam("upto"))
_WANTED: Final = select(wanted_table).limit(ROWS_AT_ONCE)
_ANY_WANTED: Final = select(wanted_table.c.row_id).limit(1)
_OP = (_c.step, _c.table_name, _c.row_id, _c.kind, _c.base, _c.before, _c.after, _c.bases)


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps to send, and whether more wait behind them."""

    steps: list[Step]
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
    connection: Connection, device: UUID, known: Mapping[str, Iterable[str]], *, in_parts: bool
) -> Batch:
    """Give the next steps of a device; ``known`` are the tables and columns of the server.

    ``in_parts``: the server takes a large step in parts; else it goes whole, as well as it may.
    """
    heads = connection.execute(_HEADS, {"own": device}).all()
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
    return Batch(steps)


def _fitting(connection: Connection, heads: Sequence[Any]) -> tuple[list[Any], bool]:
    """Choose what one message holds, at least the first; tells whether that is too large."""
    letters = func.coalesce(func.length(_c.before), 0) + func.coalesce(func.length(_c.after), 0)
    sizes = connection.execute(
        select(_c.step, func.count().label("ops"), func.sum(letters).label("letters"))
        .where(_c.step.in_([head.id for head in heads if head.refusal is None]))
        .group_by(_c.step)
    )
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
    query = select(*_OP).where(_c.step == step).order_by(_c.id).offset(first).limit(OPS_AT_ONCE)
    part: list[Op] = []
    letters = 0
    for row in connection.execute(query):
        letters += len(row.before or "") + len(row.after or "")
        if part and letters > LETTERS_AT_ONCE:
            break
        part.append(_op(row))
    return part


def _ops(connection: Connection, steps: Sequence[int]) -> dict[int, list[Op]]:
    found: dict[int, list[Op]] = defaultdict(list)
    for chunk in in_chunks(steps):
        rows = connection.execute(select(*_OP).where(_c.step.in_(chunk)).order_by(_c.id))
        for row in rows:
            found[row.step].append(_op(row))
    return found


def _op(row: Any) -> Op:
    return Op(
        row.table_name, row.row_id.bytes, row.kind, row.base, row.before, row.after, row.bases
    )


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


def take_answer(connection: Connection, device: UUID, pushed: Pushed) -> list[Result]:
    """Note what became of steps; gives what is news. Rows of refused ones are asked for again."""
    found = connection.execute(
        select(_s.id, _s.no, _s.refusal).where(
            _s.device == device, _s.state == "waiting", _s.no <= pushed.last
        )
    )
    waiting = {row.no: row for row in found}
    news = [result for result in pushed.results if result.no in waiting]
    if news:
        connection.execute(
            update(step_table)
            .where(_s.id == bindparam("this"))
            .values({key: bindparam(f"new_{key}") for key in _ANSWER}),
            [_answer(waiting[result.no], result) for result in news],
        )
    refused = [waiting[result.no].id for result in news if result.status == "refused"]
    _want_rows_of(connection, refused)
    return news


def _want_rows_of(connection: Connection, steps: Iterable[int]) -> None:
    for chunk in in_chunks(steps):
        rows = connection.execute(
            select(_c.table_name, _c.row_id).where(_c.step.in_(chunk)).distinct()
        )
        want(connection, [(row.table_name, row.row_id) for row in rows])


_ANSWER = ("state", "seq", "effective_at", "refusal")


def _answer(head: Any, result: Result) -> dict[str, Any]:
    # What was refused in the server's former life stays so: its place was only filled.
    refusal = result.detail if result.status == "refused" else head.refusal
    return {
        "this": head.id,
        "new_state": "acknowledged" if refusal is None else "refused",
        "new_seq": result.seq,
        "new_effective_at": from_milliseconds(result.effective_at),
        "new_refusal": refusal,
    }


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


def settle(connection: Connection, upto: int) -> None:
    """Take acknowledged steps off the view: their rows have come back by now.

    A row that has not is out of sight since, or gone: it is asked for by name.
    """
    steps = connection.execute(_DUE, {"upto": upto}).scalars().all()
    for chunk in in_chunks(steps):
        by_spread: dict[int, list[int]] = defaultdict(list)
        for step, spread in spreads(connection, chunk).items():
            by_spread[spread].append(step)
        for spread, some in by_spread.items():
            tables = select(_c.table_name).where(_c.step.in_(some)).distinct()
            for table in connection.execute(tables).scalars().all():
                left = _not_back(connection, table, some, spread)
                want(connection, [(table, row) for row in left])
        connection.execute(update(step_table).where(_s.id.in_(chunk)).values(state="settled"))


def spreads(connection: Connection, steps: Sequence[int]) -> dict[int, int]:
    """Give by how many numbers below its own each step begins: a large one has several."""
    sizes = select(_c.step, func.count().label("size")).where(_c.step.in_(steps))
    found = connection.execute(sizes.group_by(_c.step))
    return {row.step: (row.size - 1) // ROWS_IN_ONE for row in found}


def _not_back(
    connection: Connection, table: str, steps: Sequence[int], spread: int
) -> Sequence[UUID]:
    """Give the rows of steps whose number is still below the step's first."""
    t = shape_named(table).table.c
    return (
        connection.execute(
            select(t.id)
            .join_from(change_table, step_table, _c.step == _s.id)
            .join(shape_named(table).table, t.id == _c.row_id)
            .where(_c.step.in_(steps), _c.table_name == table, t.seq < _s.seq - spread)
            .distinct()
        )
        .scalars()
        .all()
    )


def adopt(
    connection: Connection,
    device: UUID,
    former: Mapping[UUID, int],
    refused: Mapping[tuple[UUID, int], str],
) -> None:
    """Take over the steps of a former self, up to what the server had of it, and refused of that.

    After a restore this is another device. What its former self had handed over is done, and what
    became of it is asked for: its rows may have come already, with these edits on top. The rest is
    numbered anew, in the same order, in front of what the new one did.
    """
    others = connection.execute(
        select(_s.id, _s.device, _s.no).where(_s.device != device, _s.state == "waiting")
    ).all()
    done = [row for row in others if row.no <= former.get(row.device, 0)]
    left = [row.id for row in others if row.no > former.get(row.device, 0)]
    for row in done:
        reason = refused.get((row.device, row.no))
        values = {"state": "settled" if reason is None else "refused", "refusal": reason}
        connection.execute(update(step_table).where(_s.id == row.id).values(values))
    _want_rows_of(connection, [row.id for row in done])
    if not left:
        return
    own = connection.execute(select(_s.id).where(_s.device == device)).scalars().all()
    renumber(connection, device, [*sorted(left), *sorted(own)])


def renumber(connection: Connection, device: UUID, steps: Sequence[int]) -> None:
    """Give steps the numbers 1, 2, 3 … of a device, in this order."""
    for sign in (-1, 1):  # by way of numbers below 0: a number must not be given twice
        for number, step in enumerate(steps, start=1):
            connection.execute(
                update(step_table).where(_s.id == step).values(device=device, no=sign * number)
            )
