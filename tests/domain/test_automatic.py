"""What the program does by itself: "undo" passes it over, and the history says so."""

import ast
from collections.abc import Iterator
from typing import Final

import pytest
from sqlalchemy import select

from deskcrm.base import paths
from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import rename_client
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.departures.commands import note_departure
from deskcrm.domain.playbooks import rounds as play_rounds
from deskcrm.domain.playbooks.commands import create_playbook
from deskcrm.domain.playbooks.model import TriggerKind
from deskcrm.domain.playbooks.queries import list_client_plays
from deskcrm.domain.playbooks.steps import Step
from deskcrm.domain.risk import rounds as risk_rounds
from deskcrm.domain.risk.queries import count_risk
from deskcrm.domain.tasks.queries import count_tasks
from deskcrm.store.commands import ALL_COMMANDS, ROUNDS
from deskcrm.store.history import list_history
from deskcrm.store.store import Store
from deskcrm.store.tables import step_table
from tests.watch import Watch

PROGRAM: Final = paths.resources().parent / "deskcrm"
BY_ITSELF: Final = (
    "domain/backtests/rounds.py",
    "domain/playbooks/rounds.py",
    "domain/risk/everybody.py",
    "domain/risk/rounds.py",
    "server/daily.py",
    "server/forms.py",
    "server/late.py",
    "ui/client_merges/rounds.py",
    "ui/playbooks/rounds.py",
    "ui/shell/risk_watch.py",
)
"""What runs by the clock, because somebody wrote something else, or for a client with a link."""


def commands_in(code: str) -> Iterator[str]:
    """Give the names of the commands that a module has done: ``store.do(name, …)``."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            first = node.args[0] if node.args else None
            if node.func.attr == "do" and isinstance(first, ast.Name):
                yield first.id


def names_of(*, automatic: bool) -> set[str]:
    return {each.__name__ for each in ALL_COMMANDS.values() if each.is_automatic is automatic}


def test_all_that_a_round_does_is_automatic_and_nothing_else_is() -> None:
    done = {name for path in BY_ITSELF for name in commands_in((PROGRAM / path).read_text("utf-8"))}
    assert done == names_of(automatic=True)


def test_a_command_of_a_person_in_a_round_would_be_seen() -> None:
    """Control."""
    (found,) = commands_in("def look():\n    self._desk.do(rename_client, one, name='')")
    assert found in names_of(automatic=False)


@pytest.fixture
def quiet(desk: Store, client: ClientId, watch: Watch) -> ClientId:
    """Give a client that gave notice and is silent, with a playbook for it; all have begun."""
    desk.do(
        create_playbook, name="Quiet", trigger=TriggerKind.SILENCE, days=7,
        steps=[Step("Call"), Step("Write", after_days=2)],
    )  # fmt: skip
    watch.move(days=8)
    desk.do(note_departure, client, noticed_on=watch.at.date())
    desk.do(rename_client, client, name="Acme II")
    risk_rounds.go_round(Job(), desk)
    assert play_rounds.go_round(desk).begun == 1
    watch.move(days=4)
    assert play_rounds.go_round(desk).moved_on == 1
    assert (desk.ask(count_risk), desk.ask(count_tasks)) == (1, 2)
    return client


def test_undo_takes_back_what_a_person_did_last(desk: Store, quiet: ClientId) -> None:
    assert desk.undo().label == rename_client.label
    risk_rounds.go_round(Job(), desk)
    assert desk.redo().label == rename_client.label, "a round between does not stand in the way"
    assert (desk.ask(count_risk), desk.ask(count_tasks)) == (1, 2)


def test_nothing_is_left_to_undo_when_all_that_people_did_is_undone(
    desk: Store, quiet: ClientId
) -> None:
    kinds = desk.ask(lambda db: db.scalars(select(step_table.c.kind)))
    assert set(kinds) == {"do", "final"} | ROUNDS
    for _ in range(list(kinds).count("do")):
        desk.undo()
    with pytest.raises(UserError, match="nothing to undo"):
        desk.undo()


def test_the_history_says_that_it_came_by_itself_and_has_the_way_back(
    desk: Store, quiet: ClientId
) -> None:
    told = desk.ask(list_history, quiet)
    by_itself = [entry for entry in told if entry.actor == "By itself"]
    assert {entry.kind for entry in by_itself} == ROUNDS
    assert {entry.actor for entry in told} == {"By itself", "Anna"}
    for entry in by_itself:
        if entry.kind == "round":
            desk.undo(entry.step)
    assert (desk.ask(list_client_plays, quiet), desk.ask(count_tasks)) == ([], 0)
    assert desk.redo().label == "Begin playbook"
    assert len(desk.ask(list_client_plays, quiet)) == 1


def test_what_was_found_to_be_so_is_not_put_back(desk: Store, quiet: ClientId) -> None:
    (flag,) = [one for one in desk.ask(list_history, quiet) if one.kind == "final_round"]
    with pytest.raises(UserError, match="cannot be undone"):
        desk.undo(flag.step)
    assert desk.ask(count_risk) == 1
    assert desk.ask(lambda db: db.scalar(select(Client.name))) == "Acme II"
