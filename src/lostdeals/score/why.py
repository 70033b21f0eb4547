"""Say in one sentence what speaks for a customer, what against, and what would lift the score."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostdeals.model import Layout
from lostdeals.score.learned import Learned
from lostdeals.stats.coding import MISSING, REST
from lostdeals.vocab import Words

STRONG = 0.15
"""Log-odds below which a column is not worth a word (a change of about 4 points at even odds)."""
GOOD, POOR = 0.6, 0.35
"""An item speaks for a customer from this share of its maximum, against below that."""
NAMED = 3
"""Most factors named on each side."""


def learned_points(learned: Learned, layout: Layout, words: Words) -> pd.DataFrame:
    """POINTS of a learned model: the columns that matter most for each row, in log-odds against the average customer."""
    weights = learned.contributions.to_numpy()
    keys = list(learned.contributions.columns)
    headers = np.array([layout.header(str(key)) for key in keys], dtype=object)
    levels = learned.levels.to_numpy(dtype=object)
    most = min(2 * NAMED, len(keys))
    order = np.argsort(-np.abs(weights), axis=1, kind="stable")[:, :most]
    rows = np.repeat(np.arange(len(weights)), most)
    places = order.ravel()
    values = weights[rows, places]
    chosen = np.abs(values) >= STRONG
    rows, places, values = rows[chosen], places[chosen], values[chosen]
    blank, rest = words.say("why.blank"), words.say("why.rest")
    said = [
        words.say("why.factor", header=header, level=blank if level == MISSING else rest if level == REST else level)
        for header, level in zip(headers[places], levels[rows, places], strict=True)
    ]
    lead = learned.contributions.index.to_numpy()[rows]
    return pd.DataFrame({"lead": lead, "factor": headers[places], "points": values.round(3), "say": said})


def sentences(points: pd.DataFrame, index: pd.Index[Any], words: Words, lift: pd.Series[Any]) -> pd.Series[Any]:
    """``why`` per lead; `points` has a ``side`` column (1 for, -1 against, 0 neither) and its strongest lines first."""
    joint = words.say("why.joint")
    parts = []
    for side, key in ((1, "why.for"), (-1, "why.against")):
        lines = points[points["side"] == side]
        lines = lines[lines.groupby("lead").cumcount() < NAMED]
        said = lines.groupby("lead")["say"].agg(joint.join).reindex(index)
        parts.append(said.map(lambda text, key=key: words.say(key, factors=text), na_action="ignore"))
    parts.append(lift.reindex(index).map(lambda text: words.say("why.lift", lift=text), na_action="ignore"))
    frame = pd.concat(parts, axis=1)
    end = words.say("why.end")
    joined = [end.join(text for text in row if isinstance(text, str)) for row in frame.to_numpy(dtype=object)]
    return pd.Series(joined, index=index, dtype=object).replace("", None)


def with_sides(points: pd.DataFrame, *, carded: bool) -> pd.DataFrame:
    """The lines with their side, strongest first within a lead."""
    if carded:
        share = points["points"] / points["most"].where(points["most"] > 0, 1.0)
        side = np.select([share >= GOOD, share <= POOR], [1, -1], 0)
        strength = np.where(side == 1, points["points"], points["most"] - points["points"])
    else:
        side = np.sign(points["points"].to_numpy(dtype=float)).astype(int)
        strength = np.abs(points["points"].to_numpy(dtype=float))
    out = points.assign(side=side, strength=strength)
    return out.sort_values(["lead", "strength"], ascending=[True, False], kind="stable")


def card_lift(points: pd.DataFrame) -> pd.Series[Any]:
    """The item with the most still to gain that somebody can do something about, per lead, in words."""
    gap = points["most"] - points["points"]
    can = points[(points["lift"] != "") & (gap > 0)].assign(gap=gap)
    best = can.sort_values("gap", ascending=False, kind="stable").drop_duplicates("lead").set_index("lead")
    return best["lift"]
