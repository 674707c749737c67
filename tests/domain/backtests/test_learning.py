"""Learning from months gone by: what it gives, and when it refuses."""

from dataclasses import replace

import pytest

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.domain.backtests.learning import keep_learned, learn_from_history
from deskcrm.domain.backtests.observations import cases_of, count_left
from deskcrm.domain.health import SCORECARD
from deskcrm.domain.health.queries import get_weights
from deskcrm.domain.health.records import ModelOrigin
from deskcrm.store.store import Store
from tests.domain.backtests.months import TODAY, observations


def test_it_learns_and_says_how_it_did_on_later_months() -> None:
    cases = cases_of(observations(150, 18), TODAY)
    found = learn_from_history(Job(), cases, SCORECARD)
    assert found.churned == count_left(cases) > 10
    assert found.model.weights["silence"] > SCORECARD.weights["silence"]
    assert found.model.is_sound()
    assert found.forward.auc is not None and found.forward.auc_before is not None


def test_of_too_few_that_left_nothing_is_learned() -> None:
    cases = [replace(case, left=False) for case in cases_of(observations(20, 12), TODAY)]
    with pytest.raises(UserError, match="0 clients have left: too few"):
        learn_from_history(Job(), cases, SCORECARD)


def test_what_is_too_good_to_be_true_is_not_kept() -> None:
    cases = [
        replace(case, signals={**case.signals, "silence": 3.0 if case.left else 0.0})
        for case in cases_of(observations(150, 18), TODAY)
    ]
    with pytest.raises(UserError, match="too good to be true"):
        learn_from_history(Job(), cases, SCORECARD)


def test_what_was_learned_holds_for_all(desk: Store) -> None:
    found = learn_from_history(Job(), cases_of(observations(150, 18), TODAY), SCORECARD)
    keep_learned(desk, found)
    held = desk.ask(get_weights)
    assert held.model == found.model
    assert (held.origin, held.cases, held.churned) == (
        ModelOrigin.LEARNED, found.cases, found.churned,
    )  # fmt: skip
