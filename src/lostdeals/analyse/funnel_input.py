"""Read journeys from a classified sheet: its present stages, its dated stages, or its log of stages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.analyse.funnel_reach import NEVER, Moves, first_times
from lostdeals.analyse.funnel_steps import OWN, Steps, asked_steps, in_order_of_time, named_steps, own_steps
from lostdeals.analyse.journeys import Journeys, by_first, last_moment, nanoseconds
from lostdeals.errors import LostDealsError
from lostdeals.findings import Finding
from lostdeals.funnels import Asked
from lostdeals.model import Layout
from lostdeals.schema import columns_of
from lostdeals.stats.dates import entry_dates
from lostdeals.vocab import Vocabulary, normalise

LOG_UNIQUE = 0.7
"""Fewer distinct ids than this share of the rows: a customer has several rows, so the sheet is a log."""
WHO = ("id", "deal")
"""Roles that tell whose stages a log holds."""
CALLED = ("company", "name", "deal", "id")
"""By what a customer is known in a list, the first that the sheet has."""
DATED = 2
"""So many dated stages make a history."""
LOG_DATES = ("stage_date", "updated_at", "created_at", "first_contact_at", "last_contact_at", "closed_at")
"""Where the time of a stage may stand if no header says so."""

ReadStage = Callable[[str], str | None]


def is_log(leads: pd.DataFrame) -> bool:
    """Whether the sheet holds stage changes instead of customers."""
    return log_key(leads) is not None


def log_key(leads: pd.DataFrame) -> str | None:
    """The column that tells whose stages a log holds; None where the sheet is no log."""
    if "stage" not in leads:
        return None
    for key in WHO:
        if key in leads:
            known = leads[key].dropna()
            if len(known) > 0 and known.nunique() < LOG_UNIQUE * len(known):
                return key
    return None


def dated_stages(leads: pd.DataFrame) -> list[str]:
    """The columns that hold the date of a stage, where they are enough for a history."""
    keys = [key for key in columns_of(leads, "stage_date") if leads[key].notna().any()]
    return keys if len(keys) >= DATED else []


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
    if is_log(leads):
        return _from_log(leads, layout, vocabulary, asked, steps, today)
    if layout is not None and dated_stages(leads):
        return _from_dates(leads, layout, vocabulary, steps, today, read_stage)
    return _from_stages(leads, vocabulary, asked, steps, today, outcome)


def _from_stages(
    leads: pd.DataFrame,
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
        keys = (keys[0], keys[-1])
        depth = won.map({True: 2, False: 1}).astype(int)
        could = won & False
        notes.append(Finding("funnel-no-stages", len(rows)))
    elif unknown.any():
        notes.append(Finding("funnel-unknown-stage", int(unknown.sum())))
    unplaced = () if steps.stages else _unplaced(texts[~won & ~lost], steps)
    of_person = np.full(len(leads), -1)
    of_person[counts.to_numpy()] = np.arange(len(rows))
    people = _people(rows)
    return Journeys(
        "current-stage",
        steps.name,
        keys,
        people,
        of_person,
        depth=np.array(depth, dtype=np.int64),
        could=could.to_numpy(dtype=bool),
        as_of=last_moment(today, *_happened(rows)),
        notes=tuple(notes),
        unplaced=unplaced,
    )


def _from_dates(
    leads: pd.DataFrame,
    layout: Layout,
    vocabulary: Vocabulary,
    steps: Steps | None,
    today: pd.Timestamp,
    read_stage: ReadStage | None,
) -> Journeys:
    """From a dated column per stage; a date ahead of today is a plan, not a step."""
    counts = (leads["outcome_class"] != "invalid") & leads["duplicate_of"].isna()
    rows = leads[counts].reset_index(drop=True)
    ahead = today + pd.Timedelta(days=1)
    entry = next((key for key in ("first_contact_at", "created_at") if key in rows and rows[key].notna().any()), None)
    columns = [*([entry] if entry else []), *dated_stages(rows)]
    times = pd.DataFrame({key: rows[key].where(rows[key] < ahead) for key in columns})
    planned = int(sum((rows[key] >= ahead).sum() for key in columns))
    names = [stage_name(layout.header(key), vocabulary) or layout.header(key) for key in columns]
    first = np.stack([nanoseconds(times[key]) for key in columns], axis=1)
    won = (rows["outcome_class"] == "won").to_numpy()
    unplaced: tuple[str, ...] = ()
    if steps is None:
        order = in_order_of_time(first, range(len(columns)))
        if entry:
            order = [0, *(place for place in order if place)]
        keys = [names[place] for place in order]
        first = first[:, order]
        if entry is None:
            keys, first = ["entry", *keys], np.concatenate([first.min(axis=1, keepdims=True), first], axis=1)
        if (won != (first[:, -1] != NEVER)).any() and won.any():
            closed = nanoseconds(rows["closed_at"]) if "closed_at" in rows else np.full(len(rows), NEVER)
            keys, first = [*keys, "won"], np.concatenate([first, closed[:, None]], axis=1)
        steps = own_steps(keys, len(keys) - 1 if keys[-1] == "won" else None)
        places = list(range(len(keys)))
    else:
        canonical = {key: place for place, key in enumerate(steps.keys)}
        places = [
            canonical.get((read_stage(name) if read_stage else None) or "", -1)
            if steps.stages
            else _or_none(steps, name)
            for name in names
        ]
        if entry:
            places[0] = 0
        unplaced = tuple(name for name, place in zip(names, places, strict=True) if place < 0)
    person, column = np.nonzero(first != NEVER)
    moved = [person], [np.array(places)[column]], [first[person, column]]
    everyone = np.arange(len(rows))
    moved[0].append(everyone)  # whoever is in the sheet has come in
    moved[1].append(np.zeros(len(rows), dtype=np.int64))
    moved[2].append(first[:, 0] if 0 in places[:1] else np.full(len(rows), NEVER))
    if steps.won is not None:
        closed = nanoseconds(rows["closed_at"]) if "closed_at" in rows else np.full(len(rows), NEVER)
        moved[0].append(np.flatnonzero(won))
        moved[1].append(np.full(int(won.sum()), steps.won))
        moved[2].append(closed[won])
    who, step, when = (np.concatenate(part).astype(np.int64) for part in moved)
    moves = Moves(who, step, when, len(rows), len(steps.keys))
    people = _people(rows)
    people["born"] = people["born"].fillna(times.min(axis=1))
    of_person = np.full(len(leads), -1)
    of_person[counts.to_numpy()] = np.arange(len(rows))
    notes = [Finding("funnel-planned-dates", planned)] if planned else []
    return Journeys(
        "dated-stages",
        steps.name,
        steps.keys,
        people,
        of_person,
        moves,
        as_of=last_moment(today, *(times[key] for key in columns), *_happened(rows)),
        notes=tuple(notes),
        unplaced=unplaced,
        left=people["closed"].where(people["outcome"] == "lost"),
    )


def _from_log(
    leads: pd.DataFrame,
    layout: Layout | None,
    vocabulary: Vocabulary,
    asked: Asked,
    steps: Steps | None,
    today: pd.Timestamp,
) -> Journeys:
    """From one row each time a customer enters a stage; the last row says whether it was won, lost or is still open."""
    key = log_key(leads)
    assert key is not None
    known = leads[key].notna().to_numpy()
    rows = leads[known].reset_index(drop=True)
    person, names = pd.factorize(rows[key].astype(str), sort=False)
    of_person = np.full(len(leads), -1)
    of_person[known] = person
    when = time_of_log(rows, layout, vocabulary)
    times = rows[when] if when else pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    outcome = rows["outcome_class"].fillna("open")
    texts = rows["stage"].astype(object)
    if steps is None and asked.funnel is None and when is None and "stage_class" in rows and texts.isna().all():
        steps = named_steps("sales", vocabulary)
    ordinal = nanoseconds(times) if when else np.arange(len(rows), dtype=np.int64)
    won = (outcome == "won").to_numpy()
    if steps is None:
        steps = _own_of_log(rows, outcome, person, ordinal, vocabulary, len(names))
    if steps.stages:
        canonical = {stage: place for place, stage in enumerate(steps.keys)}
        place = rows["stage_class"].map(canonical).fillna(-1).to_numpy(dtype=np.int64).copy()
    else:
        distinct = {text: _or_none(steps, text) for text in texts.dropna().unique()}
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
    last = pd.Series(np.lexsort((np.arange(len(rows)), ordinal))).groupby(
        person[np.lexsort((np.arange(len(rows)), ordinal))]
    )
    final = rows.iloc[last.last().sort_index().to_numpy()]
    result = outcome.iloc[final.index].to_numpy(dtype=object)
    ended = times.iloc[final.index].reset_index(drop=True)
    closed = ended.where(pd.Series(result).isin(["won", "lost", "invalid"]))
    lead_of = pd.Series(np.arange(len(rows))).groupby(person).first()
    people = pd.DataFrame(
        {
            "outcome": np.where(result == "invalid", "lost", result),
            "born": by_first(person, times, len(names), "min"),
            "closed": closed,
            "amount": _amounts(rows).groupby(person).last().reindex(range(len(names))),
            "row": rows["src_row"].iloc[lead_of.to_numpy()].to_numpy() if "src_row" in rows else lead_of.to_numpy(),
            "called": names.to_numpy(dtype=object),
        }
    )
    notes = [] if when else [Finding("funnel-log-without-times", len(rows))]
    lost = outcome.isin(["lost", "invalid"])
    return Journeys(
        "stage-log",
        steps.name,
        steps.keys,
        people.assign(called_role=key),
        of_person,
        moves,
        as_of=last_moment(today, times),
        notes=tuple(notes),
        unplaced=_unplaced(texts[~lost], steps) if not steps.stages else (),
        left=by_first(person[lost.to_numpy()], times[lost].reset_index(drop=True), len(names), "max")
        if lost.any()
        else pd.Series(pd.NaT, index=people.index, dtype="datetime64[ns]"),
    )


def time_of_log(rows: pd.DataFrame, layout: Layout | None, vocabulary: Vocabulary) -> str | None:
    """The column that says when a stage was entered: by its header, else by its role."""
    words = vocabulary.section("funnels")["log"]
    enters = [normalise(word) for word in words["time"]]
    leaves = [normalise(word) for word in words["not_time"]]
    best: tuple[int, int, str] | None = None
    for column in rows.columns:
        if rows[column].dtype.kind != "M" or rows[column].isna().all():
            continue
        role = str(column).split(".", 1)[0]
        header = normalise(layout.header(str(column)).replace("_", " ")) if layout else ""
        if role not in LOG_DATES or any(_holds(header, word) for word in leaves):
            continue
        named = next((place for place, word in enumerate(enters) if _holds(header, word)), len(enters))
        rank = (named, LOG_DATES.index(role), str(column))
        best = min(best, rank) if best else rank
    return best[2] if best else None


def stage_name(header: str, vocabulary: Vocabulary) -> str:
    """A header without its words for time.

    >>> from lostdeals.vocab import load
    >>> stage_name("quote_time", load()), stage_name("Date entered Negotiation", load()), stage_name("量尺日期", load())
    ('quote', 'Negotiation', '量尺')
    """
    words = vocabulary.section("structure")["stage_date"]["words"]
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    chinese = "|".join(re.escape(word) for word in words if not word.isascii())
    text = re.sub(rf"\b(?:{latin})\b|{chinese}", " ", header.replace("_", " "), flags=re.IGNORECASE)
    return " ".join(text.split())


def _own_of_log(
    rows: pd.DataFrame,
    outcome: pd.Series[Any],
    person: np.ndarray[Any, Any],
    ordinal: np.ndarray[Any, Any],
    vocabulary: Vocabulary,
    people: int,
) -> Steps:
    """The log's own stages, in the order in which most customers went through them; won is the last."""
    texts = rows["stage"].astype(object)
    on_way = outcome.eq("open") & texts.notna()
    counts = texts[on_way].value_counts()
    merged: dict[str, str] = {}
    for text in counts.index:
        merged.setdefault(normalise(str(text)), str(text))
    keys = list(merged.values())
    most = vocabulary.section("funnels")["settings"]["most_steps"]
    if len(keys) > most:
        raise LostDealsError("too-many-steps", usage=True, n=len(keys), most=most, first=", ".join(keys[:4]))
    places = {form: place for place, form in enumerate(merged)}
    step = texts.map(lambda text: places.get(normalise(str(text)), -1), na_action="ignore").fillna(-1)
    first = first_times(Moves(person, step.where(on_way, -1).to_numpy(dtype=np.int64), ordinal, people, len(keys)))
    canonical = {key: entry["order"] for key, entry in vocabulary.section("stages").items()}
    stage = rows["stage_class"].groupby(step).first() if "stage_class" in rows else pd.Series(dtype=object)
    given = sorted(
        range(len(keys)), key=lambda place: (canonical.get(str(stage.get(place)), 2), _number(keys[place]), place)
    )
    keys = [keys[place] for place in in_order_of_time(first, [given.index(place) for place in range(len(keys))])]
    bought = texts[outcome.eq("won")].dropna().unique()
    if outcome.eq("won").any():
        keys.append(str(bought[0]) if len(bought) == 1 else "won")
    if len(keys) < 2:
        return named_steps("sales", vocabulary)
    return own_steps(keys, len(keys) - 1 if outcome.eq("won").any() else None)


