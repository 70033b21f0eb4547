"""Find the order of a sheet's own stages: by the numbers in their names, by probabilities, by a known ladder, by the four stages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from lostdeals.classify.outcome_reader import OutcomeReader
from lostdeals.classify.stage import StageReader
from lostdeals.model import OwnStage
from lostdeals.vocab import Vocabulary, normalise

STAGE_ROLES = ("stage", "probability", "created_at", "first_contact_at", "updated_at", "last_contact_at")
"""Roles whose columns `own_stages` looks at."""
Basis = Literal["numbers", "probabilities", "ladder", "dates", "vocabulary"]
MARK = re.compile(
    r"^\s*[(（\[]?\s*(?:(\d{1,2})|([a-z]))\s*(?:[-.、:：)）\]_]\s*|\s+|(?=[\u4e00-\u9fff]))", re.IGNORECASE
)
"""What numbers a stage: 01.线索, 2-报价, A. Qualified, （3）谈判."""
MOST_STAGES = 25
"""More values than this are no stages."""
ENOUGH_DATES = 5
YEAR_FIRST = re.compile(r"(?:19|20)\d\d\D\d{1,2}\D\d{1,2}")
MOST = 0.6
"""A ladder or numbering that places this share of the stages orders them."""
LEAST = 3
"""Stages that a numbering, a ladder or probabilities must place."""


def order_stages(
    counts: Mapping[str, int],
    vocabulary: Vocabulary,
    probabilities: Mapping[str, float] | None = None,
    days: Mapping[str, float] | None = None,
) -> tuple[tuple[OwnStage, ...], Basis]:
    """A sheet's stages from the first contact to the ends, and what told their order.

    counts: value of the stage column -> rows; probabilities: value -> the mean of somebody's own estimates (0-1);
    days: value -> median days from coming in to reaching it. Ends come last: won, lost, invalid.

    >>> from lostdeals.vocab import load
    >>> found, by = order_stages({"B. 报价": 3, "A. 初谈": 9, "C. 签约": 2}, load())
    >>> [stage.value for stage in found], by
    (['A. 初谈', 'B. 报价', 'C. 签约'], 'numbers')
    """
    reader, ends = StageReader(vocabulary), OutcomeReader(vocabulary)
    parked = _parked(vocabulary)
    stages = [
        OwnStage(value, reader.one(value), "parked" if normalise(value) in parked else _end(ends.one(value)), n)
        for value, n in counts.items()
    ]
    on_way = [stage for stage in stages if stage.outcome in (None, "parked")]
    names = [stage.value for stage in on_way]
    ways: dict[Basis, dict[str, float] | None] = {
        "numbers": _numbers(names),
        "probabilities": _rising(names, probabilities or {}),
        "ladder": _ladder(names, vocabulary),
        "dates": _rising(names, days or {}),
        "vocabulary": {},
    }
    basis, places = next((way, places) for way, places in ways.items() if places is not None)
    order = {key: entry["order"] for key, entry in vocabulary.section("stages").items()}
    ranked = sorted(
        on_way,
        key=lambda stage: (
            places.get(stage.value, _between(stage, places, order, on_way)),
            order.get(stage.stage or "", 9),
        ),
    )
    last = [stage for end in ("won", "lost", "invalid") for stage in stages if stage.outcome == end]
    return (*ranked, *last), basis


def _end(outcome: str | None) -> str | None:
    return outcome if outcome in ("won", "lost", "invalid") else None


def _parked(vocabulary: Vocabulary) -> frozenset[str]:
    category = vocabulary.section("dimensions")["progress"]["categories"]["parked"]
    return frozenset(map(normalise, (*category["values"], *category["words"])))


def _numbers(names: Sequence[str]) -> dict[str, float] | None:
    """The numbers or letters before the names, if most have one and no two the same."""
    found = {name: match for name in names if (match := MARK.match(name))}
    marks = {name: float(match[1]) if match[1] else float(ord(match[2].lower())) for name, match in found.items()}
    enough = len(marks) >= max(LEAST - 1, MOST * len(names)) and len(set(marks.values())) == len(marks)
    return marks if enough else None


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
        found = {name: rungs[normalise(name)] for name in names if normalise(name) in rungs}
        if len(found) > len(best):
            best = found
    return best if len(best) >= max(LEAST, MOST * len(names)) else None


def _between(
    stage: OwnStage, places: Mapping[str, float], order: Mapping[str, int], others: Sequence[OwnStage]
) -> float:
    """Where a stage without a place of its own goes: behind those that the vocabulary puts no later."""
    if not places:
        return 0.0
    own = order.get(stage.stage or "", 9)
    before = [
        places[other.value] for other in others if other.value in places and order.get(other.stage or "", 9) <= own
    ]
    return max(before, default=min(places.values()) - 1) + 0.5


def own_stages(
    leads: pd.DataFrame, stages: pd.Series[Any] | None, vocabulary: Vocabulary
) -> tuple[tuple[OwnStage, ...], str]:
    """The stages of a raw sheet's stage column in their order, and what told it; nothing for a sheet without one.

    leads: rows to learn the order from, with the columns of ``STAGE_ROLES``; stages: the whole stage column, to count.
    A column of more than ``MOST_STAGES`` values is no ladder.
    """
    if stages is None or "stage" not in leads:
        return (), ""
    counts: dict[str, int] = {}
    for value, n in stages.value_counts().items():
        counts[str(value).strip()] = counts.get(str(value).strip(), 0) + int(n)
    if not 1 < len(counts) <= MOST_STAGES:
        return (), ""
    texts = leads["stage"].map(lambda cell: str(cell).strip() if cell is not None and cell == cell else None)
    known = {}
    if "probability" in leads:
        estimates = pd.to_numeric(leads["probability"].astype("string").str.rstrip("%％ "), errors="coerce")
        known = {str(value): float(mean) for value, mean in estimates.groupby(texts).mean().dropna().items()}
    found, by = order_stages(counts, vocabulary, known, _days_to_reach(leads, texts))
    told = by != "vocabulary" or any(stage.stage for stage in found)
    return (found, by) if told else ((), "")


def _days_to_reach(leads: pd.DataFrame, stages: pd.Series[Any]) -> dict[str, float]:
    """Median days from coming in to the last date of the rows on each stage, where at least ``ENOUGH_DATES`` rows tell."""
    begin = next((column for column in ("created_at", "first_contact_at") if column in leads), None)
    end = next((column for column in ("updated_at", "last_contact_at") if column in leads), None)
    if begin is None or end is None:
        return {}
    days = (_moments(leads[end]) - _moments(leads[begin])).dt.total_seconds() / 86400
    groups = days.groupby(stages).agg(["median", "count"])
    return {str(stage): float(row["median"]) for stage, row in groups.iterrows() if row["count"] >= ENOUGH_DATES}


def _moments(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Dates, and texts that begin with year, month and day; anything else is not looked at."""
    texts = cells.map(lambda cell: found[0] if (found := YEAR_FIRST.match(str(cell))) else None)
    return pd.to_datetime(texts.str.replace(r"\D", "-", regex=True), errors="coerce", format="%Y-%m-%d")
