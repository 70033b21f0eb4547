"""The stage of each customer, by the words of its name and by the sheet's own numbers before the names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from lostdeals.classify.outcome_reader import outcome_reader
from lostdeals.classify.stage import CLOSED, stage_reader
from lostdeals.classify.texts import read_texts, unknown
from lostdeals.model import OutcomeReading
from lostdeals.stats.numbering import numbered
from lostdeals.stats.stage_order import parked
from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.wordings import spellings


def read_stages(leads: pd.DataFrame, outcome: OutcomeReading, vocabulary: Vocabulary) -> pd.Series[Any]:
    """The canonical stage per row, None where nothing tells.

    Read from the ``stage`` column; where a row has none, from the outcome column if that is a list of statuses
    (跟进中, 已报价 …). A closed row keeps the stage it is said to have reached, never one that its outcome would imply.
    """
    stage = unknown(leads.index)
    for column in dict.fromkeys(("stage", outcome.statuses)):
        if column is not None and column in leads:
            names = [value for value in leads[column].dropna().unique() if isinstance(value, str)]
            stage = stage.where(stage.notna(), read_texts(leads[column], stages_of(names, vocabulary).get))
    return stage


def stages_of(names: Sequence[str], vocabulary: Vocabulary) -> dict[str, str | None]:
    """Name of a stage -> the canonical one, None where nothing tells.

    A numbered name that no word knows lies between its neighbours in the numbering, the start being the step before the first
    stage and a sale that after the last: halfway, and of two stages that border on each other it is the earlier one. Ends
    and halts get none so.

    >>> from lostdeals.vocab import load
    >>> stages_of(["S1线索", "S4报价", "S5Kilo", "S6签约"], load())["S5Kilo"]
    'decision'
    >>> stages_of(["1-线索", "2-Kilo", "3-报价"], load())
    {'1-线索': 'initial', '2-Kilo': 'interest', '3-报价': 'in_depth'}
    """
    reader, ends = stage_reader(vocabulary), outcome_reader(vocabulary)
    found = {name: reader.one(name) for name in names}
    marks = numbered(names, vocabulary)
    if not marks:
        return found
    halts = parked(vocabulary)
    order = [key for key, _ in sorted(vocabulary.section("stages").items(), key=lambda item: item[1]["order"])]
    way: list[tuple[str, int | None]] = []
    for name, mark in sorted(marks.items(), key=lambda item: item[1].number):
        end = ends.one(name) or ends.one(mark.name)
        if found[name] is None and end not in CLOSED:
            found[name] = reader.one(mark.name)
        stage = found[name]
        if stage is not None or end == "won":
            way.append((name, order.index(stage) if stage is not None else len(order)))
        elif end not in CLOSED and halts.isdisjoint(map(normalise, (*spellings(name), mark.name))):
            way.append((name, None))
    return found | {name: order[place] for name, place in _between(way, len(order)).items()}


def _between(way: Sequence[tuple[str, int | None]], stages: int) -> dict[str, int]:
    """The places of those on the way that have none, halfway between the known ones around them, rounded down.

    Before the first of them stands a place before all stages; where no stage is known at all, nothing tells.
    """
    known = [(-1, -1), *((at, place) for at, (_, place) in enumerate(way) if place is not None)]
    if all(place in (-1, stages) for _, place in known):
        return {}
    return {
        way[at][0]: max(first + (last - first) * (at - before) // (after - before), 0)
        for (before, first), (after, last) in pairwise(known)
        if first <= last
        for at in range(before + 1, after)
    }
