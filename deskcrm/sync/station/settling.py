"""What the server says became of steps: acknowledged, refused, and off the view once it is back."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, bindparam, select, update

from deskcrm.store.tables import change_table, shape_named, step_table
from deskcrm.store.types import from_milliseconds
from deskcrm.store.upsert import in_chunks
from deskcrm.sync.protocol import Pushed, Result
from deskcrm.sync.station import bases, outbox
from deskcrm.sync.station.overlay import spreads

_s, _c = step_table.c, change_table.c
_ANSWER: Final = ("state", "seq", "effective_at", "refusal")
_NOTE: Final = (
    update(step_table)
    .where(_s.id == bindparam("this"))
    .values({key: bindparam(f"new_{key}") for key in _ANSWER})
)
_ACKNOWLEDGED: Final = select(_s.id).where(_s.state == "acknowledged")
_DUE: Final = _ACKNOWLEDGED.where(_s.seq <= bindparam("upto"))
_ANY_ACKNOWLEDGED: Final = _ACKNOWLEDGED.limit(1)


def take_answer(connection: Connection, device: UUID, pushed: Pushed) -> list[Result]:
    """Note what became of steps; gives what is news."""
    found = connection.execute(
        select(_s.id, _s.no, _s.refusal).where(
            _s.device == device, _s.state == "waiting", _s.no <= pushed.last
        )
    )
    waiting = {row.no: row for row in found}
    news = [result for result in pushed.results if result.no in waiting]
    _hear(connection, [(waiting[result.no], result) for result in news])
    return news


def adopt(
    connection: Connection,
    device: UUID,
    former: Mapping[UUID, int],
    answers: Mapping[tuple[UUID, int], Result],
) -> None:
    """Take over the steps of a former self that the server has, and its answers.

    After a restore this is another device. What its former self had handed over is done. The rest
    is handed over as the former self's (see ``former``): who restores the same backup once more
    hands over the same steps then, not others.
    """
    others = connection.execute(
        select(_s.id, _s.device, _s.no, _s.refusal).where(
            _s.device != device, _s.state == "waiting"
        )
    ).all()
    done = [row for row in others if row.no <= former.get(row.device, 0)]
    _hear(connection, [(row, answers.get((row.device, row.no))) for row in done])


def _hear(connection: Connection, answers: Sequence[tuple[Any, Result | None]]) -> None:
    """Note the answers to steps; None where the server has a step, and no longer says more of it.

    Whatever was refused is asked for again, and whatever was here before its answer.
    """
    if not answers:
        return
    is_refused = [result is not None and result.status == "refused" for _, result in answers]
    steps = [head.id for head, _ in answers]
    refused = _rows_of(connection, [s for s, no in zip(steps, is_refused, strict=True) if no])
    bases.hold(connection, refused)
    note(connection, answers)
    outbox.want(connection, refused)
    want_what_came_first(connection, [s for s, no in zip(steps, is_refused, strict=True) if not no])


def note(
    connection: Connection,
    answers: Sequence[tuple[Any, Result | None]],
    state: str = "acknowledged",
) -> None:
    """Write down the answers; ``state`` is what steps are in that were not refused."""
    connection.execute(_NOTE, [_answer(head, result, state) for head, result in answers])


def _answer(head: Any, result: Result | None, state: str) -> dict[str, Any]:
    if result is None:
        result = Result(0, "applied", 0, 0)
    # What was refused in the server's former life stays so: its place was only filled.
    refusal = result.detail if result.status == "refused" else head.refusal
    return {
        "this": head.id,
        "new_state": state if refusal is None else "refused",
        "new_seq": result.seq,
        "new_effective_at": from_milliseconds(result.effective_at) if result.effective_at else None,
        "new_refusal": refusal,
    }


def _rows_of(connection: Connection, steps: Iterable[int]) -> list[tuple[str, UUID]]:
    found: list[tuple[str, UUID]] = []
    for chunk in in_chunks(steps):
        query = select(_c.table_name, _c.row_id).where(_c.step.in_(chunk)).distinct()
        found += [(row.table_name, row.row_id) for row in connection.execute(query)]
    return list(dict.fromkeys(found))


def want_what_came_first(connection: Connection, steps: Sequence[int]) -> None:
    """Ask again for the rows of acknowledged steps that were here before the answer was.

    The answer was lost, or is late, or this is the backup of a workstation that had heard it. Such
    a row has the step, which was put on top of it once more, as if it still waited: a count is
    twice in it, or an older value lies over a newer one. However it came, it is mended here.
    """
    outbox.want(connection, _rows_where(connection, steps, lambda seq, first: seq >= first))


def is_due(connection: Connection) -> bool:
    """Tell whether there are acknowledged steps, which a page may take off the view."""
    return connection.execute(_ANY_ACKNOWLEDGED).first() is not None


def settle(connection: Connection, upto: int) -> None:
    """Take acknowledged steps off the view: their rows have come back by now.

    A row that has not is out of sight since, or gone: it is asked for by name.
    """
    steps = connection.execute(_DUE, {"upto": upto}).scalars().all()
    lost = _rows_where(connection, steps, lambda seq, first: seq < first)
    bases.hold(connection, lost)
    for chunk in in_chunks(steps):
        connection.execute(update(step_table).where(_s.id.in_(chunk)).values(state="settled"))
    outbox.want(connection, lost)


def _rows_where(
    connection: Connection,
    steps: Sequence[int],
    is_meant: Callable[[Column[int], ColumnElement[int]], ColumnElement[bool]],
) -> list[tuple[str, UUID]]:
    """Give the rows of steps by what their number is to the first one of the step."""
    found: list[tuple[str, UUID]] = []
    for chunk in in_chunks(steps):
        by_spread: dict[int, list[int]] = defaultdict(list)
        for step, spread in spreads(connection, chunk).items():
            by_spread[spread].append(step)
        for spread, some in by_spread.items():
            tables = select(_c.table_name).where(_c.step.in_(some)).distinct()
            for table in connection.execute(tables).scalars().all():
                t = shape_named(table).table.c
                query = (
                    select(t.id)
                    .join_from(change_table, step_table, _c.step == _s.id)
                    .join(shape_named(table).table, t.id == _c.row_id)
                    .where(_c.step.in_(some), _c.table_name == table)
                    .where(is_meant(t.seq, _s.seq - spread))
                )
                rows = connection.execute(query.distinct()).scalars().all()
                found += [(table, row) for row in rows]
    return list(dict.fromkeys(found))
