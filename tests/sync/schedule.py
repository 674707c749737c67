"""One seed is one schedule: people edit, machines fail, and in the end everything must hold."""

import json
import random
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.ids import new_id
from deskcrm.domain import all as _features  # noqa: F401 - all tables, so that a seed is one run
from deskcrm.store.tables import WORKSPACE, change_table, step_table
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station import answers
from tests.sync.crashes import Crash, killed_at_a_write
from tests.sync.drawn import drawing_ids, small_bounds
from tests.sync.edits import Edits, Name, refused_rows
from tests.sync.told import News
from tests.sync.verdict import Check, Violation, answers_given, server_boxes
from tests.sync.world import Station, World, forget

MOST_ENDS = 20
"""Times that all exchange everything at the end; more would be an exchange that never ends."""


def run_schedule(
    seed: int,
    steps: int = 90,
    *,
    hears: bool = False,
    is_restless: bool = False,
    is_older: bool = False,
) -> None:
    """Run a seed: the same one goes the same way, to the last id.

    ``hears``: news come as well; ``is_restless``: rights change and servers are restored often;
    ``is_older``: the server lets workstations ask for each page by itself.
    """
    with drawing_ids(seed):
        Schedule(seed, steps, hears, is_restless, is_older).run()


@dataclass
class Schedule:
    """A run of one seed."""

    seed: int
    steps: int = 90
    hears: bool = False
    is_restless: bool = False
    is_older: bool = False
    world: World = field(init=False)
    news: News = field(init=False)
    edits: Edits = field(init=False)
    backup: Any = None
    restores: int = 0
    collected: bool = False
    own_backups: dict[int, Any] = field(default_factory=dict)
    """Of stations, by their number."""
    keeping: dict[int, tuple[dict[UUID, Any], set[Name]]] = field(default_factory=dict)
    """What a person sees who wants to lose nothing of it, and which steps had arrived by then."""

    def __post_init__(self) -> None:
        self.world = World(self.seed, is_older=self.is_older)
        self.rng = self.world.rng
        self.world.meanwhile = self._type_on
        self.scopes = [UUID(int=self.rng.getrandbits(128)) for _ in range(3)]
        self.edits = Edits(self.world, self.scopes)
        # Each of its own, so that the rest of a schedule is drawn as without it.
        self.news = News(self.world, random.Random(f"news {self.seed}"))
        self.unrest = random.Random(f"unrest {self.seed}")
        users = [new_id() for _ in range(3)]
        for user in users:
            self.world.grants[user] = set(self.rng.sample(self.scopes, self.rng.choice([2, 3])))
        for user in (users[0], *users):
            station = self.world.station(user)
            station.skew = timedelta(seconds=self.rng.choice([0, 0, -500, 300, 1e8, -1e8]))
            station.limit = self.rng.choice([2, 3, 50])

    def run(self) -> None:
        """Let everything happen, then let everybody exchange everything, and check."""
        with small_bounds():
            self.world.network.is_faulty = True
            for _ in range(self.steps):
                self.world.pass_time(seconds=self.rng.randrange(1, 40))
                self._turn(self.rng.randrange(len(self.world.stations)))
                if self.hears:
                    self._hear()
                if self.is_restless:
                    self._stir()
            self._end()
            Check(self.world, self.edits, self.restores).everything()

    def _turn(self, number: int) -> None:
        station, chance = self.world.stations[number], self.rng.random()
        if chance < 0.55:
            self.edits.edit(number)
        elif chance < 0.87:
            self._sync(number)
        elif chance < 0.89:
            station.restart()
        elif chance < 0.91:
            station.skew = timedelta(seconds=self.rng.choice([0, -500, 300, 1e8, -1e8]))
        elif chance < 0.935:
            self._grant(self.rng)
        elif chance < 0.95:
            self._collect()
        elif chance < 0.965:
            self.backup, self.collected = self.world.backup(), False
        elif chance < 0.975:
            self.own_backups[number] = station.copy()
        elif chance < 0.985:
            self._restore_station(number)
        elif self.restores < 2:
            self._restore()

    def _stir(self) -> None:
        """Let that happen which happens rarely by itself."""
        chance = self.unrest.random()
        if chance < 0.12:
            self._grant(self.unrest)
        elif chance < 0.13:
            self.backup, self.collected = self.world.backup(), False
        elif chance < 0.18 and self.restores < 4:
            self._restore()  # one backup several times: each life gives out the same numbers

    def _grant(self, chance: random.Random) -> None:
        user = chance.choice(self.world.stations).user
        self.world.grants[user] = set(chance.sample(self.scopes, chance.choice([1, 2, 3])))

    def _restore(self) -> None:
        if self.backup is not None and not self.collected:
            self.world.restore(self.backup)
            self.restores += 1

    def _hear(self) -> None:
        number = self.news.pass_by()
        if number is not None:
            self.edits.look(number)
            self._own_edits_show(self.world.stations[number])

    def _restore_station(self, number: int) -> None:
        if number in self.own_backups:
            self.world.stations[number].restore(self.own_backups[number])
            self.keeping.pop(number, None)

    def _collect(self) -> None:
        self.world.hub.store.absorb(forget)
        self.collected = True

    def _end(self) -> None:
        """Let everybody exchange everything, over a network that works, until nothing is new."""
        self.world.network.is_faulty = False
        self.world.network.late.clear()
        ended: dict[int, int] = {}
        for _ in range(MOST_ENDS):
            for number in range(len(self.world.stations)):
                # Where nothing moved and the order stands still, the next would be the same.
                if ended.get(number) != self.world.hub.head() and not self._sync(number):
                    ended[number] = self.world.hub.head()
            if [*ended.values()].count(self.world.hub.head()) == len(self.world.stations):
                return
        raise Violation("there is always something new")

    def _sync(self, number: int) -> bool:
        """Let a station exchange everything once; tells whether anything moved, or did not."""
        station, trouble, moved = self.world.stations[number], None, True
        is_killed = self.world.network.is_faulty and self.rng.random() < 0.2
        try:
            with killed_at_a_write(station.store, self.rng) if is_killed else nullcontext():
                r = station.sync()
            if r.was_repaired:
                raise Violation("the sums were not what they should be")
            moved = bool(r.steps or r.came or r.gone or r.kept)
        except SyncError as error:
            trouble = error.trouble
            if not self.world.network.is_faulty and trouble is not Trouble.MASS_DELETE:
                raise
        except Crash:
            station.restart()
            trouble = Trouble.BROKEN
        self.edits.look(number)
        if trouble is None:
            self._nothing_kept_went(number)
        elif trouble is Trouble.MASS_DELETE:
            self._answer(number)
        self._own_edits_show(station)
        return moved

    def _type_on(self, station: Station) -> None:
        """Somebody types while an exchange is under way."""
        self.edits.edit(self.world.stations.index(station))

    # Large deletions.

    def _answer(self, number: int) -> None:
        """Let a person look at a large deletion: it passes, or everything is kept."""
        store = self.world.stations[number].store
        if self.rng.random() < 0.5:
            answers.allow_deletion(store)
            self.keeping.pop(number, None)
        else:
            answers.keep_deleted(store)
            arrived = set(self.world.hub.store.ask(answers_given))
            self.keeping[number] = (self.world.stations[number].boxes(), arrived)

    def _nothing_kept_went(self, number: int) -> None:
        """What a person wanted to keep is there, unless it went for another reason."""
        if number not in self.keeping:
            return
        before, arrived = self.keeping.pop(number)
        station = self.world.stations[number]
        seen = {WORKSPACE, *self.world.grants[station.user]}
        went = before.keys() - station.boxes().keys()
        # A deletion that a colleague had made long before and handed over first after it counts.
        names, deletions = self.edits.names, (o for o in self.edits.issued if o.kind == "delete")
        went -= {one.row for one in deletions if names.get(one.key) not in arrived}
        went -= station.store.ask(refused_rows)
        there = self.world.hub.store.ask(server_boxes)
        for box in went:
            if before[box].scope in seen and (box not in there or there[box].scope in seen):
                raise Violation(f"{box} was to be kept, and went")

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
        shown = station.boxes() if rows else {}
        wanted: dict[tuple[UUID, str], Any] = {}
        for row in rows:
            if row.kind == "create" and row.row_id in shown and shown[row.row_id].seq > 0:
                continue  # its answer was lost, yet the server has it: others may have edited it
            for key in {"name", "width"} & json.loads(row.after or "{}").keys():
                wanted[row.row_id, key] = json.loads(row.after)[key]
        for (box, key), value in wanted.items():
            if box in shown and getattr(shown[box], key) != value:
                raise Violation(f"a waiting {key} of {box} is not shown")
