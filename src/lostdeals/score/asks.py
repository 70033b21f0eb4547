"""Which empty cells, if somebody filled them in, would move a customer's score most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.model import Layout
from lostdeals.score.contributions import level_logits
from lostdeals.score.features import origin, part_of
from lostdeals.score.models.ladder import WinModel
from lostdeals.score.models.stack import sigmoid
from lostdeals.stats.coding import BLANK_CODE, FIRST_CODE, Floats, coded

ASKS = ("lead", "column", "gain", "best")
LEAST = 3.0
"""Points of the score below which a cell is not worth a question."""
EACH = 3
"""Most cells asked of one customer."""


def asks_of_model(
    model: WinModel,
    frame: pd.DataFrame,
    logit: pd.Series[Any],
    wanted: pd.Index[Any],
    layout: Layout,
    sensitive: tuple[str, ...] = (),
) -> pd.DataFrame:
    """ASKS of a learned score: the mean change in points over the values the column usually has, and the largest rise.

    logit: the recentred log-odds of which the score is 100 times the probability. sensitive: features nobody is asked for.
    """
    codes = coded(model.columns, frame)
    here = frame.index.get_indexer(wanted)
    tables = level_logits(model)
    lines = []
    for place, column in enumerate(model.columns):
        if part_of(column.column) not in ("", "need") or column.column in sensitive:
            continue
        empty = here[codes[here, place] == BLANK_CODE]
        counts = np.bincount(codes[:, place], minlength=column.size)[FIRST_CODE:].astype(float)
        if not len(empty) or counts.sum() == 0:
            continue
        share, table = counts / counts.sum(), tables[place]
        own = logit.loc[frame.index[empty]].to_numpy(dtype=float)
        after = 100 * sigmoid(own[:, None] - table[BLANK_CODE] + table[None, FIRST_CODE:])
        now = 100 * sigmoid(own)[:, None]
        gain, best = np.abs(after - now) @ share, (after - now)[:, share > 0.01].max(axis=1, initial=0.0)
        lines.append(_lines(frame.index[empty], layout.header(origin(column.column)), gain, best))
    return _chosen(lines)


def asks_of_card(
    points: pd.DataFrame, headers: Mapping[str, str], wanted: pd.Index[Any], maximum: pd.Series[Any]
) -> pd.DataFrame:
    """ASKS of a scorecard: items about which the sheet says nothing of a customer; the mean points of those it knows of.

    headers: item -> the sheet's own header of its field; items the sheet has no column for are no cell to fill.
    maximum: what each row could reach, the items it says nothing of included.
    """
    lines = []
    codes, names = pd.factorize(points["factor"].to_numpy())
    places = {name: place for place, name in enumerate(names)}
    for item, header in headers.items():
        known = points[codes == places.get(item, len(names))]
        missing = wanted[~wanted.isin(known["lead"])]
        if not len(missing) or known.empty:
            continue
        most = maximum.reindex(missing).to_numpy(dtype=float)
        gain = 100 * float(known["points"].mean()) / most
        best = 100 * float(known["most"].iloc[0]) / most
        lines.append(_lines(missing, header, gain, best))
    return _chosen(lines)


def _lines(leads: pd.Index[Any], header: str, gain: Floats, best: Floats) -> pd.DataFrame:
    return pd.DataFrame({"lead": leads, "column": header, "gain": gain, "best": best})


def _chosen(lines: list[pd.DataFrame]) -> pd.DataFrame:
    """The few cells worth a question per customer, the most telling first."""
    if not lines:
        return pd.DataFrame({name: pd.Series(dtype=object if name == "column" else float) for name in ASKS})
    every = pd.concat(lines, ignore_index=True)
    every = every[(every["gain"] >= LEAST) & (every["best"] >= 1)].sort_values(
        ["gain", "lead"], ascending=[False, True], kind="stable"
    )
    every = every.drop_duplicates(["lead", "column"])
    return every[every.groupby("lead").cumcount() < EACH].round(1).reset_index(drop=True)


__all__ = ["ASKS", "asks_of_card", "asks_of_model"]
