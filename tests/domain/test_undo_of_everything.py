"""Undoing everything leaves the set-up alone, redoing everything leaves all as it was: any command.

A sample in every run, always the same; many more, and others each time, with DESKCRM_FULL=1.
Each of those 200 is some 230 commands, undone and redone: best in memory, and in the background.

    DESKCRM_FULL=1 nice .venv/bin/python -m pytest tests/domain/test_undo_of_everything.py -q \
        -o faulthandler_timeout=0 --basetemp /dev/shm/undo
"""

import itertools
import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from deskcrm.base.errors import UserError
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.users.model import User
from deskcrm.store import flipping, undo
from deskcrm.store.commands import ALL_COMMANDS, Command
from deskcrm.store.derived import ALL_DERIVED
from deskcrm.store.store import Store
from deskcrm.store.tables import Shape
from deskcrm.store.work import Work
from tests.domain.arguments import Call, calls, check_known
from tests.domain.beginning import begin
from tests.domain.behind import behind
from tests.domain.everything import IN_MACHINE, LEFT_OUT, Seen, everything, ids_at, living
from tests.fixtures_store import MakeStore
from tests.watch import Watch

FULL: Final = bool(os.environ.get("DESKCRM_FULL"))

Past = tuple[str, Seen]
"""A command, and how all was before it (or, of one undone, after it)."""
Run = Callable[..., None]


@dataclass(frozen=True)
class Beginning:
    """A closed store with one or two of each thing, and how it looked before each step of it."""

    path: Path
    past: tuple[Past, ...]
    seen: Seen
    at: datetime


class Everything(RuleBasedStateMachine):
    """Any commands in any order, with undo and redo in between.

    ``past`` and ``future`` are what undo and redo must lead to, step by step.
    """

    reopen: Callable[[], tuple[Store, Watch]]
    beginning: Beginning
    folder: Path
    came_through: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.store, self.watch = type(self).reopen()
        self.watch.at = self.beginning.at
        self.past = list(self.beginning.past)
        self.future: list[Past] = []
        self.seen = self.beginning.seen

    @initialize(data=st.data(), deck=st.permutations(list(IN_MACHINE)))
    def give_each_its_turn(self, data: st.DataObject, deck: list[str]) -> None:
        """Call every command once, each time in another order."""
        for command_id in deck:
            self.draw(data, command_id)

    @rule(data=st.data(), command_id=st.sampled_from(list(IN_MACHINE)))
    def do(self, data: st.DataObject, command_id: str) -> None:
        self.draw(data, command_id)

    def draw(self, data: st.DataObject, command_id: str) -> None:
        command = IN_MACHINE[command_id]
        self.call(command, data.draw(calls(command, self.ids, self.folder), command_id))

    @rule(turns=st.lists(st.sampled_from(("undo", "undo", "redo")), min_size=1, max_size=6))
    def go_back_or_forth(self, turns: list[str]) -> None:
        for turn in turns:
            if turn == "undo":
                self.undo()
            else:
                self.redo()

    @rule(hours=st.sampled_from((1, 20, 24 * 40)))
    def let_time_pass(self, hours: int) -> None:
        self.watch.move(hours=hours)

    def ids(self, of: str) -> Sequence[UUID]:
        return ids_at(self.store, of)

    def call(self, command: Command[..., Any], wanted: Call) -> None:
        """Call a command; refused or without a step in the log, it has written nothing."""
        self.watch.move(seconds=1)
        before = self.seen
        try:
            done = self.store.do(command, *wanted.args, **wanted.kwargs)
        except UserError:
            assert self.store.ask(everything) == before, f"refused, but {command.id} wrote"
            return
        Everything.came_through[command.id] += 1
        self.seen = self.store.ask(everything)
        if done.step is None:
            assert self.seen == before, f"{command.id} wrote outside the log"
            return
        self.past.append((command.id, before))
        self.future.clear()

    def undo(self) -> None:
        """Undo the newest step: all is as it was before it."""
        if not self.past:
            with pytest.raises(UserError, match="There is nothing to undo"):
                self.store.undo()
            return
        command_id, wanted = self.past.pop()
        self.future.append((command_id, self.seen))
        self.store.undo()
        self.seen = self.store.ask(everything)
        assert self.seen == wanted, f"{command_id} is not undone"

    def redo(self) -> None:
        """Redo the newest undone step: all is as it was after it."""
        if not self.future:
            with pytest.raises(UserError, match="There is nothing to redo"):
                self.store.redo()
            return
        command_id, wanted = self.future.pop()
        self.past.append((command_id, self.seen))
        self.store.redo()
        self.seen = self.store.ask(everything)
        assert self.seen == wanted, f"{command_id} is not redone"

    def teardown(self) -> None:
        try:
            self.undo_and_redo_everything()
        finally:
            self.store.close()

    def undo_and_redo_everything(self) -> None:
        """Undoing everything leaves who set it up, redoing everything leads back to here."""
        here, steps = self.seen, len(self.past)
        assert not behind(self.store)
        while self.past:
            self.undo()
        self.undo()
        assert [(name, len(rows)) for name, rows in self.store.ask(living).items()] == [
            (str(User.__tablename__), 1)
        ]
        assert not behind(self.store)
        while len(self.past) < steps:
            self.redo()
        assert self.seen == here
        assert not behind(self.store)


