"""Applies the steps of a workstation to rows in memory: each step as a whole, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import msgspec

from deskcrm.base.ids import id_named, id_of, is_meant, new_id
from deskcrm.store.changes import ERASE
from deskcrm.store.commands import ROUNDS
from deskcrm.store.ledger import Head, Key, Stamp, Version
from deskcrm.store.numbering import ROWS_IN_ONE
from deskcrm.store.tables import WORKSPACE, Shape, shape_named
from deskcrm.store.types import Merge
from deskcrm.store.work import blank_values
from deskcrm.sync.hub import erasing, wanting
from deskcrm.sync.hub.lost import CONFLICT, lost_values
from deskcrm.sync.hub.rows import Held, Values
from deskcrm.sync.hub.values import are_fit, bases_of, required
from deskcrm.sync.merging import Merged, by_field, merge_field
from deskcrm.sync.protocol import Op, Step

SIGN: Final = "sign"
"""The kind of an Ask about a name that is not the author's own."""
_MET: Final = frozenset(Merge) - {Merge.FINAL, Merge.COUNT}
"""Columns that are looked at when two made one row; a count that was begun twice is one."""


class Refused(Exception):
    """A step that is not taken; the reason is a word that the workstation says in its language."""


class Ask(msgspec.Struct, frozen=True):
    """May this person do this to this row? ``row`` is None for one that is not there yet."""

    actor: UUID
    kind: str
    table: str
    scope: UUID
    row: Values | None
    after: Values
    row_id: UUID
    is_maker: bool = False
    """Whether the row was made on the very workstation that asks."""


Authorize = Callable[[Ask], str]
"""Answers the reason of a refusal; an empty word when it may be done."""


@dataclass(frozen=True, slots=True)
class Author:
    """Whose step it is, and the moment for which it counts."""

    device: UUID
    actor: UUID
    moment: int


class Logged(msgspec.Struct, frozen=True):
    """A change as it really came about, for the log."""

    row: Held
    kind: str
    before: Values | None
    after: Values | None
    base: int


@dataclass(slots=True)
class Applied:
    """What a step made of the rows that it touched."""

    rows: dict[Key, Held] = field(default_factory=dict)
    log: list[Logged] = field(default_factory=list)
    is_merged: bool = False
    """Whether something was lost, of it or to it."""
    is_plain: bool = True
    """Whether its author has the rows as they are now: nobody else's edits are in them."""

    def note(self, row: Held, change: Logged | None = None) -> None:
        """Keep the row as it is now, and what was changed."""
        self.rows[row.key] = row
        if change is not None:
            self.log.append(change)


