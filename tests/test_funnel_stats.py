"""The statistics of funnels against scipy, statsmodels, and what theory says of made-up series."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, fisher_exact
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from lostdeals.stats.mix import shift_share
from lostdeals.stats.rates import benjamini_hochberg, drift, fisher, newcombe, unlike, wilson
from lostdeals.stats.series import usual_counts, usual_rates
from lostdeals.stats.survival import kaplan_meier


@given(st.integers(1, 400), st.data())
def test_the_interval_of_a_rate_is_wilsons(n, data):
    won = data.draw(st.integers(0, n))
    assert wilson(won, n) == pytest.approx(proportion_confint(won, n, method="wilson"), abs=1e-9)


@given(st.integers(0, 30), st.integers(1, 40), st.integers(0, 30), st.integers(1, 40))
def test_the_test_between_two_groups_is_fishers(a, b, c, d):
    assert fisher(a, a + b, c, c + d) == pytest.approx(fisher_exact([[a, b], [c, d]]).pvalue)


@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=20))
def test_many_comparisons_are_paid_for_as_benjamini_and_hochberg_say(p):
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p).tolist())
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1].tolist())


@given(st.integers(1, 90), st.integers(1, 90), st.data())
def test_the_interval_of_a_difference_is_newcombes(n0, n1, data):
    won0, won1 = data.draw(st.integers(0, n0)), data.draw(st.integers(0, n1))
    expected = confint_proportions_2indep(won1, n1, won0, n0, method="newcomb", compare="diff")
    assert newcombe(won0, n0, won1, n1) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=3, max_size=60))
def test_the_curve_is_kaplan_and_meiers(rows):
    time, happened = np.array([float(row[0]) for row in rows]), np.array([row[1] for row in rows])
    curve = kaplan_meier(time, happened)
    if not happened.any():
        assert len(curve.times) == 0
        return
    expected = SurvfuncRight(time, happened.astype(int))
    assert curve.times.tolist() == expected.surv_times.tolist()
    assert curve.survival == pytest.approx(expected.surv_prob)
    assert curve.at_risk.tolist() == expected.n_risk.tolist()
    inside = curve.survival > 0
    errors = np.abs(np.log(curve.high[inside] / curve.low[inside]))
    assert (errors >= 0).all()


def test_a_worked_survival_table_comes_out():
    # Freireich and others 1963, weeks of remission under 6-MP; + is still in remission, as every textbook prints it.
    weeks = [6, 6, 6, 7, 10, 13, 16, 22, 23, *(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)]
    curve = kaplan_meier(np.array(weeks, dtype=float), np.array([True] * 9 + [False] * 12))
    assert [round(value, 4) for value in curve.survival] == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert [round(bound, 3) for bound in (curve.low[-1], curve.high[-1])] == [0.188, 0.68]


COUNTS = st.lists(st.tuples(*[st.integers(0, 50)] * 4), min_size=1, max_size=6)


@given(COUNTS)
def test_mix_and_rate_add_up_to_the_difference(groups):
    n0, extra0, n1, extra1 = (np.array([group[place] for group in groups]) for place in range(4))
    won0, won1 = np.minimum(n0, extra0), np.minimum(n1, extra1)
    if n0.sum() == 0 or n1.sum() == 0:
        return
    split = shift_share(n0, won0, n1, won1)
    difference = won1.sum() / n1.sum() - won0.sum() / n0.sum()
    assert split.mix.sum() + split.rate.sum() == pytest.approx(difference, abs=1e-12)


def test_simpsons_case_every_group_worse_and_the_whole_better():
    split = shift_share(np.array([900, 100]), np.array([90, 40]), np.array([300, 700]), np.array([24, 245]))
    assert (24 + 245) / 1000 > (90 + 40) / 1000
    assert split.rate.sum() < 0 < split.mix.sum()
    assert split.mix_ci[0] > 0.1


def test_a_series_without_a_change_is_hardly_ever_marked():
    generator = np.random.default_rng(5)
    marked_rates = marked_counts = 0
    for _ in range(400):
        n = generator.poisson(60, 18).astype(float)
        won = generator.binomial(n.astype(int), 0.2).astype(float)
        bands = usual_rates(n, won, 5)
        marked_rates += any(b and not b[0] <= w / k <= b[1] for b, w, k in zip(bands, won, n, strict=True))
        marked_counts += any(b and not b[0] <= k <= b[1] for b, k in zip(usual_counts(n, 5), n, strict=True))
    assert marked_rates / 400 <= 0.05
    assert marked_counts / 400 <= 0.05


def test_a_period_that_broke_down_is_marked():
    n, won = np.full(12, 100.0), np.array([20, 22, 19, 21, 20, 18, 20, 21, 19, 20, 22, 3.0])
    band = usual_rates(n, won, 5)[-1]
    assert band[0] > 0.03
    assert usual_counts(np.array([50, 55, 48, 52, 49, 51, 50, 5.0]), 5)[-1][0] > 5


@pytest.mark.parametrize(
    "table", [(150, 2079, 153, 2818), (39, 40, 12, 9000), (30_000, 470_000, 31_000, 469_000), (0, 500, 90, 400)]
)
def test_the_test_of_large_groups_is_fishers_too(table):
    a, b, c, d = table
    assert fisher(a, a + b, c, c + d) == pytest.approx(fisher_exact([[a, b], [c, d]]).pvalue, rel=1e-6, abs=1e-300)


def test_groups_whose_rates_are_alike_are_told_so_by_both_tests():
    from scipy.stats import chi2_contingency

    exact, approximate = fisher(400, 2000, 440, 2000), chi2_contingency([[400, 1600], [440, 1560]]).pvalue
    assert exact == pytest.approx(approximate, rel=0.02)


def test_groups_of_one_rate_are_seldom_called_unlike_and_small_ones_do_no_harm():
    generator = np.random.default_rng(11)
    for sizes, rate in (([12, 15, 11, 20, 14], 0.1), ([60, 80, 40], 0.3)):
        p = [unlike(generator.binomial(sizes, rate).tolist(), sizes, draws=199) for _ in range(400)]
        assert np.mean([one is not None and one < 0.05 for one in p]) <= 0.075  # 0.05 and two standard errors


def test_large_groups_are_unlike_as_pearsons_test_says():
    from scipy.stats import chi2_contingency

    won, n = [400, 455, 410], [2000, 2000, 2000]
    expected = chi2_contingency([won, [b - a for a, b in zip(won, n, strict=True)]]).pvalue
    assert unlike(won, n) == pytest.approx(expected, abs=0.01)
    assert unlike([40, 90, 44], [200, 200, 200]) == pytest.approx(1 / 5000)
    assert (unlike([5], [9]), unlike([0, 0], [9, 9]), unlike([9, 9], [9, 9])) == (None, None, None)


@given(st.lists(st.tuples(st.integers(5, 60), st.floats(0, 1)), min_size=3, max_size=8))
def test_a_rise_or_fall_along_periods_is_tested_as_cochran_and_armitage_do(groups):
    n = [group[0] for group in groups]
    won = [round(group[0] * group[1]) for group in groups]
    found = drift(won, n, range(len(n)))
    if not 0 < sum(won) < sum(n):
        assert found is None
        return
    table = Table(np.array([won, [k - w for k, w in zip(n, won, strict=True)]]).T, shift_zeros=False)
    expected = table.test_ordinal_association(row_scores=np.arange(len(n)), col_scores=np.array([1, 0]))
    assert found[1] == pytest.approx(expected.pvalue, abs=1e-9)
    assert found[0] == pytest.approx(expected.zscore, abs=1e-9)


def test_a_steady_rate_is_seldom_said_to_rise_or_fall():
    generator = np.random.default_rng(2)
    p = [
        drift(generator.binomial([20, 25, 18, 30, 22, 27], 0.2).tolist(), [20, 25, 18, 30, 22, 27], range(6))[1]
        for _ in range(400)
    ]
    assert np.mean(np.array(p) < 0.05) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 400)
