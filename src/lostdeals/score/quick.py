"""A quick additive model, to show what one choice of columns is worth beside another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.score.models.additive import fit_binned
from lostdeals.stats.coding import Coder, Floats, coded
from lostdeals.stats.folds import grouped_folds
from lostdeals.stats.roc import auc

MOST_ROWS = 8000
FEW_ROWS = 3000
"""Up to so many rows there are five folds instead of two, and fewer ranges."""
STRENGTH = 0.1


def quick_logit(
    frame: pd.DataFrame, won: npt.NDArray[np.bool_], groups: npt.NDArray[np.int64], seed: int
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Out-of-fold log-odds, and the places of the rows they are of (at most ``MOST_ROWS``, drawn by seed)."""
    places = np.arange(len(won))
    if len(places) > MOST_ROWS:
        places = np.sort(np.random.default_rng(seed).choice(len(won), MOST_ROWS, replace=False))
    frame, won, groups = frame.iloc[places], won[places], groups[places]
    few = len(won) <= FEW_ROWS
    folds = grouped_folds(won, groups, 5 if few else 2, seed)
    out = np.zeros(len(won))
    for fold in np.unique(folds):
        learn, test = folds != fold, folds == fold
        if won[learn].all() or not won[learn].any() or not frame.shape[1]:
            continue
        columns = Coder(bins=4 if few else 6, smallest=5).fit(frame[learn]).columns_
        model = fit_binned(
            coded(columns, frame[learn]), won[learn], [column.size for column in columns], STRENGTH, 1e-3
        )
        out[test] = model.logit(coded(columns, frame[test]))
    return out, places


def quick_auc(frame: pd.DataFrame, won: npt.NDArray[np.bool_], groups: npt.NDArray[np.int64], seed: int) -> float:
    """The AUC of `quick_logit`; 0.5 without a column."""
    logit, places = quick_logit(frame, won, groups, seed)
    return auc(won[places], logit)
