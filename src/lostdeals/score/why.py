"""Say in one sentence what speaks for a customer, what against, and what would lift the score."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostdeals.distinct import combined, repeated
from lostdeals.model import Layout
from lostdeals.schema import role_of
from lostdeals.score.contributions import level_logits
from lostdeals.score.features import PARTS, members, origin, part_of
from lostdeals.score.joint import is_made
from lostdeals.score.models.ladder import WinModel
from lostdeals.score.scorecard import RARELY
from lostdeals.stats.coding import BLANK_CODE, FIRST_CODE, MISSING, REST, coded
from lostdeals.vocab import Words

STRONG = 0.15
"""Log-odds below which a column is not worth a word (a change of about 4 points at even odds)."""
GOOD, POOR = 0.6, 0.35
"""An item speaks for a customer from this share of its maximum, against below that."""
NAMED = 3
"""Most factors named on each side."""
COUNTS = ("contact_count", "visit_count")
"""Roles of which there can be more: the next two ranges are looked at."""


def learned_points(weights: pd.DataFrame, named: pd.DataFrame, layout: Layout, words: Words) -> pd.DataFrame:
    """POINTS of a learned model: the columns that matter most for each row, in log-odds against the average customer.

    weights: lead × feature, from `contributions`; named: the level of each, in words.
    """
    keys = [str(key) for key in weights.columns]
    values, texts = weights.to_numpy(dtype=float), named.loc[weights.index, keys].to_numpy(dtype=object)
    headers = np.array([feature_label(key, layout, words) for key in keys], dtype=object)
    most = min(2 * NAMED, len(keys))
    order = np.argsort(-np.abs(values), axis=1, kind="stable")[:, :most]
    rows = np.repeat(np.arange(len(values)), most)
    places = order.ravel()
    chosen = np.abs(values[rows, places]) >= STRONG
    rows, places = rows[chosen], places[chosen]
    own = [label if is_made(key) else layout.header(origin(key)) for key, label in zip(keys, headers, strict=True)]
    said = [_factor(keys[place], own[place], texts[row, place], words) for row, place in zip(rows, places, strict=True)]
    return pd.DataFrame(
        {
            "lead": weights.index.to_numpy()[rows],
            "factor": headers[places],
            "points": values[rows, places].round(3),
            "say": said,
        }
    )


def feature_label(key: str, layout: Layout, words: Words) -> str:
    """What a feature is called: its column's header, and what of it."""
    part = part_of(key)
    if is_made(key):
        first, *others = (layout.header(origin(one)) for one in members(key))
        if len(others) > 1:
            return words.say("together.many", first=first, last=others[-1], n=len(others) + 1)
        return words.say(f"together.{part}", first=first, other=tuple(others))
    header = layout.header(origin(key))
    return words.say("why.part", header=header, part=words.say(f"feature.{part}")) if part else header


def _factor(key: str, header: str, level: str, words: Words) -> str:
    """A feature and its value, as a person would say it."""
    part = part_of(key)
    if level in (MISSING, REST):
        return words.say("why.blank" if level == MISSING else "why.rest", header=header)
    if part in ("month", "weekday", "missing"):
        level = words.say(f"feature_level.{part}_{level}")
    elif part == "need":
        level = words.label("need", level)
    if part in PARTS:
        return words.say(f"why.of.{part}", header=header, level=level)
    open_range = level.startswith(("<", "≥"))  # a range says its own sign
    return words.say("why.range" if open_range else "why.factor", header=header, level=level)


def learned_lift(
    model: WinModel,
    frame: pd.DataFrame,
    leads: pd.DataFrame,
    layout: Layout,
    words: Words,
    weights: pd.DataFrame,
) -> pd.Series[Any]:
    """What would raise each row's score most and somebody can do, in words: more contact, an answer to a blank cell.

    A blank is worth filling where customers of whom it is known win more often on average. Where nothing of that kind is in
    sight, an open customer can be moved a stage on. What speaks for a customer already is never proposed.

    weights: lead × feature, from `contributions`.
    """
    speaks = weights.reindex(frame.index) >= STRONG
    codes, tables = coded(model.columns, frame), level_logits(model)
    change = words.vocabulary.section("scoring")["change"]
    rarely = leads["tier"].eq(RARELY).to_numpy() if "tier" in leads else np.zeros(len(frame), dtype=bool)
    best = np.full(len(frame), STRONG)
    said = repeated(None, len(frame))
    for place, column in enumerate(model.columns):
        if part_of(column.column):
            continue
        own, table = codes[:, place], tables[place]
        role, header = role_of(column.column), layout.header(column.column)
        text = words.pick(change[role]) if role in change else words.say("why.fill", header=header)
        gain = np.zeros(len(own))
        if role in COUNTS and column.edges is not None:
            known, last = own >= FIRST_CODE, column.size - 1
            ahead = np.maximum(table[np.minimum(own + 1, last)], table[np.minimum(own + 2, last)])
            gain = np.where(known, ahead - table[own], 0.0)
        counts = np.bincount(own, minlength=column.size)[FIRST_CODE:]
        if counts.sum():
            usual = float(table[FIRST_CODE:] @ (counts / counts.sum()))
            gain = np.where(own == BLANK_CODE, usual - table[BLANK_CODE], gain)
        better = (gain > best) & ~(rarely & (role in COUNTS)) & ~speaks[column.column].to_numpy()
        best = np.where(better, gain, best)
        said[better] = text
    out = pd.Series(said, index=frame.index, dtype=object)
    movable = leads["outcome_class"].eq("open") & leads["stage_class"].isin(["initial", "interest", "in_depth"])
    return out.where(out.notna() | ~movable, words.pick(words.vocabulary.section("scoring")["change_stage"]))


