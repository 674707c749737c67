"""All scored anew: only what moved is written, and nothing that is done meanwhile is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

import deskcrm.domain.all  # noqa: F401 - what is stale is noted by every write
from deskcrm.base.errors import Cancelled
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.commands import add_contract, give_notice
from deskcrm.domain.health import Signal
from deskcrm.domain.health.commands import keep_weights
from deskcrm.domain.risk.everybody import is_new_day, keep_some, score_everybody
from deskcrm.domain.risk.model import ClientHealth, HealthSnapshot, RiskCause
from deskcrm.domain.risk.rounds import go_round
from deskcrm.domain.risk.scoring import count_stale, score_clients
from deskcrm.store.store import Done, Store
from tests.watch import START, Watch

HEALTH, SNAPSHOT = ClientHealth.__table__, HealthSnapshot.__table__


@pytest.fixture
def many(desk: Store) -> list[ClientId]:
    """Give five clients."""
    made = [desk.do(create_company, name=name).value for name in "ABCDE"]
    for days, one in enumerate(made):
        desk.do(edit_client, one, customer_since=START.date() - timedelta(days=300 * days + 40))
    return made


def kept(desk: Store) -> dict[ClientId, tuple[Any, ...]]:
    h = HEALTH.c
    rows = desk.ask(lambda db: db.all(select(h.client_id, h.points, h.coverage, h.cause)))
    return {row[0]: tuple(row[1:]) for row in rows}


def due(desk: Store, clients: list[ClientId]) -> dict[ClientId, tuple[Any, ...]]:
    found = desk.ask(score_clients, clients)
    return {one.client_id: (one.points, one.coverage, one.cause) for one in found}


def writes(desk: Store, function: Callable[[], object]) -> list[str]:
    """Give the labels of what was written while something ran."""
    seen: list[str] = []

    def hear(done: Done[object]) -> None:
        seen.append(done.label)

    desk.listeners.append(hear)
    function()
    desk.listeners.remove(hear)
    return seen


def when_first_kept(
    monkeypatch: pytest.MonkeyPatch, desk: Store, then: Callable[[], object]
) -> None:
    """Do something between the first look at some clients and the writing of it."""
    do, waits = desk.do, [then]

    def doing(command: Any, *args: Any, **kwargs: Any) -> Any:
        if command is keep_some and waits:
            waits.pop()()
        return do(command, *args, **kwargs)

    monkeypatch.setattr(desk, "do", doing)


def test_all_are_scored_as_each_alone(desk: Store, many: list[ClientId]) -> None:
    assert score_everybody(Job(), desk, at_once=2) == len(many)
    alone = [desk.ask(score_clients, [one])[0] for one in many]
    assert kept(desk) == {one.client_id: (one.points, one.coverage, one.cause) for one in alone}
    assert score_everybody(Job(), desk, at_once=2) == 0, "once a day"


def test_of_what_did_not_move_nothing_is_written(
    desk: Store, many: list[ClientId], watch: Watch
) -> None:
    first = writes(desk, lambda: score_everybody(Job(), desk, at_once=2))
    assert first.count("Score clients anew") == 3
    before = desk.ask(lambda db: db.all(select(HEALTH)))
    watch.move(days=1)  # a day more as a client moves a score by a hundredth of a point
    again = writes(desk, lambda: score_everybody(Job(), desk, at_once=2))
    assert "Score clients anew" not in again
    assert desk.ask(lambda db: db.all(select(HEALTH))) == before
    watch.move(days=90)
    assert "Score clients anew" in writes(desk, lambda: score_everybody(Job(), desk, at_once=2))
    assert kept(desk) != {row.client_id: (row.points, row.coverage, row.cause) for row in before}


def test_one_signal_for_another_is_a_move_though_the_points_are_the_same(
    desk: Store, many: list[ClientId], watch: Watch
) -> None:
    score_everybody(Job(), desk, at_once=2)
    contract = desk.do(add_contract, many[0], title="A", value_minor=100).value
    go_round(Job(), desk)
    (row,) = [row for row in desk.ask(lambda db: db.all(select(HEALTH))) if row.annual_value]
    assert row.client_id == many[0]
    desk.do(give_notice, contract)
    go_round(Job(), desk)
    assert kept(desk)[many[0]][2] is RiskCause.NOTICE


def test_what_is_written_meanwhile_is_scored_after(
    desk: Store, many: list[ClientId], monkeypatch: pytest.MonkeyPatch
) -> None:
    def touch() -> None:
        desk.do(edit_client, many[0], customer_since=START.date() - timedelta(days=3_000))

    when_first_kept(monkeypatch, desk, touch)
    score_everybody(Job(), desk, at_once=2)
    assert many[0] not in kept(desk), "it was read before it was written to"
    assert desk.ask(count_stale) == 1
    go_round(Job(), desk)
    assert kept(desk) == due(desk, many)


def test_under_other_weights_all_is_begun_again(
    desk: Store, many: list[ClientId], watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    score_everybody(Job(), desk, at_once=2)
    before = kept(desk)
    watch.move(days=90)
    when_first_kept(monkeypatch, desk, lambda: desk.do(keep_weights, {Signal.TENURE: -0.5}))
    score_everybody(Job(), desk, at_once=2)
    assert kept(desk) == due(desk, many) != before
    assert len(desk.ask(lambda db: set(db.scalars(select(HEALTH.c.model_version))))) == 1


def test_what_is_cut_short_is_completed_by_the_next_round(
    desk: Store, many: list[ClientId], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job()
    when_first_kept(monkeypatch, desk, job.cancel)
    with pytest.raises(Cancelled):
        score_everybody(job, desk, at_once=2)
    assert len(kept(desk)) == 2, "what was written stays"
    assert desk.ask(is_new_day), "and the day is not noted"
    go_round(Job(), desk)
    assert kept(desk) == due(desk, many)
    assert not desk.ask(is_new_day)
