"""The order of a sheet's own stages: one answer for whoever shows them and whoever counts them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import combinations
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.distinct import filled
from lostdeals.stats.numbering import numbered
from lostdeals.vocab import Vocabulary, normalise

Basis = Literal["log", "numbers", "probabilities", "ladder", "dates", "vocabulary"]
NEVER = np.iinfo(np.int64).max
"""The time of what has not happened."""
LATEST = pd.Timestamp(2200, 1, 1)
"""No date of a customer is later; 9999-12-31 stands for never."""
ENOUGH_ROWS = 5000
"""Rows from which the order is learned."""
BRACKET = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
ENOUGH_DATES = 5
YEAR_FIRST = r"^\s*((?:19|20)\d\d)\D(\d{1,2})\D(\d{1,2})(?:\D{1,2}(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
MOST = 0.6
"""A ladder that places this share of the stages orders them."""
AGREED = 2 / 3
"""Share of the pairs of stages that estimates must put as their meanings do; estimates that say otherwise are careless."""
LEAST = 3
"""Stages that a ladder or probabilities must place."""
EXPLAINED = 0.25
"""Share of the variance of somebody's estimates that the stages have to explain."""
LOG_UNIQUE = 0.7
"""Fewer distinct ids than this share of the rows: a customer has several rows, so the sheet may be a log."""
CHANGES = 0.5
"""It is one where at least this share of those with several rows are at different stages in them."""


def order_names(
    names: Sequence[str],
    canonical: Mapping[str, str | None],
    vocabulary: Vocabulary,
    probabilities: Mapping[str, float] | None = None,
    days: Mapping[str, float] | None = None,
    first: npt.NDArray[np.int64] | None = None,
) -> tuple[list[str], Basis]:
    """Stages on the way from the first contact on, and what told their order.

    canonical: the stage of the four that a name stands for, which goes before what days tell where most names have one: the
    age of a customer says little about a step. probabilities: the mean of somebody's own estimates (0-1), which count
    unless they contradict most of what the names stand for;
    days: median days from coming in to reaching it; first: people × names, when each first came to each (``NEVER`` where it
    did not), which a log tells and which then decides, the rest only where people do not.

    >>> from lostdeals.vocab import load
    >>> order_names(["B. 报价", "A. 初谈"], {}, load())
    (['A. 初谈', 'B. 报价'], 'numbers')
    """
    stands_for = sum(canonical.get(name) is not None for name in names)
    order = {key: entry["order"] for key, entry in vocabulary.section("stages").items()}
    own = {name: order.get(canonical.get(name) or "", 9) for name in names}
    estimated = _rising(names, probabilities or {})
    if estimated and stands_for >= MOST * len(names) and not _agree(estimated, own):
        estimated = None
    ways: dict[Basis, dict[str, float] | None] = {
        "numbers": {name: one.number for name, one in numbered(names, vocabulary).items()} or None,
        "probabilities": estimated,
        "ladder": _ladder(names, vocabulary),
        "dates": _rising(names, days or {}) if stands_for < MOST * len(names) else None,
        "vocabulary": {},
    }
    basis, places = next((way, places) for way, places in ways.items() if places is not None)
    taken = days or {}
    ranked = sorted(
        names, key=lambda name: (places.get(name, _between(name, places, own)), own[name], taken.get(name, math.inf))
    )
    if first is None or len(names) < 2:
        return ranked, basis
    rank = [ranked.index(name) for name in names]
    return [names[place] for place in in_order_of_time(first, rank)], "log"


def by_count(names: pd.Series[Any]) -> list[str]:
    """The different names, the commonest first, equally common ones by name, so that the order of the rows says nothing."""
    counts = names.dropna().value_counts()
    return sorted(map(str, counts.index), key=lambda name: (-int(counts[name]), name))


def in_order_of_time(first: npt.NDArray[np.int64], given: Sequence[int]) -> list[int]:
    """Columns of people × steps in the order in which most people went through them.

    first: when each first came to each, ``NEVER`` where it did not. given: a rank per column that decides where the people
    do not. Each pair is settled by the majority of those who came to both; the column that goes before most others is first.

    >>> in_order_of_time(np.array([[5, 1, NEVER], [7, 2, 9]]), [0, 1, 2])
    [1, 0, 2]
    """
    steps = first.shape[1]
    wins = np.zeros(steps)
    for a in range(steps):
        for b in range(a + 1, steps):
            both = (first[:, a] != NEVER) & (first[:, b] != NEVER)
            ahead = int((both & (first[:, a] < first[:, b])).sum()) - int((both & (first[:, a] > first[:, b])).sum())
            wins[a if (ahead > 0 or (ahead == 0 and given[a] <= given[b])) else b] += 1
    return sorted(range(steps), key=lambda place: (-wins[place], given[place]))


def are_changes(who: pd.Series[Any], stage: pd.Series[Any]) -> bool:
    """Whether rows are changes of stage and not customers: ids come back, and at another stage.

    >>> are_changes(pd.Series(["1", "1", "2", "2"]), pd.Series(["初谈", "报价", "初谈", "签约"]))
    True
    >>> are_changes(pd.Series(["1", "1", "2", "2"]), pd.Series(["报价", "报价", "签约", "签约"]))
    False
    """
    known = filled(who) & filled(stage)
    who, stage = (who, stage) if known.all() else (who[known], stage[known])
    if len(who) == 0 or who.nunique() >= LOG_UNIQUE * len(who):
        return False
    rows = who.value_counts()
    several = rows.index[rows > 1]
    return bool((stage.groupby(who).nunique().reindex(several) > 1).mean() >= CHANGES)