def _own_in_order(texts: pd.Series[Any], rows: pd.DataFrame, vocabulary: Vocabulary) -> Steps | None:
    """The sheet's own stages in the order of the canonical ones, then of the numbers before them; won last."""
    order = {key: entry["order"] for key, entry in vocabulary.section("stages").items()}
    on_way = texts[(rows["outcome_class"] == "open") & texts.notna()]
    counts = on_way.value_counts()
    ranks = {
        str(text): (order.get(rows.loc[on_way.index[on_way == text][0], "stage_class"], 9), _number(str(text)), -n)
        for text, n in counts.items()
    }
    keys = sorted(ranks, key=lambda text: ranks[text])
    if not keys:
        return None
    most = vocabulary.section("funnels")["settings"]["most_steps"]
    if len(keys) > most:
        raise LostDealsError("too-many-steps", usage=True, n=len(keys), most=most, first=", ".join(keys[:4]))
    return own_steps([*keys, "won"], len(keys))


def _number(text: str) -> int:
    found = re.match(r"\s*(\d+)", text)
    return int(found[1]) if found else 0


def _stage_texts(rows: pd.DataFrame, outcome: str | None) -> pd.Series[Any]:
    """The wording of each customer's stage, from the stage column, else from the column that says who bought."""
    texts = pd.Series(None, index=rows.index, dtype=object)
    for column in dict.fromkeys(("stage", outcome)):
        if column is not None and column in rows:
            texts = texts.where(texts.notna(), rows[column].map(lambda cell: cell if isinstance(cell, str) else None))
    return texts


