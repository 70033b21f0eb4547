"""The additive model: what each value of each column adds to the log-odds, as tables that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from lostdeals.stats.coding import Codes, Floats

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Tables:
    """Log-odds per column and code."""

    intercept: float
    tables: tuple[Floats, ...]
    """One per column; the value at a code is what it adds."""

    def logit(self, codes: Codes) -> Floats:
        """Log-odds of every row."""
        out = np.full(len(codes), self.intercept)
        for place, table in enumerate(self.tables):
            out += table[codes[:, place]]
        return out

    def contributions(self, codes: Codes) -> Floats:
        """What each column adds, rows × columns."""
        return np.column_stack([table[codes[:, place]] for place, table in enumerate(self.tables)])


def rates(codes: Codes, won: Truth, sizes: Sequence[int], smooth: float) -> tuple[Floats, ...]:
    """Weight of evidence of every code: log-odds of its win rate against the base rate, shrunk by `smooth` average rows.

    Weight of evidence after Good (1950), shrunk as Micci-Barreca (2001) does it for many levels.
    """
    base = (won.sum() + 0.5) / (len(won) + 1)
    out = []
    for place, size in enumerate(sizes):
        n = np.bincount(codes[:, place], minlength=size)
        wins = np.bincount(codes[:, place], weights=won, minlength=size)
        rate = (wins + smooth * base) / (n + smooth)
        out.append(np.log(rate / (1 - rate)) - np.log(base / (1 - base)))
    return tuple(out)


def cross_fitted(codes: Codes, won: Truth, sizes: Sequence[int], smooth: float, folds: npt.NDArray[np.int64]) -> Floats:
    """The weight of evidence of every cell, from the rows of the other folds only, so that no row tells its own outcome."""
    out = np.empty(codes.shape)
    for fold in np.unique(folds):
        test = folds == fold
        tables = rates(codes[~test], won[~test], sizes, smooth)
        for place, table in enumerate(tables):
            out[test, place] = table[codes[test, place]]
    return out


def fit_binned(codes: Codes, won: Truth, sizes: Sequence[int], strength: float, tolerance: float = 1e-4) -> Tables:
    """Logistic regression on one 0/1 feature per code, ridge-regularised (`strength` is scikit-learn's C).

    tolerance: of the gradient, where the fit stops.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    starts = np.concatenate([[0], np.cumsum(sizes)])
    n, width = codes.shape
    indices = (codes + starts[:-1]).ravel()
    matrix = csr_matrix((np.ones(n * width), indices, np.arange(0, n * width + 1, width)), shape=(n, int(starts[-1])))
    model = LogisticRegression(C=strength, max_iter=200, tol=tolerance).fit(matrix, won)
    weights = model.coef_[0]
    return Tables(
        float(model.intercept_[0]),
        tuple(weights[low:high].copy() for low, high in pairwise(starts)),
    )


def fit_evidence(
    codes: Codes, won: Truth, sizes: Sequence[int], strength: float, smooth: float, folds: npt.NDArray[np.int64]
) -> Tables:
    """Logistic regression on the weight of evidence of every column, cross-fitted while learning."""
    from sklearn.linear_model import LogisticRegression

    evidence = cross_fitted(codes, won, sizes, smooth, folds)
    model = LogisticRegression(C=strength, max_iter=200, tol=1e-4).fit(evidence, won)
    whole = rates(codes, won, sizes, smooth)
    return Tables(
        float(model.intercept_[0]), tuple(table * weight for table, weight in zip(whole, model.coef_[0], strict=True))
    )


def weighted(parts: Sequence[Tables], weights: Sequence[float], intercept: float = 0.0) -> Tables:
    """Additive models added up by weight on the log-odds scale, which is one additive model again."""
    tables = zip(*(part.tables for part in parts), strict=True)
    return Tables(
        intercept + sum(weight * part.intercept for part, weight in zip(parts, weights, strict=True)),
        tuple(np.asarray(sum(weight * one for one, weight in zip(tied, weights, strict=True))) for tied in tables),
    )
