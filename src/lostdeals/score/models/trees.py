"""Boosted trees: grown by scikit-learn, kept and used as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lostdeals.stats.coding import Floats

Ints = npt.NDArray[np.int32]
Truth = npt.NDArray[np.bool_]
CHUNK = 4096
"""Rows that are walked through all trees at a time; so many fit the processor's cache."""


@dataclass(frozen=True)
class Growth:
    """How trees are grown."""

    leaves: int
    rounds: int
    rate: float
    smallest: int
    """Rows a leaf needs."""


@dataclass(frozen=True)
class Forest:
    """Trees as arrays over all their nodes; a leaf points at itself."""

    baseline: float
    """Log-odds before the first tree."""
    roots: Ints
    """Where each tree begins."""
    feature: Ints
    threshold: Floats
    """A value not above it goes left."""
    missing_left: npt.NDArray[np.bool_]
    left: Ints
    right: Ints
    value: Floats
    """What a leaf adds; for an inner node the mean of what its rows were given, for explanations."""
    depth: Ints
    """Deepest level of each tree."""

    def logit(self, matrix: Floats, trees: int | None = None) -> Floats:
        """Log-odds of every row by the first `trees` trees, all where None."""
        forest = self if trees is None else self.first(trees)
        out = np.full(len(matrix), forest.baseline)
        if len(forest.roots):
            walker = _Walker(forest, matrix.shape[1])
            for start in range(0, len(matrix), CHUNK):
                rows = slice(start, start + CHUNK)
                out[rows] += walker.sums(matrix[rows])
        return out

    def contributions(self, matrix: Floats, trees: int | None = None) -> Floats:
        """What each feature adds along the paths of a row (Saabas 2014), rows × features; the sum is exact."""
        out = np.zeros(matrix.shape)
        rows = np.arange(len(matrix))
        for tree in range(len(self.roots) if trees is None else trees):
            node = np.full(len(matrix), self.roots[tree], dtype=np.int32)
            for _ in range(self.depth[tree]):
                feature = self.feature[node]
                cell = matrix[rows, feature]
                goes_left = (cell <= self.threshold[node]) | (np.isnan(cell) & self.missing_left[node])
                following = np.where(goes_left, self.left[node], self.right[node])
                out[rows, feature] += self.value[following] - self.value[node]
                node = following
        return out

    def first(self, trees: int) -> Forest:
        """The forest of the first trees only."""
        if trees >= len(self.roots):
            return self
        end = int(self.roots[trees])
        cut = {name: getattr(self, name)[:end] for name in ("feature", "threshold", "missing_left", "left", "right")}
        return Forest(self.baseline, self.roots[:trees], value=self.value[:end], depth=self.depth[:trees], **cut)


class _Walker:
    """A forest laid out for speed: siblings side by side, values as the number of thresholds below them.

    Each feature has two columns of codes, one where a missing value is below all thresholds and one where it is above them;
    a node looks at the one its missing values ask for, so no step of the walk needs to look for them.
    """

    def __init__(self, forest: Forest, features: int) -> None:
        inner = np.flatnonzero(forest.left != np.arange(len(forest.left)))
        trees = len(forest.roots)
        place = np.empty(len(forest.left), dtype=np.int32)
        place[forest.roots] = np.arange(trees, dtype=np.int32)
        place[forest.left[inner]] = trees + 2 * np.arange(len(inner), dtype=np.int32)
        place[forest.right[inner]] = trees + 2 * np.arange(len(inner), dtype=np.int32) + 1
        self.features = features
        self.known = [np.unique(forest.threshold[inner][forest.feature[inner] == one]) for one in range(features)]
        self.column = np.zeros(len(place), dtype=np.int32)
        self.most = np.full(len(place), np.iinfo(np.int16).max, dtype=np.int16)  # a leaf always leads to itself
        self.child = np.empty(len(place), dtype=np.int32)
        self.child[place] = place
        self.child[place[inner]] = place[forest.left[inner]]
        at = forest.feature[inner]
        self.column[place[inner]] = at + features * ~forest.missing_left[inner]
        for one, known in enumerate(self.known):
            own = inner[at == one]
            self.most[place[own]] = np.searchsorted(known, forest.threshold[own])
        self.value = np.empty(len(place))
        self.value[place] = forest.value
        self.depth = forest.depth

    def sums(self, matrix: Floats) -> Floats:
        """What the leaves of each row add up to."""
        width = 2 * self.features
        codes = np.empty((len(matrix), width), dtype=np.int16)
        for one, known in enumerate(self.known):
            cells = matrix[:, one]
            found = np.searchsorted(known, cells, side="left")
            missing = np.isnan(cells)
            codes[:, one] = np.where(missing, 0, found)
            codes[:, one + self.features] = np.where(missing, len(known), found)
        flat = codes.ravel()
        lines = np.arange(len(matrix), dtype=np.int32) * width
        total = np.zeros(len(matrix))
        for tree, depth in enumerate(self.depth):
            node = np.full(len(matrix), tree, dtype=np.int32)
            for _ in range(depth):
                cell = flat.take(lines + self.column.take(node))
                node = self.child.take(node) + (cell > self.most.take(node))
            total += self.value.take(node)
        return total


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
        max_features=0.5,
        max_bins=255,
        early_stopping=held_out is not None,
        n_iter_no_change=10,
        tol=0.0,
        random_state=seed,
    )
    # scikit-learn cannot cut a column without a single value; as zeros it is never split
    matrix = np.where(np.isnan(matrix).all(axis=0), 0.0, matrix)
    if held_out is None:
        model.fit(matrix, won)
        return _as_forest(model), int(model.n_iter_)
    model.fit(matrix, won, X_val=held_out[0], y_val=held_out[1])
    return _as_forest(model), int(np.argmax(model.validation_score_))


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
    depth = np.maximum.reduceat(nodes["depth"].astype(np.int32), roots)
    value = nodes["value"].astype(float)
    count = nodes["count"].astype(float)
    for level in range(int(depth.max(initial=0)) - 1, -1, -1):
        inner = np.flatnonzero(~leaf & (nodes["depth"] == level))
        one, other = left[inner], right[inner]
        value[inner] = (value[one] * count[one] + value[other] * count[other]) / (count[one] + count[other])
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
