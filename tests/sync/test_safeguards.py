"""Each safeguard is needed: with it switched off, some schedule ends in a violation."""

from collections.abc import Callable

import pytest

import deskcrm.domain.all  # noqa: F401 - a schedule runs otherwise beside other tables
from deskcrm.sync.peer import SyncError
from tests.sync import safeguards
from tests.sync.schedule import run_schedule
from tests.sync.verdict import Violation

ONE_TO_SHOW = {
    "base_on_the_cursor": (75,),
    "trust_clocks": (6,),
    "leave_no_exit": (15,),
    "forget_the_horizon": (46,),
    "forget_what_was_taken": (4,),
    "keep_what_is_not_ours": (11,),
    "take_edits_off_the_view": (9,),
    "keep_half_of_a_step": (23,),
    "take_parts_as_they_come": (9,),
    "offer_nothing_back": (13,),
}
"""Schedules in which it is known to show; the first few, if none is named."""


RESTLESS = {"keep_what_was_refused"}
"""What shows where rights change often."""


@pytest.mark.parametrize("switch_off", safeguards.SAFEGUARDS, ids=lambda one: one.__name__)
def test_a_schedule_shows_what_a_safeguard_is_for(
    switch_off: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_off(monkeypatch)
    found = []
    for seed in ONE_TO_SHOW.get(switch_off.__name__, range(12)):
        try:
            run_schedule(seed, is_restless=switch_off.__name__ in RESTLESS)
        except (Violation, SyncError) as error:
            found.append(error)
            break
    assert found, "nothing shows that this is needed"
