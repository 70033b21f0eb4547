"""Hold a scorecard against what happened: which items separate won from lost, who stands on an edge, what a cut-off would move."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostdeals.evaluation import CardCheck, Edge, ItemCheck
from lostdeals.score.card_file import Scorecard
from lostdeals.score.scorecard import Carded
from lostdeals.stats.roc import quality

FEWEST = 6
"""Won and lost customers of each kind below which a card is not judged."""
ALIKE = 0.8
"""Items whose points correlate this much say nearly the same."""
STEP = {"points": 1.0, "percent": 5.0}
"""One step of a cut-off."""


def check_card(card: Scorecard, carded: Carded, leads: pd.DataFrame) -> CardCheck | None:
    """What the closed customers say of a card; None with fewer than ``FEWEST`` won or lost."""
    result = leads["outcome_class"]
    closed = result.isin(["won", "lost"]) & carded.share.notna()
    won = result[closed] == "won"
    if min(int(won.sum()), int((~won).sum())) < FEWEST:
        return None
    truth = won.to_numpy()
    wide = carded.points[carded.points["lead"].isin(closed.index[closed])]
    table = wide.pivot_table(index="lead", columns="factor", values="points", aggfunc="first", sort=False)
    items = tuple(_item(str(name), table, won) for name in table)
    one_sided = tuple(item.item for item in items if item.auc is None and item.known >= FEWEST)
    share = _share_without(one_sided, card, carded)[closed].fillna(0.0)
    whole = quality(truth, share.to_numpy(dtype=float), float(truth.mean()))
    grades = tuple(
        (name, int((won & carded.grade[closed].eq(name)).sum()), int((~won & carded.grade[closed].eq(name)).sum()))
        for name, _ in card.cutoffs
    )
    return CardCheck(
        int(won.sum()),
        int((~won).sum()),
        whole.auc,
        whole.auc_low,
        whole.auc_high,
        items,
        grades,
        _edges(card, carded, won, result),
        one_sided,
    )


def _share_without(left: tuple[str, ...], card: Scorecard, carded: Carded) -> pd.Series[Any]:
    """Points in percent of the maximum without some items, by label: what only one outcome has is no merit of a card."""
    if not left:
        return carded.share
    gone = carded.points[carded.points["factor"].isin(left)].set_index("lead")
    total = carded.total.sub(gone["points"].groupby(level=0).sum(), fill_value=0.0)
    always = sum(
        max(float(rule["points"]) for rule in item["rules"])
        for item in card.items
        if not item.get("optional", False) and not set(left).isdisjoint(item["label"].values())
    )
    optional = [
        label for item in card.items if item.get("optional", False) for label in item["label"].values() if label in left
    ]
    here = gone[gone["factor"].isin(optional)]["most"].groupby(level=0).sum()
    maximum = carded.maximum.sub(here, fill_value=0.0) - always
    return (total / maximum.where(maximum > 0)).clip(upper=1.0)


def _item(name: str, table: pd.DataFrame, won: pd.Series[bool]) -> ItemCheck:
    known = table[name].dropna()
    truth = won.reindex(known.index).to_numpy(dtype=bool)
    area = low = high = None
    if min(truth.sum(), (~truth).sum()) >= FEWEST:
        values = known.to_numpy(dtype=float)
        spread = values.max() - values.min()
        scaled = (values - values.min()) / spread if spread else np.full(len(values), 0.5)
        found = quality(truth, scaled, float(truth.mean()))
        area, low, high = found.auc, found.auc_low, found.auc_high
    twin, correlation = _twin(name, table)
    means = [float(known[side].mean()) if side.any() else None for side in (truth, ~truth)]
    return ItemCheck(name, len(known), area, low, high, means[0], means[1], twin, correlation)


def _twin(name: str, table: pd.DataFrame) -> tuple[str, float | None]:
    """The other item whose points go with this one's most closely, where they all but repeat it."""
    best, strongest = "", 0.0
    for other in map(str, table):
        both = table[[name, other]].dropna() if other != name else pd.DataFrame()
        if len(both) < 20 or both[name].nunique() < 2 or both[other].nunique() < 2:
            continue
        correlation = float(np.corrcoef(both[name].rank(), both[other].rank())[0, 1])
        if abs(correlation) > abs(strongest):
            best, strongest = other, correlation
    return (best, strongest) if abs(strongest) >= ALIKE else ("", None)


def _edges(card: Scorecard, carded: Carded, won: pd.Series[bool], result: pd.Series[Any]) -> tuple[Edge, ...]:
    """For every cut-off but the lowest: customers one step below it, and the closed ones that a lower cut-off would move."""
    basis: pd.Series[Any] = carded.share * 100 if card.unit == "percent" else carded.total
    step = STEP.get(card.unit, 1.0)
    edges = []
    for name, at in card.cutoffs[:-1]:
        near = (basis < at) & (basis >= at - step) & carded.grade.notna() & result.ne("invalid")
        moved = near.reindex(won.index)
        of = pd.DataFrame({"points": basis[near], "late": result[near].ne("open")})[result[near].ne("won")]
        of = of.sort_values(["late", "points"], ascending=[True, False], kind="stable")
        named = tuple(zip(of.index.astype(int).tolist(), of["points"].astype(float).tolist(), strict=True))
        edges.append(Edge(name, at, int(near.sum()), int(moved.sum()), int((moved & won).sum()), named))
    return tuple(edges)
