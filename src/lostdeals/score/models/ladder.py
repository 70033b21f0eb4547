"""The ladder: how much model the number of closed customers can carry, and the model that comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.score.features import members
from lostdeals.score.joint import find_made, widened
from lostdeals.score.models.additive import Tables, cross_fitted, fit_binned, fit_evidence, rates, weighted
from lostdeals.score.models.forest import Forest, together
from lostdeals.score.models.stack import fit_choice, fit_weights, held_out_stack, log_loss, sigmoid
from lostdeals.score.models.trees import Growth, Scatter, grow, grow_random
from lostdeals.stats.coding import Coder, Codes, ColumnCode, Floats, coded
from lostdeals.stats.folds import grouped_folds
from lostdeals.stats.repeats import needless, repeats

Truth = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FEWEST, FEW, MANY, PLENTY = 6, 20, 80, 200
"""Customers of the rarer outcome from which there is a model at all, a blend, small trees beside it, several kinds of trees."""
SMOOTH = 10.0
"""Average rows that shrink a level's win rate."""
STRENGTHS = ((0.03, 0.02), (0.06, 0.1), (0.15, 0.3))
"""How freely the binned regression and the one on weight of evidence follow the rows of a blend (scikit-learn's C)."""
SMALL = (Growth(leaves=6, rounds=100, rate=0.05, smallest=20),)
MIDDLE = (
    Growth(leaves=6, rounds=400, rate=0.05, smallest=10),
    Growth(leaves=31, rounds=400, rate=0.05, smallest=10, columns=1.0),
)
LARGE = (Growth(leaves=63, rounds=400, rate=0.05, smallest=40),)
LARGE_ROWS = 20_000
RANDOM = Scatter(trees=60, deepest=16, most_rows=2_500)
"""Random trees that stand beside the boosted ones of ``MIDDLE``."""


