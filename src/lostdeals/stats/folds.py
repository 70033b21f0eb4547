"""Split rows for honest testing: one customer never on both sides."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def grouped_folds(
    truth: npt.NDArray[np.bool_], groups: npt.NDArray[np.int64], folds: int, seed: int
) -> npt.NDArray[np.int64]:
    """A fold number per row; rows of one group share a fold, and won and lost groups are dealt out evenly.

    groups: any whole numbers; a group counts as won when one of its rows was won.
    """
    names, member = np.unique(groups, return_inverse=True)
    won = np.zeros(len(names), dtype=bool)
    np.logical_or.at(won, member, truth)
    fold_of = np.empty(len(names), dtype=np.int64)
    shuffled = np.random.default_rng(seed).permutation(len(names))
    for side in (True, False):
        dealt = shuffled[won[shuffled] == side]
        fold_of[dealt] = np.arange(len(dealt)) % folds
    return fold_of[member]
