"""Weights that a team keeps: the latest hold, absurd ones never do, undo brings back the former."""

import pytest
from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.domain.health import SCORECARD, Signal, score
from deskcrm.domain.health.commands import keep_weights, start_over
from deskcrm.domain.health.queries import get_weights, model_of
from deskcrm.domain.health.records import HealthModel, ModelOrigin
from deskcrm.store.commands import Command
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests.watch import Watch


def test_the_scorecard_holds_until_weights_are_kept(desk: Store) -> None:
    found = desk.ask(get_weights)
    assert (found.model, found.origin) == (SCORECARD, None)
    assert desk.ask(model_of, SCORECARD.version) is SCORECARD


def test_the_latest_weights_hold(desk: Store, watch: Watch) -> None:
    desk.do(keep_weights, {Signal.SILENCE: 0.5})
    watch.move(days=1)
    desk.do(
        keep_weights, {Signal.SILENCE: 0.9}, intercept=-3.5, base_rate=0.04, looseness=0.5,
        origin=ModelOrigin.LEARNED, cases=900, churned=31,
    )  # fmt: skip
    found = desk.ask(get_weights)
    assert found.model.weights == {**SCORECARD.weights, "silence": 0.9}
    assert (found.model.intercept, found.model.base_rate) == (-3.5, 0.04)
    assert (found.origin, found.cases, found.churned) == (ModelOrigin.LEARNED, 900, 31)
    assert found.model.version.startswith("learned-")
    assert desk.ask(model_of, found.model.version) == found.model
    assert score({"silence": 2.0}, found.model).points > score({"silence": 2.0}).points


@pytest.mark.parametrize(
    "weights", [{Signal.SILENCE: -0.1}, {Signal.SILENCE: 60.0}, {Signal.TENURE: 0.2}]
)
def test_weights_that_cannot_be_believed_are_refused(
    desk: Store, weights: dict[Signal, float]
) -> None:
    with pytest.raises(UserError, match="cannot be believed"):
        desk.do(keep_weights, weights)
    with pytest.raises(UserError, match="cannot be believed"):
        desk.do(keep_weights, {}, base_rate=2.0)


def test_undo_brings_back_the_weights_before(desk: Store) -> None:
    kept = desk.do(keep_weights, {Signal.SILENCE: 0.5})
    assert kept.step is not None
    desk.undo(kept.step)
    assert desk.ask(get_weights).model is SCORECARD


def test_starting_over_puts_all_weights_aside(desk: Store) -> None:
    version = SCORECARD.with_weights({Signal.SILENCE: 0.5}).with_own_version("by_hand").version
    desk.do(keep_weights, {Signal.SILENCE: 0.5})
    assert desk.do(start_over).value == 1
    assert desk.ask(get_weights).model is SCORECARD
    assert desk.ask(model_of, version) is not None  # what was scored by them is still explained
    with pytest.raises(UserError, match="hold already"):
        desk.do(start_over)
    desk.do(keep_weights, {Signal.SILENCE: 0.5})
    assert desk.ask(get_weights).model.weights["silence"] == 0.5


@pytest.mark.parametrize(
    "absurd",
    [
        {"weights": {**SCORECARD.weights, "silence": 1e9}},
        {"weights": {**SCORECARD.weights, "silence": -1.0}},
        {"weights": {"silence": 0.5}},
        {"weights": {**SCORECARD.weights, "moon": 1.0}},
        {"intercept": 1e6},
        {"bounds": {"silence": [0, 0.1]}},
    ],
)
def test_what_arrives_and_cannot_be_believed_falls_back_to_the_scorecard(
    desk: Store, absurd: dict[str, object]
) -> None:
    """No form writes such rows; another edition, or a fault of a server, might."""
    desk.do(keep_weights, {Signal.SILENCE: 0.5})
    assert not desk.ask(get_weights).is_fallback
    desk.do(Command("test.arrive", "Arrive", arrive), absurd)
    found = desk.ask(get_weights)
    assert found.model is SCORECARD and found.is_fallback


def arrive(work: Work, values: dict[str, object]) -> None:
    """Write a row as no command of ours does."""
    (kept,) = work.records(select(HealthModel))
    for key, value in values.items():
        setattr(kept, key, value)