@dataclass(frozen=True)
class WinModel:
    """A fitted model: everything a prediction needs, as plain arrays."""

    columns: tuple[ColumnCode, ...]
    additive: Tables
    evidence: tuple[Floats, ...]
    """Weight of evidence per column and code: what trees see of a text column."""
    forest: Forest | None
    weights: tuple[float, ...]
    """Intercept, weight of the additive part, and of the trees where there are any."""
    base: float
    """Share won of the closed rows it was learned from."""
    offset: float = 0.0
    """Log-odds added because the last period closes better or worse than the rows learned from."""

    def seen(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A frame as the model sees it: with the columns that are made of several."""
        return widened(frame, (column.column for column in self.columns))

    def logit(self, frame: pd.DataFrame) -> Floats:
        """Log-odds of every row of a frame that has the model's columns, or what these are made of."""
        frame = self.seen(frame)
        codes = coded(self.columns, frame)
        out = self.weights[0] + self.offset + self.weights[1] * self.additive.logit(codes)
        if self.forest is not None and self.weights[2] > 0:
            out = out + self.weights[2] * self.forest.logit(tree_matrix(self.columns, self.evidence, frame, codes))
        return out

    def predict(self, frame: pd.DataFrame) -> Floats:
        """Probability to win, 0-1."""
        return sigmoid(self.logit(frame))


@dataclass(frozen=True)
class Climbed:
    """A model and what it says of the rows it was learned from, each by a model that had not seen it."""

    model: WinModel
    held_out: Floats
    """Log-odds."""
    step: str
    """``linear``, ``blend`` or ``stack``."""
    repeats: Mapping[str, str] = field(default_factory=dict)
    """Features that say what another one says, which was learned from instead."""


def tree_matrix(
    columns: tuple[ColumnCode, ...], evidence: tuple[Floats, ...], frame: pd.DataFrame, codes: Codes
) -> Floats:
    """What trees see: numbers as they are, texts as their weight of evidence, NaN where nothing is known."""
    out = np.empty(codes.shape)
    for place, column in enumerate(columns):
        if column.edges is None:
            out[:, place] = np.where(codes[:, place] == 0, np.nan, evidence[place][codes[:, place]])
        else:
            out[:, place] = pd.to_numeric(frame[column.column], errors="coerce").to_numpy(dtype=float)
    return out


def step_of(rarer: int) -> str:
    """Which step of the ladder so many customers of the rarer outcome carry.

    >>> step_of(12), step_of(60), step_of(80)
    ('linear', 'blend', 'stack')
    """
    return "linear" if rarer < FEW else "blend" if rarer < MANY else "stack"


def climb(
    frame: pd.DataFrame,
    won: Truth,
    groups: Ints,
    seed: int,
    folds: int = 5,
    headers: Mapping[str, str] | None = None,
) -> Climbed:
    """Fit the model that the rows can carry, with held-out log-odds of every row.

    groups: rows with one number are one customer and share a fold. headers: of the features, to know alike columns by.
    """
    rarer = int(min(len(np.unique(groups[won])), len(np.unique(groups[~won]))))
    step = step_of(rarer)
    same = repeats(frame)
    made = find_made(frame, won, groups, seed, headers, same) if step == "stack" else ()
    gone = needless(same, {one for name in made for one in members(name)})
    frame = widened(frame, made).drop(columns=list(gone))
    fold_of = grouped_folds(won, groups, min(folds, max(2, rarer)), seed)
    names = np.unique(fold_of)
    parts = [
        _Part(frame[fold_of != fold], won[fold_of != fold], groups[fold_of != fold], rarer, seed) for fold in names
    ]
    whole = _Part(frame, won, groups, rarer, seed)
    logits = np.empty((len(won), len(whole.choices)))
    tests = []
    for fold, part in zip(names, parts, strict=True):
        test = fold_of == fold
        codes = coded(part.columns, frame[test])
        for place, choice in enumerate(part.choices):
            logits[test, place] = choice.logit(codes)
        if step == "stack":
            tests.append((tree_matrix(part.columns, part.evidence, frame[test], codes), won[test]))
    forests: list[Forest] = []
    if step == "stack":
        for forest, held in _trees(parts, whole, tests, _kinds(rarer, len(won)), seed):
            forests.append(forest)
            trees = np.empty(len(won))
            for fold, some in zip(names, held, strict=True):
                trees[fold_of == fold] = some
            logits = np.column_stack([logits, trees])
    base = float(won.mean())
    if step == "linear":
        return Climbed(_model(whole, whole.choices[0], (0.0, 1.0), base), logits[:, 0], step, gone)
    fit = fit_choice if step == "blend" else fit_weights
    weights = tuple(map(float, fit(logits, won)))
    held_out = held_out_stack(logits, won, fold_of, fit)
    if step == "blend":
        additive = weighted(whole.choices, weights[1:], weights[0])
        return Climbed(_model(whole, additive, (0.0, 1.0), base), held_out, step, gone)
    return Climbed(_model(whole, whole.choices[0], weights, base, forests), held_out, step, gone)


def _model(
    part: _Part, additive: Tables, weights: tuple[float, ...], base: float, forests: Sequence[Forest] = ()
) -> WinModel:
    """A model with all trees as one forest, each kind by its share of their weight."""
    counts = [(forest, weight) for forest, weight in zip(forests, weights[2:], strict=True) if weight > 0]
    if not counts:
        return WinModel(part.columns, additive, part.evidence, None, weights[:2], base)
    total = sum(weight for _, weight in counts)
    forest = together([(forest, weight / total) for forest, weight in counts])
    return WinModel(part.columns, additive, part.evidence, forest, (*weights[:2], total), base)


def _kinds(rarer: int, rows: int) -> tuple[Growth | Scatter, ...]:
    """The kinds of trees that so many rows carry."""
    if rarer < PLENTY:
        return SMALL
    return LARGE if rows >= LARGE_ROWS else (*MIDDLE, RANDOM)


Tests = list[tuple[Floats, Truth]]


def _trees(
    parts: list[_Part], whole: _Part, tests: Tests, kinds: tuple[Growth | Scatter, ...], seed: int
) -> Iterator[tuple[Forest, list[Floats]]]:
    """Of each kind the trees of all rows, and the log-odds held out, fold by fold."""
    for kind in kinds:
        if isinstance(kind, Scatter):
            yield _random(parts, whole, tests, kind, seed)
        else:
            yield _boosted(parts, whole, tests, kind, seed, early=kinds != SMALL)


def _boosted(
    parts: list[_Part], whole: _Part, tests: Tests, growth: Growth, seed: int, *, early: bool
) -> tuple[Forest, list[Floats]]:
    """Boosted trees, and the log-odds held out, fold by fold.

    early: growing stops where the rows held out ask for it; a fold is predicted with as many trees as were best on the other
    folds, so that no row chooses for itself.
    """
    pairs = zip(parts, tests, strict=True)
    grown = [grow(part.matrix, part.won, growth, seed, test if early else None) for part, test in pairs]
    rounds = [count for _, count in grown]
    held_out = []
    for place, (forest, _) in enumerate(grown):
        others = [count for other, count in enumerate(rounds) if other != place]
        held_out.append(forest.logit(tests[place][0], min(int(np.median(others)), len(forest.roots))))
    for_all = max(1, round(float(np.mean(rounds)) * 1.1)) if early else growth.rounds
    return grow(whole.matrix, whole.won, replace(growth, rounds=for_all), seed)[0], held_out


def _random(parts: list[_Part], whole: _Part, tests: Tests, scatter: Scatter, seed: int) -> tuple[Forest, list[Floats]]:
    """Random trees, and the log-odds held out, fold by fold."""
    pairs = zip(parts, tests, strict=True)
    held_out = [grow_random(part.matrix, part.won, scatter, seed).logit(matrix) for part, (matrix, _) in pairs]
    return grow_random(whole.matrix, whole.won, scatter, seed), held_out


class _Part:
    """The coding and the additive models of one set of rows."""

    def __init__(self, frame: pd.DataFrame, won: Truth, groups: Ints, rarer: int, seed: int) -> None:
        few, many = rarer < FEW, rarer >= MANY
        coder = Coder(bins=2 if few else 10 if many else 8, smallest=max(3, min(5, rarer // 6)))
        self.columns = tuple(coder.fit(frame).columns_)
        self.frame, self.won = frame, won
        self.codes = coded(self.columns, frame)
        self.sizes = [column.size for column in self.columns]
        self.folds = grouped_folds(won, groups, 5 if not few else 3, seed + 1)
        self.choices: tuple[Tables, ...]
        if few:
            self.choices = (fit_binned(self.codes, won, self.sizes, 0.06),)
        else:
            self.choices = tuple(self._blend(*pair) for pair in (((0.3, 1.0),) if many else STRENGTHS))
        self.evidence = rates(self.codes, won, self.sizes, SMOOTH)

    def _blend(self, binned: float, evidence: float) -> Tables:
        """The mean of a binned and a weight-of-evidence regression."""
        one = fit_binned(self.codes, self.won, self.sizes, binned)
        other = fit_evidence(self.codes, self.won, self.sizes, evidence, SMOOTH, self.folds)
        return weighted((one, other), (0.5, 0.5))

    @cached_property
    def matrix(self) -> Floats:
        """What trees see of these rows, texts by the evidence of the other folds."""
        out = cross_fitted(self.codes, self.won, self.sizes, SMOOTH, self.folds)
        for place, column in enumerate(self.columns):
            if column.edges is not None:
                out[:, place] = pd.to_numeric(self.frame[column.column], errors="coerce").to_numpy(dtype=float)
        out[(self.codes == 0)] = np.nan
        return out


__all__ = ["FEW", "FEWEST", "MANY", "Climbed", "WinModel", "climb", "log_loss", "step_of"]
