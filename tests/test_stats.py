"""Intervals and tests agree with published or brute-force values."""

import numpy as np
from scipy.stats import rankdata

from lostdeals.stats.coding import Coder
from lostdeals.stats.folds import grouped_folds
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
    import pandas as pd

    coder = Coder(smallest=2).fit(pd.DataFrame({"s": ["a", "a", "b"]}))
    assert [feature.level for feature in coder.features_] == ["a", "…"]
    assert coder.transform(pd.DataFrame({"s": ["zzz", "a"]})).tolist() == [[0.0, 1.0], [1.0, 0.0]]
