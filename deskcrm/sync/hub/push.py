"""Takes the steps of a workstation: in order, each once, each whole or refused with a reason."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from deskcrm.base.ids import id_named
from deskcrm.store import erasing, ledger, raw
from deskcrm.store.ledger import Key
from deskcrm.store.numbering import ROWS_IN_ONE
from deskcrm.store.types import to_milliseconds
from deskcrm.sync.hub import parts
from deskcrm.sync.hub.applying import Applied, Applying, Author, Authorize, Refused
from deskcrm.sync.hub.erasing import erased_by
from deskcrm.sync.hub.log import write_log
from deskcrm.sync.hub.moving import move_children
from deskcrm.sync.hub.named import keys_of, moves
from deskcrm.sync.hub.rows import Held, read_held, write_held
from deskcrm.sync.protocol import Part, Parted, Push, Pushed, Result, Step
from deskcrm.sync.tables import device_table, result_table

KEPT_RESULTS: Final = 200
"""Answers kept beyond the floor, to tell a copy of a device from the device."""
_r, _d = result_table.c, device_table.c
# Asked with each push, so they are built once.
DEVICE: Final = select(device_table).where(_d.id == bindparam("caller"))
_USER: Final = select(_d.user_id).where(_d.id == bindparam("device"))
_MOVE: Final = (
    update(device_table)
    .where(_d.id == bindparam("this"))
    .values(
        last_no=bindparam("new_last"), floor=bindparam("new_floor"), last_seen_at=bindparam("now")
    )
)
_HEARD: Final = delete(result_table).where(
    _r.device == bindparam("this"), _r.no <= bindparam("upto")
)


class Stopped(Exception):
    """The whole request is refused: the device is unknown, revoked, or a copy of another."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks: a person at a device, both known to be who they say."""

    user: UUID
    device: UUID


@dataclass(slots=True)
class Taken:
    """A step that was applied, or refused; what became of it, for the log and for the answer."""

    step: Step
    author: Author
    result: Result
    applied: Applied | None = None


@dataclass(slots=True)
class Rights:
    """What decides about a person's writes, as it stands after each step."""

    ask: Callable[[], Authorize]
    """Reads who may do what, as of the transaction."""
    tables: frozenset[str] = frozenset()
    """Tables in which that stands."""
    moved: Callable[[], None] = lambda: None
    """Told when something was written to these."""
    _known: Authorize | None = None

    def as_of_now(self) -> Authorize:
        """Give what decides about the next step."""
        self._known = self._known or self.ask()
        return self._known

    def follow(self, written: Iterable[str]) -> None:
        """Read it again where something was written to these tables that it stands in."""
        if not self.tables.isdisjoint(written):
            self._known = None
            self.moved()


@dataclass(slots=True)
class _Batch:
    """Steps on the way into the database."""

    connection: Connection
    head: ledger.Head
    caller: Caller
    rights: Rights
    user_of: Callable[[str], UUID | None]
    seq: int
    taken: list[Taken] = field(default_factory=list)
    goes_on: bool = False
    """What is taken is more of the same step."""
    is_plain: bool = True
    """Whether everything written is what was sent, and as its author has it."""

    def take(self, steps: Sequence[tuple[Step, Author]]) -> None:
        """Apply steps in memory and write what they touched."""
        former = read_held(self.connection, keys_of([step for step, _ in steps]))
        authorize = self.rights.as_of_now()
        run = Applying(self.head, dict(former), authorize, self.user_of, self.seq)
        written: dict[Key, Held] = {}
        for step, author in steps:
            taken = _apply(run, step, author)
            if taken.applied is not None:
                written.update(taken.applied.rows)
            applied = taken.applied
            self.is_plain &= applied is not None and applied.is_plain and not applied.is_merged
            self.taken.append(taken)
        self.seq = run.seq
        self._write(former, written, self.taken[-len(steps) :])
        self.rights.follow(table for table, _ in written)

    def take_chunks(self, chunks: Iterable[Step], author: Author) -> Taken:
        """Apply a step that comes in chunks, all of them or none."""
        savepoint, seq, is_merged = self.connection.begin_nested(), self.seq, False
        for chunk in chunks:
            self.take([(chunk, author)])
            taken = self.taken.pop()
            if taken.applied is None:
                savepoint.rollback()
                self.seq = seq
                return taken
            is_merged = is_merged or taken.applied.is_merged
            self.goes_on = True
        savepoint.commit()
        taken.result.status = "merged" if is_merged else "applied"
        return taken

    def _write(self, former: dict[Key, Held], written: dict[Key, Held], taken: list[Taken]) -> None:
        erased = erased_by(taken)
        erasing.follow(self.connection, erased)
        write_held(self.connection, written.values(), former)
        for row in written.values():
            before = former.get(row.key)
            if before is not None and before.version.scope != row.version.scope:
                move_children(self.connection, row)
        write_log(self.connection, taken, goes_on=self.goes_on)
        erasing.scrub(self.connection, erased)