def sentences(points: pd.DataFrame, index: pd.Index[Any], words: Words, lift: pd.Series[Any]) -> pd.Series[Any]:
    """``why`` per lead; `points` has a ``side`` column (1 for, -1 against) and its strongest lines first."""
    joint, end = words.say("why.joint"), words.say("why.end")
    codes, texts = pd.factorize(points["say"].to_numpy(dtype=object))
    lead, side = index.get_indexer(pd.Index(points["lead"])), points["side"].to_numpy()
    parts = np.full((len(index), 2 * NAMED), -1, dtype=np.int64)
    for begin, sign in ((0, 1), (NAMED, -1)):
        lines = np.flatnonzero((side == sign) & (lead >= 0))
        lines = lines[np.argsort(lead[lines], kind="stable")]
        rows = lead[lines]
        rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
        first = rank < NAMED
        parts[rows[first], begin + rank[first]] = codes[lines[first]]
    lifts = lift.reindex(index).to_numpy(dtype=object)
    same, places = combined([*parts.T, lifts], len(index))
    said = np.empty(len(places), dtype=object)
    for number, place in enumerate(places):  # many customers share a sentence
        named = [[texts[code] for code in half if code >= 0] for half in (parts[place, :NAMED], parts[place, NAMED:])]
        sentence = [
            words.say(key, factors=joint.join(half))
            for key, half in zip(("why.for", "why.against"), named, strict=True)
            if half
        ]
        if isinstance(lifts[place], str):
            sentence.append(words.say("why.lift", lift=lifts[place]))
        said[number] = end.join(sentence) or None
    return pd.Series(said[same], index=index, dtype=object)


def with_refusals(why: pd.Series[Any], refused: pd.DataFrame, layout: Layout, words: Words) -> pd.Series[Any]:
    """``why``, beginning with the columns by which the customer is not to be contacted where there are any; see `refusals`."""
    said = why.to_numpy(dtype=object).copy()
    headers = [layout.header(str(key)) for key in refused]
    for lead in np.flatnonzero(refused.any(axis=1)):
        columns = tuple(header for header, no in zip(headers, refused.iloc[lead], strict=True) if no)
        parts = [words.say("why.refused", columns=columns), said[lead]]
        said[lead] = words.say("why.end").join(part for part in parts if part)
    return pd.Series(said, index=why.index, dtype=object)


def with_sides(points: pd.DataFrame, *, carded: bool) -> pd.DataFrame:
    """The lines that have a side, strongest first within a lead: lead, say, side, strength."""
    if carded:
        share = points["points"] / points["most"].where(points["most"] > 0, 1.0)
        side = np.select([share >= GOOD, share <= POOR], [1, -1], 0)
        strength = np.where(side == 1, points["points"], points["most"] - points["points"])
    else:
        side = np.sign(points["points"].to_numpy(dtype=float)).astype(int)
        strength = np.abs(points["points"].to_numpy(dtype=float))
    told = np.flatnonzero(side)
    columns = {name: points[name].iloc[told].reset_index(drop=True) for name in ("lead", "say")}
    out = pd.DataFrame({**columns, "side": side[told], "strength": np.asarray(strength)[told]})
    return out.sort_values(["lead", "strength"], ascending=[True, False], kind="stable")


def card_lift(points: pd.DataFrame) -> pd.Series[Any]:
    """The item with the most still to gain that somebody can do something about, per lead, in words.

    None of those that speak for the customer already.
    """
    gap = points["most"] - points["points"]
    can = points[(points["lift"] != "") & (gap > 0) & (points["points"] < GOOD * points["most"])].assign(gap=gap)
    best = can.sort_values("gap", ascending=False, kind="stable").drop_duplicates("lead").set_index("lead")
    return best["lift"].astype(object)
