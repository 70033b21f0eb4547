"""Split rows for honest testing: one customer never on both sides."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
TOLD = 0.8
"""Share of the rows that must have a date for a test in time."""


def grouped_folds(truth: npt.NDArray[np.bool_], groups: Ints, folds: int, seed: int) -> Ints:
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


def old_and_new(
    dates: npt.NDArray[np.datetime64], truth: npt.NDArray[np.bool_], groups: Ints, share: float, least: int
) -> tuple[Ints, Ints] | None:
    """Rows before and after a day so that about `share` are after it; None where a side has fewer than `least` won or lost.

    Rows of one day stay together, rows without a date are on no side, and a customer seen before the day is not tested.
    """
    known = np.flatnonzero(~np.isnat(dates))
    if len(known) < 2 * least or len(known) < TOLD * len(dates):
        return None
    cut = np.sort(dates[known])[min(len(known) - 1, int(len(known) * (1 - share)))]
    old, new = known[dates[known] < cut], known[dates[known] >= cut]
    new = new[~np.isin(groups[new], groups[old])]
    sides = [int(truth[rows].sum()) for rows in (old, new)] + [int((~truth[rows]).sum()) for rows in (old, new)]
    return (old, new) if min(sides) >= least else None
