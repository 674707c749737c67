"""People who do anything at all apart have the same in the end: every command, with real rights.

A sample in every run, always the same; others each time, and many more, with DESKCRM_FULL=1. What
does not hold is written down, to be made short: see ``tests/sync/reduce_deeds.py``.
"""

import os
import pickle
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from deskcrm.domain.assignment.commands import delete_rule
from deskcrm.domain.erasures.model import PersonKind
from deskcrm.domain.merges.commands import merge_tickets
from deskcrm.domain.teams.commands import remove_member
from deskcrm.store.commands import Command
from deskcrm.sync.station import bases, replica
from tests.domain.arguments import NOBODY, Call, calls
from tests.domain.everything import IN_MACHINE, ids_at
from tests.sync.drawn import small_bounds
from tests.sync.team import ROLES, Deed, Team, a_team, living, run_deeds
from tests.sync.verdict import Violation

FULL: Final = bool(os.environ.get("DESKCRM_FULL"))
WHO: Final = st.integers(0, len(ROLES) - 1)
AT_FIRST: Final = 70
"""Commands that are given before anything else, each another one."""
OFTEN: Final = {"exchange": 0.15, "crash": 0.03, "go_round": 0.05, "undo": 0.07}
TOLD: Final = 0.3
"""How likely news are under way after each of them, in every third run."""
"""How likely other things happen after each of them."""
_GRAVE: Final = ("merge", "part", "split", "delete", "remove", "restore", "team", "role", "owner")
GRAVE: Final = [each for each in IN_MACHINE if any(word in each for word in _GRAVE)]
"""Commands that take something away, or move it."""


class Apart(RuleBasedStateMachine):
    """Any commands at any workstation in any order, over a network that may fail."""

    folder: Path
    came_through: Counter[str]

    @initialize(
        data=st.data(),
        seed=st.integers(0, 1 << 20),
        is_faulty=st.booleans(),
        deck=st.permutations(list(IN_MACHINE)),
    )
    def begin(self, data: st.DataObject, seed: int, is_faulty: bool, deck: list[str]) -> None:
        self.seed, self.is_faulty = seed, is_faulty
        self.team: Team = a_team(seed, is_faulty=is_faulty)
        self.deeds: list[tuple[int, Any]] = []
        chance = random.Random(seed)
        for command_id in deck[:AT_FIRST]:
            self.give(data, chance.randrange(len(ROLES)), command_id)
            for deed, share in OFTEN.items():
                if chance.random() < share:
                    self.act(deed, chance.randrange(len(ROLES)))
            if seed % 3 == 0 and chance.random() < TOLD:
                self.act("hear")

    @rule(data=st.data(), who=WHO, command_id=st.sampled_from(list(IN_MACHINE)))
    def do(self, data: st.DataObject, who: int, command_id: str) -> None:
        self.give(data, who, command_id)

    @rule(data=st.data(), who=WHO, command_id=st.sampled_from(GRAVE))
    def do_something_grave(self, data: st.DataObject, who: int, command_id: str) -> None:
        self.give(data, who, command_id)

    @rule(who=WHO, deed=st.sampled_from(("exchange", "exchange", "go_round", "undo", "redo")))
    def go_on(self, who: int, deed: str) -> None:
        self.act(deed, who)

    @rule(data=st.data(), who=WHO, command_id=st.sampled_from(list(IN_MACHINE)))
    def type_on(self, data: st.DataObject, who: int, command_id: str) -> None:
        self.give(data, who, command_id, "type_on")

    @rule(data=st.data(), who=WHO, kind=st.sampled_from(PersonKind))
    def erase(self, data: st.DataObject, who: int, kind: PersonKind) -> None:
        people = self.ids(who, f"{kind.value.title()}Id") or [NOBODY]
        self.act("erase", who, kind, data.draw(st.sampled_from(people)))

    @rule(who=WHO, deed=st.sampled_from(("crash", "copy", "go_back")))
    def let_a_workstation_fail(self, who: int, deed: str) -> None:
        self.act(deed, who)

    @rule(deed=st.sampled_from(("look", "copy_server", "restore_server", "hear", "forget")))
    def let_something_happen_to_the_server(self, deed: str) -> None:
        self.act(deed)

    @rule(who=WHO, seconds=st.sampled_from((0, -500, 300, 1e8, -1e8)))
    def mistake_the_time(self, who: int, seconds: float) -> None:
        self.act("mistake_the_time", who, seconds)

    @rule(hours=st.sampled_from((1, 20, 24 * 40)))
    def let_time_pass(self, hours: int) -> None:
        self.act("wait", hours)

    def give(self, data: st.DataObject, who: int, command_id: str, deed: str = "do") -> None:
        wanted = calls(IN_MACHINE[command_id], lambda of: self.ids(who, of), self.folder)
        self.act(deed, who, command_id, data.draw(wanted, command_id))

    def ids(self, who: int, of: str) -> Sequence[UUID]:
        return ids_at(self.team.stations[who].store, of)

    def act(self, *deed: Any) -> None:
        self.deeds.append((len(self.deeds), deed))
        self.noting(lambda: self.team.act(*self.deeds[-1]))

    def noting(self, run: Callable[[], None]) -> None:
        """Run something, and write down all that was done where it does not hold."""
        try:
            with small_bounds():
                run()
        except Exception as error:
            path = Path(tempfile.gettempdir()) / f"deskcrm-deeds-{os.getpid()}.pickle"
            path.write_bytes(pickle.dumps((self.seed, self.is_faulty, self.deeds)))
            error.add_note(f"python -m tests.sync.reduce_deeds {path}")
            raise

    def teardown(self) -> None:
        if hasattr(self, "deeds"):
            self.noting(self.team.end)
            self.came_through.update(self.team.came_through)


