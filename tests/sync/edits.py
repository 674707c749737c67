"""What people do to boxes in a schedule, and what they saw when they did it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.store.reader import Reader
from deskcrm.store.store import Done
from deskcrm.store.tables import change_table, step_table
from deskcrm.sync.station import memory
from deskcrm.sync.tables import result_table
from tests import toys
from tests.sync.world import World

Name = tuple[UUID, int]
Key = tuple[int, Any]
"""A station, and the moment of a step there: no two steps of a station have the same."""
LABELS = ("fragile", "heavy")


@dataclass(frozen=True)
class Issued:
    """An edit that a person made, and what they saw when they made it."""

    key: Key
    kind: str
    row: UUID
    field: str = ""
    value: Any = None
    seen: Any = None

    @property
    def station(self) -> int:
        """Give the number of the station."""
        return self.key[0]


@dataclass
class Edits:
    """Everybody's edits in one schedule."""

    world: World
    scopes: Sequence[UUID]
    issued: list[Issued] = field(default_factory=list)
    names: dict[Key, Name] = field(default_factory=dict)
    """Under which device and number each was handed over, or will be."""
    refused: set[Key] = field(default_factory=set)
    """Handed over again to a restored server, such a step only fills its place."""
    words: int = 0

    @property
    def rng(self) -> Random:
        """Give what decides."""
        return self.world.rng

    def edit(self, number: int) -> None:
        """Let the person at a station do something."""
        station, chance = self.world.stations[number], self.rng.random()
        boxes = station.boxes()
        held = station.store.ask(lambda db: memory.read_cursors(db.connection))
        scopes = [scope for scope in self.scopes if scope in held]
        if not boxes or chance < 0.13:
            if scopes:
                scope = self.rng.choice(scopes)
                self._do(number, "create", None, toys.add_box, name=self._word(), scope=scope)
            return
        row = boxes[self.rng.choice(sorted(boxes))]
        if chance < 0.50:
            self._change(number, row, chance)
        elif chance < 0.68:
            self._write(number, row)
        elif chance < 0.82:
            times = self.rng.choice([1, 2, -1])
            self._do(number, "count", row.id, toys.open_box, row.id, times=times,
                     noted=("opened", times, None))  # fmt: skip
        elif chance < 0.92:
            self._label(number, min(boxes) if chance < 0.88 else row.id)
        elif chance < 0.96:
            self._spread(number, boxes)
        elif scopes:
            scope = self.rng.choice(scopes)
            self._do(number, "move", row.id, toys.edit_box, row.id, scope=scope)

    def look(self, number: int) -> None:
        """Note the names that a station's steps have by now: they change with its id."""
        s = step_table.c
        own = (s.state != "arrived") & s.command.startswith("toys.")
        query = select(s.at, s.device, s.no, s.state).where(own)
        for row in self.world.stations[number].store.ask(lambda db: db.all(query)):
            self.names[number, row.at] = (row.device, row.no)
            if row.state == "refused":
                self.refused.add((number, row.at))

    def _change(self, number: int, row: Any, chance: float) -> None:
        if chance < 0.19:
            self._do(number, "delete", row.id, toys.delete_box, row.id)
        elif chance < 0.22:
            boxes = sorted(self.world.stations[number].boxes())
            some = self.rng.sample(boxes, min(len(boxes), 5))
            self._do(number, "delete", some, toys.delete_boxes, some)
        elif chance < 0.42:
            word = self._word()
            self._do(number, "set", row.id, toys.rename_box, row.id, name=word,
                     noted=("name", word, row.name))  # fmt: skip
        else:
            size = self.rng.randrange(10**9)
            self._do(number, "set", row.id, toys.edit_box, row.id, width=size,
                     noted=("width", size, row.width))  # fmt: skip

    def _write(self, number: int, row: Any) -> None:
        words = row.notes.split()
        if words and self.rng.random() < 0.3:
            del words[self.rng.randrange(len(words))]
        words.insert(self.rng.randrange(len(words) + 1), self._word())
        notes = " ".join(words)
        self._do(number, "text", row.id, toys.edit_box, row.id, notes=notes,
                 noted=("notes", notes, row.notes))  # fmt: skip

    def _label(self, number: int, box: UUID) -> None:
        """Put a label on a box; one that is there is taken off."""
        label = self.rng.choice(LABELS)
        t = toys.ToyMark.__table__
        query = select(t.c.id, t.c.seq).where(
            t.c.toy_box_id == box, t.c.label == label, ~t.c.is_deleted
        )
        worn = self.world.stations[number].store.ask(lambda db: db.first(query))
        if worn is None:
            self._do(number, "mark", None, toys.mark, box, label=label,
                     noted=("", (box, label), None))  # fmt: skip
            return
        seen = self._marks_seen(number, worn)
        self._do(number, "unmark", worn.id, toys.unmark, worn.id,
                 noted=("", (box, label), seen))  # fmt: skip

    def _marks_seen(self, number: int, mark: Any) -> frozenset[Key]:
        """Give who is known, by somebody with this mark before them, to have put it on."""
        r = result_table.c
        query = select(r.device, r.no).where(r.seq <= mark.seq)
        answered = self.world.hub.store.ask(lambda db: {tuple(row) for row in db.all(query)})
        return frozenset(
            one.key
            for one in self.issued
            if one.kind == "mark"
            and one.row == mark.id
            and (one.station == number or self.names[one.key] in answered)
        )

    def _spread(self, number: int, boxes: dict[UUID, Any]) -> None:
        """Put many things into several boxes: a step that travels in parts."""
        some = self.rng.sample(sorted(boxes), min(len(boxes), 3))
        names = tuple(self._word() for _ in range(self.rng.randrange(3, 12)))
        self._do(number, "spread", some, toys.spread, some, names=names,
                 noted=("", names, None))  # fmt: skip

    def _word(self) -> str:
        self.words += 1
        return f"w{self.words}"

    def _do(
        self,
        number: int,
        kind: str,
        rows: UUID | list[UUID] | None,
        command: Any,
        *args: Any,
        noted: tuple[str, Any, Any] = ("", None, None),
        **values: Any,
    ) -> None:
        self.world.pass_time(milliseconds=1)
        with suppress(UserError):
            done = self.world.stations[number].store.do(command, *args, **values)
            if done.step is not None:
                self._note(number, done, kind, done.value if rows is None else rows, noted)

    def _note(self, number: int, done: Done[Any], kind: str, rows: Any, noted: Any) -> None:
        store, s = self.world.stations[number].store, step_table.c
        query = select(s.at, s.device, s.no).where(s.id == done.step)
        step = store.ask(lambda db: db.first(query))
        assert step is not None
        key = (number, step.at)
        assert key not in self.names
        self.names[key] = (step.device, step.no)
        for row in rows if isinstance(rows, list) else [rows]:
            self.issued.append(Issued(key, kind, row, *noted))


def refused_rows(db: Reader) -> set[UUID]:
    """Give the rows of own steps that the server did not take."""
    s, c = step_table.c, change_table.c
    query = select(c.row_id).join_from(change_table, step_table, c.step == s.id)
    return set(db.scalars(query.where(s.state == "refused")))
