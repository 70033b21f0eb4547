"""Read journeys from a classified sheet: its present stages, its dated stages, or its log of stages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lostdeals.analyse.funnel_steps import Steps, asked_steps, named_steps, own_steps
from lostdeals.analyse.journeys import Journeys, last_moment
from lostdeals.analyse.log_columns import find_log
from lostdeals.analyse.people import happened, people_of, unplaced
from lostdeals.analyse.stage_dates import ReadStage, dated_stages, from_dates
from lostdeals.analyse.stage_log import from_log
from lostdeals.errors import LostDealsError
from lostdeals.findings import Finding
from lostdeals.funnels import Asked
from lostdeals.model import Layout
from lostdeals.stats.stage_order import ENOUGH_ROWS, by_count, days_to_reach, estimates, order_names, parked
from lostdeals.vocab import Vocabulary, normalise


def read_journeys(
    leads: pd.DataFrame,
    layout: Layout | None,
    vocabulary: Vocabulary,
    asked: Asked,
    today: pd.Timestamp,
    outcome: str | None = None,
    read_stage: ReadStage | None = None,
) -> Journeys:
    """The journeys of a classified sheet, by the best that it tells: a log, dated stages, else the present stage.

    outcome: the LEADS column that says who bought. read_stage: a wording's canonical stage, for the sales funnel.
    Raises LostDealsError ``too-many-steps`` (usage).
    """
    steps = asked_steps(asked, vocabulary)
    log = find_log(leads, layout, vocabulary, outcome)
    if log is not None:
        return from_log(leads, layout, vocabulary, asked, steps, today, log)
    if layout is not None and dated_stages(leads):
        return from_dates(leads, layout, vocabulary, steps, today, read_stage)
    return _from_stages(leads, layout, vocabulary, asked, steps, today, outcome)


def _from_stages(
    leads: pd.DataFrame,
    layout: Layout | None,
    vocabulary: Vocabulary,
    asked: Asked,
    steps: Steps | None,
    today: pd.Timestamp,
    outcome: str | None,
) -> Journeys:
    """From where each customer stands now: it has passed all steps before that; won counts for every step up to its own."""
    counts = (leads["outcome_class"] != "invalid") & leads["duplicate_of"].isna()
    rows = leads[counts].reset_index(drop=True)
    won, lost = rows["outcome_class"] == "won", rows["outcome_class"] == "lost"
    texts = _stage_texts(rows, outcome)
    if steps is None and asked.funnel is not None:
        steps = _own_in_order(texts, rows, vocabulary)
    steps = steps or named_steps("sales", vocabulary)
    if steps.stages:
        places = {key: place for place, key in enumerate(steps.keys)}
        reached = rows["stage_class"].map(places).astype(float) + 1
    else:
        found = {text: steps.place(text) for text in texts.dropna().unique()}
        reached = texts.map(found).astype(float) + 1
    keys, notes = steps.keys, []
    top = len(keys) if steps.won is None else steps.won + 1
    unknown = reached.isna() & ~won
    depth = reached.where(~won, reached.fillna(0).clip(lower=top)).fillna(1).astype(int)
    could = unknown & lost & (len(keys) > 2)
    if reached[~won].notna().sum() == 0 and steps.stages and rows["stage_class"].isna().all():
        known = bool((won | lost).any())
        keys = (keys[0], keys[-1]) if known else keys[:1]
        depth = won.map({True: 2, False: 1}).astype(int)
        could = won & False
        notes.append(Finding("funnel-no-stages" if known else "funnel-nothing-known", len(rows)))
    elif unknown.any():
        notes.append(Finding("funnel-unknown-stage", int(unknown.sum())))
    strange = () if steps.stages else unplaced(texts[~won & ~lost], steps)
    of_person = np.full(len(leads), -1)
    of_person[counts.to_numpy()] = np.arange(len(rows))
    people = people_of(rows, layout, vocabulary)
    return Journeys(
        "current-stage",
        steps.name,
        keys,
        people,
        of_person,
        depth=np.array(depth, dtype=np.int64),
        could=could.to_numpy(dtype=bool),
        as_of=last_moment(today, *happened(rows)),
        notes=tuple(notes),
        unplaced=strange,
        strangers=len(strange) > 0 and bool(reached[~won].isna().all()),
    )


def _own_in_order(texts: pd.Series[Any], rows: pd.DataFrame, vocabulary: Vocabulary) -> Steps | None:
    """The sheet's own stages in the order that ``inspect`` shows them in, without those that are a halt; won last."""
    halts = parked(vocabulary)
    on_way = texts[(rows["outcome_class"] == "open") & texts.notna()].map(str)
    on_way = on_way[~on_way.map(normalise).isin(halts)]
    some = rows.head(ENOUGH_ROWS)
    names = texts.head(ENOUGH_ROWS)
    stages = rows["stage_class"].reindex(on_way.index).groupby(on_way).first()
    canonical = {str(name): str(stage) for name, stage in stages.items()}
    keys, _ = order_names(by_count(on_way), canonical, vocabulary, estimates(some, names), days_to_reach(some, names))
    if not keys:
        return None
    most = vocabulary.section("funnels")["settings"]["most_steps"]
    if len(keys) > most:
        raise LostDealsError("too-many-steps", usage=True, n=len(keys), most=most, first=tuple(keys[:4]))
    return own_steps([*keys, "won"], len(keys))


def _stage_texts(rows: pd.DataFrame, outcome: str | None) -> pd.Series[Any]:
    """The wording of each customer's stage, from the stage column, else from the column that says who bought."""
    texts = pd.Series(None, index=rows.index, dtype=object)
    for column in dict.fromkeys(("stage", outcome)):
        if column is not None and column in rows:
            texts = texts.where(texts.notna(), rows[column].map(lambda cell: cell if isinstance(cell, str) else None))
    return texts
