"""One seed is one schedule: people edit, machines fail, and in the end everything must hold."""

import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

import deskcrm.domain.conflicts.model  # noqa: F401 - where the server keeps what was lost
from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.store.store import Arrived, Done
from deskcrm.store.tables import WORKSPACE, change_table, shape_named, step_table
from deskcrm.sync.hub.horizon import drop_tombstones
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station import memory, rounds
from deskcrm.sync.tables import result_table
from tests import toys
from tests.sync.world import Crash, Station, World, living_boxes

Name = tuple[UUID, int]


class Violation(AssertionError):
    """Something that must always hold did not."""


@dataclass(frozen=True)
class Issued:
    """An edit that a person made, and what they saw when they made it."""

    station: int
    name: Name
    kind: str
    row: UUID
    field: str = ""
    value: Any = None
    seen: Any = None


@dataclass
class Schedule:
    """A run of one seed."""

    seed: int
    steps: int = 90
    world: World = field(init=False)
    issued: list[Issued] = field(default_factory=list)
    words: int = 0
    backup: Any = None
    restores: int = 0
    own_backups: dict[int, Any] = field(default_factory=dict)
    collected: bool = False

    def __post_init__(self) -> None:
        rounds.MOST_ROUNDS = 300  # a fault must not go round for ever
        self.world = World(self.seed)
        self.rng = self.world.rng
        self.world.meanwhile = self._type_on
        self.scopes = [UUID(int=self.rng.getrandbits(128)) for _ in range(3)]
        users = [new_id() for _ in range(3)]
        for user in users:
            self.world.grants[user] = set(self.rng.sample(self.scopes, self.rng.choice([2, 3])))
        for user in (users[0], *users):
            station = self.world.station(user)
            station.skew = timedelta(seconds=self.rng.choice([0, 0, -500, 300, 1e8, -1e8]))
            station.limit = self.rng.choice([2, 3, 50])

    def run(self) -> None:
        """Let everything happen, then let everybody exchange everything, and check."""
        self.world.network.is_faulty = True
        for _ in range(self.steps):
            self.world.pass_time(seconds=self.rng.randrange(1, 40))
            self._turn(self.rng.randrange(len(self.world.stations)))
        self.world.sync_all(4)
        Check(self).everything()

    def _turn(self, number: int) -> None:
        station, chance = self.world.stations[number], self.rng.random()
        if chance < 0.55:
            self._edit(number, station)
        elif chance < 0.88:
            self._sync(station)
        elif chance < 0.90:
            station.restart()
        elif chance < 0.92:
            station.skew = timedelta(seconds=self.rng.choice([0, -500, 300, 1e8, -1e8]))
        elif chance < 0.95:
            user = self.rng.choice(self.world.stations).user
            some = self.rng.sample(self.scopes, self.rng.choice([1, 2, 3]))
            self.world.grants[user] = set(some)
        elif chance < 0.965:
            self._collect()
        elif chance < 0.98:
            self.backup, self.collected = self.world.backup(), False
        elif self.backup is not None and self.restores < 2 and not self.collected:
            self.world.restore(self.backup)
            self.restores += 1

    def _collect(self) -> None:
        store = self.world.hub.store
        store.absorb(lambda db: Arrived(drop_tombstones(db, 1 << 60)))
        self.collected = True

    def _sync(self, station: Station) -> None:
        whole = station.store.absorb
        chance = self.rng.random()
        if chance < 0.2:
            setattr(station.store, "absorb", self._flaky(whole, before=chance < 0.1))  # noqa: B010 - a fault, not an attribute
        try:
            station.sync()
        except SyncError as error:
            if error.trouble is Trouble.MASS_DELETE:
                self._allow(station)
        except Crash:
            station.restart()
        finally:
            vars(station.store).pop("absorb", None)
        self._own_edits_show(station)

    def _own_edits_show(self, station: Station) -> None:
        """What a person sees has their own waiting edits on top, whatever came."""
        s, c = step_table.c, change_table.c
        rows = station.store.ask(
            lambda db: db.all(
                select(c.row_id, c.kind, c.after)
                .join_from(change_table, step_table, c.step == s.id)
                # What a restored server lost is queued again, but was long answered.
                .where(s.state == "waiting", s.effective_at.is_(None))
                .where(c.table_name == "toy_box")
                .order_by(c.id)
            )
        )
        shown = station.boxes()
        wanted: dict[tuple[UUID, str], Any] = {}
        for row in rows:
            for key in {"name", "width"} & json.loads(row.after or "{}").keys():
                wanted[row.row_id, key] = json.loads(row.after)[key]
        for (box, key), value in wanted.items():
            if box in shown and getattr(shown[box], key) != value:
                raise Violation(f"a waiting {key} of {box} is not shown")

    def _flaky(self, whole: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
        """Give a write that is killed once, before or after it is on the disk."""
        left = [self.rng.randrange(4)]

        def absorb(take: Callable[..., Any]) -> Any:
            left[0] -= 1
            if left[0] != -1:
                return whole(take)
            if not before:
                whole(take)
                raise Crash
            with suppress(ZeroDivisionError):
                whole(lambda connection: (take(connection), 1 // 0))
            raise Crash

        return absorb

    def _allow(self, station: Station) -> None:
        def take(connection: Any) -> Arrived[None]:
            memory.remember(connection, may_delete=True)
            return Arrived(None)

        station.store.absorb(take)

    # Edits.

    def _type_on(self, station: Station) -> None:
        """Somebody types while an exchange is under way."""
        self._edit(self.world.stations.index(station), station)

    def _word(self) -> str:
        self.words += 1
        return f"w{self.words}"

    def _edit(self, number: int, station: Station) -> None:
        boxes, chance = station.boxes(), self.rng.random()
        held = station.store.ask(lambda db: memory.read_cursors(db.connection))
        scopes = [scope for scope in self.scopes if scope in held]
        if not boxes or chance < 0.15:
            if scopes:
                self._add(number, station, self.rng.choice(scopes))
            return
        row = boxes[self.rng.choice(sorted(boxes))]
        if chance < 0.22:
            self._do(number, "delete", row.id, toys.delete_box, row.id)
        elif chance < 0.28 and scopes:
            scope = self.rng.choice(scopes)
            self._do(number, "move", row.id, toys.edit_box, row.id, scope=scope)
        elif chance < 0.50:
            word = self._word()
            self._do(number, "set", row.id, toys.rename_box, row.id, name=word,
                     noted=("name", word, row.name))  # fmt: skip
        elif chance < 0.58:
            size = self.rng.randrange(10**9)
            self._do(number, "set", row.id, toys.edit_box, row.id, width=size,
                     noted=("width", size, row.width))  # fmt: skip
        elif chance < 0.80:
            self._write(number, row)
        else:
            times = self.rng.choice([1, 2, -1])
            self._do(number, "count", row.id, toys.open_box, row.id, times=times,
                     noted=("opened", times, None))  # fmt: skip

    def _add(self, number: int, station: Station, scope: UUID) -> None:
        done = station.store.do(toys.add_box, name=self._word(), scope=scope)
        self._note(number, done, "create", done.value)

    def _write(self, number: int, row: Any) -> None:
        words = row.notes.split()
        if words and self.rng.random() < 0.3:
            del words[self.rng.randrange(len(words))]
        words.insert(self.rng.randrange(len(words) + 1), self._word())
        notes = " ".join(words)
        self._do(number, "text", row.id, toys.edit_box, row.id, notes=notes,
                 noted=("notes", notes, row.notes))  # fmt: skip

    def _do(
        self,
        number: int,
        kind: str,
        row: UUID,
        command: Any,
        *args: Any,
        noted: tuple[str, Any, Any] = ("", None, None),
        **values: Any,
    ) -> None:
        with suppress(UserError):
            done = self.world.stations[number].store.do(command, *args, **values)
            self._note(number, done, kind, row, *noted)

    def _note(self, number: int, done: Done[Any], kind: str, row: UUID, *noted: Any) -> None:
        if done.step is None:
            return
        store = self.world.stations[number].store
        s = step_table.c
        no = store.ask(lambda db: db.scalar(select(s.no).where(s.id == done.step)))
        assert no is not None
        self.issued.append(Issued(number, (store.device, no), kind, row, *noted))


@dataclass
class Check:
    """Looks at the end of a schedule for what must hold."""

    run: Schedule
    boxes: dict[UUID, Any] = field(init=False)
    lost: dict[tuple[UUID, str], list[Any]] = field(init=False)
    taken: list[Issued] = field(init=False)

    def __post_init__(self) -> None:
        server = self.run.world.hub.store
        self.boxes = server.ask(living_boxes)
        self.lost = defaultdict(list)
        t = shape_named("conflict").table
        for row in server.ask(lambda db: db.all(select(*t.columns))):
            for side in (row.kept, row.lost):
                for key, value in json.loads(side).items():
                    self.lost[row.row_id, key].append(value)
        states = [
            {
                (row.device, row.no): row.state
                for row in station.store.ask(
                    lambda db: db.all(
                        select(step_table.c.device, step_table.c.no, step_table.c.state)
                    )
                )
            }
            for station in self.run.world.stations
        ]
        for station, state in zip(self.run.world.stations, states, strict=True):
            own = [n for (d, n), s in state.items() if d == station.store.device and s == "waiting"]
            if own:
                raise Violation(f"still waiting: {own}")
        self.taken = [
            one
            for one in self.run.issued
            if states[one.station].get(one.name) in ("acknowledged", "settled")
        ]

    def everything(self) -> None:
        """Check each of what must always hold."""
        for station in self.run.world.stations:
            self._converged(station)
        self._history_is_whole()
        deleted = {one.row for one in self.taken if one.kind == "delete"}
        for one in self.taken:
            row = self.boxes.get(one.row)
            if row is None:
                if one.row not in deleted:
                    raise Violation(f"lost row {one}")
            elif one.kind == "text":
                self._words_are_there(one, row)
            elif one.kind == "set":
                self._is_there(one, row)
        for row in self.boxes.values():
            total = sum(o.value for o in self.taken if o.kind == "count" and o.row == row.id)
            if row.opened != total:
                raise Violation(f"counter {row.id}: {row.opened} is not {total}")
        self._causes_come_first()

    def _converged(self, station: Station) -> None:
        seen = {WORKSPACE, *self.run.world.grants[station.user]}
        for name in ("toy_box", "toy_thing", "conflict"):
            t = shape_named(name).table
            query = select(*t.columns)
            mine = {row.id: row for row in station.store.ask(lambda db, q=query: db.all(q))}  # type: ignore[misc]  # bound at once
            for row in mine.values():
                if row.scope not in seen:
                    raise Violation(f"{name} {row.id} must not be here")
            theirs = {
                row.id: row
                for row in self.run.world.hub.store.ask(lambda db, q=query: db.all(q))  # type: ignore[misc]  # bound at once
                if row.scope in seen and not row.is_deleted
            }
            living = {key: row for key, row in mine.items() if not row.is_deleted}
            if living != theirs:
                extra, missing = living.keys() - theirs.keys(), theirs.keys() - living.keys()
                changed = [
                    (living[key], theirs[key])
                    for key in living.keys() & theirs.keys()
                    if living[key] != theirs[key]
                ]
                raise Violation(f"{name} differs: {extra=} {missing=} {changed[:1]=}")

    def _history_is_whole(self) -> None:
        """Every step that was taken is answered for on the server."""
        server = self.run.world.hub.store
        rows = server.ask(lambda db: db.all(select(result_table.c.device, result_table.c.no)))
        known = {(row.device, row.no) for row in rows}
        for one in self.taken:
            if one.name not in known:
                raise Violation(f"the server never answered {one}")

    def _words_are_there(self, one: Issued, row: Any) -> None:
        for word in set(one.value.split()) - set(one.seen.split()):
            removed = any(
                o.kind == "text"
                and o.row == one.row
                and word in o.seen.split()
                and word not in o.value.split()
                for o in self.taken
            )
            kept = any(word in str(value) for value in self.lost[one.row, "notes"])
            if word not in row.notes and not removed and not kept:
                raise Violation(f"lost word {word} of {one.row}: {row.notes}")

    def _is_there(self, one: Issued, row: Any) -> None:
        replaced = any(
            o.row == one.row and o.field == one.field and o.seen == one.value
            for o in self.run.issued
            if o.kind == "set"
        )
        kept = one.value in self.lost[one.row, one.field]
        if getattr(row, one.field) != one.value and not replaced and not kept:
            raise Violation(f"lost {one.field} {one.value} of {one.row}")

    def _causes_come_first(self) -> None:
        """What was written after seeing a value ends above it, whatever the clocks say."""
        for row in self.boxes.values():
            for name in ("name", "width"):
                final = getattr(row, name)
                later = [
                    o for o in self.taken
                    if o.kind == "set" and o.row == row.id and o.field == name and o.seen == final
                ]  # fmt: skip
                written = any(o.value == final and o.field == name for o in self.taken)
                kept = self.lost[row.id, name]
                if written and later and not all(o.value in kept for o in later):
                    raise Violation(f"{name} {final} of {row.id} was replaced, yet it stands")
