"""A sheet's own stages in their order, each with what it stands for: what ``inspect`` shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.classify.outcome_reader import outcome_reader
from lostdeals.classify.stage_numbers import stages_of
from lostdeals.model import OwnStage
from lostdeals.stats.stage_order import (
    NEVER,
    Basis,
    are_changes,
    days_to_reach,
    estimates,
    moments,
    order_names,
    parked,
)
from lostdeals.vocab import Vocabulary, normalise
from lostdeals.vocab.wordings import spellings

WHO = ("id", "deal")
DATES = ("stage_date", "updated_at", "created_at", "first_contact_at", "last_contact_at", "closed_at")
OF_A_DEAL = ("name", "company")
"""Roles that are the same in all rows of a deal: one name of a deal over many customers is no deal."""
STAGE_ROLES = ("stage", "probability", *WHO, *OF_A_DEAL, *DATES)
"""Roles whose columns `own_stages` looks at."""
MOST_STAGES = 25
"""More values than this are no stages."""


def order_stages(
    counts: Mapping[str, int],
    vocabulary: Vocabulary,
    probabilities: Mapping[str, float] | None = None,
    days: Mapping[str, float] | None = None,
    log: pd.DataFrame | None = None,
) -> tuple[tuple[OwnStage, ...], Basis]:
    """A sheet's stages from the first contact to the ends, and what told their order.

    counts: value of the stage column -> rows; probabilities, days: as `stats.stage_order.order_names` takes them; log: who,
    stage and when, a row per change. Ends come last: won, lost, invalid.

    >>> from lostdeals.vocab import load
    >>> found, by = order_stages({"B. 报价": 3, "A. 初谈": 9, "C. 签约": 2}, load())
    >>> [stage.value for stage in found], by
    (['A. 初谈', 'B. 报价', 'C. 签约'], 'numbers')
    """
    meant, ends = stages_of(list(counts), vocabulary), outcome_reader(vocabulary)
    halts = parked(vocabulary)
    stages = {
        value: OwnStage(
            value,
            meant[value],
            "parked" if not halts.isdisjoint(map(normalise, spellings(value))) else _end(ends.one(value)),
            n,
        )
        for value, n in counts.items()
    }
    on_way = [value for value, stage in stages.items() if stage.outcome in (None, "parked")]
    on_way.sort(key=lambda value: (-counts[value], value))
    canonical = {value: stages[value].stage for value in on_way}
    first = None if log is None else _first(log, on_way)
    ranked, basis = order_names(on_way, canonical, vocabulary, probabilities, days, first)
    last = [stage for end in ("won", "lost", "invalid") for stage in stages.values() if stage.outcome == end]
    return (*(stages[value] for value in ranked), *last), basis


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
    names = leads["stage"].map(lambda cell: str(cell).strip() if cell is not None and cell == cell else None)
    log = _log_of(leads, names)
    found, by = order_stages(counts, vocabulary, estimates(leads, names), days_to_reach(leads, names), log)
    told = by != "vocabulary" or any(stage.stage for stage in found)
    return (found, by) if told else ((), "")


def _end(outcome: str | None) -> str | None:
    return outcome if outcome in ("won", "lost", "invalid") else None


def _log_of(leads: pd.DataFrame, names: pd.Series[Any]) -> pd.DataFrame | None:
    """Who, stage and when, where the rows are changes; by the order of the rows where no date tells."""
    titled = "id" not in leads or not leads["id"].is_unique  # records of their own may share a title: New deal, Renewal
    asked = [role for role in WHO if role in leads and (titled or role != "deal")]
    who = next((role for role in asked if _changes(leads, role, names)), None)
    if who is None:
        return None
    when = pd.Series(np.arange(len(leads)), index=leads.index)
    for column in (str(column) for role in DATES for column in leads if str(column).split(".", 1)[0] == role):
        found = moments(leads[column])
        if found.notna().mean() > 0.5 and (found.groupby(leads[who].astype(str)).nunique() > 1).any():
            when = found.astype("int64").where(found.notna(), NEVER)
            break
    return pd.DataFrame({"who": leads[who].astype(str), "stage": names, "when": when})


def _changes(leads: pd.DataFrame, who: str, names: pd.Series[Any]) -> bool:
    """Whether the rows of each value of a column are changes of one deal."""
    of = leads[who].astype(str)
    return are_changes(of, names) and not any(are_changes(of, leads[role]) for role in OF_A_DEAL if role in leads)


def _first(log: pd.DataFrame, names: list[str]) -> npt.NDArray[np.int64]:
    """People × names: when each first came to each, ``NEVER`` where it did not."""
    places = {name: place for place, name in enumerate(names)}
    kept = log[log["stage"].isin(places)]
    person, known = pd.factorize(kept["who"])
    first = np.full((len(known), len(names)), NEVER)
    np.minimum.at(first, (person, kept["stage"].map(places).to_numpy()), kept["when"].to_numpy(dtype=np.int64))
    return first