def _people(rows: pd.DataFrame) -> pd.DataFrame:
    """One line per customer of a sheet that has one row each."""
    called = next((role for role in CALLED if role in rows and rows[role].notna().any()), None)
    nothing = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    return pd.DataFrame(
        {
            "outcome": rows["outcome_class"].where(rows["outcome_class"].isin(["won", "lost"]), "open"),
            "born": entry_dates(rows),
            "closed": rows.get("closed_at", nothing),
            "amount": _amounts(rows),
            "row": rows["src_row"] if "src_row" in rows else range(len(rows)),
            "called": rows[called] if called else pd.Series("", index=rows.index, dtype=object),
            "called_role": called or "",
        }
    )


def _amounts(rows: pd.DataFrame) -> pd.Series[Any]:
    """Amounts that may be added: in one currency, else none."""
    if "amount_base" in rows:
        return rows["amount_base"].astype(float)
    if "amount" in rows and ("currency" not in rows or rows["currency"].nunique() <= 1):
        return rows["amount"].astype(float)
    return pd.Series(np.nan, index=rows.index)


def _happened(rows: pd.DataFrame) -> list[pd.Series[Any]]:
    roles = ("created_at", "first_contact_at", "updated_at", "last_contact_at", "closed_at")
    return [rows[role] for role in roles if role in rows and rows[role].dtype.kind == "M"]


def _or_none(steps: Steps, text: str) -> int:
    place = steps.place(text)
    return -1 if place is None else place


def _unplaced(texts: pd.Series[Any], steps: Steps) -> tuple[str, ...]:
    return tuple(str(text) for text in texts.value_counts().index if steps.place(str(text)) is None)


def _holds(text: str, word: str) -> bool:
    return word in text if not word.isascii() else re.search(rf"\b{re.escape(word)}\b", text) is not None
