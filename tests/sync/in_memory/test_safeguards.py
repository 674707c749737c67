"""Each safeguard is needed: with it switched off, some schedule ends in a violation."""

from collections.abc import Callable

import pytest

import deskcrm.domain.all  # noqa: F401 - a schedule runs otherwise beside other tables
from deskcrm.sync.peer import SyncError
from tests.sync import safeguards
from tests.sync.schedule import run_schedule
from tests.sync.verdict import Violation

ONE_TO_SHOW = {
    "base_on_the_cursor": 31,
    "trust_clocks": 0,
    "leave_no_exit": 0,
    "forget_the_horizon": 6,
    "let_deletions_win": 4,
    "forget_what_was_taken": 6,
    "keep_what_is_not_ours": 5,
    "take_edits_off_the_view": 3,
    "keep_half_of_a_step": 4,
    "take_parts_as_they_come": 48,
    "offer_nothing_back": 1,
    "forget_what_was_heard": 55,
}
"""Schedules of an older server in which it is known to show; the first few, if none is named."""
LONG = {
    "base_on_the_cursor": 160,
    "forget_the_horizon": 400,
    "keep_half_of_a_step": 400,
    "let_deletions_win": 400,
}
"""Steps of those that show what shows in one of some hundred short ones."""
RESTLESS = {"keep_what_was_refused"}
"""What shows where rights change often."""


@pytest.mark.parametrize("switch_off", safeguards.SAFEGUARDS, ids=lambda one: one.__name__)
def test_a_schedule_shows_what_a_safeguard_is_for(
    switch_off: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_off(monkeypatch)
    found = []
    name = switch_off.__name__
    steps = LONG.get(name, 90)
    for seed in [ONE_TO_SHOW[name]] if name in ONE_TO_SHOW else range(12):
        try:
            run_schedule(seed, steps, is_restless=name in RESTLESS, is_older=name in ONE_TO_SHOW)
        except (Violation, SyncError) as error:
            found.append(error)
            break
    assert found, "nothing shows that this is needed"
