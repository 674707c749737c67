"""Which observations can be judged: not too late, over by today, and split by time."""

from datetime import date, timedelta

import pytest

from deskcrm.domain.backtests.observations import (
    HORIZON,
    Observation,
    cases_of,
    outcome,
    replay_days,
    split_forward,
)
from tests.domain.backtests.months import TODAY, case, observations, who

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("days", "left"),
    [(-5, None), (0, None), (14, None), (15, True), (90, True), (91, False), (None, False)],
)
def test_a_client_counts_from_ninety_to_fifteen_days_before_its_notice(
    days: int | None, left: bool | None
) -> None:
    noticed = None if days is None else DAY + timedelta(days=days)
    assert outcome(Observation(who(1), DAY, {}, noticed), TODAY) is left


def test_what_is_not_over_yet_is_not_judged_unless_the_client_left() -> None:
    late = TODAY - timedelta(days=60)
    assert outcome(Observation(who(1), late, {}), TODAY) is None
    assert outcome(Observation(who(1), late, {}, late + timedelta(days=20)), TODAY) is True
    assert outcome(Observation(who(1), TODAY - HORIZON, {}), TODAY) is False


def test_cases_are_in_order_of_day_and_client() -> None:
    later = Observation(who(1), DAY + timedelta(days=31), {})
    found = cases_of([later, Observation(who(2), DAY, {}), Observation(who(1), DAY, {})], TODAY)
    assert [(one.on, one.client_id) for one in found] == [
        (DAY, who(1)), (DAY, who(2)), (later.on, who(1))
    ]  # fmt: skip


def test_months_are_replayed_on_their_first_day() -> None:
    assert replay_days(TODAY, 3) == [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]


def test_what_is_learned_from_was_over_before_the_first_day_that_is_judged() -> None:
    cases = cases_of(observations(30, 18), TODAY)
    earlier, later = split_forward(cases)
    assert earlier and later
    assert max(one.on for one in earlier) + HORIZON <= min(one.on for one in later)
    assert split_forward([]) == ([], [])
    assert split_forward([case(1, DAY, left=True)]) == ([], [case(1, DAY, left=True)])