@dataclass(slots=True)
class Applying:
    """Rows as they are after the steps so far, and what decides about the next."""

    head: Head
    rows: dict[Key, Held]
    authorize: Authorize
    user_of: Callable[[str], UUID | None]
    """Whose device it is, by the hex of its id: names the authors of what was lost."""
    seq: int

    def apply(self, step: Step, author: Author) -> Applied:
        """Apply one step; raises Refused with nothing changed."""
        applied, first = Applied(), self.seq + 1
        for number, op in enumerate(step.ops):
            _Change(self, applied, step, author, first + number // ROWS_IN_ONE).take(op)
        if applied.rows:
            self.seq = max(row.version.seq for row in applied.rows.values())
        self.rows.update(applied.rows)
        return applied


class _Change(msgspec.Struct):
    """One op of a step meets its row."""

    run: Applying
    applied: Applied
    step: Step
    author: Author
    seq: int

    def take(self, op: Op) -> None:
        try:
            shape = shape_named(op.table)
        except KeyError:
            raise Refused("unknown") from None
        after = _values(op.after)
        row = self._find((op.table, id_of(op.row_id)))
        if op.kind == "create":
            if row is None:
                self._create(op, shape, after)
                return
            self.applied.is_plain = False
            if is_meant(row.version.row_id):
                self._meet(op, row, after)
            return
        if row is None:
            raise Refused("gone")
        self._check(op.kind, row, row.version.scope, after)
        if not self._is_as_seen(op, row):
            self.applied.is_plain = False
        if op.kind == "set":
            self._set(op, row, after)
        elif op.kind == "delete":
            self._delete(op, row)
        elif op.kind == "undelete":
            self._undelete(row, "undelete", op.base)
        elif op.kind == ERASE:
            self._erase(op, row, after)
        else:
            raise Refused("unknown")

    def _find(self, key: Key) -> Held | None:
        return self.applied.rows.get(key) or self.run.rows.get(key)

    def _check(self, kind: str, row: Held, scope: UUID, after: Values) -> None:
        name, version = row.shape.name, row.version
        is_maker = version.created_by == self.author.device
        ask = Ask(self.author.actor, kind, name, scope, row.values, after, version.row_id, is_maker)
        if reason := self.run.authorize(ask):
            raise Refused(reason)

    def _create(self, op: Op, shape: Shape, after: Values) -> None:
        given = after
        if not after.keys() <= shape.columns.keys():
            given = {key: value for key, value in after.items() if key in shape.columns}
        if not given.keys() >= required(shape):
            raise Refused("invalid")
        check_values(shape, given)
        values = blank_values(shape) | given
        row_id = id_of(op.row_id)
        scope = self._scope_of(shape, values)
        values["scope"] = scope.hex
        ask = Ask(self.author.actor, "create", shape.name, scope, None, values, row_id)
        if reason := self.run.authorize(ask):
            raise Refused(reason)
        if shape.signatures:
            self._check_signatures(ask, values)
        if given != after or given.get("scope") != values["scope"]:
            self.applied.is_plain = False
        version = Version(shape.name, row_id, scope, self.seq, False, self.seq, self.author.device)
        if is_meant(row_id):
            version.stamps = {wanting.CREATED: self._stamp()}
        row = Held(shape, version, values)
        logged = {key: value for key, value in values.items() if value is not None}
        self.applied.note(row, Logged(row, "create", None, logged, 0))

    def _meet(self, op: Op, row: Held, after: Values) -> None:
        """Take the creation of what was made before: the id says that it is the same.

        Somebody else made it too, or the same device, which has lost sight of it since.
        One that was deleted comes back as it is given now. Of one that is there the fields that
        differ were written by both without seeing the other; a default was written by nobody.
        """
        shape, version = row.shape, row.version
        given = {key: after[key] for key in after if shape.rules.get(key) in _MET}
        for key in ("scope", "created_at", *shape.signatures):  # of the one that came first
            given.pop(key, None)
        check_values(shape, given)
        ask = Ask(
            self.author.actor, "create", shape.name, version.scope, None, after, version.row_id
        )
        if reason := self.run.authorize(ask):
            raise Refused(reason)
        if version.is_deleted:
            self._check("undelete", row, version.scope, {})
            row = self._undelete(row, "undelete", op.base)
            given = self._without_erased(op, row, given)
            stamps = row.version.stamps | dict.fromkeys(by_field(shape, given), self._stamp())
            self._finish_set(op, row, given, stamps)
            return
        # Whoever deletes it without having seen this has not seen all who made it.
        row = row.with_version(seq=self.seq, stamps=wanting.wanted(version, self._stamp()))
        self.applied.note(row)
        blank = blank_values(shape)
        differing = {k: v for k, v in given.items() if v not in (row.values[k], blank[k])}
        may_set = msgspec.structs.replace(ask, kind="set", row=row.values, after=differing)
        if differing and not self.run.authorize(may_set):
            self._merge(op, row, {}, self._without_erased(op, row, differing))

    def _check_signatures(self, ask: Ask, written: Values) -> None:
        """Refuse what would carry a name that is not its author's, unless that is allowed."""
        own = (None, self.author.actor.hex)
        signatures = shape_named(ask.table).signatures
        is_other = any(written.get(key) not in own for key in signatures)
        if is_other and (reason := self.run.authorize(msgspec.structs.replace(ask, kind=SIGN))):
            raise Refused(reason)

    def _scope_of(self, shape: Shape, values: Values) -> UUID:
        """Give the scope of a new row: its subject's now, wherever that was when it was made."""
        if shape.subject and shape.subject.endswith("_id") and values.get(shape.subject):
            key = (shape.subject.removesuffix("_id"), id_named(values[shape.subject]))
            subject = self._find(key)
            if subject is not None:
                return subject.version.scope
        return id_named(values["scope"]) if values.get("scope") else WORKSPACE

    def _set(self, op: Op, row: Held, after: Values) -> None:
        before = _values(op.before)
        after = {key: after[key] for key in after if key in row.shape.columns}
        check_values(row.shape, after)
        self._check_signed(row, after)
        counted = {key: before.get(key) for key in after if key in row.shape.counts}
        check_values(row.shape, counted)
        left = self._without_erased(op, row, after)
        if row.version.is_deleted and (left or not after):
            row = self._undelete(row, "set", op.base)
        self._merge(op, row, before, left)

    def _merge(self, op: Op, row: Held, before: Values, after: Values) -> None:
        bases = bases_of(op)
        # What no person did does not outdo what it had not seen, and nobody misses it.
        is_round = self.step.kind in ROUNDS
        new: Values = {}
        stamps = dict(row.version.stamps)
        for name, keys in by_field(row.shape, after).items():
            epoch, base = bases.get(name, (self.step.epoch, op.base))
            stamp = row.version.stamp_of(name)
            merged = merge_field(
                row.shape,
                {key: row.values[key] for key in keys},
                {key: before.get(key) for key in keys},
                {key: after[key] for key in keys},
                is_concurrent=self._has_not_seen(stamp, epoch, base),
                is_later=not is_round and self.author.moment >= stamp[1],
            )
            if merged.lost is not None and (merged.is_mine or not is_round):
                self._keep_lost(row, name, before, merged, stamp)
            new |= merged.values
            if merged.is_mine:
                stamps[name] = (self.seq, self.author.moment, self.author.device.hex)
        self._finish_set(op, row, new, stamps)

    def _check_signed(self, row: Held, after: Values) -> None:
        """Let nobody take a name from a row, nor put one on it."""
        other = {k: after[k] for k in row.shape.signatures if k in after}
        if any(row.values[key] != value for key, value in other.items()):
            self._check(SIGN, row, row.version.scope, other)

    def _finish_set(self, op: Op, row: Held, new: Values, stamps: dict[str, Stamp]) -> None:
        changed = {key: value for key, value in new.items() if row.values[key] != value}
        former = {key: row.values[key] for key in changed}
        now = row.with_values(changed).with_version(seq=self.seq, stamps=stamps)
        if "scope" in changed:
            scope = id_named(changed["scope"])
            self._check("move", row, scope, changed)
            now = now.with_version(scope=scope)
        logged = Logged(now, "set", former, changed, op.base) if changed else None
        self.applied.note(now, logged)

    def _erase(self, op: Op, row: Held, after: Values) -> None:
        """Write over whatever is there: this wins over everything."""
        after = {key: after[key] for key in after if key in row.shape.columns}
        if not erasing.are_erasable(row.shape, after):
            raise Refused("invalid")
        check_values(row.shape, after)
        stamps = erasing.stamped(row, after, self._stamp())
        now = row.with_values(after).with_version(seq=self.seq, stamps=stamps)
        self.applied.note(now, Logged(now, ERASE, None, after, op.base))

    def _without_erased(self, op: Op, row: Held, after: Values) -> Values:
        left = erasing.left_of(row, op, after, self.step.epoch, self._has_not_seen)
        self.applied.is_merged = self.applied.is_merged or left is not after
        return left

    def _delete(self, op: Op, row: Held) -> None:
        bases = bases_of(op)
        epoch, base = bases.get("is_deleted", (self.step.epoch, op.base))
        unseen = {
            name: stamp
            for name, stamp in row.version.stamps.items()
            if self._has_not_seen(stamp, epoch, base)
            and not erasing.is_of_erasure(row.version.stamps, name)
        }
        if unseen and not row.version.is_deleted:
            if not is_meant(row.version.row_id) or unseen.keys() - wanting.OF_WANTING:
                lost = Merged({"is_deleted": False}, {"is_deleted": True}, "deleted")
                latest = max(unseen.values())
                self._keep_lost(row, "is_deleted", {}, lost, latest, is_mine_lost=True)
            self.applied.note(row.with_version(seq=self.seq))
            return
        stamps = wanting.deleted(row.version, self._stamp())
        now = row.with_version(seq=self.seq, is_deleted=True, stamps=stamps)
        is_new = not row.version.is_deleted
        self.applied.note(now, Logged(now, "delete", None, None, op.base) if is_new else None)

    def _undelete(self, row: Held, kind: str, base: int) -> Held:
        """Bring a row back; an edit does that too, and whoever deleted it is told."""
        # Of one that is back already too: who deletes it unseen has not seen all who want it.
        was_deleted = row.version.is_deleted
        if was_deleted and kind == "set":
            merged = Merged({"is_deleted": False}, {"is_deleted": True}, "deleted")
            self._keep_lost(row, "is_deleted", {}, merged, row.version.stamp_of("is_deleted"))
        stamps = wanting.wanted(row.version, self._stamp())
        now = row.with_version(seq=self.seq, is_deleted=False, stamps=stamps)
        self.applied.note(now, Logged(now, "undelete", None, None, base) if was_deleted else None)
        return now

    def _stamp(self) -> Stamp:
        return self.seq, self.author.moment, self.author.device.hex

    def _is_as_seen(self, op: Op, row: Held) -> bool:
        """Tell whether a row is as the edit's author saw it, and what they made of it is plain.

        Nobody else wrote any of it since, a count and a text begin where theirs did, and nothing
        follows, as it does where a row goes to another scope.
        """
        version, before, after = row.version, _values(op.before), _values(op.after)
        stamps = [*version.stamps.values(), (version.created_seq, 0, version.created_by.hex)]
        bases = [(self.step.epoch, op.base), *bases_of(op).values()]
        return (
            version.is_deleted == (op.kind == "undelete")
            and not (op.kind == ERASE or "scope" in after)
            and all(key in row.values and row.values[key] == before.get(key) for key in after)
            and not any(self._has_not_seen(one, *base) for one in stamps for base in bases)
        )

    def _has_not_seen(self, stamp: Stamp, epoch: int, base: int) -> bool:
        """Tell whether a field was written since the edit's author looked, by somebody else."""
        if self.run.head.has_lost(epoch, base):
            return True  # what the author had seen was lost with a former epoch
        return stamp[0] > base and stamp[2] != self.author.device.hex

    def _keep_lost(
        self,
        row: Held,
        name: str,
        before: Values,
        merged: Merged,
        stamp: Stamp,
        *,
        is_mine_lost: bool = False,
    ) -> None:
        """Keep what did not get through where people find it."""
        self.applied.is_merged = True
        author, other = self.author, self.run.user_of(stamp[2])
        mine = not is_mine_lost and merged.is_mine
        sides = ((author.actor, author.moment), (other, stamp[1] or None))
        kept, lost = sides if mine else sides[::-1]
        values = lost_values(row, name, before, merged, kept, lost, author.moment)
        shape, scope = shape_named(CONFLICT), row.version.scope
        version = Version(CONFLICT, new_id(), scope, self.seq, False, self.seq, author.device)
        self.applied.note(Held(shape, version, blank_values(shape) | values))


def check_values(shape: Shape, values: Values) -> None:
    """Refuse values that the columns cannot hold."""
    if not are_fit(shape, values):
        raise Refused("invalid")


def _values(text: str | None) -> Values:
    try:
        values = msgspec.json.decode(text) if text else {}
    except (ValueError, RecursionError):
        raise Refused("invalid") from None
    if not isinstance(values, dict):
        raise Refused("invalid")
    return values
