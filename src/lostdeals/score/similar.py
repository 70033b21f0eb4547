"""Find closed customers who are like one customer, in what the score goes by."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostdeals.evaluation import Alike
from lostdeals.model import Layout
from lostdeals.score.features import origin
from lostdeals.stats.coding import Floats

EACH = 3
"""Customers of each outcome."""
LIKE, SHOWN = 0.9, 4
"""From this likeness on a column counts as shared; most columns named."""


def find_similar(
    frame: pd.DataFrame, leads: pd.DataFrame, lead: Any, layout: Layout, weights: dict[str, float] | None = None
) -> tuple[Alike, ...]:
    """The won and the lost customers most like a lead, the most alike first within an outcome.

    frame: features of all rows. Two texts are alike or not, two numbers by how few customers lie between them (Gower 1971,
    on ranks); a value that one of them lacks makes them unlike. weights: of the features; all alike where None. A second
    record of the same customer is passed over.
    """
    others = leads.index[
        leads["outcome_class"].isin(["won", "lost"]) & leads["duplicate_of"].isna() & (leads.index != lead)
    ]
    if not len(others) or not frame.shape[1]:
        return ()
    names = [str(name) for name in frame]
    heavy = np.array([1.0 if weights is None else weights.get(name, 0.0) for name in names])
    heavy = heavy / heavy.sum() if heavy.sum() > 0 else np.full(len(names), 1 / len(names))
    likeness = np.column_stack([_likeness(frame[name], lead, others) for name in names])
    whole = likeness @ heavy
    found: list[Alike] = []
    for outcome in ("won", "lost"):
        places = np.flatnonzero((leads.loc[others, "outcome_class"] == outcome).to_numpy())
        best = places[np.argsort(-whole[places], kind="stable")[:EACH]]
        for place in best:
            order = np.argsort(-heavy, kind="stable")
            agreed = [layout.header(origin(names[i])) for i in order if likeness[place, i] >= LIKE and heavy[i] > 0]
            shared = tuple(dict.fromkeys(agreed))[:SHOWN]
            found.append(Alike(int(others[place]), outcome, float(whole[place]), shared))
    return tuple(found)


def _likeness(values: pd.Series[Any], lead: Any, others: pd.Index[Any]) -> Floats:
    own = values.loc[lead]
    if pd.isna(own):
        return np.asarray(values.loc[others].isna(), dtype=float)
    if values.dtype.kind not in "fiu":
        return np.asarray(values.loc[others] == own, dtype=float)
    ranks = values.rank(pct=True)
    near = 1 - (ranks.loc[others] - ranks.loc[lead]).abs()
    return np.asarray(near.fillna(0.0), dtype=float)
