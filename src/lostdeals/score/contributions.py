"""What each column adds to each row's log-odds: exact for the tables, along the paths for the trees."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostdeals.score.models.ladder import WinModel, tree_matrix
from lostdeals.stats.coding import Floats, coded

MOST_WALKED = 3_000
"""Rows whose trees are explained: walking them costs about 0.3 ms a row; the others are explained by the tables alone."""
CENTRE = 500
"""Rows whose mean contribution stands for the average customer."""


def contributions(model: WinModel, frame: pd.DataFrame, wanted: pd.Index[Any], closed: pd.Index[Any]) -> pd.DataFrame:
    """Log-odds that each feature adds, against the average closed customer; lead × feature.

    wanted: the leads to explain, the most important first. Beyond ``MOST_WALKED`` of them the tables stand for the trees, too.
    """
    names = [column.column for column in model.columns]
    dice = np.random.default_rng(0)
    average = (
        closed[np.sort(dice.choice(len(closed), min(CENTRE, len(closed)), replace=False))] if len(closed) else wanted
    )
    near, far = wanted[:MOST_WALKED], wanted[MOST_WALKED:]
    parts = [(near, True), (far, False)]
    out = []
    for leads, walked in parts:
        if not len(leads):
            continue
        centre = _raw(model, frame.loc[average], walked=walked).mean(axis=0)
        out.append(pd.DataFrame(_raw(model, frame.loc[leads], walked=walked) - centre, index=leads, columns=names))
    return pd.concat(out) if out else pd.DataFrame(columns=names, dtype=float)


def levels(model: WinModel, frame: pd.DataFrame) -> pd.DataFrame:
    """The level or range that each row has in each of the model's columns, in words."""
    codes = coded(model.columns, frame)
    made = {}
    for place, column in enumerate(model.columns):
        names = np.array([column.name(code) for code in range(column.size)], dtype=object)
        made[column.column] = names[codes[:, place]]
    return pd.DataFrame(made, index=frame.index, dtype=object)


def level_logits(model: WinModel) -> list[Floats]:
    """What every level of every column adds by the tables, the trees' weight going along with them."""
    weight = sum(model.weights[1:])
    return [table * weight for table in model.additive.tables]


def _raw(model: WinModel, frame: pd.DataFrame, *, walked: bool) -> Floats:
    codes = coded(model.columns, frame)
    with_trees = model.forest is not None and model.weights[2] > 0
    if not with_trees:
        return model.weights[1] * model.additive.contributions(codes)
    if not walked or model.forest is None:
        return sum(model.weights[1:]) * model.additive.contributions(codes)
    matrix = tree_matrix(model.columns, model.evidence, frame, codes)
    return model.weights[1] * model.additive.contributions(codes) + model.weights[2] * model.forest.contributions(
        matrix
    )
