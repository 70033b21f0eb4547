"""Put models together: weights that are never negative, learned from predictions that no model made for its own rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from lostdeals.stats.coding import Floats

Truth = npt.NDArray[np.bool_]
HOLD = 8.0
"""Rows' worth of belief that the models are equally good and calibrated as they are; it fades as rows come in."""
DOUBT = 0.25
"""How likely it is beforehand that no model is better than the base rate, against one that is."""


def sigmoid(logit: Floats) -> Floats:
    """Probabilities of log-odds.

    >>> sigmoid(np.array([0.0])).tolist()
    [0.5]
    """
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))), dtype=float)


def log_loss(won: Truth, logit: Floats) -> float:
    """Mean log-loss of log-odds."""
    return float(np.mean(np.logaddexp(0, logit) - won * logit))


def fit_weights(logits: Floats, won: Truth) -> Floats:
    """Intercept and one weight per model (Wolpert 1992; not below 0 after Breiman 1996): least log-loss, slightly ridged.

    logits: rows × models, out of fold. The weights calibrate as well, because they are free to add up to less than 1.
    """
    from scipy.optimize import minimize

    n, models = logits.shape
    ridge = HOLD / n
    start = np.concatenate([[0.0], np.full(models, 1.0 / models)])

    def loss(weights: Floats) -> tuple[float, Floats]:
        z = weights[0] + logits @ weights[1:]
        error = sigmoid(z) - won
        away = weights[1:] - 1.0 / models
        value = float(np.mean(np.logaddexp(0, z) - won * z)) + ridge * float(away @ away)
        return value, np.concatenate([[error.mean()], logits.T @ error / n + 2 * ridge * away])

    found: Any = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None)] + [(0.0, None)] * models)
    return np.asarray(found.x, dtype=float)


def fit_choice(logits: Floats, won: Truth) -> Floats:
    """Intercept and one weight per model where the models differ in strength alone: each counts by how likely it makes the rows.

    logits: rows × models, out of fold. Every model gets its own slope and intercept; its share goes with its likelihood on
    rows it had not seen, and the base rate is one of the candidates (weight ``DOUBT``). What few rows cannot tell from the
    base rate is therefore drawn towards it.
    """
    rows, models = logits.shape
    base = float(np.log((won.sum() + 0.5) / ((~won).sum() + 0.5)))
    lines = np.array([fit_weights(logits[:, [one]], won) for one in range(models)] + [[base, 0.0]])
    held = np.column_stack([logits, np.zeros(rows)])
    losses = np.array([log_loss(won, line[0] + line[1] * held[:, one]) for one, line in enumerate(lines)])
    shares = np.exp(-rows * (losses - losses.min())) * np.array([1 / models] * models + [DOUBT])
    shares = shares / shares.sum()
    return np.concatenate([[float(shares @ lines[:, 0])], (shares * lines[:, 1])[:models]])


Fit = Callable[[Floats, Truth], Floats]


def held_out_stack(logits: Floats, won: Truth, folds: npt.NDArray[np.int64], fit: Fit = fit_weights) -> Floats:
    """The stack's own out-of-fold log-odds: each fold by weights that were learned on the others."""
    out = np.empty(len(won))
    for fold in np.unique(folds):
        test = folds == fold
        weights = fit(logits[~test], won[~test])
        out[test] = weights[0] + logits[test] @ weights[1:]
    return out


def offset_to(rate: float, logit: Floats) -> float:
    """What to add to log-odds so that their mean probability is `rate` (by bisection, to 1e-6)."""
    low, high = -8.0, 8.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if float(sigmoid(logit + middle).mean()) < rate else (low, middle)
    return (low + high) / 2
