"""Looks at the end of a schedule for what must always hold."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE, change_table, shape_named, step_table
from deskcrm.sync.tables import result_table
from tests import toys
from tests.sync.edits import Edits, Issued, Name
from tests.sync.world import Station, World, living_boxes


class Violation(AssertionError):
    """Something that must always hold did not."""


def server_boxes(db: Reader) -> dict[UUID, Any]:
    """Give every box, also deleted ones."""
    t = toys.ToyBox.__table__
    return {row.id: row for row in db.all(select(*t.columns))}


def places_given(db: Reader) -> dict[Name, int]:
    """Give the place in the server's order of each step that it has taken."""
    r = result_table.c
    return {(row.device, row.no): row.seq for row in db.all(select(r.device, r.no, r.seq))}


def answers_given(db: Reader) -> dict[Name, str]:
    """Give what the server made of each step that it was handed."""
    r = result_table.c
    return {(row.device, row.no): row.status for row in db.all(select(r.device, r.no, r.status))}


@dataclass
class Check:
    """What stands in the end, against what people did."""

    world: World
    edits: Edits
    restores: int
    boxes: dict[UUID, Any] = field(init=False)
    lost: dict[tuple[UUID, str], list[Any]] = field(init=False)
    """Values that stand in conflicts, on either side."""
    gave_way: dict[tuple[UUID, str], list[Any]] = field(init=False)
    """Of these, what lost."""
    taken: list[Issued] = field(init=False)
    answers: dict[Name, str] = field(init=False)
    """What the server made of steps."""
    places: dict[Name, int] = field(init=False)
    """Where they stand in its order."""
    offered: set[UUID] = field(init=False)
    """Boxes that somebody kept in a large deletion."""
    copied: set[UUID] = field(init=False)
    """Of these, what was gone by then, and was made again as it was seen there."""

    def __post_init__(self) -> None:
        server = self.world.hub.store
        self.boxes = server.ask(living_boxes)
        self.lost, self.gave_way = defaultdict(list), defaultdict(list)
        t = shape_named("conflict").table
        for row in server.ask(lambda db: db.all(select(*t.columns))):
            for key, value in json.loads(row.kept).items():
                self.lost[row.row_id, key].append(value)
            for key, value in json.loads(row.lost).items():
                self.lost[row.row_id, key].append(value)
                self.gave_way[row.row_id, key].append(value)
        s, c = step_table.c, change_table.c
        self.answers, self.places = server.ask(answers_given), server.ask(places_given)
        names = self.edits.names
        self.taken = [
            one
            for one in self.edits.issued
            if self.answers.get(names[one.key]) in ("applied", "merged")
            and one.key not in self.edits.refused
        ]
        kept = select(c.row_id, c.kind).join_from(change_table, step_table, c.step == s.id)
        kept = kept.where(s.command == "sync.keep_everything")
        rows = server.ask(lambda db: db.all(kept))
        self.offered = {row.row_id for row in rows}
        self.copied = {row.row_id for row in rows if row.kind == "create"}

    def everything(self) -> None:
        """Check each of what must always hold."""
        for station in self.world.stations:
            self._converged(station)
            self._is_answered(station)
        deleted = {one.row for one in self.taken if one.kind == "delete"}
        for one in self.taken:
            row = self.boxes.get(one.row)
            if one.kind in ("mark", "unmark", "spread"):
                continue
            if row is None:
                if one.row not in deleted:
                    raise Violation(f"lost row {one}")
            elif one.kind == "text":
                self._words_are_there(one, row)
            elif one.kind == "set":
                self._is_there(one, row)
        self._counts_are_sums()
        self._causes_come_first()
        self._large_steps_are_whole()
        self._marks_add_up()

    def _converged(self, station: Station) -> None:
        seen = {WORKSPACE, *self.world.grants[station.user]}
        for name in ("toy_box", "toy_thing", "toy_mark", "conflict"):
            t = shape_named(name).table
            query = select(*t.columns)
            mine = {row.id: row for row in station.store.ask(lambda db, q=query: db.all(q))}  # type: ignore[misc]  # bound at once
            for row in mine.values():
                if row.scope not in seen:
                    raise Violation(f"{name} {row.id} must not be here")
            theirs = {
                row.id: row
                for row in self.world.hub.store.ask(lambda db, q=query: db.all(q))  # type: ignore[misc]  # bound at once
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

    def _is_answered(self, station: Station) -> None:
        """Every own step was handed over, and the server answers for those that it has taken."""
        s = step_table.c
        query = select(s.device, s.no, s.state).where(s.state != "arrived")
        for row in station.store.ask(lambda db: db.all(query)):
            if row.state == "waiting" and row.device == station.store.device:
                raise Violation(f"still waiting: {row.no}")
            is_taken = row.state in ("acknowledged", "settled")
            if is_taken and (row.device, row.no) not in self.answers:
                raise Violation(f"the server never answered {row}")

    def _words_are_there(self, one: Issued, row: Any) -> None:
        # Made again as somebody saw it, it lacks what they took out, though that was refused.
        edits = self.edits.issued if one.row in self.copied else self.taken
        for word in set(one.value.split()) - set(one.seen.split()):
            removed = any(
                o.kind == "text"
                and o.row == one.row
                and word in o.seen.split()
                and word not in o.value.split()
                for o in edits
            )
            kept = any(word in str(value) for value in self.lost[one.row, "notes"])
            if word not in row.notes and not removed and not kept and not self._went_with(one):
                raise Violation(f"lost word {word} of {one.row}: {row.notes}")

    def _went_with(self, one: Issued) -> bool:
        """Tell whether the box was deleted afterwards with this in it, and made again from a copy.

        Somebody kept it who had never seen this: it begins as they saw it.
        """
        if one.row not in self.copied:
            return False
        place = self._place(one)
        return any(
            o.kind == "delete" and o.row == one.row and self._place(o) > place for o in self.taken
        )

    def _place(self, one: Issued) -> int:
        return self.places[self.edits.names[one.key]]

    def _is_there(self, one: Issued, row: Any) -> None:
        replaced = any(
            o.row == one.row and o.field == one.field and o.seen == one.value
            for o in self.edits.issued
            if o.kind == "set"
        )
        # What a conflict kept was current then: who had not seen it must have lost to it again.
        kept = one.value in self.gave_way[one.row, one.field]
        is_there = getattr(row, one.field) == one.value or replaced or kept
        if not is_there and not self._went_with(one):
            raise Violation(f"lost {one.field} {one.value} of {one.row}")

    def _counts_are_sums(self) -> None:
        for row in self.boxes.values():
            if row.id in self.copied:
                continue  # made again, it begins with the count that was seen where it was kept
            total = sum(o.value for o in self.taken if o.kind == "count" and o.row == row.id)
            if row.opened != total:
                raise Violation(f"counter {row.id}: {row.opened} is not {total}")

    def _causes_come_first(self) -> None:
        """What was written after seeing a value ends above it, whatever the clocks say."""
        for row in self.boxes.values():
            for name in ("name", "width"):
                final = getattr(row, name)
                later = [
                    o for o in self.taken
                    if o.kind == "set" and o.row == row.id and o.field == name and o.seen == final
                    and not self._went_with(o)
                ]  # fmt: skip
                written = any(o.value == final and o.field == name for o in self.taken)
                kept = self.lost[row.id, name]
                if written and later and not all(o.value in kept for o in later):
                    raise Violation(f"{name} {final} of {row.id} was replaced, yet it stands")

    def _large_steps_are_whole(self) -> None:
        """All that a step puts somewhere is there once, or nothing of it."""
        t = toys.ToyThing.__table__
        query = select(t.c.name).where(~t.c.is_deleted)
        there = sorted(self.world.hub.store.ask(lambda db: db.scalars(query)))
        taken = {one.key for one in self.taken}
        steps = {one.key: one.value for one in self.edits.issued if one.kind == "spread"}
        # What a step put there that nobody has any more may be offered back one by one.
        if self.offered:
            steps = {key: names for key, names in steps.items() if key in taken}
        wanted = sorted(name for key, names in steps.items() if key in taken for name in names)
        known = {name for names in steps.values() for name in names}
        if [name for name in there if name in known] != wanted:
            raise Violation(f"things: {there} are not {wanted}")

    def _marks_add_up(self) -> None:
        """A mark stands when somebody put it on whom no one that took it off had seen; once."""
        t = toys.ToyMark.__table__
        query = select(t.c.id, t.c.toy_box_id, t.c.label).where(~t.c.is_deleted)
        rows = self.world.hub.store.ask(lambda db: db.all(query))
        living = [(row.toy_box_id, row.label) for row in rows]
        if len(living) != len(set(living)):
            raise Violation("a box wears a label twice")
        seen = {key for one in self.taken if one.kind == "unmark" for key in one.seen}
        for one in self.taken:
            if one.kind == "mark" and one.key not in seen and one.value not in living:
                raise Violation(f"lost mark {one}")