def take_push(
    connection: Connection,
    caller: Caller,
    push: Push,
    head: ledger.Head,
    *,
    now: datetime,
    rights: Rights,
) -> Pushed:
    """Take steps within the caller's transaction, which holds the head; answers again what came.

    Raises Stopped when nothing of it may be taken.
    """
    is_former = push.device != caller.device.bytes
    device, caller = _speaking(connection, caller, push, now)
    again = {step.no: _digest(step) for step in push.steps if step.no <= device.last_no}
    # A former self knows what a backup knew: it asks again for what it had once heard.
    _check_fork(connection, caller, None if is_former else device, push, again)
    fresh = list(_in_order(push.steps, device.last_no))
    batch = _Batch(connection, head, caller, rights, partial(_user_of, connection), head.seq)
    authors = (_author(caller, push, step, device, now) for step in fresh)
    for group in _groups(list(zip(fresh, authors, strict=True)), rights):
        batch.take(group)
    _remember(connection, caller, [(one.result, _digest(one.step)) for one in batch.taken])
    last = fresh[-1].no if fresh else device.last_no
    return _end(batch, push, device, last, now)


def take_part(
    connection: Connection,
    caller: Caller,
    part: Part,
    head: ledger.Head,
    *,
    now: datetime,
    rights: Rights,
) -> Parted:
    """Keep a part of a large step; with the last one the step is taken, as a whole or not at all.

    Raises Stopped when nothing of it may be taken.
    """
    step = part.step
    push = Push(part.device, part.epoch, part.floor, part.now, [])
    device, caller = _speaking(connection, caller, push, now)
    digest = _digest(msgspec.structs.replace(step, ops=[])) + part.digest[:8]
    _check_fork(connection, caller, device, push, {step.no: digest})
    batch = _Batch(connection, head, caller, rights, partial(_user_of, connection), head.seq)
    if step.no != device.last_no + 1:  # it is taken already, or others come before it
        return Parted(0, _end(batch, push, device, device.last_no, now))
    here = parts.keep(connection, caller.device, part, now)
    if here < part.total:
        return Parted(here)
    if not parts.are_whole(connection, caller.device, part.digest):
        parts.let_go(connection, caller.device)
        return Parted(0)
    if connection.dialect.name != "sqlite":
        # A plan that was made when the tables were small would be kept while they grow in here.
        connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")
    author = _author(caller, push, step, device, now)
    chunks = parts.chunks(connection, caller.device, step, ROWS_IN_ONE)
    taken = batch.take_chunks(chunks, author)
    batch.taken.append(taken)
    _remember(connection, caller, [(taken.result, digest)])
    return Parted(here, _end(batch, push, device, step.no, now))


def _end(batch: _Batch, push: Push, device: Any, last: int, now: datetime) -> Pushed:
    """Note how far device and order are, and give the answer."""
    connection, head, caller = batch.connection, batch.head, batch.caller
    _move_on(connection, caller, push, device, last, now)
    if last != device.last_no:
        parts.let_go(connection, caller.device)
    if batch.seq != head.seq:
        ledger.set_head(connection, seq=batch.seq)
    answers = _answers(connection, caller, push, device.last_no, batch.taken)
    is_all = 0 < len(batch.taken) == len(answers)  # what is answered once more is older
    begins = head.seq if batch.is_plain and is_all else None
    return Pushed(last, answers, head.epoch, batch.seq, head.lineage.bytes, begins)


def known_device(connection: Connection, caller: Caller) -> Any:
    """Give what is known of the caller's device; Stopped when it may not speak."""
    found = connection.execute(DEVICE, {"caller": caller.device}).first()
    if found is None or found.user_id != caller.user:
        raise Stopped("unknown device")
    if found.revoked_at is not None:
        raise Stopped("revoked")
    return found


def _speaking(
    connection: Connection, caller: Caller, push: Push, now: datetime
) -> tuple[Any, Caller]:
    """Give the device whose steps these are, and as whom it is spoken."""
    device = known_device(connection, caller)
    if push.device == caller.device.bytes:
        return device, caller
    device = _former_self(connection, caller, push, now)
    return device, Caller(caller.user, device.id)


def _former_self(connection: Connection, caller: Caller, push: Push, now: datetime) -> Any:
    """Give the former id of a device, under which it hands over again what a restore lost here.

    It may have been locked out since: the person speaks, at a device that is not.
    """
    named = UUID(bytes=push.device)
    mine = select(device_table).where(device_table.c.id == named)
    found = connection.execute(mine).first()
    if found is None:  # it was first seen after the backup
        values = {"id": named, "user_id": caller.user, "name": "", "last_no": 0, "floor": 0}
        connection.execute(insert(device_table).values(**values, last_seen_at=now))
        found = connection.execute(mine).one()
    if found.user_id != caller.user:
        raise Stopped("unknown device")
    return found


