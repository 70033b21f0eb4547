"""Know a log of stages when one is seen, and which of its columns tell who, which stage, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.analyse.people import holds
from lostdeals.model import Layout
from lostdeals.schema import columns_of
from lostdeals.stats.stage_order import are_changes
from lostdeals.vocab import Vocabulary, normalise

WHO = ("id", "deal")
"""Roles that tell whose stages a log holds."""
OF_A_DEAL = ("deal", "product", "phone", "email", "wechat", "name", "company")
"""Roles that are the same in all changes of a deal: one name of a deal over many customers is no deal."""
LOG_DATES = ("stage_date", "updated_at", "created_at", "first_contact_at", "last_contact_at", "closed_at")
"""Where the time of a stage may stand if no header says so."""
FEW = 5
"""Customers with several rows, from which on a column that is the same in all of each is no time of a change."""
READ = 0.9
"""Share of the texts of a column without a role that must be moments."""


@dataclass(frozen=True)
class Log:
    """The columns of a log of stages."""

    who: str
    stage: str


def find_log(
    leads: pd.DataFrame, layout: Layout | None, vocabulary: Vocabulary, outcome: str | None = None
) -> Log | None:
    """The columns of a sheet that holds stage changes; None for one of customers.

    outcome: the column that says who bought; where none has the role of the stage and this one names two stages at least,
    it holds them. A deal may also be told by a column without a role whose header says so (OpportunityId beside the Id of
    the change itself).
    """
    stage = "stage" if "stage" in leads else outcome
    if stage is None or stage not in leads:
        return None
    if stage != "stage" and ("stage_class" not in leads or leads["stage_class"].nunique() < 2):
        return None
    for who in _deal_columns(leads, layout, vocabulary):
        if are_changes(leads[who], leads[stage]) and not _several_deals(leads, who):
            return Log(who, stage)
    return None


def time_of_log(
    rows: pd.DataFrame, layout: Layout | None, vocabulary: Vocabulary, person: np.ndarray[Any, Any]
) -> pd.Series[Any] | None:
    """When each row's stage was entered: the column whose header says so, else the one with the fitting role.

    person: 0 … per row. A column that is the same in all rows of each customer dates the customer and not the change.
    """
    words = vocabulary.section("funnels")["log"]
    enters = [normalise(word) for word in words["time"]]
    leaves = [normalise(word) for word in words["not_time"]]
    best: tuple[tuple[int, int, str], pd.Series[Any]] | None = None
    for column in map(str, rows.columns):
        header = _header(column, layout)
        role = column.split(".", 1)[0]
        if any(holds(header, word) for word in leaves):
            continue
        named = next((place for place, word in enumerate(enters) if holds(header, word)), len(enters))
        times = _moments(rows[column], has_role=role in LOG_DATES, named=named < len(enters) and role == "extra")
        if times is None or _same_throughout(times, person):
            continue
        rank = (named, LOG_DATES.index(role) if role in LOG_DATES else len(LOG_DATES), column)
        if best is None or rank < best[0]:
            best = rank, times
    return None if best is None else best[1]


def _deal_columns(leads: pd.DataFrame, layout: Layout | None, vocabulary: Vocabulary) -> list[str]:
    names = {normalise(word) for word in vocabulary.section("funnels")["log"]["who"]}
    others = [key for key in columns_of(leads, "extra") if _header(key, layout) in names] if layout else []
    return [*(role for role in WHO if role in leads), *others]


def _several_deals(leads: pd.DataFrame, who: str) -> bool:
    """Whether the rows of one customer are of different deals or products, and so no changes of one."""
    return any(are_changes(leads[who], leads[role]) for role in OF_A_DEAL if role in leads and role != who)


def _moments(cells: pd.Series[Any], *, has_role: bool, named: bool) -> pd.Series[Any] | None:
    """A column as moments; None where it is none. A column without a role is read where its header names it."""
    if cells.dtype.kind == "M":
        return cells if (has_role or named) and cells.notna().any() else None
    if not named or cells.dropna().empty:
        return None
    texts = cells.map(str, na_action="ignore")
    read = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True).dt.tz_localize(None)
    return read.astype("datetime64[ns]") if read.notna().sum() >= READ * texts.notna().sum() else None


def _same_throughout(times: pd.Series[Any], person: np.ndarray[Any, Any]) -> bool:
    known = times.notna().to_numpy()
    groups = times[known].groupby(person[known])
    several = groups.size() > 1
    return int(several.sum()) >= FEW and bool((groups.nunique()[several] == 1).all())


def _header(column: str, layout: Layout | None) -> str:
    return normalise(layout.header(column).replace("_", " ")).strip() if layout else ""
