"""Every formula against examples worked out by hand: empty, one, ties, all alike."""

import math
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcrm.domain.metrics.figures import Figure, Period, Unit, mean, share
from deskcrm.domain.metrics.lifetime import discounted_ltv, simple_ltv
from deskcrm.domain.metrics.minimising import minimise
from deskcrm.domain.metrics.retention import crr, grr, logo_churn, nrr
from deskcrm.domain.metrics.surveys import ces, ces_easy, csat, csi, nps


def interval(figure: Figure) -> tuple[float, float]:
    assert figure.interval is not None and figure.interval[1] is not None
    return figure.interval[0], figure.interval[1]


def test_nps_is_promoters_less_detractors() -> None:
    # 5 promoters, 3 passives, 2 detractors of 10: 50 − 20 = 30; √((0.7 − 0.09)/10) = 0.24698
    figure = nps([10, 9, 9, 10, 9, 8, 7, 7, 6, 0])
    assert figure.value == pytest.approx(30) and figure.n == 10 and figure.unit is Unit.POINTS
    low, high = interval(figure)
    assert (low, high) == pytest.approx((30 - 48.408, 30 + 48.408), abs=0.001)


def test_nps_of_one_answer_knows_no_doubt_and_of_none_says_nothing() -> None:
    assert nps([9]).value == 100 and interval(nps([9])) == (100, 100)
    assert nps([6]).value == -100
    assert nps([7, 8]).value == 0 and interval(nps([7, 8])) == (0, 0)
    assert not nps([]).is_known and nps([]).n == 0


@pytest.mark.parametrize(("formula", "wrong"), [(nps, 11), (csat, 0), (ces, 8), (ces_easy, 0)])
def test_an_answer_off_the_scale_is_an_error(formula: object, wrong: int) -> None:
    assert callable(formula)
    with pytest.raises(ValueError, match="answers are from"):
        formula([wrong])


def test_csat_counts_fours_and_fives() -> None:
    figure = csat([5, 4, 4, 3, 1])
    assert figure.value == pytest.approx(60) and figure.n == 5
    # Wilson for 3 of 5: (0.6 + 0.38416 ± 1.96·√(0.048 + 0.038416))/1.76832 = 0.23 to 0.88
    assert interval(figure) == pytest.approx((23.07, 88.24), abs=0.02)
    assert csat([]).value is None
    assert csat([3]).value == 0 and csat([4]).value == 100


def test_csi_weighs_three_questions_from_one_to_ten() -> None:
    # (8−1)/9, (7−1)/9, (6−1)/9 on average 66.67; of (10, 10, 10) 100
    assert csi([(8, 7, 6)]).value == pytest.approx(66.667, abs=0.001)
    assert csi([(8, 7, 6), (10, 10, 10)]).value == pytest.approx(83.333, abs=0.001)
    assert csi([(10, 1, 1)], (0.5, 0.3, 0.2)).value == pytest.approx(50)
    assert csi([]).value is None
    with pytest.raises(ValueError, match="add up"):
        csi([(1, 1, 1)], (0.5, 0.3, 0.1))


def test_ces_is_a_mean_and_a_share() -> None:
    answers = [7, 6, 5, 4, 1]
    assert ces(answers).value == pytest.approx(4.6)
    # s² = (5.76 + 1.96 + 0.16 + 0.36 + 12.96)/4 = 5.3; 1.96·√(5.3/5) = 2.018
    assert interval(ces(answers)) == pytest.approx((2.582, 6.618), abs=0.001)
    assert ces_easy(answers).value == pytest.approx(60)
    assert ces([7]).interval is None and ces([]).value is None and ces_easy([]).value is None


def test_a_share_stays_between_nothing_and_all() -> None:
    assert interval(share(0, 10))[0] == 0 and interval(share(0, 10))[1] == pytest.approx(
        27.75, 0.01
    )
    assert interval(share(10, 10))[1] == 100
    assert share(0, 0).value is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_a_mean_lies_within_its_interval(values: list[float]) -> None:
    figure = mean(values, Unit.POINTS)
    low, high = interval(figure)
    assert low <= figure.value <= high  # type: ignore[operator]  # two values and more have a mean


def test_who_stayed_and_who_left() -> None:
    # 200 at the start, 15 left, 40 came: 225 at the end; (225 − 40)/200
    assert crr(200, 225, 40).value == pytest.approx(92.5)
    assert logo_churn(200, 15).value == pytest.approx(7.5)
    assert crr(0, 10, 10).value is None and logo_churn(0, 0).value is None
    assert crr(1, 0, 0).value == 0


def test_revenue_that_stayed_is_never_more_than_there_was() -> None:
    # 100 stays, 100 grows to 150, 100 shrinks to 60, 100 leaves; a new one brings 500
    cohort = [(100, 100), (100, 150), (100, 60), (100, 0), (0, 500)]
    assert grr(cohort).value == pytest.approx(65) and grr(cohort).n == 4
    assert nrr(cohort).value == pytest.approx(77.5)
    assert grr([(100, 900)]).value == 100 and nrr([(100, 900)]).value == 900
    assert grr([]).value is None and nrr([(0, 10)]).value is None


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=20))
def test_gross_retention_is_at_most_all_and_at_most_net(cohort: list[tuple[int, int]]) -> None:
    gross, net = grr(cohort).value, nrr(cohort).value
    if gross is not None and net is not None:
        assert 0 <= gross <= 100 and gross <= net + 1e-9


def test_a_client_is_worth_its_margin_over_its_churn() -> None:
    # 1,200 a year at 70 %, of ten one leaves in a year: 8,400
    assert simple_ltv(1_200, 0.7, 0.1, n=50).value == pytest.approx(8_400)
    # r = 0.9, i = 0.1: 840 · 0.9/0.2 = 3,780 (Gupta and Lehmann's multiple of 4.5)
    assert discounted_ltv(1_200, 0.7, 0.9, 0.1, n=50).value == pytest.approx(3_780)
    assert simple_ltv(1_200, 0.7, 0, n=50).value is None
    assert discounted_ltv(1_200, 0.7, 1, 0, n=50).value is None


def test_the_least_is_found() -> None:
    def valley(point: list[float]) -> float:  # Rosenbrock's, least at (1, 1)
        x, y = point
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2

    assert minimise(valley, (-1.2, 1.0), tolerance=1e-14) == pytest.approx([1, 1], abs=1e-4)
    assert minimise(lambda p: math.cosh(p[0] - 3), (0.0,)) == pytest.approx([3], abs=1e-3)


def test_whole_months_go_before_whole_months() -> None:
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert march.before == Period(date(2026, 2, 1), date(2026, 2, 28))
    quarter = Period(date(2026, 1, 1), date(2026, 3, 31))
    assert quarter.before == Period(date(2025, 10, 1), date(2025, 12, 31))
    week = Period(date(2026, 3, 2), date(2026, 3, 8))
    assert week.before == Period(date(2026, 2, 23), date(2026, 3, 1))
    assert [one.first.month for one in march.chain(3)] == [1, 2, 3]


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 800), st.integers(1, 14))
def test_periods_in_a_chain_leave_no_day_out(first: date, days: int, many: int) -> None:
    chain = Period(first, first + timedelta(days=days)).chain(many)
    assert len(chain) == many
    if not chain[-1].months:
        assert {one.days for one in chain} == {days + 1}
    for one, after in pairwise(chain):
        assert one.last + timedelta(days=1) == after.first and one.until == after.since
