"""The ladder and its parts: no more model than the customers can carry, the same numbers from arrays as from scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier

from lostdeals.score.evaluate import dates_help, next_step, recentring
from lostdeals.score.models.additive import cross_fitted, fit_binned, rates
from lostdeals.score.models.forest import together
from lostdeals.score.models.ladder import climb, step_of
from lostdeals.score.models.stack import fit_choice, fit_weights, held_out_stack, log_loss, offset_to, sigmoid
from lostdeals.score.models.trees import SHRINK, Growth, Scatter, _as_forest, grow, grow_random
from lostdeals.stats.roc import auc
from lostdeals.stats.threads import one_thread


@pytest.fixture(autouse=True)
def one_processor():
    """As the tool itself fits; on a busy machine several threads wait for one another."""
    with one_thread():
        yield


def made_up(n, seed=0, signal=1.0):
    """Sources and visits that tell something, an interaction of two figures, and noise with gaps."""
    rng = np.random.default_rng(seed)
    source = rng.choice(["转介绍", "广告", "展会", None], n, p=[0.3, 0.4, 0.2, 0.1])
    a, b = rng.normal(size=n), rng.normal(size=n)
    logit = signal * ((source == "转介绍") * 1.2 + 1.5 * a * b) - 0.8
    won = rng.random(n) < 1 / (1 + np.exp(-logit))
    a = np.where(rng.random(n) < 0.1, np.nan, a)
    return pd.DataFrame({"source": source, "a": a, "b": b, "noise": rng.normal(size=n)}), won


@pytest.mark.parametrize(
    ("rarer", "step"), [(6, "linear"), (19, "linear"), (20, "blend"), (79, "blend"), (80, "stack"), (5000, "stack")]
)
def test_the_number_of_customers_decides_the_step(rarer, step):
    assert step_of(rarer) == step


@pytest.mark.parametrize(("n", "step"), [(40, "linear"), (120, "blend"), (400, "stack")])
def test_every_step_gives_probabilities_that_differ_and_stay_between_0_and_1(n, step):
    frame, won = made_up(n)
    climbed = climb(frame, won, np.arange(n), seed=3)
    p = climbed.model.predict(frame)
    assert climbed.step == step
    assert ((p > 0) & (p < 1)).all()
    assert p.std() > 0.01
    assert np.isfinite(climbed.held_out).all()


def test_trees_find_what_tables_cannot():
    frame, won = made_up(3000)
    climbed = climb(frame[:2000], won[:2000], np.arange(2000), seed=3)
    codes_only = fit_binned_auc(frame, won)
    whole = auc(won[2000:], climbed.model.predict(frame[2000:]))
    assert whole > codes_only + 0.08


def fit_binned_auc(frame, won):
    from lostdeals.stats.coding import Coder, coded

    columns = Coder(bins=6).fit(frame[:2000]).columns_
    tables = fit_binned(coded(columns, frame[:2000]), won[:2000], [column.size for column in columns], 0.3)
    return auc(won[2000:], tables.logit(coded(columns, frame[2000:])))


def test_the_stack_is_never_clearly_worse_than_its_better_part():
    rng = np.random.default_rng(0)
    won = rng.random(2000) < 0.4
    good = np.where(won, 1.0, -1.0) + rng.normal(size=2000)
    poor = rng.normal(size=2000)
    folds = rng.integers(0, 5, 2000)
    stacked = held_out_stack(np.column_stack([good, poor]), won, folds)
    alone = held_out_stack(good[:, None], won, folds)
    assert log_loss(won, stacked) < log_loss(won, alone) + 0.001
    weights = fit_weights(np.column_stack([good, -good]), won)
    assert weights[1] > 0.5
    assert weights[2] == 0.0


def test_models_that_know_nothing_are_drawn_to_the_base_rate_and_good_ones_are_kept():
    rng = np.random.default_rng(2)
    won = rng.random(200) < 0.15
    draws = [rng.normal(size=(200, 1)) - 1.7 for _ in range(20)]
    drawn = np.mean([fit_choice(noise, won)[1] for noise in draws])
    assert drawn < 0.8 * np.mean([fit_weights(noise, won)[1] for noise in draws])
    noise = draws[0]
    known = np.where(won, 1.5, -2.5) + rng.normal(size=200)
    weights = fit_choice(np.column_stack([known, noise[:, 0]]), won)
    assert weights[1] > 0.7
    assert weights[2] < 0.01


def test_a_small_sheet_of_noise_quotes_nearly_the_average_rate():
    rng = np.random.default_rng(8)
    frame = pd.DataFrame({name: rng.normal(size=1200) for name in "abcd"} | {"source": rng.choice(list("xyz"), 1200)})
    won = rng.random(1200) < 0.2
    p = climb(frame[:200], won[:200], np.arange(200), seed=3).model.predict(frame[200:])
    base = won[:200].mean()
    assert np.mean((p - won[200:]) ** 2) < np.mean((base - won[200:]) ** 2) + 0.002


def test_what_trees_count_follows_the_rows_they_have_not_seen():
    rng = np.random.default_rng(0)
    a, b, c = (rng.normal(size=3000) for _ in range(3))
    logit = 2.5 * np.sign(a) * np.sign(b) * np.sign(c)
    deep = pd.DataFrame({"a": a, "b": b, "c": c})
    won = rng.random(3000) < 1 / (1 + np.exp(-logit))
    model = climb(deep[:2000], won[:2000], np.arange(2000), seed=3).model
    assert model.weights[2] > 0.7
    assert auc(won[2000:], model.predict(deep[2000:])) > auc(won[2000:], logit[2000:]) - 0.03
    straight = rng.random(3000) < 1 / (1 + np.exp(-a))
    other = climb(deep[:2000], straight[:2000], np.arange(2000), seed=3).model
    assert other.weights[1] > model.weights[1] + 0.2


def test_random_trees_stand_beside_boosted_ones_from_two_hundred_customers_on():
    frame, won = made_up(1200)
    numbers = frame[["a", "b", "noise"]]
    rng = np.random.default_rng(4)
    few = np.concatenate([np.flatnonzero(won)[:150], np.flatnonzero(~won)[:150]])
    few = rng.permutation(few)
    small = climb(numbers.iloc[few], won[few], np.arange(300), seed=3).model
    assert len(small.forest.roots) == 100
    model = climb(numbers, won, np.arange(1200), seed=3).model
    again = climb(numbers, won, np.arange(1200), seed=3).model
    assert model.forest.depth.max() > 10  # boosted trees are not that deep
    np.testing.assert_array_equal(model.logit(numbers), again.logit(numbers))


def test_random_trees_say_the_mean_log_odds_of_their_leaves():
    frame, won = made_up(800)
    matrix = frame[["a", "b", "noise"]].to_numpy().astype(np.float32).astype(float)
    matrix[::7, 1] = np.nan
    scatter = Scatter(trees=5, deepest=4, most_rows=10_000)
    forest = grow_random(matrix, won, scatter, 3)
    theirs = ExtraTreesClassifier(5, max_depth=4, max_features="sqrt", random_state=3).fit(matrix, won)
    base = (won.sum() + 0.5) / (len(won) + 1)
    expected = np.zeros(len(won))
    for one in theirs.estimators_:
        leaf = one.apply(matrix)
        wins = np.bincount(leaf, weights=won)[leaf]
        rate = (wins + SHRINK * base) / (np.bincount(leaf)[leaf] + SHRINK)
        expected += np.log(rate / (1 - rate)) / 5
    np.testing.assert_allclose(forest.logit(matrix), expected, atol=1e-9)
    huge = np.full((2, 3), 1e300)
    huge[1] = -np.inf
    assert np.isfinite(forest.logit(huge)).all()
    assert np.isfinite(grow_random(np.vstack([matrix, huge]), np.append(won, [True, False]), scatter, 3).value).all()


def test_forests_side_by_side_are_one_forest_and_explain_what_they_say():
    frame, won = made_up(900)
    matrix = frame[["a", "b", "noise"]].to_numpy()
    boosted, _ = grow(matrix, won, Growth(leaves=8, rounds=20, rate=0.1, smallest=10), 3)
    random = grow_random(matrix, won, Scatter(trees=10, deepest=16, most_rows=400), 3)
    both = together([(boosted, 0.25), (random, 0.75)])
    np.testing.assert_allclose(both.logit(matrix), 0.25 * boosted.logit(matrix) + 0.75 * random.logit(matrix))
    added = both.contributions(matrix).sum(axis=1)
    said = both.logit(matrix)
    np.testing.assert_allclose(added - added.mean(), said - said.mean(), atol=1e-9)


def test_arrays_predict_what_scikit_learn_predicts():
    frame, won = made_up(800)
    matrix = frame[["a", "b", "noise"]].to_numpy()
    model = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=8, random_state=0).fit(matrix, won)
    forest = _as_forest(model)
    np.testing.assert_allclose(forest.logit(matrix), model.decision_function(matrix), atol=1e-9)
    odd = np.array([[np.nan, np.nan, np.nan], [1e9, -1e9, 0.0], [np.inf, -np.inf, 0.0]])
    np.testing.assert_allclose(forest.logit(odd), model.decision_function(odd), atol=1e-9)


def test_a_column_without_a_single_value_stops_no_tree():
    frame, won = made_up(400)
    climbed = climb(frame.assign(empty=np.where(np.arange(400) == 7, 1.0, np.nan)), won, np.arange(400), seed=3)
    assert climbed.step == "stack"
    assert np.isfinite(climbed.held_out).all()


def test_contributions_of_trees_add_up_to_what_the_trees_say():
    frame, won = made_up(600)
    matrix = frame[["a", "b", "noise"]].to_numpy()
    forest, _ = grow(matrix, won, Growth(leaves=6, rounds=20, rate=0.1, smallest=20), seed=0)
    sums = forest.contributions(matrix).sum(axis=1)
    root = sums - (forest.logit(matrix) - forest.baseline)
    np.testing.assert_allclose(root, root[0], atol=1e-9)


def test_no_row_tells_its_own_outcome_through_a_rare_level():
    rng = np.random.default_rng(0)
    codes = np.arange(400)[:, None].astype(np.int32) % 200
    won = rng.random(400) < 0.5
    folds = np.arange(400) % 5
    own = np.column_stack([table[codes[:, place]] for place, table in enumerate(rates(codes, won, [200], 1.0))])
    assert auc(won, own[:, 0]) > 0.8
    assert auc(won, cross_fitted(codes, won, [200], 1.0, folds)[:, 0]) < 0.6


def test_the_same_rows_give_the_same_model_twice():
    frame, won = made_up(500)
    first, second = (climb(frame, won, np.arange(500), seed=3) for _ in range(2))
    assert first.model.predict(frame).tolist() == second.model.predict(frame).tolist()
    assert first.held_out.tolist() == second.held_out.tolist()


def test_a_column_of_nothing_but_new_words_moves_nobody():
    frame, won = made_up(300)
    model = climb(frame, won, np.arange(300), seed=3).model
    strange = frame.assign(source="从未见过")
    assert len(set(model.additive.tables[0][[1]])) == 1
    assert np.isfinite(model.predict(strange)).all()


def test_how_many_customers_the_next_step_needs():
    steps = {"linear": 6, "blend": 20, "stack": 80}
    assert [next_step(n, steps) for n in (3, 6, 20, 79, 80)] == [3, 14, 60, 1, 0]


def test_an_offset_brings_the_mean_to_the_rate():
    logit = np.random.default_rng(0).normal(size=500)
    assert abs(sigmoid(logit + offset_to(0.2, logit)).mean() - 0.2) < 1e-5


def days(n):
    return np.datetime64("2024-01-01", "ns") + np.arange(n).astype("timedelta64[D]").astype("timedelta64[ns]")


def test_probabilities_follow_a_last_period_that_closes_otherwise_than_before():
    frame, _ = made_up(1000)
    rng = np.random.default_rng(3)
    won = rng.random(1000) < np.where(np.arange(1000) < 850, 0.2, 0.6)
    climbed = climb(frame, won, np.arange(1000), seed=1)
    moved = recentring(climbed, won, days(1000), np.array([], dtype="datetime64[ns]"))
    assert moved is not None
    assert moved[0] > 1
    assert moved[1] == won[850:].mean()


def test_a_last_period_within_chance_moves_nothing_and_neither_does_one_still_open():
    frame, _ = made_up(1000)
    rng = np.random.default_rng(4)
    steady = rng.random(1000) < 0.3
    nothing_open = np.array([], dtype="datetime64[ns]")
    climbed = climb(frame, steady, np.arange(1000), seed=1)
    assert recentring(climbed, steady, days(1000), nothing_open) is None
    won = rng.random(1000) < np.where(np.arange(1000) < 850, 0.2, 0.6)
    climbed = climb(frame, won, np.arange(1000), seed=1)
    still_open = np.repeat(days(1000)[900:], 3)
    assert recentring(climbed, won, days(1000), still_open) is None


def test_a_month_is_learned_from_for_rows_of_the_months_that_are_known_only():
    n = 1200
    rng = np.random.default_rng(0)
    dates = np.sort(
        np.datetime64("2024-01-01", "ns") + (rng.integers(0, 180, n) * 86_400_000_000_000).astype("timedelta64[ns]")
    )
    month = pd.Series(dates).dt.month
    won = rng.random(n) < np.where(month % 2 == 0, 0.5, 0.2)
    frame = pd.DataFrame({"d:month": month.astype(str).astype(object), "x": rng.normal(size=n)})
    groups = np.arange(n)
    assert dates_help(frame, ("d:month",), won, groups, dates, dates[::7], seed=1)
    later = dates + np.timedelta64(400, "D")
    assert not dates_help(frame, ("d:month",), rng.random(n) < 0.4, groups, dates, later, seed=1)