@pytest.fixture
def beginning(make_store: MakeStore, tmp_path: Path) -> Beginning:
    """Give a store that has something of everything to act on."""
    watch = Watch()
    store = make_store("beginning.db", clock=watch)
    past: list[Past] = []

    def do(command: Command[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        watch.move(seconds=1)
        past.append((command.id, store.ask(everything)))
        return store.do(command, *args, **kwargs).value

    store.do(create_first_user, name="Anna")
    begin(do)
    seen = store.ask(everything)
    store.close()
    return Beginning(tmp_path / "beginning.db", tuple(past), seen, watch.at)


@pytest.fixture
def run(make_store: MakeStore, beginning: Beginning, tmp_path: Path) -> Run:
    """Give a function that runs the machine, each time on a copy of the beginning."""
    count = itertools.count()

    def reopen() -> tuple[Store, Watch]:
        watch = Watch()
        name = f"copy-{next(count)}.db"
        shutil.copyfile(beginning.path, tmp_path / name)
        return make_store(name, clock=watch), watch

    (tmp_path / "letter.txt").write_text("Dear Anna")
    own = {"reopen": staticmethod(reopen), "beginning": beginning, "folder": tmp_path}

    def go(examples: int, steps: int, **more: Any) -> None:
        run_state_machine_as_test(
            type("Machine", (Everything,), own),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                derandomize=not FULL,
                database=None,
                **more,
            ),
        )

    return go


def test_every_command_is_in_the_machine_or_left_out_for_a_reason() -> None:
    own = {e.id for e in ALL_COMMANDS.values() if e.__module__.startswith("deskcrm.")}
    assert own >= LEFT_OUT.keys(), "left out, but not there any more"
    for command in IN_MACHINE.values():
        check_known(command)
    assert own == IN_MACHINE.keys() | LEFT_OUT.keys()


def test_undoing_everything_leaves_the_set_up_and_redoing_everything_brings_it_back(
    run: Run,
) -> None:
    Everything.came_through.clear()
    run(200 if FULL else 5, 80 if FULL else 25)
    never = IN_MACHINE.keys() - Everything.came_through.keys()
    # What is drawn depends on what else is loaded, so how many come through differs a little.
    assert len(never) < len(IN_MACHINE) / 4, f"refused each time: {sorted(never)}"


def _forget_a_column(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = undo._put_back

    def forgetful(work: Work, shape: Shape, change: Any, row: Any, reversal: undo.Reversal) -> None:
        if shape.name != "task":
            whole(work, shape, change, row, reversal)

    monkeypatch.setattr(undo, "_put_back", forgetful)


def _leave_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(flipping.OPPOSITE, "delete", "delete")


def _forget_what_is_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = replace(ALL_DERIVED["summary"], watches=frozenset({"client"}))
    monkeypatch.setitem(ALL_DERIVED, "summary", deaf)


@pytest.mark.parametrize("spoil", [_forget_a_column, _leave_deleted, _forget_what_is_derived])
def test_an_undo_that_is_broken_is_caught(
    run: Run, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[pytest.MonkeyPatch], None]
) -> None:
    spoil(monkeypatch)
    with pytest.raises((AssertionError, UserError)):
        run(3, 4, phases=[Phase.generate], report_multiple_bugs=False)
