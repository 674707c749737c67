"""Weights travel: what one keeps holds for all, the latest of two, and none without the right."""

from deskcrm.domain.health import SCORECARD, Signal
from deskcrm.domain.health.commands import keep_weights, start_over
from deskcrm.domain.health.model import Model
from deskcrm.domain.health.queries import get_weights
from tests.sync.desks import Desk
from tests.sync.http_world import Site
from tests.sync.people import both, tables


def in_force(desk: Desk) -> Model:
    return desk.store.ask(get_weights).model


def test_what_one_keeps_holds_for_all(anna: Desk, ivan: Desk) -> None:
    anna.store.do(keep_weights, {Signal.SILENCE: 0.7})
    both(anna, ivan)
    assert in_force(ivan).weights["silence"] == 0.7
    assert in_force(ivan) == in_force(anna)
    ivan.store.do(start_over)
    both(ivan, anna)
    assert in_force(anna) is SCORECARD


def test_of_two_kept_apart_the_later_hold(anna: Desk, ivan: Desk) -> None:
    anna.store.do(keep_weights, {Signal.SILENCE: 0.7})
    ivan.watch.move(hours=1)
    ivan.store.do(keep_weights, {Signal.SILENCE: 0.9})
    both(anna, ivan)
    assert in_force(anna).weights["silence"] == in_force(ivan).weights["silence"] == 0.9
    assert tables(anna)["health_model"] == tables(ivan)["health_model"]


def test_two_that_learn_the_same_keep_one_record(anna: Desk, ivan: Desk) -> None:
    for desk in (anna, ivan):
        desk.store.do(keep_weights, {Signal.SILENCE: 0.7})
    both(anna, ivan)
    assert len(tables(anna)["health_model"]) == 1


def test_without_the_right_they_hold_nowhere(site: Site, anna: Desk, ivan: Desk) -> None:
    site.refuses.add("health_model")
    ivan.store.do(keep_weights, {Signal.SILENCE: 0.7})
    ivan.sync()
    anna.sync()
    assert in_force(anna) is in_force(ivan) is SCORECARD