Run = Callable[..., Counter[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Give a function that runs the machine, and gives which commands came through."""
    (tmp_path / "letter.txt").write_text("Dear Anna")

    def go(examples: int, steps: int, **more: Any) -> Counter[str]:
        came_through = Counter[str]()
        run_state_machine_as_test(
            type("Machine", (Apart,), {"folder": tmp_path, "came_through": came_through}),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                derandomize=not FULL,
                database=None,
                suppress_health_check=list(HealthCheck),
                **more,
            ),
        )
        return came_through

    return go


def test_everything_that_is_done_apart_is_the_same_everywhere_in_the_end(run: Run) -> None:
    came_through = run(1_000 if FULL else 12, 30)
    # What is drawn depends on what else is loaded, so how many come through differs a little.
    assert len(came_through) > len(IN_MACHINE) / 2


def test_what_does_not_hold_is_written_down(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    a_team(0, is_faulty=False)  # found before anything is spoilt
    monkeypatch.setattr(bases, "hold", lambda *_: None)
    with pytest.raises(Violation, match="sums") as found:
        run(20, 20, phases=[Phase.generate], report_multiple_bugs=False)
    (note,) = [note for note in found.value.__notes__ if "reduce_deeds" in note]
    path = Path(note.split()[-1])
    seed, is_faulty, deeds = pickle.loads(path.read_bytes())
    path.unlink()
    with pytest.raises(Violation, match="sums"):
        run_deeds(seed, is_faulty, deeds)


def one(team: Team, table: str, number: int = 0) -> UUID:
    """Give the id of a row, the oldest first."""
    return sorted(team.hub.store.ask(living, table))[number]


def deed(command: Command[..., Any], *args: Any, **kwargs: Any) -> tuple[str, Call]:
    return command.id, Call(args, kwargs)


@pytest.fixture
def leaving() -> list[tuple[int, Deed]]:
    """Olga leaves her team while she merges what is the team's, and somebody else's."""
    team = a_team(0, is_faulty=False)
    olga = team.stations[1].user
    tickets = [one(team, "ticket", number) for number in (-2, -1)]
    return [
        (0, ("do", 0, *deed(remove_member, one(team, "team"), user_id=olga))),
        (1, ("do", 1, *deed(merge_tickets, tickets[:1], into_id=tickets[1]))),
        (2, ("do", 1, *deed(delete_rule, one(team, "assignment_rule")))),
    ]


def test_who_leaves_keeps_nothing_of_it(leaving: list[tuple[int, Deed]]) -> None:
    team = run_deeds(0, False, leaving)
    assert team.came_through.total() == len(leaving)
    assert tickets_at(team, 1) < tickets_at(team, 0)


def tickets_at(team: Team, who: int) -> set[UUID]:
    return team.stations[who].store.ask(living, "ticket").keys() | set()


def _forget_what_is_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = replica.remove

    def forgetful(page: replica.Page, shape: Any, ids: Any) -> None:
        before = set(page.touched)
        whole(page, shape, ids)
        page.touched = before

    monkeypatch.setattr(replica, "remove", forgetful)


def _keep_what_one_may_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica.Page, "_leave_scopes", lambda _: None)


def _count_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bases, "hold", lambda *_: None)


def _never_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Team, "look", lambda _: True)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (_forget_what_is_derived, "derived rows"),
        (_keep_what_one_may_not_see, "differs"),
        (_count_what_is_shown, "the sums"),
        (_never_end, "always something new"),
    ],
)
def test_what_is_spoilt_is_found(
    leaving: list[tuple[int, Deed]],
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[pytest.MonkeyPatch], None],
    found: str,
) -> None:
    spoil(monkeypatch)
    with pytest.raises(Violation, match=found):
        run_deeds(0, False, leaving)
