"""Intervals and tests agree with published or brute-force values."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import rankdata

from lostdeals.stats.coding import Coder, as_object, from_object
from lostdeals.stats.folds import grouped_folds, old_and_new
from lostdeals.stats.rates import benjamini_hochberg, fisher, wilson
from lostdeals.stats.roc import auc, quality, ranks


def test_ranks_share_ties_as_scipy_does():
    values = np.array([3.0, 1.0, 3.0, 2.0, 3.0])
    assert ranks(values).tolist() == rankdata(values).tolist()


def test_the_auc_is_the_share_of_pairs_in_the_right_order():
    rng = np.random.default_rng(0)
    truth, score = rng.random(60) < 0.4, rng.random(60).round(1)
    pairs = [(a > b) + 0.5 * (a == b) for a in score[truth] for b in score[~truth]]
    assert round(auc(truth, score), 12) == round(float(np.mean(pairs)), 12)


def test_the_delong_interval_covers_the_true_auc_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(200):
        truth = np.arange(120) < 40
        score = rng.normal(size=120) + truth * 0.9539  # true AUC 0.75
        found = quality(truth, 1 / (1 + np.exp(-score)), 1 / 3)
        inside += found.auc_low <= 0.75 <= found.auc_high
    assert 180 <= inside <= 200


def test_a_group_is_never_on_both_sides_of_a_fold():
    rng = np.random.default_rng(2)
    groups = rng.integers(0, 80, 300)
    folds = grouped_folds(rng.random(300) < 0.2, groups, 5, seed=1)
    assert all(len(set(folds[groups == group])) == 1 for group in np.unique(groups))
    assert sorted(set(folds)) == [0, 1, 2, 3, 4]


def test_wilson_and_fisher_agree_with_known_values():
    assert [round(x, 4) for x in wilson(81, 263)] == [0.2553, 0.3662]
    assert round(fisher(3, 4, 1, 4), 4) == 0.4857


def test_q_values_never_fall_below_p_and_keep_the_order():
    p = [0.001, 0.02, 0.03, 0.5]
    q = benjamini_hochberg(p)
    assert all(a >= b for a, b in zip(q, p, strict=True))
    assert q == sorted(q)


def test_a_level_the_coder_has_not_seen_counts_as_another_value():
    coder = Coder(smallest=2).fit(pd.DataFrame({"s": ["a", "a", "b"]}))
    assert coder.columns_[0].levels == ("a",)
    assert coder.transform(pd.DataFrame({"s": ["zzz", "a", None]}))[:, 0].tolist() == [1, 2, 0]


def test_ranges_of_numbers_have_different_names_however_near_they_lie():
    column = Coder(bins=6).fit(pd.DataFrame({"x": np.linspace(1000.0, 1000.5, 60)})).columns_[0]
    assert len(set(column.levels)) == len(column.levels) == 6


def test_the_name_of_a_range_is_true_of_every_row_in_it_and_of_no_other():
    dice = np.random.default_rng(0)
    for values in (
        np.r_[np.repeat(299.0, 50), np.repeat(300.0, 50)],
        dice.normal(300, 3, 500).round(1),
        dice.lognormal(8, 2, 500),
        dice.normal(0, 1e-6, 500),
        dice.integers(-5, 2000, 300).astype(float),
        np.array([1e-300, 1.0, 1e300]),
    ):
        column = Coder(bins=7).fit(pd.DataFrame({"x": values})).columns_[0]
        cuts = [
            float(name.replace(",", "").strip("<≥").split("–")[0]) for name in (column.levels[-1], column.levels[0])
        ]
        codes = column.codes(pd.Series(values))
        assert (values >= cuts[0]).tolist() == (codes == column.size - 1).tolist()
        assert (values < cuts[1]).tolist() == (codes == 2).tolist()
        assert len(set(codes)) == len(column.levels)


@pytest.mark.parametrize(
    ("values", "name"), [([298.0, 299.0, 300.0, 301.0], "≥300"), ([299.7, 299.9, 300.2, 300.4], "≥300")]
)
def test_a_range_between_two_values_ends_at_the_roundest_number_between_them(values, name):
    assert Coder(bins=2).fit(pd.DataFrame({"x": values})).columns_[0].levels[-1] == name


def test_a_number_that_is_mostly_one_value_has_fewer_ranges_and_none_empty():
    column = Coder(bins=6).fit(pd.DataFrame({"x": [0.0] * 90 + [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]})).columns_[0]
    codes = column.codes(pd.Series([0.0] * 90 + [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
    assert set(codes) == set(range(2, 2 + len(column.levels)))


def test_a_coding_survives_its_own_file():
    frame = pd.DataFrame({"x": [1.5, None, 3.0, 9.0], "s": ["a", "b", None, "a"]})
    for column in Coder(smallest=1).fit(frame).columns_:
        again = from_object(json.loads(json.dumps(as_object(column))))
        assert again == column


def test_an_old_customer_is_never_tested_and_a_day_is_never_torn_apart():
    dates = np.array(["2024-01-01"] * 50 + ["2024-02-01"] * 50, dtype="datetime64[ns]")
    truth, groups = np.arange(100) % 2 == 0, np.arange(100)
    groups[60] = groups[3]
    old, new = old_and_new(dates, truth, groups, share=0.3, least=5)
    assert (set(old), set(new)) == (set(range(50)), set(range(50, 100)) - {60})
    assert old_and_new(np.full(100, "NaT", dtype="datetime64[ns]"), truth, groups, 0.3, 5) is None


def test_the_noise_floor_of_true_probabilities_is_their_own_error_on_average():
    rng = np.random.default_rng(1)
    p = rng.uniform(0.05, 0.95, 2000)
    errors = [quality(rng.random(2000) < p, p, 0.5) for _ in range(20)]
    assert abs(np.mean([one.ece for one in errors]) - errors[0].ece_floor) < 0.004


def test_a_few_buyers_ranked_a_little_high_are_no_signal():
    """Ten of 1,000: DeLong's interval is off 0.5, but so is that of many a random ranking."""
    truth = np.arange(1000) % 100 == 0
    luck = np.where(truth, 660 + 20 * (np.arange(1000) // 100 % 2), np.argsort(np.argsort(np.sin(np.arange(1000)))))
    weak = quality(truth, 0.01 * (1 + luck / 1000), 0.01)
    assert weak.auc_low > 0.5
    assert weak.chance_z < 2.33
    assert not weak.signal
    strong = quality(truth, np.where(truth, 0.3, 0.005), 0.01)
    assert strong.signal
