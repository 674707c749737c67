"""Who enters and leaves a list, from scores alone."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.health import ENOUGH
from deskcrm.domain.risk.flagging import Evaluated, Standing, entry_line, evaluate, exit_line
from deskcrm.domain.risk.model import RiskCause

TODAY = date(2026, 3, 11)
YESTERDAY = TODAY - timedelta(days=1)
BASE = 0.03


def client(number: int) -> ClientId:
    return ClientId(UUID(int=number + 1))


def book(*probabilities: float) -> list[Standing]:
    return [Standing(client(n), p, 0.8) for n, p in enumerate(probabilities)]


def judged(standings: list[Standing], percent: int = 10) -> Evaluated:
    known = (one.probability for one in standings if one.coverage >= ENOUGH)
    return evaluate(standings, line=entry_line(known, percent, BASE), today=TODAY)


def entered(found: Evaluated) -> list[ClientId]:
    return [one.client_id for one, _ in found.enter]


def test_the_tenth_of_a_book_that_scores_highest_enters() -> None:
    found = judged(book(*(n / 100 for n in range(20))))
    assert entered(found) == [client(18), client(19)]
    assert found.line == 0.18


def test_nobody_enters_who_is_not_half_as_likely_again_as_usual() -> None:
    assert entered(judged(book(0.044, 0.02))) == []
    assert entered(judged(book(0.046, 0.02))) == [client(0)]


def test_of_whom_too_little_is_known_nothing_is_said_by_score() -> None:
    assert entered(judged([Standing(client(0), 0.9, 0.49)])) == []
    listed = judged([Standing(client(0), 0.9, 0.49, RiskCause.NOTICE)])
    assert [cause for _, cause in listed.enter] == [RiskCause.NOTICE]


def test_a_cause_lists_a_client_whatever_its_score() -> None:
    found = judged([Standing(client(0), 0.001, 0.8, RiskCause.FAILURES)])
    assert [(one.client_id, cause) for one, cause in found.enter] == [
        (client(0), RiskCause.FAILURES)
    ]


def flagged(p: float, below: date | None = None, cause: RiskCause | None = None) -> Standing:
    return Standing(client(0), p, 0.8, cause, True, below)


def test_a_flag_goes_in_the_second_evaluation_under_the_exit_line() -> None:
    under = exit_line(entry_line([0.01], 10, BASE)) - 0.001
    first = judged([flagged(under)])
    assert (first.leave, first.below) == ((), (client(0),))
    again = judged([flagged(under, TODAY)])
    assert (again.leave, again.below) == ((), ()), "twice on one day is one evaluation"
    second = judged([flagged(under, YESTERDAY)])
    assert second.leave == (client(0),)


def test_a_flag_stays_between_the_lines_and_while_a_cause_holds() -> None:
    between = 0.8 * 1.5 * BASE
    assert judged([flagged(between, YESTERDAY)]).leave == ()
    assert judged([flagged(between, YESTERDAY)]).above == (client(0),)
    assert judged([flagged(0.0, YESTERDAY, RiskCause.NOTICE)]).leave == ()


@given(st.lists(st.floats(0, 1), max_size=60), st.integers(1, 50))
def test_who_enters_by_score_is_over_both_lines(scores: list[float], percent: int) -> None:
    found = judged(book(*scores), percent)
    over = sorted(scores, reverse=True)[: max(-(-len(scores) * percent // 100), 1)]
    for one, _ in found.enter:
        assert one.probability >= 1.5 * BASE
        assert one.probability >= min(over)
    assert not found.leave
