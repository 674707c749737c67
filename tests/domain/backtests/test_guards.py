"""The guards: an honest back-test raises no alarm, and each leak raises its own."""

from dataclasses import replace

from deskcrm.domain.backtests.guards import (
    Suspicion,
    alarm_of_whole,
    alarms_of_signals,
    judge,
    learn_forward,
)
from deskcrm.domain.backtests.observations import Case, cases_of, split_forward
from deskcrm.domain.health import SCORECARD
from tests.domain.backtests.months import TODAY, observations

NAMES = ("silence", "renewal_due", "tickets_overdue")


def honest() -> list[Case]:
    return cases_of(observations(150, 18), TODAY)


def test_an_honest_back_test_raises_no_alarm() -> None:
    found = learn_forward(honest(), SCORECARD)
    assert found.alarms == ()
    assert alarms_of_signals(honest(), NAMES) == ()
    assert found.auc is not None and found.auc > 0.6
    assert found.learned.version.startswith("learned-")


def test_a_signal_that_knows_the_outcome_is_noticed() -> None:
    cases = [
        replace(case, signals={**case.signals, "renewal_due": float(not case.left)})
        for case in honest()
    ]
    (alarm,) = alarms_of_signals(cases, NAMES)
    assert (alarm.suspicion, alarm.name, alarm.auc) == (
        Suspicion.SIGNAL_TOO_GOOD, "renewal_due", 1.0
    )  # fmt: skip


def test_a_signal_that_is_unknown_of_those_who_left_is_noticed() -> None:
    cases = [
        replace(case, signals={**case.signals, "silence": None}) if case.left else case
        for case in honest()
    ]
    assert [alarm.name for alarm in alarms_of_signals(cases, NAMES)] == ["silence"]
    assert alarms_of_signals(cases[:40], NAMES) == ()  # of few that left, it may be chance


def test_a_whole_that_is_too_good_is_noticed() -> None:
    cases = [
        replace(case, signals={**case.signals, "silence": 3.0 if case.left else 0.0})
        for case in honest()
    ]
    assert Suspicion.WHOLE_TOO_GOOD in {
        alarm.suspicion for alarm in learn_forward(cases, SCORECARD).alarms
    }
    assert alarm_of_whole(0.9) == alarm_of_whole(None) == ()


def test_judging_on_what_was_learned_from_is_noticed() -> None:
    earlier, later = split_forward(honest()[:700])
    same = [case for case in earlier if case.signals][:160]
    found = judge(same, same, SCORECARD)
    assert {alarm.suspicion for alarm in found.alarms} == {Suspicion.SHUFFLED_NOT_CHANCE}
    assert judge(earlier, later, SCORECARD).alarms == ()


def test_nothing_to_judge_on_raises_nothing() -> None:
    found = learn_forward([], SCORECARD)
    assert (found.auc, found.alarms, found.learned) == (None, (), SCORECARD)
