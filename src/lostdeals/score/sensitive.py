"""Show what sensitive traits do to a score: its quality with and without them, and who is chosen."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.evaluation import Sensitive, SensitiveGroup
from lostdeals.model import Layout, Options
from lostdeals.score.closed import Closed
from lostdeals.score.features import origin
from lostdeals.score.models.additive import fit_binned
from lostdeals.score.models.ladder import LARGE_ROWS, Climbed, climb
from lostdeals.score.quick import STRENGTH, quick_auc
from lostdeals.stats.coding import Coder, Floats, coded
from lostdeals.stats.roc import auc

Truth = npt.NDArray[np.bool_]
CHOSEN = 0.2
"""The best-scored share that counts as chosen."""
SMALLEST, MOST_GROUPS = 5, 8
BANDS = (0, 25, 35, 45, 55, 65, 200)
"""Edges of age bands; the last band is open."""


def effect(
    frame: pd.DataFrame,
    traits: tuple[str, ...],
    climbed: Climbed,
    leads: pd.DataFrame,
    layout: Layout,
    closed: Closed,
    options: Options,
) -> Sensitive:
    """Quality with and without the traits, and the share of each group among the chosen fifth, both ways.

    frame: the model's features, and the traits where it has none of them; climbed: the model as it is. It is learned once more
    the other way, unless the sheet has ``LARGE_ROWS`` closed rows; then one quick model is learned both ways. Chosen are the
    best-scored fifth of the open customers, of the lost ones (each out of fold) where none is open.
    """
    pool = (leads["outcome_class"] == "open").to_numpy()
    if not pool.any():
        pool = (leads["outcome_class"] == "lost").to_numpy()
    ways = (frame, frame.drop(columns=list(traits)))
    exact = len(closed.won) < LARGE_ROWS and all(some.shape[1] for some in ways)
    areas, chosen = [], []
    for with_traits, some in zip((True, False), ways, strict=True):
        if exact:
            own = with_traits != options.without_sensitive
            logit, held_out = _scores(some, climbed if own else None, closed, layout, options.seed)
            areas.append(auc(closed.won, held_out))
        else:
            logit = _quick_scores(some, closed)
            areas.append(
                quick_auc(some[closed.rows], closed.won, closed.groups, options.seed) if some.shape[1] else 0.5
            )
        chosen.append(_best(logit[pool]))
    lines = [
        SensitiveGroup(layout.header(origin(name)), value, n, int(chosen[0][rows].sum()), int(chosen[1][rows].sum()))
        for name in traits
        for value, n, rows in _groups(frame[name][pool])
    ]
    headers = tuple(dict.fromkeys(layout.header(origin(name)) for name in traits))
    return Sensitive(headers, not options.without_sensitive, areas[0], areas[1], tuple(lines), exact)


def _scores(
    frame: pd.DataFrame, climbed: Climbed | None, closed: Closed, layout: Layout, seed: int
) -> tuple[Floats, Floats]:
    """Log-odds of every row, closed ones out of fold, and those of the closed rows alone; learned where no model is given."""
    if climbed is None:
        headers = {str(key): layout.header(origin(str(key))) for key in frame}
        climbed = climb(frame[closed.rows], closed.won, closed.groups, seed, headers=headers)
    logit = climbed.model.logit(frame)
    logit[closed.rows] = climbed.held_out
    return logit, climbed.held_out


def _quick_scores(frame: pd.DataFrame, closed: Closed) -> Floats:
    """Log-odds of every row by one quick model."""
    if not frame.shape[1]:
        return np.zeros(len(frame))
    known = frame[closed.rows]
    columns = Coder(bins=6, smallest=5).fit(known).columns_
    model = fit_binned(coded(columns, known), closed.won, [column.size for column in columns], STRENGTH)
    return model.logit(coded(columns, frame))


def _best(logit: Floats) -> Truth:
    """Which rows are the best-scored fifth."""
    out = np.zeros(len(logit), dtype=bool)
    out[np.argsort(-logit, kind="stable")[: max(1, int(len(logit) * CHOSEN))]] = True
    return out


def _groups(values: pd.Series[Any]) -> list[tuple[str, int, npt.NDArray[np.bool_]]]:
    """The values of a trait that several customers have, numbers as bands."""
    if values.dtype.kind in "fiu":
        names = [f"{low}–{high - 1}" if low else f"<{high}" for low, high in pairwise(BANDS[:-1])] + [f"≥{BANDS[-2]}"]
        texts = pd.cut(values, list(BANDS), right=False, labels=names)
        values = texts.astype(object)
    counts = values.value_counts()
    return [(str(value), int(n), (values == value).to_numpy()) for value, n in counts.items() if n >= SMALLEST][
        :MOST_GROUPS
    ]
