"""Read journeys from a sheet with a dated column per stage."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from lostdeals.analyse.funnel_reach import NEVER, Moves
from lostdeals.analyse.funnel_steps import Steps, own_steps
from lostdeals.analyse.journeys import Journeys, last_moment, nanoseconds
from lostdeals.analyse.people import happened, people_of, place_of
from lostdeals.findings import Finding
from lostdeals.model import Layout
from lostdeals.schema import columns_of
from lostdeals.stats.stage_order import in_order_of_time
from lostdeals.vocab import Vocabulary

DATED = 2
"""So many dated stages make a history."""
ReadStage = Callable[[str], str | None]


def dated_stages(leads: pd.DataFrame) -> list[str]:
    """The columns that hold the date of a stage, where they are enough for a history."""
    keys = [key for key in columns_of(leads, "stage_date") if leads[key].notna().any()]
    return keys if len(keys) >= DATED else []


def from_dates(
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
            else place_of(steps, name)
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
    people = people_of(rows, layout, vocabulary)
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
        as_of=last_moment(today, *(times[key] for key in columns), *happened(rows)),
        notes=tuple(notes),
        unplaced=unplaced,
        strangers=len(unplaced) > 0 and all(place < 0 for place in places[1 if entry else 0 :]),
        left=people["closed"].where(people["outcome"] == "lost"),
    )


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
