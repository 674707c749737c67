"""The models of durations and lifetimes against published examples."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcrm.domain.metrics import buying, sbg
from deskcrm.domain.metrics.buying import Buyer, Paces, Worths, fit_paces, fit_worths, worth_to_come
from deskcrm.domain.metrics.durations import Span, kaplan_meier, median_time
from deskcrm.domain.metrics.sbg import Sbg, fit_sbg

# Weeks in remission under 6-MP (Freireich and others 1963); a star: still in remission.
REMISSIONS = "6 6 6 6* 7 9* 10 10* 11* 13 16 17* 19* 20* 22 23 25* 32* 32* 34* 35*"

# Percent of 1,000 clients that are there after each year (Fader and Hardie 2007, table 1).
REGULAR = (100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3)
HIGH_END = (100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4)
CDNOW = Path(__file__).with_name("cdnow.csv")
"""CDNOW's buyers over 39 weeks as Fader, Hardie and Lee count them; those without a repeat of one
age stand in one line.
"""


def spans(text: str) -> list[Span]:
    return [(float(one.rstrip("*")), not one.endswith("*")) for one in text.split()]


def test_the_curve_of_a_published_trial() -> None:
    curve = {one.seconds: round(one.going_on, 3) for one in kaplan_meier(spans(REMISSIONS))}
    assert curve == {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.69, 16: 0.627, 22: 0.538, 23: 0.448}
    figure = median_time(spans(REMISSIONS))
    assert (figure.value, figure.interval, figure.n) == (23, (13, None), 21)


def test_the_median_where_nothing_goes_on_is_that_of_the_middle() -> None:
    assert median_time(spans("5 1 3")).value == 3
    assert median_time(spans("4 1 2 3")).value == 2
    assert median_time(spans("7")).value == 7 and median_time(spans("7 7 7")).value == 7
    assert median_time(spans("7")).interval == (7, 7)


def test_what_goes_on_lengthens_the_median_and_the_mean_of_what_ended_would_not_know() -> None:
    # Of five two ended at 1 and 2; the others are past 10: more than half go on.
    figure = median_time(spans("1 2 10* 10* 10*"))
    assert figure.value is None and figure.n == 5
    # 1: 4/5; 3: 4/5·2/3 = 8/15; 9: 8/15·1/2 = 4/15
    assert median_time(spans("1 2* 3 9 10*")).value == 9
    assert median_time([]).value is None and median_time(spans("4*")).value is None


def test_of_what_ends_and_is_censored_at_one_moment_the_ends_come_first() -> None:
    assert [one.going_on for one in kaplan_meier(spans("2 2*"))] == [0.5]
    assert median_time(spans("2 2*")).value == 2


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40))
def test_without_censoring_the_curve_is_the_share_that_took_longer(took: list[int]) -> None:
    for step in kaplan_meier((one, True) for one in took):
        longer = sum(one > step.seconds for one in took) / len(took)
        assert step.going_on == pytest.approx(longer)


def counts(percent: tuple[float, ...]) -> tuple[dict[int, int], dict[int, int]]:
    there = [round(10 * one) for one in percent]
    return {n: there[n - 1] - there[n] for n in range(1, len(there))}, {len(there) - 1: there[-1]}


@pytest.mark.parametrize(
    ("percent", "alpha", "beta", "likelihood"),
    [(HIGH_END, 0.668, 3.806, -1611.2), (REGULAR, 0.704, 1.182, -1680.3)],
)
def test_the_fit_of_seven_years_is_the_published_one_and_foretells_the_twelfth(
    percent: tuple[float, ...], alpha: float, beta: float, likelihood: float
) -> None:
    lost, staying = counts(percent[:8])
    found = fit_sbg(lost, staying)
    assert found is not None
    assert (found.alpha, found.beta) == pytest.approx((alpha, beta), abs=0.0006)
    assert sbg.log_likelihood(found, lost, staying) == pytest.approx(likelihood, abs=0.05)
    assert 100 * found.surviving(12) == pytest.approx(percent[12], abs=2)
    assert found.retention(8) > found.retention(1)


def test_cohorts_of_several_years_are_fitted_together() -> None:
    # Fader and Hardie 2010: 10,000 a year, of whom 8,000, 6,480, 5,307 and 4,391 are left.
    years = (10_000, 8_000, 6_480, 5_307, 4_391)
    lost = {n: (5 - n) * (years[n - 1] - years[n]) for n in range(1, 5)}
    found = fit_sbg(lost, {n: years[n] for n in range(5)})
    assert found is not None
    assert (found.alpha, found.beta) == pytest.approx((3.80, 15.19), abs=0.01)
    # Who has renewed four times has 3.84 discounted years to come, and 1.1 makes 10 %.
    assert Sbg(3.80, 15.19).residual_years(5, 0.1) == pytest.approx(3.84, abs=0.005)


def test_with_one_chance_for_all_the_model_is_the_old_formula() -> None:
    # α and β so large that all leave with 20 %: Σ 0.8ᵗ/1.1ᵗ = 1.1/0.3
    alike = Sbg(2e6, 8e6)
    assert alike.discounted_years(0.1) == pytest.approx(1.1 / 0.3, rel=1e-4)
    assert alike.residual_years(1, 0.1) == pytest.approx(0.8 / (1 - 0.8 / 1.1), rel=1e-4)
    with pytest.raises(ValueError, match="discount"):
        alike.residual_years(1, 0)


@pytest.mark.parametrize(
    ("lost", "staying"), [({}, {}), ({}, {3: 10}), ({1: 5}, {}), ({1: 5}, {0: 7})]
)
def test_nothing_is_fitted_to_what_says_nothing(
    lost: dict[int, int], staying: dict[int, int]
) -> None:
    assert fit_sbg(lost, staying) is None


@pytest.fixture(scope="module")
def buyers() -> list[Buyer]:
    with CDNOW.open() as file:
        return [
            Buyer(int(row["repeats"]), float(row["last"]), float(row["age"]), float(row["mean"]),
                  int(row["many"]))
            for row in csv.DictReader(file)
        ]  # fmt: skip


def test_the_fit_to_cdnow_is_the_published_one(buyers: list[Buyer]) -> None:
    assert sum(one.many for one in buyers) == 2_357
    found = fit_paces(buyers)
    assert found is not None
    assert (found.r, found.alpha) == pytest.approx((0.243, 4.414), abs=0.001)
    assert (found.a, found.b) == pytest.approx((0.793, 2.426), abs=0.002)
    assert buying.log_likelihood(found, buyers) == pytest.approx(-9582.4, abs=0.1)


def test_what_is_to_be_expected_of_the_first_client_of_cdnow() -> None:
    paces = Paces(0.243, 4.414, 0.793, 2.426)
    # Fader, Hardie and Lee: x = 2, t = 30.43, T = 38.86; 1.226 purchases within 39 weeks
    first = Buyer(2, 30.43, 38.86, 22.35)
    assert paces.purchases(first, 39) == pytest.approx(1.226, abs=0.0005)
    assert paces.chance_alive(first) == pytest.approx(0.7266, abs=0.0005)
    assert paces.chance_alive(Buyer(0, 0, 38.86)) == 1
    assert paces.purchases(first, 0) == pytest.approx(0, abs=1e-9)


def test_the_worth_of_a_purchase_at_cdnow_is_the_published_one(buyers: list[Buyer]) -> None:
    found = fit_worths(buyers)
    assert found is not None
    assert (found.p, found.q, found.gamma) == pytest.approx((6.25, 3.74, 15.44), abs=0.02)
    repeaters = [one for one in buyers if one.repeats]
    assert len(repeaters) == 946
    assert buying.worth_likelihood(found, repeaters) == pytest.approx(-4055.92, abs=0.02)
    assert found.mean(Buyer(2, 30.43, 38.86, 22.35)) == pytest.approx(24.66, abs=0.01)
    # Who never bought again is taken for everybody.
    assert found.mean(Buyer(0, 0, 38.86)) == pytest.approx(35.17, abs=0.01)


def test_what_is_to_come_is_what_is_bought_times_what_it_is_worth() -> None:
    paces, worths = Paces(0.243, 4.414, 0.793, 2.426), Worths(6.25, 3.74, 15.44)
    one = Buyer(2, 30.43, 38.86, 22.35)
    whole = paces.purchases(one, 39) * worths.mean(one)
    assert worth_to_come(paces, worths, one, steps=3, step=13, discount=0) == pytest.approx(whole)
    assert worth_to_come(paces, worths, one, steps=3, step=13, discount=0.1) < whole


def test_nothing_is_fitted_to_clients_who_bought_once() -> None:
    once = [Buyer(0, 0, 10), Buyer(0, 0, 20)]
    assert fit_paces(once) is None and fit_worths(once) is None and fit_paces([]) is None
    assert fit_worths([Buyer(1, 5, 10, 30)]) is None
