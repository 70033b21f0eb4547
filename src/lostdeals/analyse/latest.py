"""A log as customers: the last row of each stands for it, the rows before tell how it came there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.analyse.funnel_events import find_events
from lostdeals.analyse.funnel_reach import NEVER
from lostdeals.analyse.journeys import nanoseconds
from lostdeals.analyse.log_columns import find_log, time_of_log
from lostdeals.findings import Finding
from lostdeals.model import Layout
from lostdeals.vocab import Vocabulary


@dataclass(frozen=True)
class Latest:
    """A log of stages or a table of events, each customer told by its last row."""

    leads: pd.DataFrame
    """The earlier rows of each customer are ``invalid`` and point to the last one in ``duplicate_of``."""
    finding: Finding
    is_log: bool
    """A log of stages; else events."""


def latest_of_each(
    leads: pd.DataFrame,
    layout: Layout,
    vocabulary: Vocabulary,
    outcome: str | None,
    table: Callable[[], pd.DataFrame | None] = lambda: None,
    mapping: Mapping[str, str] | None = None,
) -> Latest | None:
    """A classified sheet that holds changes or events instead of customers; None for one of customers.

    outcome: the column that says who bought; table: makes a plain table by header of the sheet, where it is one. Only
    a sheet without stages and outcomes is taken for events.
    """
    log = find_log(leads, layout, vocabulary, outcome)
    if log is not None:
        person, known = pd.factorize(leads[log.who].astype(object))
        return _marked(leads, log.who, person, len(known), time_of_log(leads, layout, vocabulary, person), "log")
    if outcome is not None or "stage" in leads or (cells := table()) is None:
        return None
    events = find_events("", cells, vocabulary, mapping or {}, alone=True)
    keys = {column.header: column.key for column in layout.columns}
    if events is None or keys.get(events.user) not in leads:
        return None
    who, when = keys[events.user], keys.get(events.time or "")
    times = leads[when] if when in leads and leads[when].dtype.kind == "M" else None
    person, known = pd.factorize(leads[who].astype(object))
    return _marked(leads, who, person, len(known), times, "events")


def last_rows(person: np.ndarray[Any, Any], ordinal: np.ndarray[Any, Any], closing: np.ndarray[Any, Any]) -> Any:
    """Place of the last row of each person 0 …; undated, a closing is the last and all else the first.

    ordinal: when, ``NEVER`` where nobody knows; of one moment a closing comes last, then the later row.

    >>> last_rows(np.array([0, 1, 0]), np.array([5, 1, 2]), np.array([False, False, False])).tolist()
    [0, 1]
    """
    moment = np.where((ordinal == NEVER) & ~closing, -1, ordinal)
    order = np.lexsort((np.arange(len(person)), closing, moment))
    return pd.Series(order).groupby(person[order]).last().to_numpy()


def _marked(
    leads: pd.DataFrame, who: str, person: np.ndarray[Any, Any], n: int, times: pd.Series[Any] | None, kind: str
) -> Latest:
    known = np.flatnonzero(person >= 0)
    ordinal = nanoseconds(times)[known] if times is not None else np.arange(len(known), dtype=np.int64)
    closing = leads["outcome_class"].ne("open").to_numpy()[known]
    last = known[last_rows(person[known], ordinal, closing)]
    kept = np.arange(len(leads))
    kept[known] = last[person[known]]
    earlier = kept != np.arange(len(leads))
    role = who.split(".", 1)[0]
    by = pd.Series("id" if role == "extra" else role, index=leads.index, dtype="object")
    out = leads.assign(
        outcome_class=leads["outcome_class"].where(~earlier, "invalid"),
        duplicate_of=np.where(earlier, leads.index.to_numpy()[kept], np.nan),
        duplicate_by=by.where(earlier, None),
    )
    finding = Finding(f"looks-like-{kind}", n, values={"rows": len(leads), "earlier": int(earlier.sum())})
    return Latest(out, finding, kind == "log")
