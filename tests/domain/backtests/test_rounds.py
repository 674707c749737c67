"""Learning by itself: once a month, where there is something to learn from, and nobody minds."""

import logging
from collections.abc import Sequence

import pytest

from deskcrm.base.jobs import Job
from deskcrm.domain.backtests import rounds
from deskcrm.domain.backtests.gathering import Gathered
from deskcrm.domain.backtests.observations import Case, cases_of
from deskcrm.domain.backtests.rounds import Outcome, learn_when_due
from deskcrm.domain.clients.commands import create_company, set_lifecycle
from deskcrm.domain.clients.model import Lifecycle
from deskcrm.domain.health import SCORECARD, Signal
from deskcrm.domain.health.commands import keep_weights, start_over
from deskcrm.domain.health.fitting import has_numpy
from deskcrm.domain.health.queries import get_weights
from deskcrm.domain.health.records import ModelOrigin
from deskcrm.store.store import Store
from tests.domain.backtests.months import TODAY, observations
from tests.watch import Watch


@pytest.fixture(scope="module")
def cases() -> Sequence[Case]:
    return cases_of(observations(150, 18), TODAY)


@pytest.fixture
def learning(desk: Store, cases: Sequence[Case], monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give a workspace that has lost ten clients, with made-up months behind it."""
    gathered = Gathered(tuple(cases), {}, {}, TODAY)
    monkeypatch.setattr(rounds, "gather", lambda job, store: gathered)
    lose(desk, 10)
    return desk


def lose(desk: Store, count: int) -> None:
    gone = [desk.do(create_company, name=f"Gone {n}").value for n in range(count)]
    desk.do(set_lifecycle, gone, lifecycle=Lifecycle.CHURNED)


def learn(desk: Store) -> Outcome:
    return learn_when_due(Job(), desk)


def test_it_learns_once_a_month_and_undo_brings_the_starting_rules(
    learning: Store, watch: Watch
) -> None:
    assert learn(learning) is Outcome.LEARNED
    held = learning.ask(get_weights)
    assert held.origin is ModelOrigin.LEARNED
    assert held.model.weights["silence"] > SCORECARD.weights["silence"]
    assert learn(learning) is Outcome.NOT_DUE
    watch.move(days=31)
    assert learn(learning) is Outcome.NOTHING_NEW, "of the same months the same"
    step = learning.ask(lambda db: db.connection.exec_driver_sql("SELECT max(id) FROM step"))
    learning.undo(int(step.scalar() or 0))
    assert learning.ask(get_weights).model is SCORECARD


def test_what_people_decided_stays(learning: Store, watch: Watch) -> None:
    learning.do(keep_weights, {Signal.SILENCE: 0.6})
    assert learn(learning) is Outcome.NOT_DUE, "weights were set by hand"
    learning.do(start_over)
    assert learn(learning) is Outcome.LEARNED
    learning.do(start_over)
    watch.move(days=31)
    assert learn(learning) is Outcome.NOTHING_NEW, "just these were put aside"
    assert learning.ask(get_weights).model is SCORECARD


def test_of_too_few_nothing_is_learned(desk: Store) -> None:
    lose(desk, 9)
    assert learn(desk) is Outcome.NOT_DUE


def test_what_is_refused_is_said_in_the_log(
    learning: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rounds, "gather", lambda job, store: Gathered((), {}, {}, TODAY))
    with caplog.at_level(logging.INFO):
        assert learn(learning) is Outcome.NOTHING_NEW
    assert "0 clients have left: too few" in caplog.text


def test_without_numpy_the_starting_rules_hold_and_the_log_says_why(
    learning: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rounds, "has_numpy", lambda: False)
    assert learn(learning) is Outcome.NOT_ABLE
    assert "the package numpy is missing" in caplog.text
    assert learning.ask(get_weights).model is SCORECARD
    monkeypatch.undo()
    assert has_numpy()
