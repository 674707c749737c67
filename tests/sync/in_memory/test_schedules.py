"""Seeded schedules of edits and faults against the real client and server code."""

import os

import pytest

from tests.sync.safeguards import leave_what_came_first
from tests.sync.schedule import run_schedule
from tests.sync.verdict import Violation

SEEDS = 20_000 if os.environ.get("DESKCRM_FULL") else 500
SHARES = 10
STEPS = 120 if os.environ.get("DESKCRM_FULL") else 60


@pytest.mark.parametrize("share", range(SHARES))
def test_everything_holds_after_any_schedule(share: int) -> None:
    for seed in range(share, SEEDS, SHARES):
        try:
            run_schedule(
                seed,
                STEPS,
                hears=seed % 3 == 0,
                is_restless=seed % 5 == 4,
                is_older=seed % 2 == 1,
            )
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


@pytest.mark.parametrize(("seed", "steps"), [(126, 60), (10_289, 60), (126, 90)])
def test_a_box_that_was_kept_begins_as_it_was_seen(seed: int, steps: int) -> None:
    """Its author had written something and deleted it; who kept it had seen it without that.

    Or had taken out of it what others wrote, which was refused, for it had been deleted by then.
    """
    run_schedule(seed, steps, is_older=True)


@pytest.mark.parametrize("safe", [True, False])
def test_what_was_here_before_its_answer_is_asked_for_again(
    safe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also without news: an answer is lost, or what comes after a restore has the step already."""
    if safe:
        run_schedule(32, 150, is_older=True)
        return
    leave_what_came_first(monkeypatch)
    with pytest.raises(Violation, match="toy_box differs"):
        run_schedule(32, 150, is_older=True)


@pytest.mark.parametrize("seed", [6, 13, 30])
def test_what_schedules_once_found_stays_mended(seed: int) -> None:
    """A lost deletion within a spread step stayed on the view; what was asked for was not kept."""
    run_schedule(seed, is_older=True)


def test_what_waits_to_be_moved_stays_where_a_new_base_has_it() -> None:
    """A restored server lists what it has, place by place; a box lay elsewhere by an edit alone."""
    run_schedule(7449, 60, hears=True, is_restless=True, is_older=True)
