"""Grow trees with scikit-learn: boosted ones, and random ones beside them that err in other places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lostdeals.score.models.forest import Forest, mean_values
from lostdeals.stats.coding import Floats

Truth = npt.NDArray[np.bool_]
SHRINK = 2.0
"""Average rows that draw a random leaf's win rate to the average one."""
LARGEST = 3e38
"""scikit-learn's random trees know no larger number."""


@dataclass(frozen=True)
class Growth:
    """How trees are grown."""

    leaves: int
    rounds: int
    rate: float
    smallest: int
    """Rows a leaf needs."""
    columns: float = 0.5
    """Share of the columns that every split may choose from."""


@dataclass(frozen=True)
class Scatter:
    """How random trees are grown."""

    trees: int
    deepest: int
    most_rows: int
    """Each tree sees at most so many rows, drawn with replacement where there are more."""


def grow(
    matrix: Floats,
    won: Truth,
    growth: Growth,
    seed: int,
    held_out: tuple[Floats, Truth] | None = None,
) -> tuple[Forest, int]:
    """Trees, and after how many of them the loss on the held-out rows was least (all of them without such rows).

    With held-out rows growing stops once ten more trees have not lowered the loss.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=growth.rate,
        max_iter=growth.rounds,
        max_leaf_nodes=growth.leaves,
        max_depth=10,
        min_samples_leaf=growth.smallest,
        l2_regularization=1.0,
        max_features=growth.columns,
        max_bins=255,
        early_stopping=held_out is not None,
        n_iter_no_change=10,
        tol=0.0,
        random_state=seed,
    )
    matrix = _cuttable(matrix)
    if held_out is None:
        model.fit(matrix, won)
        return _as_forest(model), int(model.n_iter_)
    model.fit(matrix, won, X_val=held_out[0], y_val=held_out[1])
    return _as_forest(model), int(np.argmax(model.validation_score_))


def grow_random(matrix: Floats, won: Truth, scatter: Scatter, seed: int) -> Forest:
    """Extremely randomised trees (Geurts, Ernst, Wehenkel 2006) as log-odds: the mean of what their leaves say.

    A leaf says the log-odds of its rows' win rate, drawn to the average by ``SHRINK`` rows.
    """
    from sklearn.ensemble import ExtraTreesClassifier

    rows = min(len(won), scatter.most_rows)
    model = ExtraTreesClassifier(
        n_estimators=scatter.trees,
        max_depth=scatter.deepest,
        max_features="sqrt",
        bootstrap=rows < len(won),
        max_samples=rows if rows < len(won) else None,
        random_state=seed,
    )
    model.fit(np.clip(_cuttable(matrix), -LARGEST, LARGEST), won)
    base = (won.sum() + 0.5) / (len(won) + 1)
    return _as_random([one.tree_ for one in model.estimators_], float(base))


def _as_random(trees: list[Any], base: float) -> Forest:
    """The arrays of fitted scikit-learn trees; all of them count alike."""
    sizes = np.array([tree.node_count for tree in trees])
    roots = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
    offset = np.repeat(roots, sizes)
    below = [np.concatenate([getattr(tree, side) for tree in trees]) for side in ("children_left", "children_right")]
    leaf = below[0] < 0
    own = np.arange(len(leaf), dtype=np.int32)
    left, right = (np.where(leaf, own, side + offset).astype(np.int32) for side in below)
    levels = np.zeros(len(leaf), dtype=np.int32)
    inner = roots[~leaf[roots]]
    while len(inner):
        under = np.concatenate([left[inner], right[inner]])
        levels[under] = np.tile(levels[inner], 2) + 1
        inner = under[~leaf[under]]
    count = np.concatenate([tree.weighted_n_node_samples for tree in trees])
    wins = np.concatenate([tree.value[:, 0, 1] for tree in trees]) * count
    rate = (wins + SHRINK * base) / (count + SHRINK)
    value = mean_values(np.log(rate / (1 - rate)), count, leaf, left, right, levels)
    return Forest(
        baseline=0.0,
        roots=roots,
        feature=np.where(leaf, 0, np.concatenate([tree.feature for tree in trees])).astype(np.int32),
        threshold=np.where(leaf, 0.0, np.concatenate([tree.threshold for tree in trees])),
        missing_left=np.concatenate([tree.missing_go_to_left for tree in trees]).astype(bool),
        left=left,
        right=right,
        value=value / len(trees),
        depth=np.maximum.reduceat(levels, roots),
    )


def _cuttable(matrix: Floats) -> Floats:
    """Columns without a single value as zeros: scikit-learn cannot cut them, and zeros are never split."""
    return np.where(np.isnan(matrix).all(axis=0), 0.0, matrix)


def _as_forest(model: object) -> Forest:
    """The arrays of a fitted HistGradientBoostingClassifier."""
    parts: list[np.ndarray] = [trees[0].nodes for trees in model._predictors]  # type: ignore[attr-defined]
    sizes = np.array([len(nodes) for nodes in parts])
    roots = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
    nodes = np.concatenate(parts)
    offset = np.repeat(roots, sizes)
    own = np.arange(len(nodes), dtype=np.int32)
    leaf = nodes["is_leaf"].astype(bool)
    left = np.where(leaf, own, nodes["left"].astype(np.int64) + offset).astype(np.int32)
    right = np.where(leaf, own, nodes["right"].astype(np.int64) + offset).astype(np.int32)
    levels = nodes["depth"].astype(np.int32)
    depth = np.maximum.reduceat(levels, roots)
    value = mean_values(nodes["value"].astype(float), nodes["count"].astype(float), leaf, left, right, levels)
    return Forest(
        baseline=float(model._baseline_prediction.ravel()[0]),  # type: ignore[attr-defined]
        roots=roots,
        feature=np.where(leaf, 0, nodes["feature_idx"]).astype(np.int32),
        threshold=nodes["num_threshold"].astype(float),
        missing_left=nodes["missing_go_to_left"].astype(bool),
        left=left,
        right=right,
        value=value,
        depth=depth,
    )
