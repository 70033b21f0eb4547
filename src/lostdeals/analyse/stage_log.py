"""Read journeys from a log of stages: a row each time a customer enters one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.analyse.funnel_reach import NEVER, Moves, first_times
from lostdeals.analyse.funnel_steps import OWN, Steps, named_steps, own_steps
from lostdeals.analyse.journeys import Journeys, by_first, last_moment, nanoseconds
from lostdeals.analyse.latest import last_rows
from lostdeals.analyse.log_columns import WHO, Log, time_of_log
from lostdeals.analyse.people import amounts_of, place_of, unplaced
from lostdeals.errors import LostDealsError
from lostdeals.findings import Finding
from lostdeals.funnels import Asked
from lostdeals.model import Layout
from lostdeals.stats.stage_order import by_count, order_names, parked
from lostdeals.vocab import Vocabulary, normalise


def from_log(
    leads: pd.DataFrame,
    layout: Layout | None,
    vocabulary: Vocabulary,
    asked: Asked,
    steps: Steps | None,
    today: pd.Timestamp,
    log: Log,
) -> Journeys:
    """From one row each time a customer enters a stage; the last row says whether it was won, lost or is still open."""
    key = log.who
    known = leads[key].notna().to_numpy()
    rows = leads[known].reset_index(drop=True)
    person, names = pd.factorize(rows[key].astype(str), sort=False)
    of_person = np.full(len(leads), -1)
    of_person[known] = person
    dated = time_of_log(rows, layout, vocabulary, person)
    when = dated is not None
    times = dated if dated is not None else pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    ahead = times >= today + pd.Timedelta(days=1)
    if ahead.any():  # a plan, not a stage
        kept = np.flatnonzero(known)[~ahead.to_numpy()]
        planned = Finding("funnel-planned-dates", int(ahead.sum()))
        found = from_log(leads.iloc[kept], layout, vocabulary, asked, steps, today, log)
        of_person = np.full(len(leads), -1)
        of_person[kept] = found.of_person
        return replace(found, of_person=of_person, notes=(*found.notes, planned))
    outcome = rows["outcome_class"].fillna("open")
    texts = rows[log.stage].astype(object)
    if steps is None and asked.funnel is None and not when and "stage_class" in rows and texts.isna().all():
        steps = named_steps("sales", vocabulary)
    ordinal = nanoseconds(times) if when else np.arange(len(rows), dtype=np.int64)
    won = (outcome == "won").to_numpy()
    if steps is None:
        steps = _own_of_log(rows, texts, outcome, person, ordinal, vocabulary, len(names))
    if steps.stages:
        canonical = {stage: place for place, stage in enumerate(steps.keys)}
        place = rows["stage_class"].map(canonical).fillna(-1).to_numpy(dtype=np.int64).copy()
    else:
        distinct = {text: place_of(steps, text) for text in texts.dropna().unique()}
        place = texts.map(distinct).fillna(-1).to_numpy(dtype=np.int64).copy()
        place[((outcome == "lost") | (outcome == "invalid")).to_numpy() & (steps.name == OWN)] = -1
    if steps.won is not None:
        place[won] = np.maximum(place[won], steps.won)
    if asked.steps or not steps.stages:
        person_of, step_of, time_of = person, place, nanoseconds(times)
    else:  # whoever is in the log has come in
        person_of = np.concatenate([person, np.arange(len(names))])
        step_of = np.concatenate([place, np.zeros(len(names), dtype=np.int64)])
        time_of = np.concatenate([nanoseconds(times), np.full(len(names), NEVER)])
    moves = Moves(
        np.array(person_of, dtype=np.int64), np.array(step_of, dtype=np.int64), time_of, len(names), len(steps.keys)
    )
    closing = outcome.ne("open").to_numpy()
    final = rows.iloc[last_rows(person, ordinal, closing)]
    result = outcome.iloc[final.index].to_numpy(dtype=object)
    ended = times.iloc[final.index].reset_index(drop=True)
    closed = ended.where(pd.Series(result).isin(["won", "lost", "invalid"]))
    lead_of = pd.Series(np.arange(len(rows))).groupby(person).first()
    people = pd.DataFrame(
        {
            "outcome": np.where(result == "invalid", "lost", result),
            "born": by_first(person, times, len(names), "min"),
            "closed": closed,
            "amount": amounts_of(rows).groupby(person).last().reindex(range(len(names))),
            "row": rows["src_row"].iloc[lead_of.to_numpy()].to_numpy() if "src_row" in rows else lead_of.to_numpy(),
            "called": names.to_numpy(dtype=object),
        }
    )
    notes = [] if when else [Finding("funnel-log-without-times", len(rows))]
    placed = np.zeros(len(names), dtype=bool)
    placed[moves.person[moves.step >= 0]] = True
    if not placed.all():
        notes.append(Finding("funnel-only-closed", int((~placed).sum())))
    lost = outcome.isin(["lost", "invalid"])
    return Journeys(
        "stage-log",
        steps.name,
        steps.keys,
        people.assign(called_role=key if key in WHO else "id"),
        of_person,
        moves,
        as_of=last_moment(today, times),
        notes=tuple(notes),
        unplaced=unplaced(texts[~lost], steps) if not steps.stages else (),
        strangers=not steps.stages and bool((place[(outcome == "open").to_numpy()] < 0).all()),
        left=by_first(person[lost.to_numpy()], times[lost].reset_index(drop=True), len(names), "max")
        if lost.any()
        else pd.Series(pd.NaT, index=people.index, dtype="datetime64[ns]"),
    )


def _own_of_log(
    rows: pd.DataFrame,
    texts: pd.Series[Any],
    outcome: pd.Series[Any],
    person: np.ndarray[Any, Any],
    ordinal: np.ndarray[Any, Any],
    vocabulary: Vocabulary,
    people: int,
) -> Steps:
    """The log's own stages, in the order in which most customers went through them; won is the last."""
    halts = parked(vocabulary)
    on_way = outcome.eq("open") & texts.notna() & ~texts.map(lambda text: normalise(str(text)) in halts)
    merged: dict[str, str] = {}
    for text in by_count(texts[on_way].map(str)):
        merged.setdefault(normalise(str(text)), str(text))
    keys = list(merged.values())
    most = vocabulary.section("funnels")["settings"]["most_steps"]
    if len(keys) > most:
        raise LostDealsError("too-many-steps", usage=True, n=len(keys), most=most, first=tuple(keys[:4]))
    places = {form: place for place, form in enumerate(merged)}
    step = texts.map(lambda text: places.get(normalise(str(text)), -1), na_action="ignore").fillna(-1)
    first = first_times(Moves(person, step.where(on_way, -1).to_numpy(dtype=np.int64), ordinal, people, len(keys)))
    stage = rows["stage_class"].groupby(step).first() if "stage_class" in rows else pd.Series(dtype=object)
    canonical = {key: str(stage.get(place)) for place, key in enumerate(keys)}
    keys, _ = order_names(keys, canonical, vocabulary, first=first)
    bought = texts[outcome.eq("won")].dropna().unique()
    if outcome.eq("won").any():
        keys.append(str(bought[0]) if len(bought) == 1 else "won")
    if len(keys) < 2:
        return named_steps("sales", vocabulary)
    return own_steps(keys, len(keys) - 1 if outcome.eq("won").any() else None)
