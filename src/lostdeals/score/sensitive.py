"""Show what sensitive traits do to a score: its quality with and without them, and who is chosen."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.evaluation import Sensitive, SensitiveGroup
from lostdeals.model import Layout, Options
from lostdeals.score.features import origin
from lostdeals.score.models.additive import fit_binned
from lostdeals.score.quick import STRENGTH, quick_auc
from lostdeals.stats.coding import Coder, coded

CHOSEN = 0.2
"""The best-scored share that counts as chosen."""
SMALLEST, MOST_GROUPS = 5, 8
BANDS = (0, 25, 35, 45, 55, 65, 200)
"""Edges of age bands; the last band is open."""


def effect(
    frame: pd.DataFrame,
    traits: tuple[str, ...],
    leads: pd.DataFrame,
    layout: Layout,
    closed: npt.NDArray[np.bool_],
    won: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.int64],
    options: Options,
) -> Sensitive:
    """Quality with and without the traits, and the share of each group among the chosen fifth, both ways.

    frame: the honest features with the traits. Chosen are the best-scored fifth of the open customers, of the lost ones where
    none is open.
    """
    without = frame.drop(columns=list(traits))
    known = closed
    areas = [quick_auc(some[known], won, groups, options.seed) if some.shape[1] else 0.5 for some in (frame, without)]
    pool = (leads["outcome_class"] == "open").to_numpy()
    if not pool.any():
        pool = (leads["outcome_class"] == "lost").to_numpy()
    chosen = [_chosen(some, known, won, pool) for some in (frame, without)]
    lines = [
        SensitiveGroup(layout.header(origin(name)), value, n, int(chosen[0][rows].sum()), int(chosen[1][rows].sum()))
        for name in traits
        for value, n, rows in _groups(frame[name][pool])
    ]
    headers = tuple(dict.fromkeys(layout.header(origin(name)) for name in traits))
    return Sensitive(headers, not options.without_sensitive, areas[0], areas[1], tuple(lines))


def _chosen(
    frame: pd.DataFrame, known: npt.NDArray[np.bool_], won: npt.NDArray[np.bool_], pool: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which of the pool are its best-scored fifth, by one quick model."""
    count = max(1, int(pool.sum() * CHOSEN))
    out = np.zeros(int(pool.sum()), dtype=bool)
    if not frame.shape[1]:
        return out
    columns = Coder(bins=6, smallest=5).fit(frame[known]).columns_
    model = fit_binned(coded(columns, frame[known]), won, [column.size for column in columns], STRENGTH)
    out[np.argsort(-model.logit(coded(columns, frame[pool])), kind="stable")[:count]] = True
    return out


def _groups(values: pd.Series[Any]) -> list[tuple[str, int, npt.NDArray[np.bool_]]]:
    """The values of a trait that several customers have, numbers as bands."""
    if values.dtype.kind in "fiu":
        names = [f"{low}–{high - 1}" for low, high in pairwise(BANDS[:-1])] + [f"{BANDS[-2]}+"]
        texts = pd.cut(values, list(BANDS), right=False, labels=names)
        values = texts.astype(object)
    counts = values.value_counts()
    return [(str(value), int(n), (values == value).to_numpy()) for value, n in counts.items() if n >= SMALLEST][
        :MOST_GROUPS
    ]