def _check_fork(
    connection: Connection, caller: Caller, device: Any, push: Push, again: dict[int, bytes]
) -> None:
    """Raise Stopped when what comes again is not what came before; ``again`` are digests."""
    if device is not None and push.floor < device.floor:
        raise Stopped("forked")
    if not again:
        return
    noted = connection.execute(
        select(_r.no, _r.digest).where(_r.device == caller.device, _r.no.in_(again))
    )
    if any(again[row.no] != row.digest for row in noted):
        raise Stopped("forked")


def _in_order(steps: Sequence[Step], last: int) -> Iterator[Step]:
    """Give the steps that come next; a gap ends it, and the answer tells where to go on."""
    for step in steps:
        if step.no == last + 1:
            last = step.no
            yield step
        elif step.no > last + 1:
            return


def _author(caller: Caller, push: Push, step: Step, device: Any, now: datetime) -> Author:
    """Estimate when a step was made by our clock: clocks of devices are not compared."""
    latest, earliest = to_milliseconds(now), to_milliseconds(device.last_seen_at)
    if step.effective_at is not None:
        moment = min(step.effective_at, latest)
    else:
        moment = min(max(latest - (push.now - step.at), earliest), latest)
    return Author(caller.device, caller.user, moment)


def _groups(
    steps: Sequence[tuple[Step, Author]], rights: Rights
) -> Iterator[list[tuple[Step, Author]]]:
    """Part the steps so that one stands alone that moves rows elsewhere: its children follow.

    So does one that may change who may do what: by that the next one is judged.
    """
    group: list[tuple[Step, Author]] = []
    for one in steps:
        if moves(one[0]) or any(op.table in rights.tables for op in one[0].ops):
            if group:
                yield group
            yield [one]
            group = []
        else:
            group.append(one)
    if group:
        yield group


def _apply(run: Applying, step: Step, author: Author) -> Taken:
    try:
        applied = run.apply(step, author)
    except Refused as refusal:
        result = Result(step.no, "refused", run.seq, author.moment, str(refusal))
        return Taken(step, author, result)
    status = "merged" if applied.is_merged else "applied"
    return Taken(step, author, Result(step.no, status, run.seq, author.moment), applied)


def _remember(
    connection: Connection, caller: Caller, results: Sequence[tuple[Result, bytes]]
) -> None:
    if not results:
        return
    keys = ("device", "no", "status", "seq", "effective_at", "detail", "digest")
    device = caller.device.bytes
    rows = [
        (device, r.no, r.status, r.seq, r.effective_at, r.detail, digest) for r, digest in results
    ]
    raw.write_rows(connection, result_table, keys, rows, new=True)


def _move_on(
    connection: Connection, caller: Caller, push: Push, device: Any, last: int, now: datetime
) -> None:
    """Note how far the device is, and forget the answers that it has heard."""
    floor = min(max(push.floor, device.floor), last)
    moment = max(now, device.last_seen_at)
    moved = {"this": caller.device, "new_last": last, "new_floor": floor, "now": moment}
    connection.execute(_MOVE, moved)
    connection.execute(_HEARD, {"this": caller.device, "upto": min(floor, last - KEPT_RESULTS)})


def _answers(
    connection: Connection, caller: Caller, push: Push, before: int, taken: Sequence[Taken]
) -> list[Result]:
    """Give what became of all steps not heard of; what was there before is remembered."""
    heard = max(push.floor, push.heard)
    fresh = [one.result for one in taken if one.result.no > heard]
    if heard >= before:
        return fresh
    rows = connection.execute(
        select(_r.no, _r.status, _r.seq, _r.effective_at, _r.detail)
        .where(_r.device == caller.device, _r.no > heard, _r.no <= before)
        .order_by(_r.no)
    )
    again = [
        Result(row.no, row.status, row.seq, to_milliseconds(row.effective_at), row.detail)
        for row in rows
    ]
    return again + fresh


def _user_of(connection: Connection, device: str) -> UUID | None:
    return connection.execute(_USER, {"device": id_named(device)}).scalar()


def _digest(step: Step) -> bytes:
    """Give a fingerprint of a step; how its moment was estimated is no part of it."""
    plain = step if step.effective_at is None else replace_moment(step)
    return blake2b(msgspec.msgpack.encode(plain), digest_size=8).digest()


def replace_moment(step: Step) -> Step:
    """Give the step as it was made, without what was added for sending it again."""
    return msgspec.structs.replace(step, effective_at=None)