def parked(vocabulary: Vocabulary) -> frozenset[str]:
    """Names of what is no step but a halt (暂缓, on hold), as `normalise` writes them."""
    category = vocabulary.section("dimensions")["progress"]["categories"]["parked"]
    return frozenset(map(normalise, (*category["values"], *category["words"])))


def estimates(leads: pd.DataFrame, names: pd.Series[Any]) -> dict[str, float]:
    """The mean of somebody's own estimates (0-1 or percent, whichever the sheet has) on each stage.

    None where they do not hang on the stage: where it explains less of their variance than ``EXPLAINED`` (epsilon squared,
    Kelley 1935), they speak of the deal, and their means are chance. Stages of nothing but the least or the greatest of all
    estimates are ends, and explain nothing.

    >>> leads = pd.DataFrame({"probability": [0.1, 0.1, 0.5, 0.5, 0.9, 0.9]})
    >>> estimates(leads, pd.Series(list("aabbcc")))
    {'a': 0.1, 'b': 0.5, 'c': 0.9}
    >>> estimates(leads, pd.Series(list("abcabc")))
    {}
    """
    if "probability" not in leads:
        return {}
    said = pd.to_numeric(leads["probability"].astype("string").str.rstrip("%％ "), errors="coerce")
    known = said.notna() & names.notna()
    said, names = said[known].astype(float), names[known]
    means = said.groupby(names).mean()
    on_way = said[~names.map(means).isin([said.min(), said.max()])]
    return {str(name): float(mean) for name, mean in means.items()} if _hang_on(on_way, names[on_way.index]) else {}


def _hang_on(values: pd.Series[Any], groups: pd.Series[Any]) -> bool:
    """Whether groups explain enough of the variance of their values; too few to tell are taken as if they did."""
    rest, free = values - values.groupby(groups).transform("mean"), len(values) - groups.nunique()
    spread = float(values.var(ddof=1)) if len(values) > 1 else 0.0
    return free <= 0 or spread == 0.0 or 1 - float((rest**2).sum()) / free / spread >= EXPLAINED


def days_to_reach(leads: pd.DataFrame, names: pd.Series[Any]) -> dict[str, float]:
    """Median days from coming in to the last date of the rows on each stage, where at least ``ENOUGH_DATES`` rows tell."""
    begin = next((column for column in ("created_at", "first_contact_at") if column in leads), None)
    end = next((column for column in ("updated_at", "last_contact_at") if column in leads), None)
    if begin is None or end is None:
        return {}
    days = (moments(leads[end]) - moments(leads[begin])).dt.total_seconds() / 86400
    groups = days.groupby(names).agg(["median", "count"])
    return {str(name): float(row["median"]) for name, row in groups.iterrows() if row["count"] >= ENOUGH_DATES}


def moments(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Dates, and texts that begin with year, month and day, a time behind them or not; anything else is not looked at.

    >>> moments(pd.Series(["2026/1/9", "2026年2月1日 9:30", None, "3/4/2026"], dtype=object)).dt.strftime("%m-%d %H:%M").tolist()
    ['01-09 00:00', '02-01 09:30', nan, nan]
    """
    if cells.dtype.kind == "M":
        return cells
    if set(map(type, cells)) <= {date, datetime, type(None)}:
        told = pd.to_datetime(cells, errors="coerce")
        return told.where(told < LATEST).astype("datetime64[ns]")
    parts = cells.astype("string").str.extract(YEAR_FIRST).astype(object)
    clock = parts[[3, 4, 5]].fillna("0")
    texts = parts[0] + "-" + parts[1] + "-" + parts[2] + " " + clock[3] + ":" + clock[4] + ":" + clock[5]
    found: pd.Series[Any] = pd.to_datetime(texts, format="%Y-%m-%d %H:%M:%S", errors="coerce")
    return found.astype("datetime64[ns]")


def _rising(names: Sequence[str], known: Mapping[str, float]) -> dict[str, float] | None:
    """Figures that rise along the way, if most stages have one of their own."""
    found = {name: known[name] for name in names if name in known}
    enough = len(found) >= max(LEAST, MOST * len(names)) and len({round(value, 3) for value in found.values()}) >= LEAST
    return found if enough else None


def _ladder(names: Sequence[str], vocabulary: Vocabulary) -> dict[str, float] | None:
    """The places on the known ladder that most of the stages stand on."""
    best: dict[str, float] = {}
    for ladder in vocabulary.section("structure")["ladders"]["known"]:
        rungs = {normalise(rung): float(place) for place, rung in enumerate(ladder)}
        read = {name: next(filter(rungs.__contains__, _plain(name)), None) for name in names}
        found = {name: rungs[rung] for name, rung in read.items() if rung is not None}
        if len(found) > len(best):
            best = found
    return best if len(best) >= max(LEAST, MOST * len(names)) else None


def _agree(places: Mapping[str, float], own: Mapping[str, int]) -> bool:
    """Whether figures put most pairs of stages in the order in which their meanings stand."""
    pairs = [(places[b] - places[a], own[b] - own[a]) for a, b in combinations(places, 2) if own[a] != own[b]]
    return sum((figure > 0) == (meaning > 0) for figure, meaning in pairs) >= AGREED * len(pairs)


def _plain(name: str) -> tuple[str, str]:
    """A stage as it is written, and without the pipeline in brackets behind it: Contract Sent (Sales Pipeline)."""
    return normalise(name), normalise(BRACKET.sub("", name))


def _between(name: str, places: Mapping[str, float], own: Mapping[str, int]) -> float:
    """Where a stage without a place of its own goes: behind those that the vocabulary puts no later."""
    if not places:
        return 0.0
    before = [place for other, place in places.items() if own[other] <= own[name]]
    return max(before, default=min(places.values()) - 1) + 0.5
