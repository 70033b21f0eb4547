"""The ladder: how much model the number of closed customers can carry, and the model that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.score.models.additive import Tables, cross_fitted, fit_binned, fit_evidence, mean_of, rates
from lostdeals.score.models.stack import fit_weights, held_out_stack, log_loss, sigmoid
from lostdeals.score.models.trees import Forest, Growth, grow
from lostdeals.stats.coding import Coder, Codes, ColumnCode, Floats, coded
from lostdeals.stats.folds import grouped_folds

Truth = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FEWEST, FEW, MANY, PLENTY = 6, 20, 80, 400
"""Customers of the rarer outcome from which there is a model at all, a blend, trees beside it, larger trees."""
SMOOTH = 10.0
"""Average rows that shrink a level's win rate."""
SMALL = Growth(leaves=6, rounds=100, rate=0.05, smallest=20)
MIDDLE = Growth(leaves=15, rounds=400, rate=0.05, smallest=40)
LARGE = Growth(leaves=63, rounds=400, rate=0.05, smallest=40)
LARGE_ROWS = 20_000


@dataclass(frozen=True)
class WinModel:
    """A fitted model: everything a prediction needs, as plain arrays."""

    columns: tuple[ColumnCode, ...]
    additive: Tables
    evidence: tuple[Floats, ...]
    """Weight of evidence per column and code: what trees see of a text column."""
    forest: Forest | None
    weights: tuple[float, ...]
    """Intercept, weight of the additive part, weight of the trees."""
    base: float
    """Share won of the closed rows it was learned from."""
    offset: float = 0.0
    """Log-odds added because the last period closes better or worse than the rows learned from."""

    def logit(self, frame: pd.DataFrame) -> Floats:
        """Log-odds of every row of a frame that has the model's columns."""
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


def climb(frame: pd.DataFrame, won: Truth, groups: Ints, seed: int, folds: int = 5) -> Climbed:
    """Fit the model that the rows can carry, with held-out log-odds of every row.

    groups: rows with one number are one customer and share a fold.
    """
    rarer = int(min(len(np.unique(groups[won])), len(np.unique(groups[~won]))))
    step = step_of(rarer)
    fold_of = grouped_folds(won, groups, min(folds, max(2, rarer)), seed)
    names = np.unique(fold_of)
    parts = [
        _Part(frame[fold_of != fold], won[fold_of != fold], groups[fold_of != fold], rarer, seed) for fold in names
    ]
    growth = _growth(rarer, len(won))
    logits = np.empty((len(won), 2 if step == "stack" else 1))
    grown: list[tuple[Forest, Floats]] = []
    best: list[int] = []
    for fold, part in zip(names, parts, strict=True):
        test = fold_of == fold
        codes = coded(part.columns, frame[test])
        logits[test, 0] = part.additive.logit(codes)
        if step == "stack":
            matrix = tree_matrix(part.columns, part.evidence, frame[test], codes)
            stop = (matrix, won[test]) if growth.rounds > SMALL.rounds else None
            forest, rounds = grow(part.matrix(), part.won, growth, seed, stop)
            grown.append((forest, matrix))
            best.append(rounds)
    if step == "stack":
        for place, (fold, (forest, matrix)) in enumerate(zip(names, grown, strict=True)):
            others = [rounds for other, rounds in enumerate(best) if other != place]
            logits[fold_of == fold, 1] = forest.logit(matrix, min(int(np.median(others)), len(forest.roots)))
    whole = _Part(frame, won, groups, rarer, seed)
    final: Forest | None = None
    if step == "stack":
        rounds = max(1, round(float(np.mean(best)) * 1.1)) if growth.rounds > SMALL.rounds else growth.rounds
        final, _ = grow(whole.matrix(), won, replace(growth, rounds=rounds), seed)
    if step != "linear":
        weights, held_out = fit_weights(logits, won), held_out_stack(logits, won, fold_of)
    else:
        weights, held_out = np.array([0.0, 1.0]), logits[:, 0]
    return Climbed(
        WinModel(whole.columns, whole.additive, whole.evidence, final, tuple(map(float, weights)), float(won.mean())),
        held_out,
        step,
    )


def _growth(rarer: int, rows: int) -> Growth:
    if rarer < PLENTY:
        return SMALL
    return LARGE if rows >= LARGE_ROWS else MIDDLE


class _Part:
    """The coding and the additive model of one set of rows."""

    def __init__(self, frame: pd.DataFrame, won: Truth, groups: Ints, rarer: int, seed: int) -> None:
        few, many = rarer < FEW, rarer >= MANY
        coder = Coder(bins=2 if few else 10 if many else 8, smallest=max(3, min(5, rarer // 6)))
        self.columns = tuple(coder.fit(frame).columns_)
        self.frame, self.won = frame, won
        self.codes = coded(self.columns, frame)
        self.sizes = [column.size for column in self.columns]
        self.folds = grouped_folds(won, groups, 5 if not few else 3, seed + 1)
        binned = fit_binned(self.codes, won, self.sizes, 0.06 if few else 0.3 if many else 0.15)
        if few:
            self.additive = binned
        else:
            evidence = fit_evidence(self.codes, won, self.sizes, 1.0 if many else 0.3, SMOOTH, self.folds)
            self.additive = mean_of(binned, evidence)
        self.evidence = rates(self.codes, won, self.sizes, SMOOTH)

    def matrix(self) -> Floats:
        """What trees see of these rows, texts by the evidence of the other folds."""
        out = cross_fitted(self.codes, self.won, self.sizes, SMOOTH, self.folds)
        for place, column in enumerate(self.columns):
            if column.edges is not None:
                out[:, place] = pd.to_numeric(self.frame[column.column], errors="coerce").to_numpy(dtype=float)
        out[(self.codes == 0)] = np.nan
        return out


__all__ = ["FEW", "FEWEST", "MANY", "Climbed", "WinModel", "climb", "log_loss", "step_of"]
