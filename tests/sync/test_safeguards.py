"""Each safeguard is needed: with it switched off, some schedule ends in a violation."""

from collections.abc import Callable

import pytest

import deskcrm.domain.all  # noqa: F401 - a schedule runs otherwise beside other tables
from tests.sync import safeguards
from tests.sync.schedule import Schedule

ONE_TO_SHOW = {
    "forget_the_horizon": (115, 256, 58, 265, 272),
    "let_deletions_win": (4,),
    "write_over_everything": (3,),
    "base_on_the_cursor": (273, 286, 63),
    "move_the_cursor_first": (13, 28, 29),
}
"""Schedules in which it is known to show; the first few, if none is named."""


@pytest.mark.parametrize("switch_off", safeguards.SAFEGUARDS, ids=lambda one: one.__name__)
def test_a_schedule_shows_what_a_safeguard_is_for(
    switch_off: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_off(monkeypatch)
    found = []
    for seed in ONE_TO_SHOW.get(switch_off.__name__, range(12)):
        try:
            Schedule(seed).run()
        except Exception as error:
            found.append(error)
            break
    assert found, "nothing shows that this is needed"
