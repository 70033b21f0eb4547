"""Trees kept and used as plain arrays, whatever grew them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lostdeals.stats.coding import Floats

Ints = npt.NDArray[np.int32]
CHUNK = 8192
"""Rows that are walked through all trees at a time; so many fit the processor's cache."""


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
        self.column = np.zeros(len(place), dtype=np.intp)
        small = max(map(len, self.known), default=0) < np.iinfo(np.int16).max
        kind = np.int16 if small else np.int32
        self.most = np.full(len(place), np.iinfo(kind).max, dtype=kind)  # a leaf always leads to itself
        self.child = np.empty(len(place), dtype=np.intp)
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
        codes = np.empty((len(matrix), width), dtype=self.most.dtype)
        for one, known in enumerate(self.known):
            cells = matrix[:, one]
            found = np.searchsorted(known, cells, side="left")
            missing = np.isnan(cells)
            codes[:, one] = np.where(missing, 0, found)
            codes[:, one + self.features] = np.where(missing, len(known), found)
        flat = codes.ravel()
        lines = np.arange(len(matrix), dtype=np.intp) * width
        total = np.zeros(len(matrix))
        node, place, below = (np.empty(len(matrix), dtype=np.intp) for _ in range(3))
        cell, most = (np.empty(len(matrix), dtype=self.most.dtype) for _ in range(2))
        above = np.empty(len(matrix), dtype=bool)
        for tree, depth in enumerate(self.depth):
            node.fill(tree)
            for _ in range(depth):  # all numbers lie within the arrays; "clip" lets take write where it is told
                self.column.take(node, out=place, mode="clip")
                np.add(place, lines, out=place)
                flat.take(place, out=cell, mode="clip")
                self.most.take(node, out=most, mode="clip")
                np.greater(cell, most, out=above)
                self.child.take(node, out=below, mode="clip")
                np.add(below, above, out=node)
            total += self.value.take(node)
        return total


def together(parts: Sequence[tuple[Forest, float]]) -> Forest:
    """Forests put side by side, what each adds multiplied by its weight: again one forest.

    >>> stump = Forest(0.5, *(np.zeros(1, dtype=np.int32),) * 2, np.zeros(1), np.zeros(1, dtype=bool),
    ...                *(np.zeros(1, dtype=np.int32),) * 2, np.array([1.0]), np.zeros(1, dtype=np.int32))
    >>> float(together([(stump, 2.0), (stump, 1.0)]).logit(np.zeros((1, 1)))[0])
    4.5
    """
    forests = [forest for forest, _ in parts]
    starts = np.cumsum([0, *(len(forest.feature) for forest in forests)]).astype(np.int32)
    moved = {
        name: np.concatenate([getattr(forest, name) + start for forest, start in zip(forests, starts, strict=False)])
        for name in ("roots", "left", "right")
    }
    same = {
        name: np.concatenate([getattr(forest, name) for forest in forests])
        for name in ("feature", "threshold", "missing_left", "depth")
    }
    value = np.concatenate([forest.value * weight for forest, weight in parts])
    return Forest(sum(forest.baseline * weight for forest, weight in parts), value=value, **moved, **same)


def mean_values(
    value: Floats, count: Floats, leaf: npt.NDArray[np.bool_], left: Ints, right: Ints, depth: Ints
) -> Floats:
    """What the rows of each node are given on average, leaf by leaf upwards. depth: of each node."""
    value = value.copy()
    for level in range(int(depth.max(initial=0)) - 1, -1, -1):
        inner = np.flatnonzero(~leaf & (depth == level))
        one, other = left[inner], right[inner]
        value[inner] = (value[one] * count[one] + value[other] * count[other]) / (count[one] + count[other])
    return value
